import { DescentError } from '../errors';
import { Random } from '../random';
import { knownAngle } from './known';
import { randomVectors, unitVectors } from './starts';

/** How to look for the best spread. */
export interface SearchOptions {
  /** How many vectors: an integer of 2 or more. */
  vectors: number;
  /** Of how many numbers each: an integer of 1 or more. */
  dimensions: number;
  /** From how many random starts. Default: `defaultRestarts(vectors)`. */
  restarts?: number;
  /** How many updates to make from each start. Default: 1500. */
  iterations?: number;
  /** Where the first of the restarts begins, instead of at random vectors. */
  start?: number[][];
  /** The same seed finds the same vectors. Default: 1. */
  seed?: number;
  /** Called now and then: how much of all the work is done, 0 to 1, and the best so far in words. */
  onProgress?: (done: number, note: string) => void;
  /** Ends the search when aborted, as SIGINT does; the best so far is returned. */
  signal?: AbortSignal;
}

/** Each restart's first vectors. Throws for options that make no sense. */
export function startsOf({ vectors, dimensions, start, seed = 1 }: SearchOptions, restarts: number): number[][][] {
  knownAngle(vectors, dimensions); // throws for numbers of vectors or dimensions that make no sense
  if (!Number.isInteger(restarts) || restarts < 1) {
    throw new DescentError(`the number of restarts must be an integer of 1 or more, not ${restarts}`);
  }
  if (start && (start.length !== vectors || start[0]!.length !== dimensions)) {
    throw new DescentError(`the start has ${start.length} vectors of ${start[0]?.length ?? 0} numbers, ` +
      `where ${vectors} of ${dimensions} are asked for`);
  }
  const random = new Random(seed);
  const starts = Array.from({ length: restarts }, () => randomVectors(random, vectors, dimensions));
  return start ? [unitVectors(start), ...starts.slice(1)] : starts;
}
