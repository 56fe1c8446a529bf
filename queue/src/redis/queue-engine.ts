import { Queue, QueueEvents } from 'bullmq';
import { DescentError } from 'descent-lab';
import type { Redis } from 'ioredis';
import { inFlight, type Engine, type Outcome } from '../engine';
import { sha256 } from '../hashes';
import type { Job as Work } from '../jobs';
import { Awaited } from './awaited';
import { connect, QUEUE_NAME, redisOptions, shownAddress, type QueueAddress } from './connection';
import { RunJobs } from './run-jobs';
import { RunLock } from './run-lock';

export interface QueueRun extends QueueAddress {
  /** What the run is: the same command has the same, whenever it is called. */
  run: string;
  /** Whether a result is dropped from Redis once it is taken in, or kept until the run is finished. */
  drop?: boolean;
  /** Told what the reader should know: a worker that refuses, a Redis that is full. */
  onNotice?: (message: string) => void;
}

/** Jobs in Redis at a time: enough for hundreds of workers, and little memory however many there are to come. */
const WINDOW = 1000;
/** Milliseconds between two looks at what there is, should an event have been lost. */
const PACE = 5000;

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
  try {
    await engine.open();
  } catch (error) {
    await engine.close(false).catch(() => undefined);
    throw new DescentError(`the Redis at ${shownAddress(options.url)} cannot be used: ${(error as Error).message}`);
  }
  return engine;
}

class QueueEngine implements Engine {
  private readonly awaited = new Awaited();
  private toAdd: Work[] = [];
  private workers = 0;
  private alone = 0;
  private looked = false;
  private said = '';
  private notify: QueueRun['onNotice'];
  private readonly queue: Queue;
  private events?: QueueEvents;
  private readonly jobs: RunJobs;
  private timer?: NodeJS.Timeout;

  constructor(private readonly redis: Redis, private readonly lock: RunLock, private readonly name: string, prefix: string,
    private readonly options: QueueRun) {
    // Each event of a finished job carries its result: few are kept, and the look at what there is finds the others.
    this.queue = new Queue(name, { connection: redisOptions(options.url), streams: { events: { maxLen: 200 } } });
    this.queue.on('error', () => undefined); // it connects anew by itself
    this.jobs = new RunJobs(this.queue, redis, prefix);
    this.notify = options.onNotice;
    lock.onLost = (error) => this.awaited.end(error);
  }

  async open(): Promise<void> {
    await this.queue.waitUntilReady(); // first: events that never were ready do not close their connection
    this.events = new QueueEvents(this.name, { connection: redisOptions(this.options.url) });
    this.events.on('error', () => undefined);
    this.events.on('completed', ({ jobId, returnvalue }) => this.awaited.land(jobId, returnvalue));
    this.events.on('failed', ({ jobId, failedReason }) => this.awaited.fail(jobId, failedReason));
    this.events.on('progress', ({ jobId, data }) => {
      const { refused } = data as { refused?: unknown };
      if (this.awaited.has(jobId) && typeof refused === 'string') this.notify?.(refused);
    });
    await this.events.waitUntilReady();
    this.redis.on('ready', () => this.look()); // after a restart of Redis: it may have lost the last second
    this.timer = setInterval(() => this.look(), PACE);
    await this.jobs.dropOld();
  }

  get note(): string {
    return this.workers === 0 ? 'no worker there' : `${this.workers} worker${this.workers === 1 ? '' : 's'}`;
  }

  async *outcomes<J extends Work>(jobs: Iterable<J> | AsyncIterable<J>): AsyncGenerator<Outcome<J>> {
    for await (const outcome of inFlight(jobs, WINDOW, (job) => this.submit(job))) {
      yield outcome;
      if (this.options.drop) await this.jobs.remove(outcome.job);
    }
  }

  async close(finished: boolean): Promise<void> {
    clearInterval(this.timer);
    this.notify = undefined;
    if (finished) await this.jobs.removeAll();
    try {
      await Promise.all([this.events?.close(), this.queue.close(), this.lock.release()]);
    } finally {
      this.redis.disconnect();
    }
  }

  private submit<J extends Work>(job: J): Promise<Outcome<J>> {
    if (this.toAdd.push(job) === 1) setImmediate(() => this.add(this.toAdd.splice(0)));
    return this.awaited.outcome(this.jobs.idOf(job), job);
  }

  private add(jobs: readonly Work[]): void {
    this.jobs.add(jobs).then(() => { if (!this.looked) this.look(); }, (error: Error) => {
      if (this.said !== error.message) this.notify?.(`Redis takes no jobs (${error.message}); the run waits`);
      this.said = error.message;
    });
  }

  private look(): void {
    this.looked = true;
    this.collect().catch(() => undefined); // Redis is away: there is another look when it is back
  }

  /** Takes in what has been finished without our hearing of it, perhaps before we came; asks again for what is gone. */
  private async collect(): Promise<void> {
    this.workers = await this.queue.getWorkersCount();
    if (this.workers === 0 && ++this.alone === 3) this.notify?.('no worker is there yet; the run waits');
    for await (const { id, returnvalue, failedReason } of this.jobs.finished(this.awaited)) {
      if (typeof returnvalue === 'string') this.awaited.land(id, returnvalue);
      else this.awaited.fail(id, failedReason);
    }
    const gone = (await this.jobs.missing(this.awaited.jobs)).filter((job) => this.awaited.has(this.jobs.idOf(job)));
    if (gone.length > 0) this.add(gone);
  }
}
