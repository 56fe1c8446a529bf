import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DescentError, writeFailure } from 'descent-lab';

/** Files by the options that name them; those that were not given are undefined. */
type Files = Record<string, string | readonly string[] | undefined>;

/**
 * Checks, before the work, that its results can be written: a day's search is not to end at a read-only disk.
 *
 * @throws DescentError for two options that name one file, and for a file that cannot be written
 */
export function checkOutputs(written: Files): void {
  refuseOverwriting(written);
  pathsOf(written).forEach(({ path }) => tryToWrite(path));
}

/** What is written must not take the place of something else that is, or that is read. @throws DescentError if it would */
export function refuseOverwriting(written: Files, read: Files = {}): void {
  for (const { option, path } of pathsOf(written)) {
    const other = pathsOf({ ...written, ...read }).find((file) => file.option !== option && resolve(file.path) === resolve(path));
    if (other) throw new DescentError(`${option} and ${other.option} name the same file, ${path}`);
  }
}

const pathsOf = (files: Files): { option: string; path: string }[] => Object.entries(files).flatMap(([option, named = []]) =>
  (typeof named === 'string' ? [named] : named).map((path) => ({ option, path })));

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
