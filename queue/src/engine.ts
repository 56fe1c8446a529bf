import type { Job } from './jobs';
import type { Results } from './results';

/** A job's result, or why it failed for good. */
export type Outcome<J extends Job> = { job: J } & ({ result: Results[J['task']] } | { failure: string });

/** What does jobs: the cores of this machine, or workers on a queue. */
export interface Engine {
  /**
   * Does the jobs and yields their outcomes in any order. The engine keeps an outcome until the caller asks for the next
   * one, so a caller that writes it down first loses nothing if the machine fails in between.
   */
  outcomes<J extends Job>(jobs: Iterable<J> | AsyncIterable<J>): AsyncGenerator<Outcome<J>>;
  /** How it goes, in a word or two, for the progress bar. */
  readonly note: string;
  /** Ends it; `finished` when all that was wanted from it has been had. */
  close(finished: boolean): Promise<void>;
}

/** Keeps up to `width` jobs under way, and hands in their outcomes as they come. */
export async function* inFlight<J extends Job>(
  jobs: Iterable<J> | AsyncIterable<J>,
  width: number,
  start: (job: J) => Promise<Outcome<J>>,
): AsyncGenerator<Outcome<J>> {
  const source = (async function* () {
    yield* jobs;
  })();
  const arrived: Outcome<J>[] = [];
  let flying = 0,
    exhausted = false;
  let failed: { error: unknown } | undefined;
  let wake = (): void => undefined;
  const land = (outcome: Outcome<J>): void => {
    arrived.push(outcome);
    wake();
  };
  const crash = (error: unknown): void => {
    failed ??= { error };
    wake();
  };
  while (true) {
    if (failed) throw failed.error;
    const outcome = arrived.shift();
    if (outcome) {
      flying--;
      yield outcome;
    } else if (!exhausted && flying < width) {
      const next = await source.next();
      if (next.done) exhausted = true;
      else {
        flying++;
        start(next.value).then(land, crash);
      }
    } else if (flying === 0) return;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

/** What comes until the signal is given. */
export async function* untilAborted<T>(source: AsyncGenerator<T>, signal?: AbortSignal): AsyncGenerator<T> {
  const aborted = new Promise<{ done: true; value: undefined }>((resolve) => {
    const end = (): void => resolve({ done: true, value: undefined });
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
  while (true) {
    const item = await Promise.race([source.next(), aborted]);
    if (item.done) return;
    yield item.value;
  }
}
