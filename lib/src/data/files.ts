import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DescentError } from '../errors';

const REASONS: Record<string, string> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'no space is left in your quota',
  EACCES: 'you have no permission to write there',
  EPERM: 'you have no permission to write there',
  EROFS: 'this part of the disk is read-only',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
  EISDIR: 'there is a folder of that name',
  ENOENT: 'its folder cannot be made',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Writes a file whole or not at all: under another name beside it first, then renamed. Makes the folders on the way.
 * What stood there before stays until then, whatever happens.
 *
 * @throws DescentError naming the file and the reason: no space, no permission, a folder of that name.
 */
export function writeFileAtomically(path: string, data: string | Uint8Array): void {
  const unfinished = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, data);
    renameSync(unfinished, path);
  } catch (error) {
    throw writeFailure(path, error);
  } finally {
    removeQuietly(unfinished);
  }
}

/** Whether there is a folder of that name. @throws DescentError where that cannot be known, as without permission */
export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** The names in a folder, in order; hidden ones are left out. @throws DescentError when it cannot be read */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    throw readFailure(folder, error);
  }
}

/** What a reader is told of an error of the file system that came of writing `path`. */
export function writeFailure(path: string, error: unknown): DescentError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? REASONS[whyNoFolder(path)] : REASONS[code];
  return new DescentError(`${path} cannot be written: ${reason ?? message}`);
}

/** Why the folders on the way to a file cannot be made: Node says ENOENT of a disk that is read-only, too. */
function whyNoFolder(path: string): string {
  let folder = dirname(resolve(path));
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return 'ENOENT';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'ENOENT';
  }
}

/** The same of an error that came of reading. */
export function readFailure(path: string, error: unknown): DescentError {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'this is a folder, not a file',
    EACCES: 'you have no permission to read it',
    EPERM: 'you have no permission to read it',
    ENOTDIR: 'there is no such file: a part of its path is a file, not a folder',
    ENAMETOOLONG: 'its name is too long',
    ELOOP: 'its symbolic links go in a circle',
  };
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new DescentError(`${path}: ${reasons[code] ?? message}`);
}

/** After the rename there is nothing to remove; after a failure that may fail as well, and must not hide the first. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    /* The error above tells more. */
  }
}
