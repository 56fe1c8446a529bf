import { angleDegrees } from './measure';
import type { SpreadRecord } from './spread';

/** Less is rounding: every vector is put back to length 1 at each step, in float32. In degrees. */
const MOVED = 6e-4;

/**
 * Which vectors moved in each step of a run: their indices, a list for each step from one record to the next.
 *
 * @example
 * const start = spreads.vectorsAt([10, 40, 90]);
 * const run = await spread({ start, loss: losses.minAngleLoss, optimizer: tf.train.sgd(0.01), iterations: 2 });
 * console.log(spreads.movers(run)); // => [ [ 0, 1 ], [ 0, 1 ] ]
 */
export const movers = ({ records }: { records: readonly Pick<SpreadRecord, 'vectors'>[] }): number[][] =>
  records.slice(1).map(({ vectors }, k) => {
    const before = records[k]!.vectors;
    return [...vectors.keys()].filter((i) => angleDegrees(vectors[i]!, before[i]!) > MOVED);
  });

/** How far the vector of that index is at a run's end from where it began, in degrees. */
export const turnedDegrees = (
  { records }: { records: readonly Pick<SpreadRecord, 'vectors'>[] },
  index: number,
): number => angleDegrees(records[0]!.vectors[index]!, records.at(-1)!.vectors[index]!);
