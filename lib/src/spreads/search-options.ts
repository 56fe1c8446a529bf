import type { Precision } from '../compile/stores';
import { DescentError } from '../errors';
import { Random } from '../random';
import type { FoundPart } from './found';
import { randomVectors, unitVectors } from './starts';

/** Restarts that run together; `first` is the number of the first one, from 0. */
export interface StartBatch {
  first: number;
  count: number;
}

/** How to look for the best spread. */
export interface SearchOptions {
  /** How many vectors: an integer of 2 or more. */
  vectors: number;
  /** Of how many numbers each: an integer of 1 or more. */
  dimensions: number;
  /** From how many random starts, at most a million. Default: `defaultRestarts(vectors)`. */
  restarts?: number;
  /** How many updates to make from each start, at most a hundred million. Default: 1500. */
  iterations?: number;
  /** Where the first of the restarts begins, instead of at random vectors. */
  start?: number[][];
  /** The same seed finds the same vectors. Default: 1. */
  seed?: number;
  /** Called now and then: how much of all the work is done, 0 to 1, and the best so far in words. */
  onProgress?: (done: number, note: string) => void;
  /** Whether the descents are compiled, as in `descend`. Default: 'auto'. */
  compile?: boolean | 'auto';
  /** The numbers that they compute with, as in `descend`. Default: 'float32'. */
  precision?: Precision;
  /** Ends the search when aborted, as SIGINT does; the best so far is returned. */
  signal?: AbortSignal;
  /** Runs the batches on other cores or machines and hands in what they found, in order. Default: here, in turn. */
  elsewhere?: (batches: readonly StartBatch[]) => AsyncIterable<FoundPart>;
}

/** The most restarts of a search: each leaves its score behind. */
export const MOST_RESTARTS = 1e6;
/** The most updates from each start: each leaves its loss behind. */
export const MOST_ITERATIONS = 1e8;

/** The restarts' first vectors, made as they are asked for: a hundred thousand need not be there at once. */
export class Starts {
  private random: Random;
  private next = 0;

  /** @throws DescentError for options that make no sense */
  constructor(
    private readonly options: SearchOptions,
    restarts: number,
  ) {
    const { vectors, dimensions, start, iterations, seed = 1 } = options;
    if (!Number.isInteger(restarts) || restarts < 1 || restarts > MOST_RESTARTS) {
      throw new DescentError(`the number of restarts must be an integer from 1 to ${MOST_RESTARTS}, not ${restarts}`);
    }
    if (iterations !== undefined && iterations > MOST_ITERATIONS) {
      throw new DescentError(`iterations must be an integer from 0 to ${MOST_ITERATIONS}, not ${iterations}`);
    }
    if (start && (start.length !== vectors || start[0]!.length !== dimensions)) {
      throw new DescentError(
        `the start has ${start.length} vectors of ${start[0]?.length ?? 0} numbers, ` +
          `where ${vectors} of ${dimensions} are asked for`,
      );
    }
    this.random = new Random(seed);
  }

  /** The starts of `count` restarts from the `first` on; going back means drawing all of them anew. */
  take(first: number, count: number): number[][][] {
    if (first < this.next) {
      this.random = new Random(this.random.seed);
      this.next = 0;
    }
    while (this.next < first) this.draw();
    return Array.from({ length: count }, () => this.draw());
  }

  private draw(): number[][] {
    const { vectors, dimensions, start } = this.options;
    const drawn = randomVectors(this.random, vectors, dimensions);
    return this.next++ === 0 && start ? unitVectors(start) : drawn;
  }
}
