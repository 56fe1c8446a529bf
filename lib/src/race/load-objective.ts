import { existsSync, realpathSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { MissingGradientError } from '../descent/check';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { findObjective, type Objective, type Point } from './objectives';

type Exports = Record<string, unknown>;
type Own = (point: tf.Tensor1D, given: typeof tf) => unknown;

/** A reader's file: its name as it was given, and as it stands in stacks. */
interface Source {
  shown: string;
  path: string;
}

/** What the function gets and gives. */
const FORM = 'export default (point, tf) => ..., where point is a tensor of shape [2], and the result a scalar tensor';

/**
 * The ground of that name, or that of a file: a TypeScript or JavaScript module whose default export, or only exported
 * function, takes a tensor of shape [2] and gives a scalar. TensorFlow comes as the second argument, so the file needs
 * no import; it may also export `start`, [x, y], default [1, 1]. Needs tsx to read TypeScript.
 *
 * @throws DescentError for an unknown name, a missing file, or a module without such a function; its `loss` throws one
 * for whatever goes wrong in the function. They name the file, and the line if there is one
 */
export async function loadObjective(nameOrFile: string): Promise<Objective> {
  if (!/\.[cm]?[jt]s$/.test(nameOrFile)) return findObjective(nameOrFile);
  if (!existsSync(nameOrFile)) throw new DescentError(`there is no file ${nameOrFile}`);
  const source = { shown: nameOrFile, path: realpathSync(nameOrFile) };
  const module = await importModule(source);
  const own = findFunction(module, nameOrFile);
  const start = checkPoint(module['start'] ?? [1, 1], `${nameOrFile}: start`);
  return {
    name: basename(nameOrFile, extname(nameOrFile)),
    formula: basename(nameOrFile),
    loss: (point) => {
      try {
        const height = checkHeight(own(point, tf));
        if (point.isDisposed) throw new DescentError(`the function must not dispose its point: ${FORM}`);
        return height;
      } catch (error) {
        throw told(source, error);
      }
    },
    start,
    optima: [],
    explain: (error) =>
      told(
        source,
        error,
        error instanceof MissingGradientError
          ? lineUsing(source, error.operation, () => own(tf.tensor1d(start), tf))
          : undefined,
      ),
  };
}

/** Two finite numbers, or an error that says what came instead. */
function checkPoint(value: unknown, what: string): Point {
  if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)) return value as Point;
  throw new DescentError(`${what} must be two numbers, x and y, not ${shortly(value)}`);
}

const shortly = (value: unknown): string =>
  inspect(value, { breakLength: Infinity, depth: 0, maxArrayLength: 5, maxStringLength: 40 });

function checkHeight(height: unknown): tf.Tensor {
  if (height instanceof Promise) {
    height.catch(() => undefined); // nobody waits for it
    throw new DescentError(`the function must not be async: ${FORM}`);
  }
  const tensor = height as tf.Tensor;
  if (!(tensor instanceof tf.Tensor))
    throw new DescentError(`the function must return a tensor, not ${shortly(height)}: ${FORM}`);
  if (tensor.isDisposed) throw new DescentError(`the function must not dispose what it returns: ${FORM}`);
  if (tensor.rank !== 0) {
    throw new DescentError(
      `the function must return a scalar, and its result has the shape [${tensor.shape.join(', ')}]: ` +
        'end it with .sum() or .mean()',
    );
  }
  return tensor;
}

/** An error of the reader's code in one line, with its place; of one that is not ours the remedy too. */
function told(source: Source, error: unknown, line = lineIn(source, error)): DescentError {
  const message = messageOf(error);
  if (error instanceof DescentError && message.startsWith(source.shown)) return error;
  const place = line === undefined ? source.shown : `${source.shown}, line ${line}`;
  return new DescentError(`${place}: ${message}${error instanceof DescentError ? '' : ` (${FORM})`}`);
}

/** In one line. */
const messageOf = (error: unknown): string =>
  error instanceof Error
    ? error.message
        .split('\nRequire stack')[0]!
        .split(/\s*\n\s*/)
        .join(' ')
    : `it throws ${shortly(error)}`;

/** The line of the reader's file that a stack goes through last. */
function lineIn({ path }: Source, error: unknown): number | undefined {
  const frame = String((error as Error | undefined)?.stack)
    .split('\n')
    .find((text) => /^\s+at /.test(text) && (text.includes(path) || text.includes(pathToFileURL(path).href)));
  const line = frame && /:(\d+):\d+\)?$/.exec(frame)?.[1];
  return line ? Number(line) : undefined;
}

/** The line of the reader's file that calls an operation; undefined where it does not do so at the start. */
function lineUsing(source: Source, operation: string, run: () => unknown): number | undefined {
  const engine = tf.engine() as Partial<ReturnType<typeof tf.engine>>;
  const original = engine.runKernel!;
  let line: number | undefined;
  engine.runKernel = (name, ...rest) => {
    if (name === operation) line ??= lineIn(source, new Error());
    return original.call(engine, name, ...rest) as never;
  };
  try {
    tf.tidy(() => void run());
  } catch {
    // Another error than the one that is explained.
  } finally {
    delete engine.runKernel; // the prototype has it
  }
  return line;
}

async function importModule(source: Source): Promise<Exports> {
  let module: Exports;
  try {
    module = (await import(pathToFileURL(source.path).href)) as Exports;
  } catch (error) {
    const line = lineIn(source, error);
    throw new DescentError(
      `${source.shown}${line === undefined ? '' : `, line ${line},`} cannot be read: ${messageOf(error)}`,
    );
  }
  // A CommonJS module's exports come as the default export of the ES module that Node makes of it.
  const inner = module['default'];
  return inner !== null && typeof inner === 'object' ? { ...module, ...(inner as Exports) } : module;
}

function findFunction(module: Exports, shown: string): Own {
  const functions = Object.entries(module).filter(
    ([name, value]) => typeof value === 'function' && name !== 'module.exports',
  );
  const chosen = functions.find(([name]) => name === 'default') ?? (functions.length === 1 ? functions[0] : undefined);
  if (chosen) return chosen[1] as Own;
  throw new DescentError(
    `${shown} must export one function of a tensor: export default (point) => ...; it exports ` +
      (functions.length === 0 ? 'none' : functions.map(([name]) => name).join(', ')),
  );
}
