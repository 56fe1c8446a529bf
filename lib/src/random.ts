import prand from 'pure-rand';
import { DescentError } from './errors';

/**
 * The one source of randomness: seeded, so that the same seed gives the same run on every machine.
 * Callers make one and pass it on; nothing here or elsewhere draws from `Math.random`.
 *
 * @example
 * const random = new Random(7);
 * const start = random.array(() => random.normal(), 20, 2); // 20 rows of 2 standard normal numbers
 * console.log(start.length, start[0].length); // => 20 2
 */
export class Random {
  private generator: prand.RandomGenerator;

  /** The largest seed: the generator has 32 bits, so a larger one would be another's twin. */
  static readonly LARGEST_SEED = 2 ** 32 - 1;

  /**
   * @param seed an integer of 32 bits, from 0 to `LARGEST_SEED` (or, signed, from -2 ** 31)
   * @throws DescentError for another one
   */
  constructor(readonly seed: number) {
    Random.checkSeed(seed, -(2 ** 31));
    this.generator = prand.mersenne(seed);
  }

  /** The generator itself, or a new one from a seed. */
  static from(random: Random | number): Random {
    return typeof random === 'number' ? new Random(random) : random;
  }

  /** A generator that goes on as this one does; neither disturbs the other. */
  copy(): Random {
    const copy = new Random(this.seed);
    copy.generator = this.generator.clone();
    return copy;
  }

  /** @throws DescentError for a seed that is no integer from `least` to `LARGEST_SEED` */
  static checkSeed(seed: number, least = 0): void {
    if (Number.isInteger(seed) && seed >= least && seed <= Random.LARGEST_SEED) return;
    throw new DescentError(`the seed must be an integer from ${least} to ${Random.LARGEST_SEED}, not ${seed}`);
  }

  /** A number from [low, high), uniform, with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const bits = (count: number): number => this.generator.unsafeNext() >>> (32 - count);
    return low + (high - low) * ((bits(26) * 2 ** 27 + bits(27)) / 2 ** 53);
  }

  /** A number from the normal distribution (Box and Muller's transform). */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer from low to high, both included. */
  integer(low: number, high: number): number {
    return prand.unsafeUniformIntDistribution(low, high, this.generator);
  }

  /** The items in a random order; the argument stays as it is (Fisher and Yates' shuffle). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }

  /** `rows` arrays of `columns` numbers, each drawn by `draw`. */
  array(draw: () => number, rows: number, columns: number): number[][] {
    return Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
  }
}
