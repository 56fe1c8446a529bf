import { DescentError, type spreads } from 'descent-lab';
import { type FoundPart } from 'descent-lab/internal';
import { untilAborted, type Engine } from './engine';
import { codeVersion } from './hashes';
import type { SpreadJob } from './jobs';

/** The search that is to be run on an engine; `seed` and `restarts` must be known. */
export type SpreadOnOptions = Pick<spreads.SearchOptions, 'vectors' | 'dimensions' | 'iterations' | 'start'> &
  Required<Pick<spreads.SearchOptions, 'restarts' | 'seed'>> & { loss: SpreadJob['loss'] };

/** Runs a search's batches on an engine: the `elsewhere` of a spread method. */
export function spreadOn(
  engine: Engine,
  options: SpreadOnOptions,
  signal?: AbortSignal,
): NonNullable<spreads.SearchOptions['elsewhere']> {
  const { loss, vectors, dimensions, restarts, iterations, start, seed } = options;
  return async function* (batches) {
    const jobs = batches.map(({ first, count }): SpreadJob => ({
      code: codeVersion(),
      task: 'spread',
      loss,
      vectors,
      dimensions,
      restarts,
      ...(iterations !== undefined && { iterations }),
      ...(start && { start }),
      seed,
      first,
      count,
    }));
    const early = new Map<number, FoundPart>(); // come before their turn
    let next = 0;
    for await (const outcome of untilAborted(engine.outcomes(jobs), signal)) {
      if ('failure' in outcome) {
        throw new DescentError(`the restarts from ${outcome.job.first} on have failed: ${outcome.failure}`);
      }
      early.set(outcome.job.first, outcome.result);
      for (let part = early.get(next); part; part = early.get(next)) {
        early.delete(next);
        next += part.scores.length;
        yield part;
      }
    }
  };
}
