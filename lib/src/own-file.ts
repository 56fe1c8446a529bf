// What readers bring in a file: an attack, an optimiser, an objective, a loss.
import { existsSync, realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { DescentError } from './errors';

/** A reader's file: its name as it was given, and as it stands in stacks. */
interface Source {
  shown: string;
  path: string;
}

/** What a file has to export, in words and as an example, and how it is told. */
export interface Wanted<T> {
  /** `one function of a tensor` */
  what: string;
  /** `export default (point) => ...` */
  form: string;
  holds: (value: unknown) => value is T;
}

/** What a reader's file exports. */
export interface OwnFile<T> {
  /** What was wanted: its default export, or the only one of that kind. */
  value: T;
  exports: Record<string, unknown>;
  /** An error of the reader's code in one line, with its place: the line of the file is found, or given. */
  told: (error: unknown, line?: number) => DescentError;
  /** The line of the file that a stack goes through last. */
  lineIn: (error: unknown) => number | undefined;
}

/** The files that were loaded: an error whose stack goes through one is the reader's. */
const loaded: Source[] = [];

/** Whether a text names a file of code, and not something that the library has. */
export const isOwnFile = (text: string): boolean => /\.[cm]?[jt]s$/.test(text);

/** Whether a value is a function. */
export const isFunction = (value: unknown): value is (...values: never[]) => unknown => typeof value === 'function';

/**
 * Loads a TypeScript or JavaScript module. Needs tsx to read TypeScript.
 * @throws DescentError in a line for a missing file, one that cannot be read (with the line), or one without what is
 * wanted
 */
export async function loadOwnFile<T>(file: string, { what, form, holds }: Wanted<T>): Promise<OwnFile<T>> {
  if (!existsSync(file)) throw new DescentError(`there is no file ${file}`);
  const source = { shown: file, path: realpathSync(file) };
  const exports = await importModule(source);
  const found = Object.entries(exports).filter(([name, value]) => name !== 'module.exports' && holds(value));
  const chosen = found.find(([name]) => name === 'default') ?? (found.length === 1 ? found[0] : undefined);
  if (!chosen) {
    const names = found.map(([name]) => name).join(', ') || 'none';
    throw new DescentError(`${file} must export ${what}: ${form}; it exports ${names}`);
  }
  loaded.push(source);
  return {
    value: chosen[1] as T,
    exports,
    lineIn: (error) => lineIn(source, error),
    told: (error, line = lineIn(source, error)) => {
      const message = messageOf(error);
      if (error instanceof DescentError && message.startsWith(file)) return error;
      return new DescentError(`${placeOf(source, line)}: ${message}`);
    },
  };
}

/** What is told of an error in code that a reader's file brought: its place, in a line. Undefined for any other error. */
export function ownFileFailure(error: unknown): string | undefined {
  for (const source of loaded) {
    const line = lineIn(source, error);
    if (line !== undefined) return `${placeOf(source, line)}: ${messageOf(error)}`;
  }
  return undefined;
}

/** A value in a few words. */
export const shortly = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, depth: 0, maxArrayLength: 5, maxStringLength: 40 });

const placeOf = ({ shown }: Source, line?: number): string => (line === undefined ? shown : `${shown}, line ${line}`);

/** In one line. */
const messageOf = (error: unknown): string =>
  error instanceof Error
    ? error.message
        .split('\nRequire stack')[0]!
        .split(/\s*\n\s*/)
        .join(' ')
    : `it throws ${shortly(error)}`;

function lineIn({ path }: Source, error: unknown): number | undefined {
  const frame = String((error as Error | undefined)?.stack)
    .split('\n')
    .find((text) => /^\s+at /.test(text) && (text.includes(path) || text.includes(pathToFileURL(path).href)));
  const line = frame && /:(\d+):\d+\)?$/.exec(frame)?.[1];
  return line ? Number(line) : undefined;
}

async function importModule(source: Source): Promise<Record<string, unknown>> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(source.path).href)) as Record<string, unknown>;
  } catch (error) {
    const line = lineIn(source, error);
    throw new DescentError(
      `${placeOf(source, line)}${line === undefined ? '' : ','} cannot be read: ${messageOf(error)}`,
    );
  }
  // A CommonJS module's exports come as the default export of the ES module that Node makes of it.
  const inner = module['default'];
  return inner !== null && typeof inner === 'object' ? { ...module, ...(inner as Record<string, unknown>) } : module;
}
