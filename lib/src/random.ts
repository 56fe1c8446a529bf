import prand from 'pure-rand';

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
  private readonly generator: prand.RandomGenerator;

  /** @param seed an integer; only its lowest 32 bits count. */
  constructor(readonly seed: number) {
    this.generator = prand.mersenne(seed);
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
