import { Queue, QueueEvents, type Job, type JobType } from 'bullmq';
import type { Redis } from 'ioredis';
import { decode } from '../codec';
import { inFlight, type Engine, type Outcome } from '../engine';
import { codeVersion, sha256 } from '../hashes';
import { jobName, type Job as Work } from '../jobs';
import { connect, QUEUE_NAME, redisOptions, type QueueAddress } from './connection';
import { RunLock } from './run-lock';

export interface QueueRun extends QueueAddress {
  /** What the run is: the same command has the same, whenever it is called. */
  run: string;
  /** Whether a result is dropped from Redis once it is taken in, or kept until the run is finished. */
  drop?: boolean;
  /** Told what the reader should know: a worker that refuses. */
  onNotice?: (message: string) => void;
}

/** Jobs in Redis at a time: enough for hundreds of workers, and little memory however many there are to come. */
const WINDOW = 1000;
/** How often a job is tried. */
export const ATTEMPTS = 3;
/** Milliseconds between two looks at what there is, should an event have been lost. */
const PACE = 5000;
/** A job that nobody has asked for in so many seconds is dropped. */
const FORGOTTEN = { age: 14 * 24 * 3600 };

interface Pending { job: Work; settle: (outcome: Outcome<Work>) => void }

/**
 * The workers on a queue. A job's name follows from what it is, so adding it twice does it once; what a coordinator left
 * behind when it was killed is found by name by the next one.
 * @throws DescentError without a Redis, or while another process is at the same run
 */
export async function queueEngine(options: QueueRun): Promise<Engine> {
  const redis = await connect(options.url);
  const name = options.name ?? QUEUE_NAME;
  const run = sha256(options.run).slice(0, 12);
  let lock: RunLock;
  try {
    lock = await RunLock.take(redis, `${name}-run:${run}`);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  const engine = new QueueEngine(redis, lock, name, `${run}-`, options);
  await engine.open();
  return engine;
}

class QueueEngine implements Engine {
  private readonly pending = new Map<string, Pending>();
  private toAdd: string[] = [];
  private workers = 0;
  private alone = 0;
  private looked = false;
  private readonly queue: Queue;
  private readonly events: QueueEvents;
  private timer?: NodeJS.Timeout;

  constructor(private readonly redis: Redis, private readonly lock: RunLock, name: string,
    private readonly prefix: string, private readonly options: QueueRun) {
    const connection = redisOptions(options.url);
    // Each event of a finished job carries its result: few are kept, and the look at what there is finds the others.
    this.queue = new Queue(name, { connection, streams: { events: { maxLen: 200 } } });
    this.events = new QueueEvents(name, { connection });
    this.queue.on('error', () => undefined); // they connect anew by themselves
    this.events.on('error', () => undefined);
  }

  async open(): Promise<void> {
    this.events.on('completed', ({ jobId, returnvalue }) => this.land(jobId, returnvalue));
    this.events.on('failed', ({ jobId, failedReason }) => this.fail(jobId, failedReason));
    this.events.on('progress', ({ jobId, data }) => {
      const { refused } = data as { refused?: unknown };
      if (this.pending.has(jobId) && typeof refused === 'string') this.options.onNotice?.(refused);
    });
    await Promise.all([this.queue.waitUntilReady(), this.events.waitUntilReady()]);
    this.redis.on('ready', () => this.restore()); // after a restart of Redis: it may have lost the last second
    this.timer = setInterval(() => this.look(), PACE);
    await this.dropOld();
  }

  get note(): string {
    return this.workers === 0 ? 'no worker there' : `${this.workers} worker${this.workers === 1 ? '' : 's'}`;
  }

  async *outcomes<J extends Work>(jobs: Iterable<J> | AsyncIterable<J>): AsyncGenerator<Outcome<J>> {
    for await (const outcome of inFlight(jobs, WINDOW, (job) => this.submit(job))) {
      yield outcome;
      if (this.options.drop) await this.queue.remove(this.prefix + jobName(outcome.job));
    }
  }

  async close(finished: boolean): Promise<void> {
    clearInterval(this.timer);
    if (finished) await this.removeAll();
    await Promise.all([this.events.close(), this.queue.close(), this.lock.release()]);
    this.redis.disconnect();
  }

  private submit<J extends Work>(job: J): Promise<Outcome<J>> {
    const id = this.prefix + jobName(job);
    return new Promise((resolve) => {
      this.pending.set(id, { job, settle: resolve as Pending['settle'] });
      if (this.toAdd.push(id) === 1) setImmediate(() => this.add(this.toAdd.splice(0)));
    });
  }

  private add(ids: string[]): void {
    const jobs = ids.flatMap((jobId) => {
      const job = this.pending.get(jobId)?.job;
      return job ? [{ name: job.task, data: job, opts: { jobId, attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: 500 }, removeOnComplete: FORGOTTEN, removeOnFail: FORGOTTEN } }] : [];
    });
    this.queue.addBulk(jobs).then(() => { if (!this.looked) this.look(); }, () => undefined);
  }

  private restore(): void {
    this.add([...this.pending.keys()]);
    this.look();
  }

  private look(): void {
    this.looked = true;
    this.collect().catch(() => undefined); // Redis is away: `restore` comes when it is back
  }

  /** Takes in what has been finished without our hearing of it, perhaps before we came; counts the workers. */
  private async collect(): Promise<void> {
    this.workers = await this.queue.getWorkersCount();
    if (this.workers === 0 && ++this.alone === 3) this.options.onNotice?.('no worker is there yet; the run waits');
    for (const id of await this.own(['completed', 'failed'])) {
      if (!this.pending.has(id)) continue;
      const { finishedOn, returnvalue, failedReason } = await this.queue.getJob(id) as Job<unknown, unknown>;
      if (finishedOn === undefined) continue; // taken up again meanwhile
      if (typeof returnvalue === 'string') this.land(id, returnvalue);
      else this.fail(id, failedReason);
    }
  }

  private land(id: string, value: unknown): void {
    let result: never;
    try {
      result = decode(String(value)) as never;
    } catch (error) {
      return this.fail(id, `its result cannot be read: ${(error as Error).message}`);
    }
    this.settle(id, (job) => ({ job, result }));
  }

  private fail(id: string, failure: string): void {
    this.settle(id, (job) => ({ job, failure }));
  }

  private settle(id: string, outcome: (job: Work) => Outcome<Work>): void {
    const found = this.pending.get(id);
    if (!found) return;
    this.pending.delete(id);
    found.settle(outcome(found.job));
  }

  /** The names of this run's jobs in these states. */
  private async own(states: JobType[]): Promise<string[]> {
    return (await this.queue.getRanges(states, 0, -1)).filter((id) => id.startsWith(this.prefix));
  }

  private async removeAll(): Promise<void> {
    for (const id of await this.own(['wait', 'delayed', 'completed', 'failed'])) await this.queue.remove(id);
  }

  /** What was left waiting by a run with other code would only make workers refuse. */
  private async dropOld(): Promise<void> {
    for (const id of await this.own(['wait', 'delayed'])) {
      const job = await this.queue.getJob(id);
      if ((job?.data as Work | undefined)?.code !== codeVersion()) await this.queue.remove(id);
    }
  }
}
