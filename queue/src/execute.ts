import { DescentError, type FoundPart, type RaceRun } from 'descent-lab';
import { z } from 'zod';
import { encode } from './codec';
import { codeVersion } from './hashes';
import { job as schema, type Job } from './jobs';
import type { Machine } from './machine';
import { Refusal } from './refusal';
import { evaluateTask, type EvaluateResult } from './tasks/evaluate';
import { raceTask } from './tasks/race';
import { spreadTask } from './tasks/spread';

/** What comes out of a job. */
export interface Results {
  evaluate: EvaluateResult;
  spread: FoundPart;
  race: RaceRun;
  idle: null;
}

/** Does a job of whoever, once it is known to be one, and to be this machine's. @returns its result, encoded */
export async function execute(data: unknown, machine: Machine): Promise<string> {
  const { success, data: job, error } = schema.safeParse(data);
  if (!success) throw new DescentError(`this is no job: ${z.prettifyError(error).replace(/\s+/g, ' ')}`);
  if (job.code !== codeVersion()) {
    throw new Refusal(`this worker runs other code than the run: its sha256 is ${codeVersion().slice(0, 12)}, not ` +
      `${job.code.slice(0, 12)}. Install the same version on both`);
  }
  return compute(job, machine);
}

/** Does a job of this process. @returns its result, encoded */
export const compute = async (job: Job, machine: Machine): Promise<string> => encode(await resultOf(job, machine));

function resultOf(job: Job, machine: Machine): Promise<Results[Job['task']]> {
  switch (job.task) {
    case 'evaluate': return evaluateTask(job, machine);
    case 'spread': return spreadTask(job);
    case 'race': return raceTask(job);
    case 'idle': return Promise.resolve(null);
  }
}
