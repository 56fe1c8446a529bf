import { firstStep, lineSearch, Stopping, type Evaluate } from './line-search';
import { dot, norm, type Precision, type Steps } from './minimiser';

/** The Hessian at x, times a vector. */
export type HessianTimes = (x: Float64Array, v: Float64Array) => Float64Array;

/** Newton's method, its equation solved by conjugate gradients as far as is worth it (Nocedal & Wright, algorithm 7.1). */
export function* newtonCg(
  evaluate: Evaluate,
  times: HessianTimes,
  x: Float64Array,
  tolerance: number,
  precision: Precision,
): Steps {
  let here = evaluate(x);
  const stopping = new Stopping(here, tolerance, precision);
  const steepest = norm(here.gradient);
  for (;;) {
    const ending = stopping.at(here);
    yield { ...here, ending };
    if (ending) return ending;
    const { gradient } = here;
    const size = norm(gradient);
    const exact = Math.min(0.5, Math.sqrt(size / steepest)) * size;
    const direction = solve((v) => times(here.x, v), gradient, exact);
    const slope = dot(direction, gradient);
    const next =
      (slope < 0 ? lineSearch(evaluate, here, direction, 1, precision) : undefined) ??
      lineSearch(
        evaluate,
        here,
        gradient.map((value) => -value),
        firstStep(here),
        precision,
      );
    if (!next) return stopping.stuck(here, slope < 0 ? -slope / 2 : firstStep(here) * size ** 2);
    here = next;
  }
}

/** Conjugate gradients on H p = -g. At a direction of negative curvature it stops with what it has so far. */
function solve(times: (v: Float64Array) => Float64Array, gradient: Float64Array, exact: number): Float64Array {
  const p = new Float64Array(gradient.length);
  const residual = gradient.slice();
  const d = gradient.map((value) => -value);
  let square = dot(residual, residual);
  for (let k = 0; k < 20 * gradient.length; k++) {
    const hd = times(d);
    const curvature = dot(d, hd);
    if (!(curvature > 0)) {
      // Downhill without end, as far as the second derivative tells: as long a step as if it curved the other way.
      if (k === 0) return d.map((value) => (value * square) / (Math.abs(curvature) || square));
      return p;
    }
    const alpha = square / curvature;
    p.forEach((value, i) => (p[i] = value + alpha * d[i]!));
    residual.forEach((value, i) => (residual[i] = value + alpha * hd[i]!));
    const next = dot(residual, residual);
    if (Math.sqrt(next) <= exact) return p;
    const beta = next / square;
    d.forEach((value, i) => (d[i] = beta * value - residual[i]!));
    square = next;
  }
  return p;
}
