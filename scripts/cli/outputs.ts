// Nothing that a command reads may be replaced by what it writes.
import { existsSync, mkdtempSync, realpathSync, rmdirSync, statSync, type BigIntStats } from 'node:fs';
import { basename, dirname, extname, join, sep } from 'node:path';
import { DescentError } from 'descent-lab';
import { writeFailure } from 'descent-lab/internal';

/** What is read or written: a file, a folder with all that lies in it, or the folders in a folder, as those of classes. */
export interface Place {
  path: string;
  kind: 'file' | 'folder' | 'classes';
  /** What the name of a file that is written has to end in. */
  endings?: readonly string[];
}

/** The option or argument that names a place, as the reader knows it. */
export type Named = Place & { option: string };

export const file = (path: string): Place[] => [{ path, kind: 'file' }];
/** A file whose name says its format: of a command that may have read files which no option names. */
export const fileIn =
  (...endings: string[]) =>
  (path: string): Place[] => [{ path, kind: 'file', endings }];
/** What can be a name of the library's or a file of code, or a list of both with commas between: the files. */
export const ownFiles = (names: string): Place[] =>
  names
    .split(',')
    .map((name) => name.trim().replace(/\+jpeg\d+$/, ''))
    .filter((name) => existsSync(name))
    .flatMap(file);
export const folder = (path: string): Place[] => [{ path, kind: 'folder' }];
export const classes = (path: string): Place[] => [{ path, kind: 'classes' }];

/**
 * Checks, before any work, that a command replaces nothing that it reads, that it writes each thing once, and that it can
 * write it at all: a day's search is not to end at a read-only disk. Other spellings of a name, links and hard links are
 * seen through. Leaves nothing behind.
 *
 * @throws DescentError naming the option, the file and the remedy
 */
export function checkFiles(read: readonly Named[], written: readonly Named[]): void {
  const inputs = read.map(locate),
    outputs = written.map(locate);
  const known = new Map(inputs.flatMap((input) => input.keys.map((key) => [key, input])));
  const folders = [...inputs, ...outputs].filter(({ kind }) => kind !== 'file');
  for (const output of outputs) {
    const others = [
      ...output.keys.flatMap((key) => known.get(key) ?? []),
      ...folders.filter((own) => holds(own, output)),
      ...(output.kind === 'folder' ? inputs.filter((input) => holds(output, input)) : []),
    ];
    const other = others.find(({ option }) => option !== output.option);
    if (other) throw new DescentError(clash(output, other, inputs.includes(other)));
    for (const key of output.keys) known.set(key, output);
  }
  for (const { option, path, kind, endings } of written) {
    tryToWrite(path, kind);
    if (endings && !endings.includes(extname(path).toLowerCase())) {
      throw new DescentError(`${option}: the name of ${path} must end in ${endings.join(' or ')}`);
    }
  }
}

function clash({ option, path }: Named, other: Named, isRead: boolean): string {
  if (!isRead) return `${option} and ${other.option} would both write ${path}: name another file for one of them`;
  if (other.kind === 'file') {
    const as = path === other.path ? '' : ` (as ${path})`;
    return `${option} would replace ${other.path}${as}, which ${other.option} reads: name another place`;
  }
  const kept = other.kind === 'folder' ? `inside ${other.path}` : `among the folders of ${other.path}`;
  return `${option} would write ${path} ${kept}, which ${other.option} reads: name a place outside`;
}

/** A place by what is the same for all its names. */
interface Located extends Named {
  /** Its path without links and other spellings, and its number on the disk, if it is there. */
  keys: string[];
  /** Where it lies itself, and where what it links to lies. */
  spots: string[];
}

function locate(named: Named): Located {
  const real = realPath(named.path);
  const stats = statusOf(real);
  return {
    ...named,
    keys: [real, ...(stats?.isFile() ? [`${stats.dev}:${stats.ino}`] : [])],
    spots: [real, join(realPath(dirname(named.path)), basename(named.path))],
  };
}

/** Whether one place lies in another, so that it would be read with it. */
const holds = (outer: Located, inner: Located): boolean =>
  outer !== inner &&
  inner.spots.some((spot) => {
    const [root] = outer.spots as [string];
    const inside = root.endsWith(sep) ? root : root + sep;
    if (!spot.startsWith(inside)) return outer.kind === 'folder' && spot === root;
    return outer.kind === 'folder' || inner.kind === 'folder' || spot.slice(inside.length).includes(sep);
  });

/** The path without links and other spellings, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    if (parent === path) return path;
    const name = basename(path);
    return join(realPath(parent), ignoresCase(parent) ? name.toLowerCase() : name);
  }
}

/** Whether a name in capitals is the same file, as usual on macOS and Windows. */
function ignoresCase(path: string): boolean {
  if (!existsSync(path)) return dirname(path) !== path && ignoresCase(dirname(path));
  const real = realpathSync.native(path);
  const other = real === real.toUpperCase() ? real.toLowerCase() : real.toUpperCase();
  return other !== real && statusOf(other)?.ino === statusOf(real)?.ino;
}

function statusOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined; // it is not there, or cannot be looked at: whoever opens it will tell
  }
}

/** Makes a trial folder beside it, or in the nearest folder that is there, and removes it. */
function tryToWrite(path: string, kind: Place['kind']): void {
  const stats = statusOf(path);
  if (stats && kind === 'file' && !stats.isFile()) {
    if (stats.isDirectory()) throw writeFailure(path, Object.assign(new Error(), { code: 'EISDIR' }));
    throw new DescentError(`${path} cannot be written: it is there and is no ordinary file`);
  }
  let parent = dirname(path);
  while (!existsSync(parent)) parent = dirname(parent);
  try {
    rmdirSync(mkdtempSync(`${join(parent, basename(path))}.`));
  } catch (error) {
    throw writeFailure(path, error);
  }
}
