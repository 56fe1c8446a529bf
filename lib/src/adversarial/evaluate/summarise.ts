import { UNTOUCHED, type Trial } from './trial';
import { wilsonInterval } from './wilson';

/** A row of the evaluation's table: one attack at one size. */
export interface EvaluationRow {
  /** The attack's name. */
  attack: string;
  /** Its largest change of a value, as a part of the range 0 to 1. */
  epsilon: number;
  /** How many photos were attacked: those classified right. */
  n: number;
  /** The share of readable photos that is classified right, untouched. */
  accuracy: number;
  /** The share of the n that the attack turned, and its 95 % interval (Wilson). */
  success: number;
  /** The interval's lower end, a rate. */
  low: number;
  /** The interval's upper end, a rate. */
  high: number;
  /** The largest change of a value. This and the next two are means over the victims that were turned, null where there are none. */
  linf: number | null;
  /** The Euclidean length of the change, over all values from 0 to 1. */
  l2: number | null;
  /** The peak signal-to-noise ratio, in dB. */
  psnr: number | null;
  /** The share of the turned victims that the second network, right about their photos, falls for too. */
  transfer: number | null;
}

/** What was evaluated, beside the table. */
export interface EvaluationSummary {
  /** How many photos were shown. */
  photos: number;
  /** How many files no photo could be read from. */
  unreadable: number;
  /** How many of the readable ones are classified right, untouched. */
  right: number;
  /** Their share, 0 to 1. */
  accuracy: number;
  /** One for each attack and size. */
  rows: EvaluationRow[];
}

/** Counts an evaluation's trials. The result does not depend on their order. */
export function summarise(trials: readonly Trial[]): EvaluationSummary {
  const sorted = [...trials].sort((a, b) => a.index - b.index); // sums of floats depend on the order
  const untouched = sorted.filter(({ attack }) => attack === UNTOUCHED);
  const readable = untouched.filter(({ label }) => label !== null);
  const right = readable.filter(({ label, truth }) => label === truth).length;
  const accuracy = readable.length === 0 ? 0 : right / readable.length;
  const attacked = sorted.filter(({ attack }) => attack !== UNTOUCHED);
  const groups = groupBy(attacked, ({ attack, epsilon }) => `${attack} ${epsilon}`);
  const rows = groups.map((group): EvaluationRow => {
    const turned = group.filter(({ flipped }) => flipped);
    const [low, high] = wilsonInterval(turned.length, group.length);
    return { attack: group[0]!.attack, epsilon: group[0]!.epsilon, n: group.length, accuracy,
      success: turned.length / group.length, low, high,
      linf: mean(turned.map(({ linf }) => linf)), l2: mean(turned.map(({ l2 }) => l2)),
      psnr: mean(turned.map(({ psnr }) => psnr)), transfer: mean(turned.map(share)) };
  });
  return { photos: untouched.length, unreadable: untouched.length - readable.length, right, accuracy, rows };
}

/** The items that have the same key, together, in the order in which the keys first come. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | number): T[][] {
  const groups = new Map<string | number, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

const share = ({ transfer }: Trial): number | null => (transfer === null ? null : Number(transfer));

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** One row a photo: the network's answer, and the smallest size at which each attack turned it (null for none). */
export type PhotoRow = Record<string, string | number | boolean | null>;

/** The per-photo table; DeepFool's least change is given as its L2 length. */
export function perPhoto(trials: readonly Trial[], attacks: readonly string[]): PhotoRow[] {
  return groupBy(trials, ({ index }) => index).sort((a, b) => a[0]!.index - b[0]!.index).map((own) => {
    const { index, photo, truth, label } = own.find(({ attack }) => attack === UNTOUCHED)!;
    const row: PhotoRow = { index, photo, truth, label };
    for (const name of attacks) {
      const turned = own.filter(({ attack, flipped }) => attack === name && flipped).sort((a, b) =>
        a.epsilon - b.epsilon);
      row[`${name}_epsilon`] = turned[0]?.epsilon ?? null;
      if (name === 'deepfool') row['deepfool_l2'] = own.find(({ attack }) => attack === name)?.l2 ?? null;
    }
    return row;
  });
}
