import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DescentError, writeFailure } from 'descent-lab';

/**
 * Checks, before the work, that its results can be written: a day's search is not to end at a read-only disk.
 *
 * @param files by the options that name them; those that were not given are undefined
 * @throws DescentError for two options that name one file, and for a file that cannot be written
 */
export function checkOutputs(files: Record<string, string | undefined>): void {
  const seen = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const place = resolve(file);
    const other = seen.get(place);
    if (other) throw new DescentError(`${other} and ${option} both name ${file}: one would overwrite the other`);
    seen.set(place, option);
    tryToWrite(file);
  }
}

function tryToWrite(file: string): void {
  const trial = `${file}.${process.pid}.tmp`;
  try {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(trial, ' ');
  } catch (error) {
    throw writeFailure(file, error);
  } finally {
    if (existsSync(trial)) rmSync(trial);
  }
}
