// The problems of tests/reference/minimisers.py and nist.json, for tests and for bench/minimisers.ts: once in tensors and
// once in plain doubles, and what it costs to minimise them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { minimize, regression, tf, type DescendOptions } from 'descent-lab';
import { lbfgs } from '../../lib/src/descent/minimisers/lbfgs';
import { gaussNewton, levenbergMarquardt } from '../../lib/src/descent/minimisers/least-squares';
import { dot, float64, type Point, type Steps } from '../../lib/src/descent/minimisers/minimiser';
import { newtonCg } from '../../lib/src/descent/minimisers/newton-cg';

const reference = <T>(file: string): T =>
  JSON.parse(readFileSync(join(__dirname, '..', 'reference', file), 'utf8')) as T;

export type Method = 'lbfgs' | 'newton-cg' | 'levenberg-marquardt' | 'gauss-newton';
export const methods: Method[] = ['lbfgs', 'newton-cg', 'levenberg-marquardt', 'gauss-newton'];

/** What a minimiser came to, and what it took. */
export interface Result {
  minimum: number;
  x: number[];
  iterations: number;
  evaluations: number;
}
/** A start of a problem, and what SciPy's methods came to; MINPACK does not count iterations. */
export type Case = { problem: string; start: number[] } & Partial<
  Record<Method, Omit<Result, 'iterations'> & { iterations: number | null }>
>;
export const scipy = reference<{ scipy: string; cases: Case[] }>('minimisers.json');

interface LeastSquares {
  inTensors: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
  at: (x: number, y: number) => number[];
  /** By x, and by y. */
  jacobian: (x: number, y: number) => number[][];
  /** The second derivatives of each residual: by x twice, mixed, by y twice. */
  second: (x: number, y: number) => [number, number, number][];
}

const BEALE = [1.5, 2.25, 2.625];
const squares: Record<string, LeastSquares> = {
  rosenbrock: {
    inTensors: (x, y) => tf.stack([y.sub(x.square()).mul(10), tf.sub(1, x)]),
    at: (x, y) => [10 * (y - x * x), 1 - x],
    jacobian: (x) => [
      [-20 * x, -1],
      [10, 0],
    ],
    second: () => [
      [-20, 0, 0],
      [0, 0, 0],
    ],
  },
  beale: {
    inTensors: (x, y) => tf.stack([y, y.square(), y.square().mul(y)].map((p, k) => x.mul(p.sub(1)).add(BEALE[k]!))),
    at: (x, y) => BEALE.map((c, k) => c - x * (1 - y ** (k + 1))),
    jacobian: (x, y) => [[1, 2, 3].map((k) => y ** k - 1), [1, 2, 3].map((k) => k * x * y ** (k - 1))],
    second: (x, y) => [1, 2, 3].map((k) => [0, k * y ** (k - 1), k < 2 ? 0 : k * (k - 1) * x * y ** (k - 2)]),
  },
  himmelblau: {
    inTensors: (x, y) => tf.stack([x.square().add(y).sub(11), x.add(y.square()).sub(7)]),
    at: (x, y) => [x * x + y - 11, x + y * y - 7],
    jacobian: (x, y) => [
      [2 * x, 1],
      [1, 2 * y],
    ],
    second: () => [
      [2, 0, 0],
      [0, 0, 2],
    ],
  },
};

const [ROWS, FEATURES, RIDGE] = [200, 50, 0.005];
const rows = Array.from({ length: ROWS }, (_, i) =>
  Float64Array.from({ length: FEATURES }, (_, j) => Math.sin(0.7 * (i + 1) * (j + 1) + 0.1 * (j + 1) ** 2)),
);
const signs = rows.map((row, i) => {
  const lead = row.reduce((sum, value, j) => sum + value * Math.cos(j + 1), 4 * Math.sin(5 * (i + 1)));
  return lead > 0 ? 1 : -1;
});

/** mean log(1 + exp(-sign x.w)) + RIDGE |w|^2, its gradient, and its Hessian times a vector. */
const logistic = {
  evaluate(x: Float64Array): Point {
    const gradient = x.map((value) => 2 * RIDGE * value);
    let value = RIDGE * dot(x, x);
    rows.forEach((row, i) => {
      const margin = signs[i]! * dot(row, x);
      value += (Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(-margin, 0)) / ROWS;
      const pull = signs[i]! / (1 + Math.exp(margin)) / ROWS;
      row.forEach((cell, j) => (gradient[j]! -= pull * cell));
    });
    return { x, value, gradient };
  },
  times(x: Float64Array, v: Float64Array): Float64Array {
    const product = v.map((value) => 2 * RIDGE * value);
    rows.forEach((row) => {
      const p = 1 / (1 + Math.exp(dot(row, x)));
      const weight = (p * (1 - p) * dot(row, v)) / ROWS;
      row.forEach((cell, j) => (product[j]! += weight * cell));
    });
    return product;
  },
  inTensors(w: tf.Tensor): tf.Tensor {
    const table = tf.tensor2d(rows.map((row) => [...row]));
    const margins = table
      .matMul(w.reshape([FEATURES, 1]))
      .flatten()
      .mul(signs);
    return margins.neg().softplus().mean().add(w.square().sum().mul(RIDGE));
  },
};

export const isOfSquares = (method: Method): boolean => method === 'levenberg-marquardt' || method === 'gauss-newton';

/** Minimises in tensors; undefined where a problem has no residuals. */
export async function solveInTensors(
  { problem, start }: Case,
  method: Method,
  compile?: DescendOptions<Record<string, number>>['compile'],
) {
  const residuals = squares[problem]?.inTensors;
  const variables = residuals ? { x: start[0]!, y: start[1]! } : { x: start, y: [0] };
  const common = { variables, iterations: 500, record: false as const, compile };
  type V = { x: tf.Tensor; y: tf.Tensor };
  if (method === 'levenberg-marquardt' || method === 'gauss-newton') {
    return residuals && minimize({ ...common, method, residuals: ({ x, y }: V) => residuals(x, y) });
  }
  const loss = ({ x, y }: V): tf.Tensor =>
    residuals ? residuals(x, y).square().sum() : logistic.inTensors(x).add(y.square().sum());
  return minimize({ ...common, method, loss });
}

/** Minimises in doubles; undefined where a problem has no residuals. */
export function solveInDoubles({ problem, start }: Case, method: Method, tolerance = 1e-10) {
  let evaluations = 0;
  const of = squares[problem];
  const at = (x: Float64Array): Float64Array => {
    evaluations++;
    return Float64Array.from(of!.at(x[0]!, x[1]!));
  };
  const jacobian = (x: Float64Array): Float64Array[] =>
    of!.jacobian(x[0]!, x[1]!).map((column) => Float64Array.from(column));
  const evaluate = (x: Float64Array): Point => {
    if (!of) {
      evaluations++;
      return logistic.evaluate(x);
    }
    const r = at(x);
    return { x, value: dot(r, r), gradient: Float64Array.from(jacobian(x), (column) => 2 * dot(column, r)) };
  };
  const times = (x: Float64Array, v: Float64Array): Float64Array => {
    if (!of) return logistic.times(x, v);
    const [byX, byY] = jacobian(x) as [Float64Array, Float64Array];
    const moved = byX.map((value, i) => value * v[0]! + byY[i]! * v[1]!);
    const r = of.at(x[0]!, x[1]!);
    const curved = [0, 1, 2].map((k) => of.second(x[0]!, x[1]!).reduce((sum, h, i) => sum + r[i]! * h[k]!, 0));
    return Float64Array.of(
      2 * (dot(byX, moved) + curved[0]! * v[0]! + curved[1]! * v[1]!),
      2 * (dot(byY, moved) + curved[1]! * v[0]! + curved[2]! * v[1]!),
    );
  };
  if (!of && isOfSquares(method)) return undefined;
  const x = Float64Array.from(start);
  const steps: Record<Method, () => Steps<Point>> = {
    lbfgs: () => lbfgs(evaluate, x, tolerance, float64),
    'newton-cg': () => newtonCg(evaluate, times, x, tolerance, float64),
    'levenberg-marquardt': () => levenbergMarquardt({ at, jacobian }, x, tolerance, float64),
    'gauss-newton': () => gaussNewton({ at, jacobian }, x, tolerance, float64),
  };
  const points: Point[] = [];
  const run = steps[method]();
  let next = run.next();
  for (; !next.done; next = run.next()) {
    points.push(next.value);
    if (next.value.ending || points.length > 1000) break;
  }
  const last = points.at(-1)!;
  const ending = next.done ? next.value : last.ending;
  return {
    minimum: last.value,
    x: [...last.x],
    iterations: points.length - 1,
    evaluations,
    ...(ending ?? { converged: false, reason: 'too many iterations' }),
  };
}

/** One of NIST's problems of nonlinear regression. */
export interface NistProblem {
  model: string;
  starts: number[][];
  certified: number[];
  deviations: number[];
  residualSumOfSquares: number;
  x: Record<string, number[]>;
  y: number[];
}
export const nist = reference<Record<string, NistProblem>>('nist.json');

/** The digits to which all numbers of two lists agree: the least of -log10 of the relative differences. */
export const agreement = (found: number[], right: number[]): number =>
  Math.min(...found.map((value, i) => (value === right[i] ? 16 : -Math.log10(Math.abs(value / right[i]! - 1)))));

/** Fits one of NIST's problems from one of its starts. */
export async function fitNist(
  { model, x, y, starts, certified, deviations, residualSumOfSquares }: NistProblem,
  i: number,
) {
  const start = Object.fromEntries(starts[i]!.map((value, j) => [`b${j + 1}`, value]));
  const fit = await regression.fitFormula({ x, y, model, start });
  return {
    ...fit,
    digits: agreement(Object.values(fit.parameters), certified),
    digitsOfErrors: agreement(Object.values(fit.standardErrors), deviations),
    digitsOfSquares: agreement([fit.residualSumOfSquares], [residualSumOfSquares]),
  };
}
