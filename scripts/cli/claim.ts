import { DescentError } from 'descent-lab';
import { writeFailure } from 'descent-lab/internal';
import { takeLock } from '../../lib/native/lock.mjs';

/**
 * Takes a lock file for the rest of this process.
 *
 * @param what what is written to, as the reader named it by --out
 * @throws DescentError when another run holds it, or where it cannot be written
 */
export async function claim(lock: string, what: string): Promise<void> {
  const busy = (pid: number): never => {
    throw new DescentError(
      `another run (process ${pid}) is working on ${what}: let it end, or choose another --out ` +
        `(if there is no such run, delete ${lock})`,
    );
  };
  try {
    await takeLock(lock, (text) => console.error(text), { busy });
  } catch (error) {
    if (error instanceof DescentError) throw error;
    throw writeFailure(what, error);
  }
}
