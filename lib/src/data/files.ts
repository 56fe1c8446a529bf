import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DescentError } from '../errors';

const UNWRITABLE: Record<string, string> = {
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

const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'you have no permission to read it',
  EPERM: 'you have no permission to read it',
  ENOTDIR: 'there is no such file: a part of its path is a file, not a folder',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links go in a circle',
};

/**
 * Writes a file whole or not at all: under another name beside it first, then renamed. Makes the folders on the way.
 * What stood there before stays until then, whatever happens.
 *
 * @throws DescentError naming the file and the reason: no space, no permission, a folder of that name.
 */
export const writeFileAtomically = (path: string, data: string | Uint8Array): void =>
  makeWhole(path, (unfinished) => writeFileSync(unfinished, data));

/** The same for a file or folder that `make` makes under the name that it is given. */
export function makeWhole(path: string, make: (unfinished: string) => void): void {
  const unfinished = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    make(unfinished);
    renameSync(unfinished, path);
  } catch (error) {
    throw writeFailure(path, error);
  } finally {
    removeQuietly(unfinished);
  }
}

/** What is in a file. @throws DescentError naming it and the reason, such as a Git LFS pointer in its place */
export function readBytes(path: string): Buffer {
  const bytes = reading(path, () => readFileSync(path));
  refuseLfsPointer(path, bytes);
  return bytes;
}

/**
 * Refuses the note that Git leaves where a large file has not been fetched: three short lines in place of the file.
 * @throws DescentError that says how to fetch the file
 */
export function refuseLfsPointer(path: string, head: Uint8Array): void {
  if (!Buffer.from(head.subarray(0, 64)).toString('latin1').startsWith('version https://git-lfs.github.com/spec/'))
    return;
  throw new DescentError(
    `${path} is not the file itself but a Git LFS pointer to it: run git lfs pull in its repository`,
  );
}

/** What the disk says of a file or folder, if it is there. @throws DescentError where that cannot be known */
export const statusOf = (path: string): Stats | undefined =>
  reading(path, () => statSync(path, { throwIfNoEntry: false }));

/** Whether there is a folder of that name. @throws DescentError where that cannot be known, as without permission */
export const isFolder = (path: string): boolean => statusOf(path)?.isDirectory() ?? false;

/** The names in a folder, in order; hidden ones are left out. @throws DescentError when it cannot be read */
export const namesIn = (folder: string): string[] =>
  reading(folder, () => readdirSync(folder))
    .filter((name) => !name.startsWith('.'))
    .sort();

/** What `work` comes to, which reads `path`. @throws DescentError naming it and the reason */
export function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** What a reader is told of an error of the file system that came of writing `path`. */
export function writeFailure(path: string, error: unknown): DescentError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? UNWRITABLE[whyNoFolder(path)] : UNWRITABLE[code];
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
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new DescentError(`${path}: ${UNREADABLE[code] ?? message}`);
}

/** After the rename there is nothing to remove; after a failure that may fail as well, and must not hide the first. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    /* The error above tells more. */
  }
}
