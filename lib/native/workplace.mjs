// One at a time in one folder, with a place for unfinished work.
import { mkdirSync, rmSync } from 'node:fs';
import { releaseLock, takeLock } from './lock.mjs';

/** Works alone in a folder; `scratch`, inside it, is new for this work and gone after it. */
export async function workAlone(folder, scratch, log, work) {
  await takeLock(folder, log);
  try {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    return await work();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    releaseLock();
  }
}
