// A worker's process, which BullMQ starts: it computes, while its parent tells Redis that the job is alive.
import type { SandboxedJob } from 'bullmq';
import { WaitingError } from 'bullmq';
import { execute } from '../execute';
import { Machine, type MachineOptions } from '../machine';
import { Refusal } from '../refusal';

// Without its parent, which was killed, it can hand in nothing, and BullMQ would try again and again to say so.
process.on('disconnect', () => process.exit(1));

const machine = new Machine(JSON.parse(process.env['DESCENT_LAB_MACHINE'] ?? '{}') as MachineOptions,
  (reason) => console.error(`waits: ${reason}`));

export default async function processor(job: SandboxedJob, token?: string): Promise<string> {
  try {
    return await execute(job.data, machine);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await job.updateProgress({ refused: error.message });
    await job.moveToWait(token); // for a worker that may do it; the parent, which hears of the refusal, ends this one
    throw new WaitingError();
  }
}
