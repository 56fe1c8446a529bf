import type { Outcome } from '../engine';
import type { Job } from '../jobs';
import { oneLine } from '../one-line';
import { unpack } from '../results';

interface Entry {
  job: Job;
  settle: (outcome: Outcome<Job>) => void;
  reject: (error: Error) => void;
}

/** The jobs whose outcomes are waited for, by name; what comes for others, or a second time, is passed over. */
export class Awaited {
  private readonly entries = new Map<string, Entry>();
  private ended?: Error;

  get jobs(): Job[] {
    return [...this.entries.values()].map(({ job }) => job);
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  job(id: string): Job | undefined {
    return this.entries.get(id)?.job;
  }

  /** The outcome of a job, once it has landed or failed. */
  outcome<J extends Job>(id: string, job: J): Promise<Outcome<J>> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.entries.set(id, { job, settle: resolve as Entry['settle'], reject });
    });
  }

  /** Takes in what a worker hands in. @throws DescentError for what is no result of the job, which is still waited for */
  land(id: string, value: unknown): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    const result = unpack(entry.job, value);
    this.take(id, ({ job, settle }) => settle({ job, result }));
  }

  fail(id: string, failure: string): void {
    this.take(id, ({ job, settle }) => settle({ job, failure: oneLine(failure) }));
  }

  /** Whoever waits for the job gets the error. */
  give(id: string, error: Error): void {
    this.take(id, ({ reject }) => reject(error));
  }

  /** Nothing more is taken in: whoever waits, or will, gets the error. */
  end(error: Error): void {
    this.ended = error;
    for (const id of this.entries.keys()) this.give(id, error);
  }

  private take(id: string, use: (entry: Entry) => void): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.delete(id);
    use(entry);
  }
}
