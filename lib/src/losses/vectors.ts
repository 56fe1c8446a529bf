import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import { tf } from '../tf';

/** N vectors of D numbers as the rows of [N, D], or R independent sets of them as [R, N, D]. */
export type Vectors = tf.Tensor2D | tf.Tensor3D;

/**
 * A loss of vectors: of their directions alone, so their lengths do not matter. For R sets at once it is the sum over
 * the sets, which leaves each set the gradient that it has by itself.
 */
export type SpreadLoss = (vectors: Vectors) => tf.Scalar;

/** Throws an error that shows the shape, unless there are at least two vectors of at least one number. */
export function checkVectors(vectors: tf.Tensor): void {
  const [count = 0, dimensions = 0] = vectors.shape.slice(-2);
  if ((vectors.rank !== 2 && vectors.rank !== 3) || count < 2 || dimensions < 1) {
    throw new DescentError(
      'vectors must have the shape [N, D], or [R, N, D] for R sets, with N of 2 or more and D of 1 ' +
        `or more; got ${shapeOf(vectors)}`,
    );
  }
}

/** The rows, each scaled to length 1; a zero row, which has no direction, becomes NaN. */
export const toUnitLength = (vectors: tf.Tensor): tf.Tensor => vectors.div(vectors.square().sum(-1, true).sqrt());

/** The length of each row, [..., N, 1]; a zero row's is so little above 0 that its slope is 0 and not infinite. */
export const lengths = (vectors: tf.Tensor): tf.Tensor => vectors.square().sum(-1, true).maximum(1e-36).sqrt();

/** The rows, each scaled to length 1; a zero row stays one. */
export const unitVectors = (vectors: tf.Tensor): tf.Tensor => vectors.div(lengths(vectors));

/** What is left of `arrows` without their parts along the unit rows: the part tangent to the sphere at each of them. */
export const tangent = (arrows: tf.Tensor, units: tf.Tensor): tf.Tensor =>
  arrows.sub(units.mul(arrows.mul(units).sum(-1, true)));

/**
 * Whether all pairs of vectors make so few differences, N N D, that these cost no more than a product of matrices, whose
 * price is an operation's own (60 to 120 microseconds for either), and that a loop over them here (30) costs less.
 */
export const areFew = (vectors: tf.Tensor): boolean => vectors.size * vectors.shape.at(-2)! <= 2 ** 14;

/**
 * The squared distances between all unit rows, $|x_i - x_j|^2$, [..., N, N]; infinity on the diagonal, since a vector is
 * no neighbour of itself. Many vectors are compared by their products, 2 - 2 cos, which is off by some 1e-7 and costs
 * little time and memory; few by their differences, which are exact for near neighbours too.
 */
export const squaredDistances = (units: tf.Tensor): tf.Tensor =>
  withDiagonal(
    areFew(units)
      ? units.expandDims(-2).sub(units.expandDims(-3)).square().sum(-1)
      : tf.sub(2, tf.matMul(units, units, false, true).mul(2)),
    Infinity,
  );

/** The larger of each number and a millionth, with the slope 1 on either side: what is too small is still pushed up. */
const raised = tf.customGrad((x) => ({ value: (x as tf.Tensor).maximum(1e-6), gradFunc: (dy) => dy }));

/**
 * The same where distances are divided by: two vectors closer than 0.001 (0.06 degrees) count as that far apart, so that
 * no force or energy is infinite, and are pushed apart as if they were.
 */
export const repellingDistances = (units: tf.Tensor): tf.Tensor => raised(squaredDistances(units));

/** Square matrices [..., N, N] with another value on their diagonals. */
export function withDiagonal(matrices: tf.Tensor, value: number): tf.Tensor {
  const { rank, size, shape } = matrices;
  const count = shape[rank - 1]!,
    rows = size / count;
  const diagonal = new Int32Array(rows * rank); // the places [i, i], or [set, i, i]
  for (let row = 0; row < rows; row++) {
    diagonal.fill(row % count, row * rank, (row + 1) * rank);
    if (rank === 3) diagonal[row * rank] = Math.floor(row / count);
  }
  return tf.tensorScatterUpdate(
    matrices,
    tf.tensor2d(diagonal, [rows, rank]),
    tf.tensor1d(new Float32Array(rows).fill(value)),
  );
}
