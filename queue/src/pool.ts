import { availableParallelism } from 'node:os';
import { DescentError } from 'descent-lab';
import { beside } from 'descent-lab/internal';
import { Piscina } from 'piscina';
import { decode } from './codec';
import { inFlight, type Engine, type Outcome } from './engine';
import type { Job } from './jobs';
import type { MachineOptions } from './machine';
import type { Answer } from './pool-thread';
import type { Results } from './results';

/** How many jobs can run at a time on this machine. */
export const cores = availableParallelism;

/**
 * This machine's cores, each a worker thread with networks of its own; TensorFlow's own threads, as many as there are
 * cores, they share. An error in a job is the caller's.
 */
export function poolEngine(options: MachineOptions, threads = cores()): Engine {
  const { file, execArgv } = beside(__dirname, 'pool-thread');
  const pool = new Piscina({
    filename: file,
    execArgv,
    minThreads: 1,
    maxThreads: threads,
    workerData: options,
    idleTimeout: Infinity,
  });
  return {
    outcomes: <J extends Job>(jobs: Iterable<J> | AsyncIterable<J>) =>
      inFlight(jobs, threads + 1, async (job): Promise<Outcome<J>> => {
        const answer = (await pool.run(job)) as Answer;
        if ('told' in answer) throw new DescentError(answer.told);
        return { job, result: decode(answer.result) as Results[J['task']] };
      }),
    note: `${threads} threads`,
    close: () => {
      pool.on('error', () => undefined); // a thread may answer while it is ended
      return pool.destroy();
    },
  };
}
