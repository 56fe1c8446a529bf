import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { findObjective, type Objective, type Point } from './objectives';

type Exports = Record<string, unknown>;
type Own = (point: tf.Tensor1D, given: typeof tf) => tf.Tensor;

/**
 * The ground of that name, or that of a file: a TypeScript or JavaScript module whose default export, or only exported
 * function, takes a tensor of shape [2] and gives a scalar. TensorFlow comes as the second argument, so the file needs
 * no import; it may also export `start`, [x, y], default [1, 1]. Needs tsx to read TypeScript.
 *
 * @throws DescentError for an unknown name, a missing file, or a module without such a function
 */
export async function loadObjective(nameOrFile: string): Promise<Objective> {
  if (!/\.[cm]?[jt]s$/.test(nameOrFile)) return findObjective(nameOrFile);
  const file = resolve(nameOrFile);
  if (!existsSync(file)) throw new DescentError(`there is no file ${nameOrFile}`);
  const module = await importModule(file, nameOrFile);
  const own = findFunction(module, nameOrFile);
  return {
    name: basename(file, extname(file)),
    formula: basename(file),
    loss: (point) => {
      const height = own(point, tf);
      if (height instanceof tf.Tensor) return height;
      throw new DescentError(`${nameOrFile}: the function must return a tensor, not ${typeof height}`);
    },
    start: checkPoint(module['start'] ?? [1, 1], `${nameOrFile}: start`),
    optima: [],
  };
}

/** Two finite numbers, or an error that says what came instead. */
export function checkPoint(value: unknown, what: string): Point {
  if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)) return value as Point;
  throw new DescentError(`${what} must be two numbers, x and y, not ${JSON.stringify(value)}`);
}

async function importModule(file: string, shown: string): Promise<Exports> {
  let module: Exports;
  try {
    module = await import(pathToFileURL(file).href) as Exports;
  } catch (error) {
    throw new DescentError(`${shown} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  // A CommonJS module's exports come as the default export of the ES module that Node makes of it.
  const inner = module['default'];
  return inner !== null && typeof inner === 'object' ? { ...module, ...inner as Exports } : module;
}

function findFunction(module: Exports, shown: string): Own {
  const functions = Object.entries(module).filter(([name, value]) =>
    typeof value === 'function' && name !== 'module.exports');
  const chosen = functions.find(([name]) => name === 'default') ?? (functions.length === 1 ? functions[0] : undefined);
  if (chosen) return chosen[1] as Own;
  throw new DescentError(`${shown} must export one function of a tensor: export default (point) => ...; it exports ` +
    (functions.length === 0 ? 'none' : functions.map(([name]) => name).join(', ')));
}
