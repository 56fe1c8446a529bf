import { along, atPrecision, norm, type Ending, type Point, type Precision, type Steps } from './minimiser';
import { backSubstitute, factor, solveDamped, type Columns, type Factors } from './qr';

/** The residuals of a model, and how they change with each of its parameters, in plain numbers. */
export interface Residuals {
  /** At a point: one number each, some of which may not be finite where the model does not reach. */
  at: (x: Float64Array) => Float64Array;
  /** One column for each parameter. */
  jacobian: (x: Float64Array) => Columns;
}

/** A point with the residuals there, and the factors of the Jacobian, each column of which is divided by its `scale`. */
export interface Fitted extends Point {
  residuals: Float64Array;
  scales: Float64Array;
  factors: Factors;
  /** The share of the residuals' length that lies in the Jacobian's range: what a linear step would take away. */
  share: number;
  /** By how much the sum of squares is uncertain, from rounding. */
  noise: number;
}

const sumOfSquares = (a: Float64Array): number => norm(a) ** 2;

/** All that is known of a point; undefined where residuals or Jacobian are not finite. */
function look(
  { jacobian }: Residuals,
  x: Float64Array,
  residuals: Float64Array,
  { epsilon }: Precision,
): Fitted | undefined {
  if (!residuals.every((value) => Number.isFinite(value))) return undefined;
  const columns = jacobian(x);
  const scales = Float64Array.from(columns, (column) => norm(column) || 1);
  if (!scales.every((scale) => Number.isFinite(scale))) return undefined;
  const scaled = columns.map((column, j) => column.map((value) => value / scales[j]!));
  const factors = factor(scaled, residuals, epsilon);
  const length = norm(residuals);
  const gradient = Float64Array.from(columns, (column) => 2 * column.reduce((sum, d, i) => sum + d * residuals[i]!, 0));
  const size = (i: number): number => columns.reduce((sum, column, j) => sum + Math.abs(column[i]! * x[j]!), 0);
  const noise = epsilon * residuals.reduce((sum, r, i) => sum + Math.abs(r) * (Math.abs(r) + size(i)), 0);
  const share = length === 0 ? 0 : norm(factors.rotated.subarray(0, factors.rank)) / length;
  return { x, value: length ** 2, gradient, residuals, scales, factors, share, noise };
}

/** The step for coordinates in the order and the units of the factors. */
function unscale(z: Float64Array, { factors, scales }: Fitted): Float64Array {
  const step = new Float64Array(z.length);
  factors.pivots.forEach((pivot, k) => (step[pivot] = z[k]! / scales[pivot]!));
  return step;
}

/** |before|^2 - |after|^2, without the digits that the difference of two sums would lose. */
const decrease = (before: Float64Array, after: Float64Array): number =>
  before.reduce((sum, value, i) => sum + (value - after[i]!) * (value + after[i]!), 0);

const ended = ({ share, value }: Fitted, tolerance: number): Ending | undefined => {
  if (value === 0) return { converged: true, reason: 'the residuals are 0' };
  if (share > tolerance) return undefined;
  const reason = `a linear step could take away at most ${tolerance} of the residuals' length`;
  return { converged: true, reason };
};

const lost = (): Ending => ({
  converged: false,
  reason:
    'no step lowers the sum of squares as the Jacobian promises: the residuals have an edge here, or a wrong gradient',
});

/** A start that is not finite, for whoever follows to refuse. */
function* nowhere({ jacobian }: Residuals, x: Float64Array, residuals: Float64Array): Steps<Fitted> {
  const value = sumOfSquares(residuals);
  const gradient = Number.isFinite(value) ? Float64Array.from(jacobian(x), norm) : x;
  const none = { r: [], pivots: [], rank: 0, rotated: new Float64Array() };
  yield { x, value, gradient, residuals, scales: x, factors: none, share: NaN, noise: NaN };
  return lost();
}

/** From a point to the next one, or how it ends where there is none. */
type Advance = (here: Fitted) => Fitted | Ending;

/** Follows a method, which may keep something from step to step, until it ends. */
function* leastSquares(
  problem: Residuals,
  x: Float64Array,
  tolerance: number,
  precision: Precision,
  method: (start: Fitted) => Advance,
): Steps<Fitted> {
  const start = problem.at(x);
  let here = look(problem, x, start, precision);
  if (!here) return yield* nowhere(problem, x, start);
  const advance = method(here);
  for (;;) {
    const ending = ended(here, tolerance);
    yield { ...here, ending };
    if (ending) return ending;
    const next = advance(here);
    if ('converged' in next) return next;
    here = next;
  }
}

/** Whether a step that promises less than rounding may be taken: it must bring the residuals nearer to their minimum. */
const isNearer = (here: Fitted, next: Fitted, actual: number): boolean =>
  next.share < here.share && Math.abs(actual) <= 100 * here.noise;

/**
 * The method of Levenberg and Marquardt: a linear step, damped in units of the Jacobian's columns (Moré, The
 * Levenberg-Marquardt algorithm, 1978), the damping steered by what comes of what a step promised (Madsen, Nielsen,
 * Tingleff, Methods for non-linear least squares problems, 2004, algorithm 3.16).
 */
export const levenbergMarquardt = (
  problem: Residuals,
  x: Float64Array,
  tolerance: number,
  precision: Precision,
): Steps<Fitted> =>
  leastSquares(problem, x, tolerance, precision, (start) => {
    const units = start.scales.slice();
    let damping = firstDamping(start, precision);
    let growth = 2;
    return (here) => {
      here.scales.forEach((scale, j) => (units[j] = Math.max(units[j]!, scale)));
      const { r } = here.factors;
      const wanted = here.factors.rotated.map((value) => -value);
      for (;;) {
        const z = solveDamped(r, wanted, weightsOf(here, units, damping), precision.epsilon);
        const to = along(here.x, 1, unscale(z, here), precision);
        if (to.every((value, i) => value === here.x[i])) return atPrecision(precision);
        const left = wanted.map((value, i) => value - r.reduce((sum, column, j) => sum + column[i]! * z[j]!, 0));
        const promised = sumOfSquares(wanted) - sumOfSquares(left);
        const residuals = problem.at(to);
        const actual = decrease(here.residuals, residuals);
        // Where a step promises less than rounding, the sum of squares says nothing: it is taken at its word.
        const ratio = promised > here.noise ? actual / promised : 1;
        const isGood = ratio > 1e-4 && Number.isFinite(actual);
        const next = isGood ? look(problem, to, residuals, precision) : undefined;
        if (promised <= here.noise && !(next && isNearer(here, next, actual))) return atPrecision(precision);
        if (next) {
          damping *= Math.max(1 / 3, 1 - (2 * Math.min(ratio, 1) - 1) ** 3);
          growth = 2;
          return next;
        }
        damping *= growth;
        growth *= 2;
        if (!Number.isFinite(damping)) return lost();
      }
    };
  });

/** How much of each parameter's step costs as much as a residual, in the order of the factors. */
const weightsOf = ({ factors, scales }: Fitted, units: Float64Array, damping: number): Float64Array =>
  Float64Array.from(factors.pivots, (j) => (Math.sqrt(damping) * units[j]!) / scales[j]!);

/** So much damping that the first step is no longer than x itself, both in units of the columns (as Moré bounds it). */
function firstDamping(here: Fitted, { epsilon }: Precision): number {
  const { factors, scales, x } = here;
  const most = norm(x.map((value, j) => scales[j]! * value));
  const wanted = factors.rotated.map((value) => -value);
  for (let damping = 1e-3; damping < 1e12; damping *= 4) {
    const z = solveDamped(factors.r, wanted, weightsOf(here, scales, damping), epsilon);
    if (most === 0 || norm(z) <= most) return damping;
  }
  return 1e12;
}

/** The method of Gauss and Newton: a linear step, halved until the sum of squares falls (Nocedal & Wright, 10.3). */
export const gaussNewton = (
  problem: Residuals,
  x: Float64Array,
  tolerance: number,
  precision: Precision,
): Steps<Fitted> =>
  leastSquares(problem, x, tolerance, precision, () => (here) => {
    const { r, rotated, rank } = here.factors;
    const wanted = rotated.map((value) => -value);
    const direction = unscale(backSubstitute(r, wanted, rank), here);
    const promised = (here.share * norm(here.residuals)) ** 2;
    const isBlind = promised <= here.noise;
    for (let step = 1; ;) {
      const to = along(here.x, step, direction, precision);
      if (to.every((value, i) => value === here.x[i])) {
        return promised <= 1000 * here.noise || step === 1 ? atPrecision(precision) : lost();
      }
      const residuals = problem.at(to);
      const actual = decrease(here.residuals, residuals);
      const isGood = Number.isFinite(actual) && (isBlind || actual >= 2e-4 * step * promised);
      const next = isGood ? look(problem, to, residuals, precision) : undefined;
      if (isBlind && !(next && isNearer(here, next, actual))) return atPrecision(precision);
      if (next) return next;
      // The minimum of the parabola through the sum of squares here, its slope and the sum there, kept within bounds.
      const lowest = (promised * step) / (2 * promised * step - actual);
      step *= Number.isFinite(actual) && Number.isFinite(lowest) ? Math.min(Math.max(lowest, 0.1), 0.5) : 0.1;
    }
  });
