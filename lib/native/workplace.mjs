// One at a time in one folder, with a place for unfinished work.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { takeLock } from './lock.mjs';

/** Works alone in a folder; `scratch`, inside it, is new for this work and gone after it. */
export async function workAlone(folder, scratch, log, work) {
  const release = await takeLock(path.join(folder, 'lock'), log);
  try {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    return await work();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    release();
  }
}
