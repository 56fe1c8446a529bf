import { hostname } from 'node:os';
import { Worker } from 'bullmq';
import { beside } from 'descent-lab/internal';
import { codeVersion } from '../hashes';
import { Machine, type MachineOptions } from '../machine';
import { oneLine } from '../one-line';
import { cores } from '../pool';
import { connect, QUEUE_NAME, redisOptions, type QueueAddress } from './connection';
import { PACE, said, type Waiting } from './passing';
import { refusalIn } from './refused';
import { Others, Rest } from './rest';
import { runOf } from './run-jobs';

/** `onNotice` is told why the worker waits, and which runs' jobs it leaves to others. */
export interface WorkerOptions extends QueueAddress, MachineOptions, Waiting {
  /** Processes that compute, each with a network of its own. Default: one. */
  concurrency?: number;
  /** Seconds without a sign of life after which others take a worker's jobs over. Default: 30. */
  lostAfter?: number;
  /** Told each job that is done or fails. */
  onJob?: (message: string) => void;
}

/** A worker at its work. */
export interface RunningWorker {
  /** Resolves when the worker has ended by itself: with the reason why it can do no job any more. */
  refused: Promise<string>;
  /** Lets the jobs under way finish, and takes no more. */
  close(): Promise<void>;
}

/** Starts to do the jobs of a queue. @throws DescentError when there is no Redis, or not what the options name */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { url, name = QUEUE_NAME, concurrency = 1, lostAfter = 30, onJob, onNotice } = options;
  const { model, transferTo, root, patience = 60 } = options;
  (await connect(url, options)).disconnect();
  codeVersion(); // before anybody changes the files
  const machine: MachineOptions = { model, transferTo, root, patience };
  await new Machine(machine).check();
  const own = `${hostname()}-${process.pid}`;
  const { file, execArgv } = beside(__dirname, 'processor', true);
  const worker = new Worker(name, file, {
    connection: redisOptions(url),
    concurrency,
    name: own,
    workerForkOptions: {
      execArgv,
      env: {
        ...threadsFor(concurrency),
        ...process.env,
        DESCENT_LAB_MACHINE: JSON.stringify(machine),
        DESCENT_LAB_WORKER: own,
      },
    },
    lockDuration: 1000 * lostAfter,
    stalledInterval: 1000 * lostAfter,
    maxStalledCount: 2, // with the first start three tries, as for a job that fails
  });
  const rest = new Rest(worker);
  const say = oncePerReason(onNotice);
  worker.on('error', (error) => {
    say(`Redis: ${said(error)}; waits`);
    if (error.name === 'ReplyError') rest.begin(PACE); // of one that is away BullMQ asks less by itself
  });
  worker.on('active', () => say(''));
  const others = new Others();
  worker.on('completed', ({ id }) => {
    others.reset();
    onJob?.(`done: ${oneLine(id!)}`);
  });
  worker.on('failed', (job, error) => onJob?.(`failed: ${oneLine(job?.id ?? '')}: ${oneLine(error.message)}`));
  const left = new Set<string>();
  const refused = new Promise<string>((resolve) => {
    worker.on('progress', ({ id }, progress) => {
      const refusal = refusalIn(progress);
      if (!refusal) return;
      if (refusal.ends)
        close().then(
          () => resolve(refusal.refused),
          () => resolve(refusal.refused),
        );
      const run = runOf(id!);
      if (!refusal.ends && !left.has(run)) {
        onNotice?.(`leaves jobs of the run ${oneLine(run, 40)} to others: ${refusal.refused}`);
        left.add(run);
      }
      rest.begin(others.meet(id!));
    });
  });
  const close = async (): Promise<void> => {
    rest.end();
    await worker.close();
  };
  await worker.waitUntilReady();
  return { refused, close };
}

/** Tells the same reason once in a row. */
function oncePerReason(tell: Waiting['onNotice']): (reason: string) => void {
  let last = '';
  return (reason) => {
    if (reason !== '' && reason !== last) tell?.(reason);
    last = reason;
  };
}

/** TensorFlow's threads, divided among processes that compute at once; the numbers do not depend on how many. */
const threadsFor = (processes: number): NodeJS.ProcessEnv => ({
  TF_NUM_INTRAOP_THREADS: String(Math.max(1, Math.floor(cores() / processes))),
});
