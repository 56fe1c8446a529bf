// Special functions, element by element, with gradients of every order.
import { runKernel } from '../kernel';
import { tf } from '../tf';
import './kernels';

type Numbers = tf.Tensor | tf.TensorLike;

const float = (x: Numbers): tf.Tensor => tf.cast(x, 'float32');
const elementwise =
  (kernel: string) =>
  (x: Numbers): tf.Tensor =>
    tf.tidy(() => runKernel(kernel, { x: float(x) })[0]!);

/** $\log |\Gamma(x)|$: infinite at 0, -1, -2 ...; $\log (n - 1)!$ at n. */
export const lgamma = elementwise('Lgamma');

/** $\psi(x)$, the derivative of `lgamma`. */
export const digamma = elementwise('Digamma');

/** The inverse of `tf.erf`: from (-1, 1) to all numbers, infinite at both ends. */
export const erfinv = elementwise('Erfinv');

/**
 * $\log \sum_i e^{x_i}$, safe from overflow, and where all are $-\infty$ or one is $\infty$.
 * @param axis along which to sum. Default: all
 * @param keepDims whether these axes stay, with length 1
 */
export const logsumexp = (x: Numbers, axis?: number | number[], keepDims = false): tf.Tensor =>
  tf.tidy(() => {
    const values = float(x);
    const largest = values.max(axis, true);
    // a constant: what it adds it also takes away, also for the gradient
    const finite = tf.where(largest.isFinite(), largest, tf.zerosLike(largest));
    const sum = values.sub(finite).exp().sum(axis, keepDims);
    return sum.log().add(finite.reshape(sum.shape));
  });

/**
 * $x \log y$, and 0 where x is 0, whatever y is.
 * @param x and y of one shape, or of shapes that broadcast
 */
export const xlogy = (x: Numbers, y: Numbers): tf.Tensor =>
  tf.tidy(() => {
    const [factor, value] = [float(x), float(y)];
    const none = factor.equal(0);
    return tf.where(none, tf.zerosLike(factor.mul(value)), factor.mul(tf.where(none, 1, value).log()));
  });
