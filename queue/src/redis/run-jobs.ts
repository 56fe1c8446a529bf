import type { Job, JobType, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { codeVersion } from '../hashes';
import { jobName, type Job as Work } from '../jobs';
import { refusalIn } from './refused';
import { markOf } from './run-lock';

/** How often a job is tried. */
export const ATTEMPTS = 3;
/** The states of a job that no worker has taken. */
const WAITING: JobType[] = ['wait', 'prioritized', 'delayed'];
/** A job that nobody has asked for in so many seconds is dropped. */
const FORGOTTEN = { age: 14 * 24 * 3600 };

/** The run that a job belongs to, by the job's name. */
export const runOf = (id: string): string => id.split('-', 1)[0]!;

/** A run's jobs in Redis: each is found by a name that follows from what it is, so that adding it twice does it once. */
export class RunJobs {
  constructor(
    private readonly queue: Queue,
    private readonly redis: Redis,
    private readonly run: string,
  ) {}

  idOf(job: Work): string {
    return `${this.run}-${jobName(job)}`;
  }

  async add(jobs: readonly Work[]): Promise<void> {
    await this.queue.addBulk(
      jobs.map((job) => ({
        name: job.task,
        data: job,
        opts: {
          jobId: this.idOf(job),
          attempts: ATTEMPTS,
          backoff: { type: 'exponential', delay: 500 },
          removeOnComplete: FORGOTTEN,
          removeOnFail: FORGOTTEN,
        },
      })),
    );
  }

  /** Those that are not in Redis: it has refused or lost them, or somebody has dropped them. */
  async missing(jobs: readonly Work[]): Promise<Work[]> {
    const there = await this.exist(jobs.map((job) => this.queue.toKey(this.idOf(job))));
    return jobs.filter((_, i) => there[i] === false);
  }

  /** The finished ones among these names. */
  async *finished(among: { has: (id: string) => boolean }): AsyncGenerator<Job<unknown, unknown> & { id: string }> {
    for (const id of await this.own(['completed', 'failed'])) {
      if (!among.has(id)) continue;
      const job = (await this.queue.getJob(id)) as (Job<unknown, unknown> & { id: string }) | undefined;
      if (job?.finishedOn !== undefined) yield job; // else dropped, or taken up again, meanwhile
    }
  }

  async remove(job: Work): Promise<void> {
    await this.queue.remove(this.idOf(job));
  }

  async removeAll(): Promise<void> {
    for (const id of await this.own([...WAITING, 'completed', 'failed'])) await this.queue.remove(id);
  }

  /** What was left waiting by a run with other code would only make workers refuse. */
  async dropOld(): Promise<void> {
    for (const id of await this.own(WAITING)) {
      const job = await this.queue.getJob(id);
      if ((job?.data as Work | undefined)?.code !== codeVersion()) await this.queue.remove(id);
    }
  }

  /**
   * Drops what waits for runs that nobody follows: it would only keep the workers from others. A run that is called again
   * asks for it again.
   * @returns how many jobs those were
   */
  async dropAbandoned(): Promise<number> {
    const ids = await this.queue.getRanges(WAITING, 0, -1);
    const runs = [...new Set(ids.map(runOf))];
    const followed = await this.exist(runs.map((run) => markOf(this.queue.name, run)));
    const abandoned = new Set(runs.filter((_, i) => followed[i] === false));
    let dropped = 0;
    for (const id of ids) if (abandoned.has(runOf(id))) dropped += await this.queue.remove(id);
    return dropped;
  }

  /** Offers at once what workers have refused: there is one that may do it. */
  async offerRefused(): Promise<void> {
    for (const id of await this.own(['delayed'])) {
      const job = await this.queue.getJob(id);
      if (refusalIn(job?.progress)) await job!.promote();
    }
  }

  /** The names of this run's jobs in these states. */
  private async own(states: JobType[]): Promise<string[]> {
    return (await this.queue.getRanges(states, 0, -1)).filter((id) => runOf(id) === this.run);
  }

  /** Whether Redis has these keys; undefined where it did not say. */
  private async exist(keys: readonly string[]): Promise<(boolean | undefined)[]> {
    if (keys.length === 0) return [];
    const questions = this.redis.pipeline();
    for (const key of keys) questions.exists(key);
    return ((await questions.exec()) ?? []).map(([error, answer]) => (error ? undefined : answer === 1));
  }
}
