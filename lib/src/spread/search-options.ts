import { DescentError } from '../errors';
import { Random } from '../random';
import type { FoundPart } from './found';
import { knownAngle } from './known';
import { randomVectors, unitVectors } from './starts';

/** Restarts that run together; `first` is the number of the first one, from 0. */
export interface StartBatch { first: number; count: number }

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
  /** Runs the batches on other cores or machines and hands in what they found, in order. Default: here, in turn. */
  elsewhere?: (batches: readonly StartBatch[]) => AsyncIterable<FoundPart>;
}

/** The restarts' first vectors, made as they are asked for: a hundred thousand need not be there at once. */
export class Starts {
  private random: Random;
  private next = 0;

  /** @throws DescentError for options that make no sense */
  constructor(private readonly options: SearchOptions, restarts: number) {
    const { vectors, dimensions, start, seed = 1 } = options;
    knownAngle(vectors, dimensions); // throws for numbers of vectors or dimensions that make no sense
    if (!Number.isInteger(restarts) || restarts < 1) {
      throw new DescentError(`the number of restarts must be an integer of 1 or more, not ${restarts}`);
    }
    if (start && (start.length !== vectors || start[0]!.length !== dimensions)) {
      throw new DescentError(`the start has ${start.length} vectors of ${start[0]?.length ?? 0} numbers, ` +
        `where ${vectors} of ${dimensions} are asked for`);
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
