// What stands in for node:fs: the page's own files, with Node's names, error codes and messages. No permissions, no
// links, no times; a descriptor is for reading alone.
import { contents, folders } from './files';
import { dirname, resolve } from './path';

type Path = string | URL;
type Encoding = BufferEncoding | { encoding?: BufferEncoding | null } | null;

const REASONS = {
  ENOENT: 'no such file or directory',
  EISDIR: 'illegal operation on a directory',
  ENOTDIR: 'not a directory',
  EEXIST: 'file already exists',
  ENOTEMPTY: 'directory not empty',
  EBADF: 'bad file descriptor',
};

function failure(code: keyof typeof REASONS, syscall: string, path?: Path, to?: Path): Error {
  const places = [path, to].filter((place) => place !== undefined).map((place) => `'${String(place)}'`);
  const message = `${code}: ${REASONS[code]}, ${syscall}${places.length ? ` ${places.join(' -> ')}` : ''}`;
  return Object.assign(new Error(message), { code, syscall, ...(path !== undefined && { path: String(path) }) });
}

const absolute = (path: Path): string => resolve(path instanceof URL ? decodeURI(path.pathname) : path);
const below = (folder: string): string => (folder === '/' ? '/' : `${folder}/`);

/** All that lies in a folder and in those in it. */
const allBelow = (folder: string): string[] =>
  [...contents.keys(), ...folders].filter((path) => path !== folder && path.startsWith(below(folder)));
const isFolder = (path: string): boolean => folders.has(path) || allBelow(path).length > 0;

/** Why nothing is there: something on the way may be a file. */
function missing(path: string): 'ENOENT' | 'ENOTDIR' {
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    if (contents.has(folder)) return 'ENOTDIR';
  }
  return 'ENOENT';
}

function contentOf(path: Path, syscall: string): Uint8Array {
  const place = absolute(path);
  const content = contents.get(place);
  if (content) return content;
  if (isFolder(place)) throw syscall === 'open' ? failure('EISDIR', 'read') : failure('EISDIR', syscall, path);
  throw failure(missing(place), syscall, path);
}

/** Where a file may be written: its folder has to be there. */
function placeFor(path: Path, syscall: string): string {
  const place = absolute(path);
  if (isFolder(place)) throw failure('EISDIR', syscall, path);
  if (!isFolder(dirname(place))) throw failure(missing(place), syscall, path);
  return place;
}

const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? new TextEncoder().encode(data) : Uint8Array.from(data);

export function readFileSync(path: Path, options?: Encoding): Buffer | string {
  const content = contentOf(path, 'open');
  const encoding = typeof options === 'string' ? options : options?.encoding;
  const buffer = Buffer.from(content); // a copy: what is read may be changed
  return encoding ? buffer.toString(encoding) : buffer;
}

export function writeFileSync(path: Path, data: string | Uint8Array): void {
  contents.set(placeFor(path, 'open'), bytesOf(data));
}

export function appendFileSync(path: Path, data: string | Uint8Array): void {
  const place = placeFor(path, 'open');
  contents.set(place, Buffer.concat([contents.get(place) ?? new Uint8Array(), bytesOf(data)]));
}

export function copyFileSync(from: Path, to: Path): void {
  contents.set(placeFor(to, 'copyfile'), contentOf(from, 'copyfile'));
}

export const existsSync = (path: Path): boolean => contents.has(absolute(path)) || isFolder(absolute(path));

/** What of a file can be known here. */
export interface Stats {
  size: number;
  isFile: () => boolean;
  isDirectory: () => boolean;
}

export function statSync(path: Path, options?: { throwIfNoEntry?: boolean }): Stats | undefined {
  const place = absolute(path);
  const content = contents.get(place);
  if (!content && !isFolder(place)) {
    if (options?.throwIfNoEntry === false) return undefined;
    throw failure(missing(place), 'stat', path);
  }
  return { size: content?.byteLength ?? 0, isFile: () => content !== undefined, isDirectory: () => !content };
}
export const lstatSync = statSync;

export function readdirSync(path: Path, options?: { recursive?: boolean }): string[] {
  const place = absolute(path);
  if (contents.has(place)) throw failure('ENOTDIR', 'scandir', path);
  if (!isFolder(place)) throw failure(missing(place), 'scandir', path);
  const names = allBelow(place).map((other) => other.slice(below(place).length));
  const parts = names.flatMap((name) => {
    const way = name.split('/');
    return options?.recursive ? way.map((_, i) => way.slice(0, i + 1).join('/')) : way.slice(0, 1);
  });
  return [...new Set(parts)].sort();
}

export function mkdirSync(path: Path, options?: { recursive?: boolean }): string | undefined {
  const place = absolute(path);
  if (contents.has(place) || (isFolder(place) && !options?.recursive)) throw failure('EEXIST', 'mkdir', path);
  if (missing(place) === 'ENOTDIR') throw failure('ENOTDIR', 'mkdir', path);
  if (isFolder(place)) return undefined;
  if (!isFolder(dirname(place))) {
    if (!options?.recursive) throw failure('ENOENT', 'mkdir', path);
    const first = mkdirSync(dirname(place), options);
    folders.add(place);
    return first;
  }
  folders.add(place);
  return place;
}

let temporary = 0;
export function mkdtempSync(prefix: string): string {
  const path = `${prefix}${String(++temporary).padStart(6, '0')}`;
  mkdirSync(path);
  return path;
}

export function renameSync(from: Path, to: Path): void {
  const [old, place] = [absolute(from), absolute(to)];
  if (!existsSync(old)) throw failure(missing(old), 'rename', from, to);
  if (!isFolder(dirname(place))) throw failure(missing(place), 'rename', from, to);
  const content = contents.get(old);
  if (content) {
    if (isFolder(place)) throw failure('EISDIR', 'rename', from, to);
    contents.delete(old);
    contents.set(place, content);
    return;
  }
  if (contents.has(place)) throw failure('ENOTDIR', 'rename', from, to);
  if (allBelow(place).length > 0) throw failure('ENOTEMPTY', 'rename', from, to);
  for (const path of [old, ...allBelow(old)]) {
    const moved = place + path.slice(old.length);
    if (folders.delete(path)) folders.add(moved);
    const inside = contents.get(path);
    if (inside && contents.delete(path)) contents.set(moved, inside);
  }
}

export function unlinkSync(path: Path): void {
  contentOf(path, 'unlink');
  contents.delete(absolute(path));
}

export function rmSync(path: Path, options?: { recursive?: boolean; force?: boolean }): void {
  const place = absolute(path);
  if (!existsSync(place)) {
    if (options?.force) return;
    throw failure(missing(place), 'lstat', path); // Node says stat, or lstat, by its version
  }
  if (!contents.has(place) && !options?.recursive) {
    throw Object.assign(new Error(`Path is a directory: rm returned EISDIR (is a directory) ${place}`), {
      code: 'ERR_FS_EISDIR',
    });
  }
  for (const inside of [place, ...allBelow(place)]) {
    contents.delete(inside);
    folders.delete(inside);
  }
}

export const accessSync = (path: Path): void => {
  if (!existsSync(path)) throw failure(missing(absolute(path)), 'access', path);
};
export const constants = { F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4 };

export function realpathSync(path: Path): string {
  if (!existsSync(path)) throw failure(missing(absolute(path)), 'lstat', path);
  return absolute(path);
}

const open = new Map<number, { content: Uint8Array; at: number }>();
let descriptors = 10;
export function openSync(path: Path, flags = 'r'): number {
  if (flags !== 'r') throw new Error(`a page opens files to read them alone, not with '${flags}': use writeFileSync`);
  open.set(++descriptors, { content: contentOf(path, 'open'), at: 0 });
  return descriptors;
}
export function readSync(
  descriptor: number,
  into: Uint8Array,
  offset = 0,
  length = into.byteLength - offset,
  position?: number | null,
): number {
  const file = open.get(descriptor);
  if (!file) throw failure('EBADF', 'read');
  const start = position ?? file.at;
  const part = file.content.subarray(start, start + length);
  into.set(part, offset);
  if (position == null) file.at = start + part.byteLength;
  return part.byteLength;
}
export function closeSync(descriptor: number): void {
  if (!open.delete(descriptor)) throw failure('EBADF', 'close');
}
export const fsyncSync = (): void => undefined;

export function truncateSync(path: Path, length = 0): void {
  const content = new Uint8Array(length);
  content.set(contentOf(path, 'open').subarray(0, length));
  contents.set(absolute(path), content);
}

/** node:fs/promises: the same, later. */
const later =
  <A extends unknown[], R>(work: (...given: A) => R) =>
  (...given: A): Promise<R> =>
    Promise.resolve().then(() => work(...given));
export const promises = {
  readFile: later(readFileSync),
  writeFile: later(writeFileSync),
  appendFile: later(appendFileSync),
  copyFile: later(copyFileSync),
  stat: later(statSync),
  readdir: later(readdirSync),
  mkdir: later(mkdirSync),
  rename: later(renameSync),
  unlink: later(unlinkSync),
  rm: later(rmSync),
  access: later(accessSync),
};
