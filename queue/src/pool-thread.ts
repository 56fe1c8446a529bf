// A thread of the pool: what Piscina loads.
import { DescentError } from 'descent-lab';
import { workerData } from 'piscina';
import { compute } from './execute';
import type { Job } from './jobs';
import { Machine, type MachineOptions } from './machine';
import { ServerError } from './photo-root';

/** A job's result, encoded, or what the reader is to be told: an error would come out of the thread without its class. */
export type Answer = { result: string } | { told: string };

const machine = new Machine(workerData as MachineOptions);

export default async function answer(job: Job): Promise<Answer> {
  try {
    return { result: await compute(job, machine) };
  } catch (error) {
    if (error instanceof DescentError) return { told: error.message };
    if (error instanceof ServerError) return { told: error.told };
    throw error;
  }
}
