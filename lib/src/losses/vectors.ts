import { DescentError } from '../errors';
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
        `or more; got [${vectors.shape.join(', ')}]`,
    );
  }
}

/** The rows, each scaled to length 1; a zero row, which has no direction, becomes NaN. */
export const toUnitLength = (vectors: tf.Tensor): tf.Tensor => vectors.div(lengths(vectors));

/** The length of each row, [..., N, 1]. */
export const lengths = (vectors: tf.Tensor): tf.Tensor => vectors.square().sum(-1, true).sqrt();

/** What is left of `arrows` without their parts along the unit rows: the part tangent to the sphere at each of them. */
export const tangent = (arrows: tf.Tensor, units: tf.Tensor): tf.Tensor =>
  arrows.sub(units.mul(arrows.mul(units).sum(-1, true)));

/**
 * The cosines of the angles between all unit rows, [..., N, N]. On the diagonal, where each vector meets itself, stands
 * -infinity: it is not its own neighbour.
 */
export const cosines = (units: tf.Tensor): tf.Tensor => withDiagonal(tf.matMul(units, units, false, true), -Infinity);

/**
 * Two vectors closer than this count as this far apart (0.06 degrees), so that no force or energy is infinite;
 * squared.
 */
const LEAST_SQUARED_DISTANCE = 1e-6;

/** Up to so many numbers, differences between all pairs cost no more than products. */
const MANY = 2 ** 14;

/**
 * The squared distances between all unit rows, [..., N, N]; infinity on the diagonal: a vector does not repel itself.
 * Many vectors are compared by their products, 2 - 2 cos, which is off by some 1e-7 and costs little time and memory;
 * few by their differences, which are exact for near neighbours too.
 */
export function squaredDistances(units: tf.Tensor): tf.Tensor {
  const count = units.shape[units.rank - 2]!;
  const squared =
    units.size * count > MANY
      ? tf.sub(2, tf.matMul(units, units, false, true).mul(2))
      : units.expandDims(-2).sub(units.expandDims(-3)).square().sum(-1);
  return withDiagonal(squared.maximum(LEAST_SQUARED_DISTANCE), Infinity);
}

/** Square matrices [..., N, N] with another value on their diagonals. */
function withDiagonal(matrices: tf.Tensor, value: number): tf.Tensor {
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
