import { DescentError, type optimizers, type races } from 'descent-lab';
import type { Engine } from './engine';
import { codeVersion } from './hashes';
import type { RaceJob } from './jobs';

/** The race of `tune` on an engine: the name of the ground, where it starts and how many steps it has. */
export interface TuneOnOptions {
  objective: string;
  start: races.Point;
  steps: number;
}

/** Races a block of rates on an engine, which knows the library's optimisers alone: the `elsewhere` of `tune`. */
export const tuneOn =
  (
    engine: Engine,
    { objective, start, steps }: TuneOnOptions,
    { optimizer, hyper = {} }: races.Runner<optimizers.OptimizerName>,
  ) =>
  async (rates: readonly number[]): Promise<races.RaceRun> => {
    const job: RaceJob = {
      code: codeVersion(),
      task: 'race',
      objective,
      optimizer,
      hyper: hyper as RaceJob['hyper'],
      rates: [...rates],
      start,
      steps,
    };
    for await (const outcome of engine.outcomes([job])) {
      if ('result' in outcome) return outcome.result;
      throw new DescentError(`the races of ${optimizer} have failed: ${outcome.failure}`);
    }
    throw new Error('an engine gave no outcome');
  };
