import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import { tf } from '../tf';

/** A function of one tensor, in tensor operations. */
export type TensorFunction = (x: tf.Tensor) => tf.Tensor;

/**
 * The Jacobian: how each element of f(x) changes with each element of x, $J_{ij} = \partial f_i / \partial x_j$. It takes
 * one backward pass for each element of f(x), or of x where these are fewer.
 * @param f from a tensor to a tensor
 * @param x where: any shape
 * @returns a tensor of the shape [...f(x).shape, ...x.shape]
 */
export function jacobian(f: TensorFunction, x: tf.Tensor | tf.TensorLike): tf.Tensor {
  return tf.tidy(() => {
    const at = toTensor(x);
    const { size, shape } = f(at);
    if (size > at.size) {
      // u J is linear in u: its derivative by u is J, and a row of it is a backward pass
      const times = (u: tf.Tensor): tf.Tensor => gradient((z) => f(z).mul(u).sum(), at).flatten();
      const columns = Array.from({ length: at.size }, (_, j) => gradient((u) => times(u).slice(j, 1), tf.ones(shape)));
      return tf.stack(columns, -1).reshape([...shape, ...at.shape]);
    }
    const rows = Array.from({ length: size }, (_, i) => gradient((z) => f(z).flatten().slice(i, 1).asScalar(), at));
    if (rows.length === 0) return tf.zeros([...shape, ...at.shape]);
    return tf.stack(rows).reshape([...shape, ...at.shape]);
  });
}

/**
 * The Hessian of a loss: its second derivatives, $H_{ij} = \partial^2 f / \partial x_i \partial x_j$. It takes one
 * product with `hvp` for each element of x.
 * @param f from a tensor to a scalar
 * @param x where: any shape
 * @returns a tensor of the shape [...x.shape, ...x.shape]
 */
export function hessian(f: TensorFunction, x: tf.Tensor | tf.TensorLike): tf.Tensor {
  return tf.tidy(() => {
    const at = toTensor(x);
    const directions = tf
      .eye(at.size)
      .reshape([at.size, ...at.shape])
      .unstack();
    if (directions.length === 0) return tf.zeros([...at.shape, ...at.shape]);
    return tf.stack(directions.map((direction) => hvp(f, at, direction))).reshape([...at.shape, ...at.shape]);
  });
}

/**
 * The Hessian times a vector, $H v$, at the cost of two gradients and without the Hessian itself.
 * @param f from a tensor to a scalar
 * @param x where: any shape
 * @param v the direction, of x's shape
 * @returns a tensor of x's shape
 */
export function hvp(f: TensorFunction, x: tf.Tensor | tf.TensorLike, v: tf.Tensor | tf.TensorLike): tf.Tensor {
  return tf.tidy(() => {
    const [at, direction] = [toTensor(x), toTensor(v)];
    if (!tf.util.arraysEqual(at.shape, direction.shape)) {
      throw new DescentError(`hvp: x has the shape ${shapeOf(at)}, but v has ${shapeOf(direction)}`);
    }
    return gradient((z) => gradient(f, z).mul(direction).sum(), at);
  });
}

const toTensor = (x: tf.Tensor | tf.TensorLike): tf.Tensor => tf.cast(x, 'float32');

/** The gradient of a scalar function; zero where it does not depend on x, as for the second derivative of a line. */
function gradient(f: TensorFunction, x: tf.Tensor): tf.Tensor {
  const scalar = (z: tf.Tensor): tf.Tensor => {
    const y = f(z);
    if (y.size !== 1)
      throw new DescentError(`a gradient is that of one number, not of a tensor of shape ${shapeOf(y)}`);
    return y.asScalar().add(z.mul(0).sum()); // binds f to x
  };
  return tf.grad(scalar)(x);
}
