import { decode } from '../codec';
import type { Outcome } from '../engine';
import type { Job } from '../jobs';

interface Entry { job: Job; settle: (outcome: Outcome<Job>) => void; reject: (error: Error) => void }

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

  /** The outcome of a job, once it has landed or failed. */
  outcome<J extends Job>(id: string, job: J): Promise<Outcome<J>> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.entries.set(id, { job, settle: resolve as Entry['settle'], reject });
    });
  }

  /** Takes in a result, as `encode` gave it. */
  land(id: string, value: unknown): void {
    let result: never;
    try {
      result = decode(String(value)) as never;
    } catch (error) {
      return this.fail(id, `its result cannot be read: ${(error as Error).message}`);
    }
    this.take(id, ({ job, settle }) => settle({ job, result }));
  }

  fail(id: string, failure: string): void {
    this.take(id, ({ job, settle }) => settle({ job, failure }));
  }

  /** Nothing more is taken in: whoever waits, or will, gets the error. */
  end(error: Error): void {
    this.ended = error;
    for (const id of this.entries.keys()) this.take(id, ({ reject }) => reject(error));
  }

  private take(id: string, use: (entry: Entry) => void): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    this.entries.delete(id);
    use(entry);
  }
}
