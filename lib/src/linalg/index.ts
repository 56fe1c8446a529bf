// Linear algebra of matrices and of batches of them, [..., rows, columns], with gradients of every order; what
// `tf.linalg` has in Python and tfjs has not.
import { DescentError } from '../errors';
import { runKernel } from '../kernel';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import './kernels';

type Matrices = tf.Tensor | tf.TensorLike;

const run = (name: string, inputs: Record<string, tf.Tensor>, attributes = {}): tf.Tensor =>
  runKernel(name, inputs, attributes)[0]!;

function matrices(a: Matrices, name: string): tf.Tensor {
  const x = tf.cast(a, 'float32');
  if (x.rank < 2)
    throw new DescentError(`${name} takes matrices, [..., rows, columns], not a tensor of shape ${shapeOf(x)}`);
  return x;
}

function square(a: Matrices, name: string): tf.Tensor {
  const x = matrices(a, name);
  if (x.shape.at(-1) !== x.shape.at(-2))
    throw new DescentError(`${name} takes square matrices, not a tensor of shape ${shapeOf(x)}`);
  return x;
}

/** The two sides of a system: as many rows, and one batch, to which the smaller is repeated. */
function system(a: Matrices, b: Matrices, name: string): [a: tf.Tensor, b: tf.Tensor] {
  const [left, right] = [square(a, name), matrices(b, name)];
  if (left.shape.at(-1) !== right.shape.at(-2)) {
    throw new DescentError(`${name}: a matrix of shape ${shapeOf(left)} has no system with one of ${shapeOf(right)}`);
  }
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const repeated = (x: tf.Tensor): tf.Tensor => x.broadcastTo([...batch, ...x.shape.slice(-2)]);
  return [repeated(left), repeated(right)];
}

/**
 * The lower triangular $L$ with $L L^T = A$, of a symmetric positive definite $A$; its upper triangle is not read.
 * @param a [..., n, n]
 * @returns [..., n, n]
 * @throws DescentError for a matrix that is not positive definite
 */
export const cholesky = (a: Matrices): tf.Tensor => tf.tidy(() => run('Cholesky', { x: square(a, 'cholesky') }));

/** How a triangular system is meant. */
export interface Triangular {
  /** Whether the matrix is lower triangular; its other half is not read. Default: true. */
  lower?: boolean;
  /** Whether the transposed matrix is meant. Default: false. */
  transpose?: boolean;
}

/**
 * The solution $X$ of $L X = B$ for a triangular $L$.
 * @param l [..., n, n]
 * @param b [..., n, k]
 * @returns [..., n, k]
 */
export const triangularSolve = (
  l: Matrices,
  b: Matrices,
  { lower = true, transpose = false }: Triangular = {},
): tf.Tensor =>
  tf.tidy(() => {
    const [left, right] = system(l, b, 'triangularSolve');
    return run('TriangularSolve', { l: left, b: right }, { lower, transpose });
  });

/**
 * The solution $X$ of $A X = B$.
 * @param a [..., n, n]
 * @param b [..., n, k]
 * @returns [..., n, k]
 * @throws DescentError for a singular matrix
 */
export const solve = (a: Matrices, b: Matrices): tf.Tensor =>
  tf.tidy(() => {
    const [left, right] = system(a, b, 'solve');
    return run('MatrixSolve', { a: left, b: right }, { transpose: false });
  });

/**
 * $A^{-1}$.
 * @param a [..., n, n]
 * @throws DescentError for a singular matrix
 */
export const inverse = (a: Matrices): tf.Tensor =>
  tf.tidy(() => {
    const x = square(a, 'inverse');
    return solve(x, tf.eye(x.shape.at(-1)!));
  });

/**
 * Sign and logarithm of the determinant, where the determinant itself would be too large or too small for a float.
 * @param a [..., n, n]
 * @returns both of shape [...]
 */
export function slogdet(a: Matrices): { sign: tf.Tensor; logAbsDet: tf.Tensor } {
  const [sign, logAbsDet] = tf.tidy(() => runKernel('LogMatrixDeterminant', { x: square(a, 'slogdet') }));
  return { sign: sign!, logAbsDet: logAbsDet! };
}

/** $\log |\det A|$, of [..., n, n]; of shape [...]. */
export const logdet = (a: Matrices): tf.Tensor => tf.tidy(() => slogdet(square(a, 'logdet')).logAbsDet);

/** $\det A$, of [..., n, n]; of shape [...]. Its gradient needs a matrix that is not singular. */
export const det = (a: Matrices): tf.Tensor =>
  tf.tidy(() => {
    const { sign, logAbsDet } = slogdet(square(a, 'det'));
    return sign.mul(logAbsDet.exp());
  });

/**
 * Eigenvalues, in ascending order, and eigenvectors, in columns, of a symmetric matrix; its upper triangle is not read.
 * @param a [..., n, n]
 * @returns values [..., n], vectors [..., n, n]
 */
export function eigh(a: Matrices): { values: tf.Tensor; vectors: tf.Tensor } {
  const [values, vectors] = tf.tidy(() => runKernel('SelfAdjointEig', { x: square(a, 'eigh') }));
  return { values: values!, vectors: vectors! };
}

/**
 * The singular value decomposition $A = U \, \mathrm{diag}(s) \, V^T$, singular values in descending order.
 * @param a [..., m, n]; k is the smaller of m and n
 * @returns s [..., k], u [..., m, k], v [..., n, k]
 */
export function svd(a: Matrices): { s: tf.Tensor; u: tf.Tensor; v: tf.Tensor } {
  const [s, u, v] = tf.tidy(() => runKernel('Svd', { x: matrices(a, 'svd') }));
  return { s: s!, u: u!, v: v! };
}
