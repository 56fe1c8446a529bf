import type { PlannedRow } from './attack-spec';
import { UNTOUCHED, type Trial } from './trial';

/** A row of the evaluation's table: one attack at one size. */
export interface EvaluationRow {
  /** The attack's name. */
  attack: string;
  /**
   * The size that was allowed, as a change of each value, 0 to 1; under L2 the whole change may be as long as if every
   * value changed so.
   */
  epsilon: number;
  /** How many photos were attacked: those classified right. */
  n: number;
  /** The share of readable photos that is classified right, untouched. */
  accuracy: number;
  /** The share of the n on which the attack had success; null where n is 0. */
  success: number | null;
  /** The lower end of that share's 95 % interval (Wilson). */
  low: number;
  /** Its upper end. */
  high: number;
  /**
   * The largest change of a value. This and the next two are means over the successes, null where there
   * are none; of `name+jpeg75`, the adversarial examples as they are before they are saved as JPEG.
   */
  linf: number | null;
  /** The Euclidean length of the change, over all values from 0 to 1. */
  l2: number | null;
  /** The peak signal-to-noise ratio, in dB. */
  psnr: number | null;
  /** Transfer: the share of the successes that the second network, right about their photos, misclassifies too. */
  transfer: number | null;
  /** Of how many successes that is the share: of those whose photo the second network is right about. Earlier tables lack it. */
  tried?: number;
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

/** Counts trials as they come, in the order of their photos: of a million photos only the counts are kept. */
export class Tally {
  private photos = 0;
  private readable = 0;
  private right = 0;
  private readonly counts = new Map<string, Count>();

  /** @param plan the rows that the table is to have, whether or not there are trials for them; else those there are */
  constructor(plan: readonly PlannedRow[] = []) {
    for (const row of plan) this.countOf(row);
  }

  /** Counts further trials. */
  add(trials: readonly Trial[]): void {
    for (const trial of trials) {
      if (trial.attack === UNTOUCHED) this.addPhoto(trial);
      else this.countOf(trial).add(trial);
    }
  }

  /** What has been counted so far. */
  summary(): EvaluationSummary {
    const { photos, readable, right } = this;
    const accuracy = readable === 0 ? 0 : right / readable;
    const rows = [...this.counts.values()].map((count) => count.row(accuracy));
    return { photos, unreadable: photos - readable, right, accuracy, rows };
  }

  private addPhoto({ label, truth }: Trial): void {
    this.photos++;
    if (label !== null) this.readable++;
    if (label === truth) this.right++;
  }

  private countOf({ attack, epsilon }: PlannedRow): Count {
    const key = `${attack} ${epsilon}`;
    const count = this.counts.get(key) ?? new Count(attack, epsilon);
    this.counts.set(key, count);
    return count;
  }
}

/** What is averaged over the successes, as far as they have it. */
const MEASURES = ['linf', 'l2', 'psnr', 'transfer'] as const;

/** One attack at one size so far. */
class Count {
  private n = 0;
  private successes = 0;
  private readonly sums = MEASURES.map((name) => ({ name, sum: 0, count: 0 }));

  constructor(
    private readonly attack: string,
    private readonly epsilon: number,
  ) {}

  add(trial: Trial): void {
    this.n++;
    if (!trial.success) return;
    this.successes++;
    for (const own of this.sums) {
      if (trial[own.name] === null) continue;
      own.sum += Number(trial[own.name]);
      own.count++;
    }
  }

  row(accuracy: number): EvaluationRow {
    const { attack, epsilon, n, successes, sums } = this;
    const [low, high] = wilsonInterval(successes, n);
    const means = sums.map(({ name, sum, count }) => [name, count === 0 ? null : sum / count]);
    const tried = sums.find(({ name }) => name === 'transfer')!.count;
    return {
      ...{ attack, epsilon, n, accuracy, success: n === 0 ? null : successes / n, low, high },
      ...(Object.fromEntries(means) as Pick<EvaluationRow, (typeof MEASURES)[number]>),
      tried,
    };
  }
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Wilson's 95 % interval for a share $p$ of `successes` out of `n`, with $z = 1.96$:
 * $(p + \frac{z^2}{2n} \pm z \sqrt{\frac{p (1 - p)}{n} + \frac{z^2}{4 n^2}}) / (1 + \frac{z^2}{n})$. Unlike the usual
 * one it stays within 0 and 1, and has a width where none or all succeeded (Wilson, 1927).
 */
export function wilsonInterval(successes: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1];
  const share = successes / n;
  const centre = share + (Z * Z) / (2 * n);
  const half = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  const scale = 1 + (Z * Z) / n;
  // All of n gives 1 and none gives 0: where rounding would miss that by a bit, it is set.
  return [
    successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    successes === n ? 1 : Math.min(1, (centre + half) / scale),
  ];
}
