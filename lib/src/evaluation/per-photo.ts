import type { Attack } from '../attacks';
import { atLeast, orNone } from '../data/kinds';
import { readRows } from '../data/read-rows';
import { attackNamed } from '../attacks/table';
import { groupBy } from './group-by';
import { UNTOUCHED, type Trial } from './trial';

/** One row a photo: the network's answer, and the smallest size at which each attack had success (null for none). */
export type PhotoRow = Record<string, string | number | boolean | null>;

/**
 * The per-photo table. Of an attack that seeks the least change, such as DeepFool, that is given too, in its norm.
 * @param attacks what the table calls them
 * @param own those of your own among them
 */
export function perPhoto(
  trials: readonly Trial[],
  attacks: readonly string[],
  own: readonly Attack[] = [],
): PhotoRow[] {
  const known = new Map(attacks.map((name) => [name, attackNamed(name, own)]));
  return [...groupBy(trials, ({ index }) => index).values()]
    .sort((a, b) => a[0]!.index - b[0]!.index)
    .map((group) => {
      const { index, photo, truth, label } = group.find(({ attack }) => attack === UNTOUCHED)!;
      const row: PhotoRow = { index, photo, truth, label };
      for (const name of attacks) {
        const successes = group
          .filter(({ attack, success }) => attack === name && success)
          .sort((a, b) => a.epsilon - b.epsilon);
        row[`${name}_epsilon`] = successes[0]?.epsilon ?? null;
        const { seeks, norm = 'l2' } = known.get(name) ?? {};
        if (seeks === 'least change')
          row[`${name}_${norm}`] = group.find(({ attack }) => attack === name)?.[norm] ?? null;
      }
      return row;
    });
}

/**
 * Reads from a per-photo table the least change that had success on each photo; those that the network classifies wrong
 * untouched have none.
 * @param column an attack that seeks the least change, and its norm. Default: `deepfool_l2`
 * @throws DescentError for a table without that column, or a cell of it that is no length
 */
export const readLeastChanges = (path: string, column = 'deepfool_l2'): number[] =>
  readRows<Record<string, number | null>>(path, {
    what: 'per-photo table of npm run evaluate',
    columns: { [column]: orNone(atLeast(0)) },
    remedy: 'make the table anew',
  }).flatMap((row) => row[column] ?? []);
