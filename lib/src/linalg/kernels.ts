// The kernels: TensorFlow's own operations on the native library, ml-matrix in doubles elsewhere.
import {
  CholeskyDecomposition,
  EigenvalueDecomposition,
  LuDecomposition,
  Matrix,
  SingularValueDecomposition,
} from 'ml-matrix';
import { defineKernels, type OwnKernel } from '../kernel';
import { tf } from '../tf';
import * as gradients from './gradients';

/** What a kernel makes of one matrix of each input, in doubles. */
type OfMatrices = (matrices: Matrix[], attributes: Readonly<Record<string, unknown>>) => Matrix[];

/** Runs a kernel on each matrix of the batch; `ranks` are those of its results for one matrix. */
const each =
  (ofMatrices: OfMatrices, ranks: readonly (0 | 1 | 2)[]): OwnKernel['plain'] =>
  (inputs, attributes) => {
    const batch = inputs[0]!.shape.slice(0, -2);
    const count = tf.util.sizeFromShape(batch);
    const lists = inputs.map(({ values }) => Array.from(values));
    const results = Array.from({ length: count }, (_, k) => {
      const matrices = inputs.map(({ shape }, i) => {
        const [rows, columns] = shape.slice(-2) as [number, number];
        return Matrix.from1DArray(rows, columns, lists[i]!.slice(k * rows * columns, (k + 1) * rows * columns));
      });
      return ofMatrices(matrices, attributes);
    });
    return ranks.map((rank, i) => {
      const { rows = 0, columns = 0 } = results[0]?.[i] ?? {};
      const values = results.flatMap((matrices) => matrices[i]!.to1DArray());
      return { shape: [...batch, ...[rows, columns].slice(2 - rank)], values };
    });
  };

const kept = (a: Matrix, value: (i: number, j: number) => number): Matrix =>
  Matrix.from1DArray(
    a.rows,
    a.columns,
    a.to1DArray().map((_, k) => value(Math.floor(k / a.columns), k % a.columns)),
  );
const lowerOf = (a: Matrix): Matrix => kept(a, (i, j) => (j > i ? 0 : a.get(i, j)));
/** The symmetric matrix that its lower half tells of. */
const symmetric = (a: Matrix): Matrix => kept(a, (i, j) => (j > i ? a.get(j, i) : a.get(i, j)));

/** Solves a triangular system, row after row. */
function substitute(l: Matrix, b: Matrix, lower: boolean, transpose: boolean): Matrix {
  const n = l.rows;
  const at = (i: number, j: number): number => (transpose ? l.get(j, i) : l.get(i, j));
  const order = Array.from({ length: n }, (_, i) => (lower === transpose ? n - 1 - i : i));
  const x = b.clone();
  for (const [done, i] of order.entries()) {
    for (let k = 0; k < x.columns; k++) {
      const known = order.slice(0, done).reduce((sum, j) => sum + at(i, j) * x.get(j, k), 0);
      x.set(i, k, (x.get(i, k) - known) / at(i, i));
    }
  }
  return x;
}

/** 1 for an even permutation, -1 for an odd one. */
const parity = (permutation: number[]): number =>
  (-1) ** permutation.reduce((sum, to, i) => sum + permutation.slice(0, i).filter((before) => before > to).length, 0);

const NOT_DEFINITE = 'the matrix is not positive definite';

defineKernels([
  {
    name: 'Cholesky',
    inputs: ['x'],
    plain: each(
      ([x]) => {
        const decomposed = new CholeskyDecomposition(symmetric(x!));
        if (!decomposed.isPositiveDefinite()) throw new Error(NOT_DEFINITE);
        return [lowerOf(decomposed.lowerTriangularMatrix)];
      },
      [2],
    ),
    gradient: gradients.cholesky,
    nan: NOT_DEFINITE,
  },
  {
    name: 'TriangularSolve',
    operation: 'MatrixTriangularSolve',
    inputs: ['l', 'b'],
    attributes: ({ lower, transpose }) => ({
      lower: { bool: lower as boolean },
      adjoint: { bool: transpose as boolean },
    }),
    plain: each(([l, b], { lower, transpose }) => [substitute(l!, b!, lower as boolean, transpose as boolean)], [2]),
    gradient: gradients.triangularSolve,
  },
  {
    name: 'MatrixSolve',
    inputs: ['a', 'b'],
    attributes: ({ transpose }) => ({ adjoint: { bool: transpose as boolean } }),
    plain: each(
      ([a, b], { transpose }) => {
        const decomposed = new LuDecomposition(transpose ? a!.transpose() : a!);
        if (decomposed.isSingular()) throw new Error('the matrix is not invertible');
        return [decomposed.solve(b!)];
      },
      [2],
    ),
    gradient: gradients.solve,
  },
  {
    name: 'LogMatrixDeterminant',
    inputs: ['x'],
    results: 2,
    plain: each(
      ([x]) => {
        const decomposed = new LuDecomposition(x!);
        const diagonal = decomposed.upperTriangularMatrix.diagonal();
        const log = diagonal.reduce((sum, value) => sum + Math.log(Math.abs(value)), 0);
        // the determinant itself may be too small for a double
        const signs = [...diagonal, parity(decomposed.pivotPermutationVector)];
        const sign = signs.reduce((product, value) => product * Math.sign(value), 1);
        return [new Matrix([[sign]]), new Matrix([[log]])];
      },
      [0, 0],
    ),
    gradient: gradients.logDeterminant,
  },
  {
    name: 'SelfAdjointEig',
    operation: 'SelfAdjointEigV2',
    inputs: ['x'],
    results: 2,
    attributes: () => ({ compute_v: { bool: true } }),
    plain: each(
      ([x]) => {
        const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric(x!), {
          assumeSymmetric: true,
        });
        const order = [...realEigenvalues.keys()].sort((i, j) => realEigenvalues[i]! - realEigenvalues[j]!);
        return [new Matrix([order.map((i) => realEigenvalues[i]!)]), eigenvectorMatrix.subMatrixColumn(order)];
      },
      [1, 2],
    ),
    gradient: gradients.eigh,
  },
  {
    name: 'Svd',
    inputs: ['x'],
    results: 3,
    attributes: () => ({ compute_uv: { bool: true }, full_matrices: { bool: false } }),
    plain: each(
      ([x]) => {
        const k = Math.min(x!.rows, x!.columns);
        const svd = new SingularValueDecomposition(x!, { autoTranspose: true });
        const first = (a: Matrix): Matrix => a.subMatrix(0, a.rows - 1, 0, k - 1);
        return [
          new Matrix([svd.diagonal.slice(0, k)]),
          first(svd.leftSingularVectors),
          first(svd.rightSingularVectors),
        ];
      },
      [1, 2, 2],
    ),
    gradient: gradients.svd,
  },
]);
