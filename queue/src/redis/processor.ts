// A worker's process, which BullMQ starts: it computes, while its parent tells Redis that the job is alive.
import type { SandboxedJob } from 'bullmq';
import { DelayedError, WaitingError } from 'bullmq';
import { execute } from '../execute';
import { Machine, type MachineOptions } from '../machine';
import { Refusal, Unable } from '../refusal';
import { pauseAfter } from './refused';

// Without its parent, which was killed, it can hand in nothing, and BullMQ would try again and again to say so.
process.on('disconnect', () => process.exit(1));

const machine = new Machine(JSON.parse(process.env['DESCENT_LAB_MACHINE'] ?? '{}') as MachineOptions, (reason) =>
  console.error(`waits: ${reason}`),
);

export default async function processor(job: SandboxedJob, token?: string): Promise<string> {
  const tell = (error: Error, ends: boolean): Promise<void> =>
    job.updateProgress({ refused: error.message, by: process.env['DESCENT_LAB_WORKER'], ends });
  try {
    return await execute(job.data, machine);
  } catch (error) {
    if (error instanceof Unable) {
      await tell(error, true);
      await job.moveToWait(token); // for a worker that may do it; the parent, which hears of this, ends this one
      throw new WaitingError();
    }
    if (error instanceof Refusal) {
      await tell(error, false);
      await job.moveToDelayed(Date.now() + pauseAfter(job.attemptsStarted ?? 1), token);
      throw new DelayedError(); // out of the way of what this worker can do
    }
    throw error;
  }
}
