import type { Trajectory } from '../descent';
import { DescentError } from '../errors';
import { checkMemory } from '../memory';
import { Found, type FoundPart, type Judge, type SearchResult } from './found';
import { knownAngle } from './known';
import { Starts, type SearchOptions, type StartBatch } from './search-options';

/** A search, cut into batches of restarts that run together. */
export interface SearchPlan {
  /** How many random starts. */
  restarts: number;
  /** Updates of each. */
  iterations: number;
  /** How many restarts run together: their numbers depend, in the last bits, on what is in the batch. */
  size: number;
  /** Which of two results is better, and when one is good enough. */
  judge: Judge;
  /** Descends from these starts at once, the first of which is the restart of that number. */
  descend: (
    starts: number[][][],
    first: number,
    watch: Watch,
  ) => Promise<Pick<Trajectory<{ vectors: number[][][] }>, 'final' | 'stopped'>>;
}

/** Bytes for each number of the vectors, at least: where they start and end, as lists, and the optimiser's state. */
const BYTES_A_NUMBER = 100;

/**
 * Refuses a search that would not fit into memory, and numbers that make no sense: every loss compares all pairs at
 * once.
 *
 * @param sets how many sets of vectors descend together
 * @param matrices how many matrices of all pairs the loss and its gradient hold at once for each set; measured
 */
export function checkSize({ vectors, dimensions }: SearchOptions, sets: number, matrices: number): void {
  knownAngle(vectors, dimensions); // throws for numbers of vectors or dimensions that make no sense
  checkMemory(
    sets * vectors * (4 * matrices * vectors + BYTES_A_NUMBER * dimensions),
    `${vectors} vectors in ${dimensions} dimensions`,
    'take fewer',
  );
}

/** How a batch under way is watched and ended. */
export interface Watch {
  /** Told how much of the batch is done, 0 to 1. */
  onProgress?: (done: number) => void;
  signal?: AbortSignal;
}

/** Runs one batch: what a machine does at a time. */
export async function searchBatch(
  plan: SearchPlan,
  starts: Starts,
  { first, count }: StartBatch,
  watch: Watch = {},
): Promise<FoundPart> {
  const { score, better } = plan.judge;
  const batch = starts.take(first, count);
  const { final, stopped } = await plan.descend(batch, first, watch);
  const scores = final.vectors.map(score);
  const best = scores.reduce((a, value, i) => (better(value, scores[a]!) ? i : a), 0);
  return { scores, best: { vectors: final.vectors[best]!, start: batch[best]!, score: scores[best]! }, stopped };
}

/** A search was stopped before any restart was at its end, so there is nothing to keep. */
export class NothingFoundError extends DescentError {
  /** Tells it apart from other errors in a log. */
  override name = 'NothingFoundError';
}

/** Runs all batches, until nothing can be better. @throws NothingFoundError when it is stopped before it has anything */
export async function runSearch(plan: SearchPlan, options: SearchOptions): Promise<SearchResult> {
  const { restarts, size, judge, iterations } = plan;
  const starts = new Starts(options, restarts);
  const found = new Found(judge);
  const batches = Array.from({ length: Math.ceil(restarts / size) }, (_, i): StartBatch => ({
    first: i * size,
    count: Math.min(size, restarts - i * size),
  }));
  async function* here(): AsyncGenerator<FoundPart> {
    for (const batch of batches) {
      yield await searchBatch(plan, starts, batch, {
        signal: options.signal,
        onProgress: (done) => options.onProgress?.((batch.first + batch.count * done) / restarts, found.note),
      });
    }
  }
  for await (const part of options.elsewhere?.(batches) ?? here()) {
    found.add(part);
    if (options.elsewhere) options.onProgress?.(found.count / restarts, found.note);
    if (found.stopped || found.enough) break;
  }
  if (found.count === 0)
    throw new NothingFoundError('stopped before the first restarts were at their end: there is nothing to keep');
  if (found.count < restarts && !found.enough) found.stopped ??= 'interrupted';
  return found.result(iterations);
}
