import { NotCompiled } from '../compile/record';
import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import { whyNoGradient } from './reasons';

/** Refuses numbers that a run cannot count by. */
export function checkCounts(iterations: number, every: number): void {
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new DescentError(`iterations must be an integer of 0 or more, not ${iterations}`);
  }
  if (!Number.isInteger(every) || every < 1) throw new DescentError(`every must be a positive integer, not ${every}`);
}

/** Refuses a precision that is none, or doubles where nothing may be compiled. */
export function checkPrecision({ precision = 'float32', compile }: { precision?: string; compile?: unknown }): void {
  if (!['float32', 'float64'].includes(precision)) {
    throw new DescentError(`precision must be 'float32' or 'float64', not ${String(precision)}`);
  }
  if (precision === 'float64' && compile === false) {
    throw new DescentError("precision 'float64' is there for compiled runs alone: leave compile: false away");
  }
}

/** Returns the loss if it is a scalar tensor; throws an error that names the iteration and what came instead. */
function checkScalar(loss: tf.Tensor, iteration: number): tf.Scalar {
  if (!(loss instanceof tf.Tensor)) {
    // a notebook's cell is not checked as strictly as this file
    throw new DescentError(
      `the loss must return a scalar tensor; at iteration ${iteration} it returned ${String(loss)}` +
        ((loss as unknown) instanceof Promise ? ': it must not be async' : ''),
    );
  }
  if (loss.rank !== 0) {
    throw new DescentError(
      `the loss must be a scalar; at iteration ${iteration} its shape is ${shapeOf(loss)} ` +
        '(end it with .sum() or .mean())',
    );
  }
  return loss as tf.Scalar;
}

/** A loss uses an operation that has no gradient. */
export class MissingGradientError extends DescentError {
  /** Tells it apart from other errors in a log. */
  override name = 'MissingGradientError';

  /** @param operation the kernel's name, as TensorFlow.js calls it */
  constructor(readonly operation: string) {
    super(`the operation ${operation} has no gradient: the loss has to do without it`);
  }
}

/** The loss and its gradients, by the variables' names; tfjs' errors that a loss can cause become ours. */
export function valueAndGradients<N extends string>(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
  names: N[],
  iteration: number,
): { value: tf.Scalar; grads: tf.NamedTensorMap; gradients: Record<N, tf.Tensor> } {
  let result: ReturnType<typeof tf.variableGrads> | undefined;
  try {
    result = tf.variableGrads(loss, variables);
  } catch (error) {
    const operation = /gradient function not found for (\w+)/.exec(String(error))?.[1];
    if (operation !== undefined) throw new MissingGradientError(operation);
    if (!String(error).includes('Cannot find a connection between any variable')) throw error;
  }
  const entries = variables.map((variable, i) => {
    const gradient = result?.grads[variable.name];
    if (!gradient) {
      throw new DescentError(
        `no gradient reaches the variable '${names[i]}' at iteration ${iteration}: ${whyNoGradient(loss, variable)}`,
      );
    }
    return [names[i]!, gradient] as const;
  });
  return { ...result!, gradients: Object.fromEntries(entries) as Record<N, tf.Tensor> };
}

/**
 * Calls the loss, which must give a scalar; an error of one of its operations says which, with the shapes, and at which
 * iteration. The reader's own errors stay as they are, and so does the stack.
 */
export function callLoss(loss: () => tf.Tensor, iteration: number): tf.Scalar {
  return checkScalar(explained(loss, iteration), iteration);
}

function explained<T>(loss: () => T, iteration: number): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Math.max(stackTraceLimit, 40); // the reader's line lies below tfjs' own
  try {
    return loss();
  } catch (error) {
    if (error instanceof NotCompiled) throw error;
    const { message, stack = '' } = (error ?? {}) as Error;
    const calls = [...stack.matchAll(/\b(\w+)__op\b/g)].map(([, name]) => name!);
    const [inner, outer] = [calls[0], calls.at(-1)]; // what fails, and what the reader called
    if (error instanceof DescentError) error.message += ` (in the loss, at iteration ${iteration})`;
    if (inner === undefined || error instanceof DescentError) throw error;
    const told = message
      .replace(/^[^]*Message: /, '') // TensorFlow's own
      .replace(new RegExp(`^Error in ${inner}\\w*: `), '')
      .trim();
    const given = shapesGiven(loss);
    const where = `the loss fails at iteration ${iteration}, in ${outer}${inner === outer ? '' : `, by its ${inner}`}${given && ` of ${given}`}`;
    const failure = new DescentError(`${where}: ${told}`, { cause: error });
    failure.stack = `${failure.name}: ${failure.message}\n${stack.slice(stack.search(/^\s+at /m))}`;
    throw failure;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The shapes of what a loss's operation that fails is given, by calling it once more. */
function shapesGiven(loss: () => unknown): string {
  const engine = tf.engine();
  const run = engine.runKernel.bind(engine);
  let given: string | undefined;
  engine.runKernel = (name, inputs, attributes) => {
    try {
      return run(name, inputs, attributes);
    } catch (error) {
      const shapes = Object.values(inputs).flat().flatMap((x) => (x instanceof tf.Tensor ? [shapeOf(x)] : [])); // prettier-ignore
      const wanted = attributes?.['shape'] as number[] | undefined;
      given ??= `${shapes.join(' and ')}${wanted ? ` to [${wanted.join(', ')}]` : ''}`;
      throw error;
    }
  };
  try {
    loss();
  } catch {
    // as before
  } finally {
    Reflect.deleteProperty(engine, 'runKernel'); // its class has it
  }
  return given ?? '';
}

/** Reading a value costs about a nanosecond and an operation some microseconds: above this size TensorFlow looks itself. */
const READ_AT_MOST = 10_000;

/** Whether no element is infinite or NaN. */
export function allFinite(tensor: tf.Tensor): boolean {
  if (tensor.size > READ_AT_MOST) return tensor.isFinite().all().dataSync()[0] === 1;
  return tensor.dataSync().every(Number.isFinite);
}

/** Whether every element is 0. */
export const isZero = (tensor: tf.Tensor): boolean => tensor.dataSync().every((value) => value === 0);
