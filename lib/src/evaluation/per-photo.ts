import { groupBy } from './group-by';
import { UNTOUCHED, type Trial } from './trial';

/** One row a photo: the network's answer, and the smallest size at which each attack turned it (null for none). */
export type PhotoRow = Record<string, string | number | boolean | null>;

/** The per-photo table; DeepFool's least change is given as its L2 length. */
export function perPhoto(trials: readonly Trial[], attacks: readonly string[]): PhotoRow[] {
  return [...groupBy(trials, ({ index }) => index).values()]
    .sort((a, b) => a[0]!.index - b[0]!.index)
    .map((own) => {
      const { index, photo, truth, label } = own.find(({ attack }) => attack === UNTOUCHED)!;
      const row: PhotoRow = { index, photo, truth, label };
      for (const name of attacks) {
        const turned = own
          .filter(({ attack, flipped }) => attack === name && flipped)
          .sort((a, b) => a.epsilon - b.epsilon);
        row[`${name}_epsilon`] = turned[0]?.epsilon ?? null;
        if (name === 'deepfool') row['deepfool_l2'] = own.find(({ attack }) => attack === name)?.l2 ?? null;
      }
      return row;
    });
}
