import type { Worker } from 'bullmq';

/** The jobs that a worker leaves to others. */
export class Others {
  private readonly met = new Set<string>();
  private again = 0;

  /** A job of its own is done. */
  reset(): void {
    this.again = 0;
  }

  /**
   * A job of others has come. A worker that meets the same ones again and again has nothing else to do, and is to leave
   * them to who can do them.
   * @returns for how many milliseconds
   */
  meet(id: string): number {
    const known = this.met.has(id);
    if (this.met.size > 10_000) this.met.clear(); // it need not know all of them for ever
    this.met.add(id);
    if (known) this.again++;
    return this.again < 3 ? 0 : Math.min(1000 * 2 ** (this.again - 3), 30_000);
  }
}

/** Lets a worker take no job for a while; those under way go on. */
export class Rest {
  private timer?: NodeJS.Timeout;

  constructor(private readonly worker: Worker) {}

  begin(milliseconds: number): void {
    if (this.timer || milliseconds === 0) return;
    this.worker.pause(true).catch(() => undefined);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.worker.resume();
    }, milliseconds);
  }

  /** Ends it for good, as the worker does. */
  end(): void {
    clearTimeout(this.timer);
  }
}
