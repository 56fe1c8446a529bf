import { encode } from './codec';
import { codeVersion } from './hashes';
import { checkJob, type Job } from './jobs';
import type { Machine } from './machine';
import { Refusal } from './refusal';
import type { Results } from './results';
import { evaluateTask } from './tasks/evaluate';
import { raceTask } from './tasks/race';
import { spreadTask } from './tasks/spread';

/** Checks a job that came from outside, its form and its code version, and does it. @returns its result, encoded */
export async function execute(data: unknown, machine: Machine): Promise<string> {
  const job = checkJob(data);
  if (job.code !== codeVersion()) {
    throw new Refusal(
      `this worker runs other code than the run: its sha256 is ${codeVersion().slice(0, 12)}, not ` +
        `${job.code.slice(0, 12)}. Install the same version on both`,
    );
  }
  return compute(job, machine);
}

/** Does a job of this process. @returns its result, encoded */
export const compute = async (job: Job, machine: Machine): Promise<string> => encode(await resultOf(job, machine));

function resultOf(job: Job, machine: Machine): Promise<Results[Job['task']]> {
  switch (job.task) {
    case 'evaluate':
      return evaluateTask(job, machine);
    case 'spread':
      return spreadTask(job);
    case 'race':
      return raceTask(job);
    case 'idle':
      return Promise.resolve(null);
  }
}
