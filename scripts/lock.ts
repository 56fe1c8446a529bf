// One run at a time where two would write into the same place.
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere } from './figures/files';

/** The locks that this process holds. In containers a run that was killed often had the number that this one has now. */
const held = new Set<string>();

function isAlive(pid: number, lock: string): boolean {
  if (pid === process.pid) return held.has(lock);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Waits until no other run holds a lock file, takes it, and returns the function that gives it back.
 * `waiting` is told once which process it waits for. A lock whose holder has died is nobody's.
 */
export async function takeLock(
  lock: string, waiting: (pid: number) => void, signal?: AbortSignal,
): Promise<() => void> {
  const mine = `${lock}.${process.pid}`;
  const holder = (file: string): number => Number(readIfThere(file)?.toString());
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; ; await sleep(200, undefined, { signal })) {
    try {
      writeFileSync(mine, String(process.pid));
      linkSync(mine, lock); // Unlike a rename, fails where there is a lock; and a lock is never seen empty.
      held.add(lock);
      return () => {
        if (held.delete(lock) && holder(lock) === process.pid) rmSync(lock, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(mine, { force: true });
    }
    const pid = holder(lock);
    if (pid && !isAlive(pid, lock)) removeDead(lock, mine, holder);
    else if (pid && !told) {
      waiting(pid);
      told = true;
    }
  }
}

/** Of several that see a dead holder, one moves the lock away; a live one's, taken meanwhile, is put back. */
function removeDead(lock: string, mine: string, holder: (file: string) => number): void {
  try {
    renameSync(lock, mine);
    if (isAlive(holder(mine), lock)) linkSync(mine, lock);
  } catch {
    // Another was faster.
  }
  rmSync(mine, { force: true });
}
