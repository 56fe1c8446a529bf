import { Queue, QueueEvents } from 'bullmq';
import { DescentError } from 'descent-lab';
import { sha256 } from 'descent-lab/internal';
import type { Redis } from 'ioredis';
import { inFlight, type Engine, type Outcome } from '../engine';
import { checkJob, type Job as Work } from '../jobs';
import { oneLine } from '../one-line';
import { Awaited } from './awaited';
import { connect, QUEUE_NAME, redisOptions, shownAddress, type QueueAddress } from './connection';
import { asked, PACE, said, type Waiting } from './passing';
import { refusalIn } from './refused';
import { ATTEMPTS, RunJobs } from './run-jobs';
import { markOf, RunLock } from './run-lock';

/** `onNotice` is told what the reader should know; `signal` ends the wait for a Redis that takes nothing at the start. */
export interface QueueRun extends QueueAddress, Waiting {
  /** What the run is: the same command has the same, whenever it is called. */
  run: string;
  /** Whether a result is dropped from Redis once it is taken in, or kept until the run is finished. */
  drop?: boolean;
}

/** Jobs in Redis at a time: enough for hundreds of workers, and little memory however many there are to come. */
const WINDOW = 1000;

/**
 * The workers on a queue. A job's name follows from what it is, so adding it twice does it once; what a coordinator left
 * behind when it was killed is found by name by the next one.
 * @throws DescentError without a Redis, or while another process is at the same run
 */
export async function queueEngine(options: QueueRun): Promise<Engine> {
  const redis = await connect(options.url, options);
  const name = options.name ?? QUEUE_NAME;
  const run = sha256(options.run).slice(0, 12);
  let engine: QueueEngine | undefined;
  try {
    const lock = await asked(() => RunLock.take(redis, markOf(name, run)), options);
    engine = new QueueEngine(redis, lock, name, run, options);
    await engine.open();
    return engine;
  } catch (error) {
    await engine?.close(false).catch(() => undefined);
    redis.disconnect();
    options.signal?.throwIfAborted();
    throw error instanceof DescentError
      ? error
      : new DescentError(`the Redis at ${shownAddress(options.url)} cannot be used: ${said(error)}`);
  }
}

class QueueEngine implements Engine {
  private readonly awaited = new Awaited();
  private toAdd: Work[] = [];
  private workers: string[] = [];
  private alone = 0;
  /** Whether a worker has done a job of this run: what others refuse is for it. */
  private done = false;
  private looked = false;
  private said = '';
  /** How often the results of a job have been none. */
  private readonly spoilt = new Map<string, number>();
  /** Jobs whose result is being dropped. */
  private readonly dropping = new Set<string>();
  /** Workers that refuse. */
  private readonly unfit = new Set<string>();
  private notify: QueueRun['onNotice'];
  private readonly queue: Queue;
  private events?: QueueEvents;
  private readonly jobs: RunJobs;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly redis: Redis,
    private readonly lock: RunLock,
    private readonly name: string,
    run: string,
    private readonly options: QueueRun,
  ) {
    // Each event of a finished job carries its result: few are kept, and the look at what there is finds the others.
    this.queue = new Queue(name, { connection: redisOptions(options.url), streams: { events: { maxLen: 200 } } });
    this.queue.on('error', () => undefined); // it connects anew by itself
    this.jobs = new RunJobs(this.queue, redis, run);
    this.notify = options.onNotice;
    lock.onLost = (error) => this.awaited.end(error);
  }

  async open(): Promise<void> {
    await this.queue.waitUntilReady(); // first: events that never were ready do not close their connection
    this.events = new QueueEvents(this.name, { connection: redisOptions(this.options.url) });
    this.events.on('error', () => undefined);
    this.events.on('completed', ({ jobId, returnvalue }) => this.land(jobId, returnvalue));
    this.events.on('failed', ({ jobId, failedReason }) => this.awaited.fail(jobId, failedReason));
    this.events.on('progress', ({ jobId, data }) => {
      const refusal = refusalIn(data);
      if (!refusal || !this.awaited.has(jobId) || this.unfit.has(refusal.by)) return;
      this.unfit.add(refusal.by);
      this.notify?.(`${refusal.by} refuses: ${refusal.refused}`);
    });
    await this.events.waitUntilReady();
    this.redis.on('ready', () => this.look()); // after a restart of Redis: it may have lost the last second
    this.timer = setInterval(() => this.look(), PACE);
    await this.jobs.dropOld();
  }

  get note(): string {
    const { length } = this.workers;
    return length === 0 ? 'no worker there' : `${length} worker${length === 1 ? '' : 's'}`;
  }

  async *outcomes<J extends Work>(jobs: Iterable<J> | AsyncIterable<J>): AsyncGenerator<Outcome<J>> {
    for await (const outcome of inFlight(jobs, WINDOW, (job) => this.submit(job))) {
      yield outcome;
      if (this.options.drop) await this.jobs.remove(outcome.job).catch(() => undefined); // at the latest with the last
    }
  }

  async close(finished: boolean): Promise<void> {
    clearInterval(this.timer);
    try {
      if (finished) await this.jobs.removeAll();
      await this.lock.release();
    } catch (error) {
      if ((error as Error).name !== 'ReplyError') throw error;
      this.notify?.(`Redis keeps what is left of the run for now (${said(error)})`);
    } finally {
      this.notify = undefined;
      await Promise.all([this.events?.close(), this.queue.close()]).finally(() => this.redis.disconnect());
    }
  }

  private submit<J extends Work>(job: J): Promise<Outcome<J>> {
    checkJob(job);
    if (this.toAdd.push(job) === 1) setImmediate(() => this.add(this.toAdd.splice(0)));
    return this.awaited.outcome(this.jobs.idOf(job), job);
  }

  private add(jobs: readonly Work[]): void {
    this.jobs.add(jobs).then(
      () => {
        if (!this.looked) this.look();
      },
      (error: Error) => {
        if (this.said !== said(error)) this.notify?.(`Redis takes no jobs (${said(error)}); the run waits`);
        this.said = said(error);
      },
    );
  }

  /** Takes in a result; what is none is asked for again, for another worker may do better. */
  private land(id: string, value: unknown): void {
    if (this.dropping.has(id)) return;
    try {
      this.awaited.land(id, value);
      this.done = true;
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      this.spoil(id, error.message).catch(() => undefined); // Redis is away: it is looked at again
    }
  }

  private async spoil(id: string, problem: string): Promise<void> {
    this.dropping.add(id);
    try {
      const job = this.awaited.job(id)!;
      const worker = oneLine((await this.queue.getJob(id))?.processedBy ?? 'a worker');
      const told = `job ${id} (${job.task}), done by ${worker}: ${problem}`;
      await this.jobs.remove(job);
      const times = (this.spoilt.get(id) ?? 0) + 1;
      this.spoilt.set(id, times);
      if (times < ATTEMPTS) {
        this.notify?.(`${told}; it is done again`);
        this.add([job]);
      } else {
        this.awaited.give(
          id,
          new DescentError(
            `${told}, ${times} times in a row. See to the workers, then call again ` + 'in the same way to go on',
          ),
        );
      }
    } finally {
      this.dropping.delete(id);
    }
  }

  private look(): void {
    this.looked = true;
    this.collect().catch(() => undefined); // Redis is away: there is another look when it is back
  }

  /** Takes in what has been finished without our hearing of it, perhaps before we came; asks again for what is gone. */
  private async collect(): Promise<void> {
    const workers = (await this.queue.getWorkers()).map(({ id }) => id!);
    const hope = this.done || workers.some((id) => !this.workers.includes(id));
    this.workers = workers;
    if (hope) await this.jobs.offerRefused();
    if (workers.length === 0 && ++this.alone === 3) this.notify?.('no worker is there yet; the run waits');
    const dropped = await this.jobs.dropAbandoned();
    if (dropped > 0) {
      this.notify?.(
        `${dropped} jobs of runs that nobody follows any more are dropped; such a run, called again, asks for ` +
          'them again',
      );
    }
    for await (const { id, returnvalue, failedReason } of this.jobs.finished(this.awaited)) {
      if (failedReason === undefined) this.land(id, returnvalue);
      else this.awaited.fail(id, failedReason);
    }
    const gone = (await this.jobs.missing(this.awaited.jobs)).filter((job) => this.awaited.has(this.jobs.idOf(job)));
    if (gone.length > 0) this.add(gone);
  }
}
