import { firstStep, lineSearch, Stopping, type Evaluate } from './line-search';
import { dot, type Point, type Precision, type Steps } from './minimiser';

/** How many pairs of steps and changes of the gradient are remembered. */
const HISTORY = 10;

interface Pair {
  /** What x changed by. */
  s: Float64Array;
  /** What the gradient changed by. */
  y: Float64Array;
  rho: number;
}

/** L-BFGS (Nocedal & Wright, algorithm 7.5), with strong Wolfe steps. */
export function* lbfgs(evaluate: Evaluate, x: Float64Array, tolerance: number, precision: Precision): Steps {
  let here = evaluate(x);
  const stopping = new Stopping(here, tolerance, precision);
  let pairs: Pair[] = [];
  for (;;) {
    const ending = stopping.at(here);
    yield { ...here, ending };
    if (ending) return ending;
    let next: Point | undefined;
    while (!next) {
      const direction = twoLoops(here.gradient, pairs);
      const first = pairs.length > 0 ? 1 : firstStep(here);
      const slope = dot(direction, here.gradient);
      if (slope < 0) next = lineSearch(evaluate, here, direction, first, precision);
      if (!next && pairs.length === 0) return stopping.stuck(here, -first * slope);
      if (!next && -slope <= 2 * 1000 * precision.epsilon * Math.abs(here.value))
        return stopping.stuck(here, -slope / 2);
      if (!next) pairs = []; // the curvature misleads: once more along the gradient itself
    }
    const s = next.x.map((value, i) => value - here.x[i]!);
    const y = next.gradient.map((value, i) => value - here.gradient[i]!);
    const sy = dot(s, y);
    if (sy > precision.epsilon * dot(y, y)) pairs = [...pairs, { s, y, rho: 1 / sy }].slice(-HISTORY);
    here = next;
  }
}

/** Minus the gradient times the inverse Hessian, as the pairs tell it (Nocedal & Wright, algorithm 7.4). */
function twoLoops(gradient: Float64Array, pairs: Pair[]): Float64Array {
  const q = gradient.map((value) => -value);
  const add = (factor: number, a: Float64Array): void => a.forEach((value, i) => (q[i]! += factor * value));
  const alphas = pairs.map(() => 0);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, rho } = pairs[k]!;
    alphas[k] = rho * dot(s, q);
    add(-alphas[k]!, y);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    q.forEach((value, i) => (q[i] = scale * value));
  }
  pairs.forEach(({ s, y, rho }, k) => add(alphas[k]! - rho * dot(y, q), s));
  return q;
}
