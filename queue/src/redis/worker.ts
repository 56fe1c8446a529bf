import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'bullmq';
import { codeVersion } from '../hashes';
import { Machine, type MachineOptions } from '../machine';
import { cores } from '../pool';
import { connect, QUEUE_NAME, redisOptions, type QueueAddress } from './connection';

export interface WorkerOptions extends QueueAddress, MachineOptions {
  /** Processes that compute, each with a network of its own. Default: one. */
  concurrency?: number;
  /** Seconds without a sign of life after which others take a worker's jobs over. Default: 30. */
  lostAfter?: number;
  /** Told each job that is done or fails. */
  onJob?: (message: string) => void;
}

/** A worker at its work. */
export interface RunningWorker {
  /** Resolves when the worker has ended by itself: with the reason why it refused to go on. */
  refused: Promise<string>;
  /** Lets the jobs under way finish, and takes no more. */
  close(): Promise<void>;
}

/** Starts to do the jobs of a queue. @throws DescentError when there is no Redis, or not what the options name */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { url, name = QUEUE_NAME, concurrency = 1, lostAfter = 30, onJob, model, transferTo, root, patience = 60 } = options;
  (await connect(url)).disconnect();
  codeVersion(); // before anybody changes the files
  const machine: MachineOptions = { model, transferTo, root, patience };
  await new Machine(machine).check();
  const worker = new Worker(name, join(__dirname, 'processor.js'), {
    connection: redisOptions(url), concurrency, name: `${hostname()}-${process.pid}`,
    workerForkOptions: { execArgv: [], env: { ...threadsFor(concurrency), ...process.env,
      DESCENT_LAB_MACHINE: JSON.stringify(machine) } },
    lockDuration: 1000 * lostAfter, stalledInterval: 1000 * lostAfter,
    maxStalledCount: 2, // with the first start three tries, as for a job that fails
  });
  worker.on('error', (error) => onJob?.(`Redis: ${error.message}`));
  worker.on('completed', ({ id }) => onJob?.(`done: ${id}`));
  worker.on('failed', (job, error) => onJob?.(`failed: ${job?.id}: ${error.message}`));
  await worker.waitUntilReady();
  const refused = new Promise<string>((resolve) => {
    worker.on('progress', (_job, progress) => {
      const { refused: reason } = progress as { refused?: string };
      if (reason !== undefined) worker.close().then(() => resolve(reason), () => resolve(reason));
    });
  });
  return { refused, close: () => worker.close() };
}

/** TensorFlow's threads, divided among processes that compute at once; the numbers do not depend on how many. */
const threadsFor = (processes: number): NodeJS.ProcessEnv =>
  ({ TF_NUM_INTRAOP_THREADS: String(Math.max(1, Math.floor(cores() / processes))) });
