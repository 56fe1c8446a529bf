import { setTimeout as sleep } from 'node:timers/promises';
import { oneLine } from '../one-line';

/** Milliseconds between two tries at a Redis that takes nothing now. */
export const PACE = 5000;

/** How one waits for a Redis. */
export interface Waiting {
  /** Told once why the wait is. */
  onNotice?: (message: string) => void;
  /** Ends the wait, with its reason. */
  signal?: AbortSignal;
}

/** What Redis answers that is full, reads its file, cannot write to its disk, or is a copy: it may pass. */
const passes = (error: unknown): boolean =>
  /^(OOM|READONLY|LOADING|MISCONF|MASTERDOWN|CLUSTERDOWN|NOREPLICAS|TRYAGAIN|BUSY) /.test((error as Error).message);

/** What Redis answers, without the script that it was asked by; or why it does not. */
export function said(error: unknown): string {
  const { message, code = '' } = error as NodeJS.ErrnoException;
  return oneLine(message.replace(/ script: .*$/, '') || code);
}

/** Asks Redis again and again while it takes nothing. @throws what else it answers */
export async function asked<T>(question: () => Promise<T>, { onNotice, signal }: Waiting): Promise<T> {
  for (let told = false; ; told = true) {
    try {
      return await question();
    } catch (error) {
      if (!passes(error)) throw error;
      if (!told) onNotice?.(`Redis takes nothing (${said(error)}); this waits, and asks again`);
    }
    await sleep(PACE, undefined, { signal });
  }
}
