import type { Job, JobType, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { codeVersion } from '../hashes';
import { jobName, type Job as Work } from '../jobs';

/** How often a job is tried. */
const ATTEMPTS = 3;
/** A job that nobody has asked for in so many seconds is dropped. */
const FORGOTTEN = { age: 14 * 24 * 3600 };

/** A run's jobs in Redis: each is found by a name that follows from what it is, so that adding it twice does it once. */
export class RunJobs {
  /** @param prefix what the names of the run's jobs begin with */
  constructor(private readonly queue: Queue, private readonly redis: Redis, private readonly prefix: string) {}

  idOf(job: Work): string {
    return this.prefix + jobName(job);
  }

  async add(jobs: readonly Work[]): Promise<void> {
    await this.queue.addBulk(jobs.map((job) => ({ name: job.task, data: job, opts: { jobId: this.idOf(job),
      attempts: ATTEMPTS, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: FORGOTTEN,
      removeOnFail: FORGOTTEN } })));
  }

  /** Those that are not in Redis: it has refused or lost them, or somebody has dropped them. */
  async missing(jobs: readonly Work[]): Promise<Work[]> {
    if (jobs.length === 0) return [];
    const questions = this.redis.pipeline();
    for (const job of jobs) questions.exists(this.queue.toKey(this.idOf(job)));
    const answers = await questions.exec() ?? [];
    return jobs.filter((_, i) => answers[i]?.[1] === 0);
  }

  /** The finished ones among these names. */
  async *finished(among: { has: (id: string) => boolean }): AsyncGenerator<Job<unknown, unknown> & { id: string }> {
    for (const id of await this.own(['completed', 'failed'])) {
      if (!among.has(id)) continue;
      const job = await this.queue.getJob(id) as (Job<unknown, unknown> & { id: string }) | undefined;
      if (job?.finishedOn !== undefined) yield job; // else dropped, or taken up again, meanwhile
    }
  }

  async remove(job: Work): Promise<void> {
    await this.queue.remove(this.idOf(job));
  }

  async removeAll(): Promise<void> {
    for (const id of await this.own(['wait', 'delayed', 'completed', 'failed'])) await this.queue.remove(id);
  }

  /** What was left waiting by a run with other code would only make workers refuse. */
  async dropOld(): Promise<void> {
    for (const id of await this.own(['wait', 'delayed'])) {
      const job = await this.queue.getJob(id);
      if ((job?.data as Work | undefined)?.code !== codeVersion()) await this.queue.remove(id);
    }
  }

  /** The names of this run's jobs in these states. */
  private async own(states: JobType[]): Promise<string[]> {
    return (await this.queue.getRanges(states, 0, -1)).filter((id) => id.startsWith(this.prefix));
  }
}
