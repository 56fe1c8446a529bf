import { basename, extname } from 'node:path';
import { MissingGradientError } from '../descent/check';
import { DescentError } from '../errors';
import { isFunction, isOwnFile, loadOwnFile, shortly, type OwnFile } from '../own-file';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import { findObjective, type Objective, type Point } from './objectives';

type Own = (point: tf.Tensor1D, given: typeof tf) => unknown;

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
  if (!isOwnFile(nameOrFile)) return findObjective(nameOrFile);
  const file = await loadOwnFile(nameOrFile, {
    what: 'one function of a tensor',
    form: 'export default (point) => ...',
    holds: isFunction,
  });
  const own = file.value as Own;
  const start = checkPoint(file.exports['start'] ?? [1, 1], `${nameOrFile}: start`);
  return {
    name: basename(nameOrFile, extname(nameOrFile)),
    formula: basename(nameOrFile),
    loss: (point) => {
      try {
        const height = checkHeight(own(point, tf));
        if (point.isDisposed) throw new DescentError(`the function must not dispose its point: ${FORM}`);
        return height;
      } catch (error) {
        throw told(file, error);
      }
    },
    start,
    optima: [],
    explain: (error) =>
      told(
        file,
        error,
        error instanceof MissingGradientError
          ? lineUsing(file, error.operation, () => own(tf.tensor1d(start), tf))
          : undefined,
      ),
  };
}

/** Two finite numbers, or an error that says what came instead. */
function checkPoint(value: unknown, what: string): Point {
  if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)) return value as Point;
  throw new DescentError(`${what} must be two numbers, x and y, not ${shortly(value)}`);
}

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
      `the function must return a scalar, and its result has the shape ${shapeOf(tensor)}: ` +
        'end it with .sum() or .mean()',
    );
  }
  return tensor;
}

/** An error of the reader's code with its place; of one that is not ours the remedy too. */
function told(file: OwnFile<unknown>, error: unknown, line?: number): DescentError {
  const { message } = file.told(error, line);
  return new DescentError(error instanceof DescentError ? message : `${message} (${FORM})`);
}

/** The line of the reader's file that calls an operation; undefined where it does not do so at the start. */
function lineUsing(file: OwnFile<unknown>, operation: string, run: () => unknown): number | undefined {
  const engine = tf.engine() as Partial<ReturnType<typeof tf.engine>>;
  const original = engine.runKernel!;
  let line: number | undefined;
  engine.runKernel = (name, ...rest) => {
    if (name === operation) line ??= file.lineIn(new Error());
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
