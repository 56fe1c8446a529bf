import { DescentError } from '../errors';
import { tf } from '../tf';

/** Returns the loss if it is a scalar tensor; throws an error that names the iteration and what came instead. */
export function checkScalar(loss: tf.Tensor, iteration: number): tf.Scalar {
  if (!(loss instanceof tf.Tensor)) {
    // a notebook's cell is not checked as strictly as this file
    throw new DescentError(
      `the loss must return a scalar tensor; at iteration ${iteration} it returned ${String(loss)}`,
    );
  }
  if (loss.rank !== 0) {
    throw new DescentError(
      `the loss must be a scalar; at iteration ${iteration} its shape is [${loss.shape.join(', ')}] ` +
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

/** The loss and its gradients, by tfjs' names; tfjs' errors that a loss can cause become ours. */
export function valueAndGradients(loss: () => tf.Scalar, variables: tf.Variable[], names: string[], iteration: number) {
  try {
    return tf.variableGrads(loss, variables);
  } catch (error) {
    if (String(error).includes('Cannot find a connection between any variable')) throw noGradient(names[0]!, iteration);
    const operation = /gradient function not found for (\w+)/.exec(String(error))?.[1];
    throw operation === undefined ? error : new MissingGradientError(operation);
  }
}

/** Puts names to the gradients; throws an error that names a variable which the loss does not depend on. */
export function namedGradients<N extends string>(
  names: N[],
  gradients: (tf.Tensor | undefined)[],
  iteration: number,
): Record<N, tf.Tensor> {
  const entries = names.map((name, i) => {
    const gradient = gradients[i];
    if (!gradient) throw noGradient(name, iteration);
    return [name, gradient] as const;
  });
  return Object.fromEntries(entries) as Record<N, tf.Tensor>;
}

const noGradient = (name: string, iteration: number): DescentError =>
  new DescentError(
    `no gradient reaches the variable '${name}' at iteration ${iteration}: the loss does not depend on it`,
  );

/** Reading a value costs about a nanosecond and an operation some microseconds: above this size TensorFlow looks itself. */
const READ_AT_MOST = 10_000;

/** Whether no element is infinite or NaN. */
export function allFinite(tensor: tf.Tensor): boolean {
  if (tensor.size > READ_AT_MOST) return tensor.isFinite().all().dataSync()[0] === 1;
  return tensor.dataSync().every(Number.isFinite);
}
