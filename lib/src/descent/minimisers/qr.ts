import { norm } from './minimiser';

/** A matrix as the list of its columns. */
export type Columns = Float64Array[];

/** A P = Q R, with the columns in the order `pivots`: R's columns to the diagonal, and Q's transpose times a vector. */
export interface Factors {
  /** Upper triangular; as many rows as the smaller side of A. */
  r: Columns;
  pivots: number[];
  /** How many of R's rows are more than rounding. */
  rank: number;
  /** The first rows of Q^T b, as many as R has. */
  rotated: Float64Array;
}

/**
 * QR factors by Householder reflections, the longest remaining column first (Golub & Van Loan, Matrix Computations, 2013,
 * algorithm 5.4.1). Its arguments stay as they are.
 */
export function factor(columns: Columns, b: Float64Array, epsilon: number): Factors {
  const a = columns.map((column) => column.slice());
  const right = b.slice();
  const pivots = a.map((_, j) => j);
  const rows = Math.min(b.length, a.length);
  let rank = 0;
  for (let k = 0; k < rows; k++) {
    const lengths = a.map((column, j) => (j < k ? -1 : norm(column.subarray(k))));
    const longest = lengths.indexOf(Math.max(...lengths));
    [a[k], a[longest]] = [a[longest]!, a[k]!];
    [pivots[k], pivots[longest]] = [pivots[longest]!, pivots[k]!];
    const length = lengths[longest]!;
    const column = a[k]!;
    if (length === 0) break;
    // v = column + sign(first) * length * e_k, for which (1 - v v^T / (length * |v_k|)) column = -sign(first) * length * e_k
    const v = column.slice(k);
    const sign = v[0]! < 0 ? -1 : 1;
    v[0]! += sign * length;
    const reflect = (target: Float64Array): void => {
      let product = 0;
      for (let i = 0; i < v.length; i++) product += v[i]! * target[k + i]!;
      const factorOfV = product / (length * Math.abs(v[0]!));
      for (let i = 0; i < v.length; i++) target[k + i]! -= factorOfV * v[i]!;
    };
    a.slice(k + 1).forEach(reflect);
    reflect(right);
    column[k] = -sign * length;
    column.fill(0, k + 1);
    if (length > Math.max(b.length, a.length) * epsilon * Math.abs(a[0]![0]!)) rank = k + 1;
  }
  return { r: a.map((column) => column.slice(0, rows)), pivots, rank, rotated: right.slice(0, rows) };
}

/** Solves R z = c for the first `size` rows and columns of R; z has as many elements as R has columns, the others 0. */
export function backSubstitute(r: Columns, c: Float64Array, size: number): Float64Array {
  const z = new Float64Array(r.length);
  for (let i = size - 1; i >= 0; i--) {
    let sum = c[i]!;
    for (let j = i + 1; j < size; j++) sum -= r[j]![i]! * z[j]!;
    z[i] = sum / r[i]![i]!;
  }
  return z;
}

/** The z that makes |R z - c|^2 + |W z|^2 least for a diagonal W: by the factors of R with W below it. */
export function solveDamped(r: Columns, c: Float64Array, weights: Float64Array, epsilon: number): Float64Array {
  const rows = c.length;
  const augmented = r.map((column, j) => {
    const long = new Float64Array(rows + r.length);
    long.set(column);
    long[rows + j] = weights[j]!;
    return long;
  });
  const right = new Float64Array(rows + r.length);
  right.set(c);
  const inner = factor(augmented, right, epsilon);
  const z = backSubstitute(inner.r, inner.rotated, r.length);
  const sorted = new Float64Array(r.length);
  inner.pivots.forEach((pivot, k) => (sorted[pivot] = z[k]!));
  return sorted;
}
