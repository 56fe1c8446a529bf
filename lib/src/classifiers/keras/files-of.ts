import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, readBytes } from '../../data/files';
import { openZip } from '../../data/zip';

/** Files that lie together, in a folder or in a zip archive. */
export interface Files {
  /** Their names; of those in an archive their paths there. */
  names: () => string[];
  has: (name: string) => boolean;
  /** What is in one. @throws DescentError naming it where it cannot be read */
  read: (name: string) => Uint8Array;
  /** What errors call it. */
  call: (name: string) => string;
}

export function folderFiles(folder: string): Files {
  const call = (name: string): string => join(folder, name);
  return {
    names: () => namesIn(folder),
    has: (name) => existsSync(call(name)),
    read: (name) => readBytes(call(name)),
    call,
  };
}

/** @throws DescentError where the archive is cut off or damaged */
export function zipFiles(bytes: Uint8Array, path: string): Files {
  const { names, read } = openZip(bytes, path);
  // Folders, and what macOS adds, are no files of anybody's.
  const own = names.filter((name) => !name.endsWith('/') && !/(^|\/)(__MACOSX\/|\.)/.test(name));
  return { names: () => own, has: (name) => own.includes(name), read, call: (name) => `${path}/${name}` };
}

/** The path of a file that lies beside another. */
export const besideOf = (name: string, other: string): string => name.replace(/[^/]*$/, other);
