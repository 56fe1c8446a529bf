import {
  along,
  dot,
  isFinite,
  largest,
  norm,
  uncertainty,
  atPrecision,
  type Ending,
  type Point,
  type Precision,
} from './minimiser';

/** The loss and its gradient anywhere. */
export type Evaluate = (x: Float64Array) => Point;

/** A place on the line: how far, the point, and how steep the loss is there along the line. */
interface Place {
  step: number;
  value: number;
  slope: number;
  point: Point;
}

/** Of the decrease that the slope promises at least this part must come, and of the slope at most this part stay. */
const [DECREASE, CURVATURE] = [1e-4, 0.9];
/** How often one search may evaluate the loss, and how often at the precision's end. */
const [MOST, FEW] = [60, 6];

/**
 * A step along a direction that fulfils the strong Wolfe conditions (Nocedal & Wright, Numerical Optimization, 2006,
 * algorithms 3.5 and 3.6), by cubic interpolation. Where two losses differ by no more than their rounding, the decrease
 * is judged by the slopes instead (Hager & Zhang, SIAM J. Optim. 16, 2005). What is not finite counts as too far.
 * @returns undefined if there is no such step: nothing lower is found before the step no longer moves x
 */
export function lineSearch(
  evaluate: Evaluate,
  from: Point,
  direction: Float64Array,
  first: number,
  precision: Precision,
): Point | undefined {
  const start: Place = { step: 0, value: from.value, slope: dot(from.gradient, direction), point: from };
  const noise = 10 * uncertainty(from, precision);
  // Where even the whole step promises less than rounding, it is not worth many looks.
  const isBlind = -first * start.slope <= noise;
  let left = isBlind ? FEW : MOST;
  /** The best that was found, if it is better than nothing. */
  const settle = ({ step, value, point }: Place): Point | undefined =>
    step > 0 && (isBlind || value < start.value) ? point : undefined;
  /** The place at a step; undefined where x does not move. */
  const at = (step: number): Place | undefined => {
    const x = along(from.x, step, direction, precision);
    if (left-- <= 0 || x.every((value, i) => value === from.x[i])) return undefined;
    const point = x.every((value) => Number.isFinite(value)) ? evaluate(x) : { x, value: NaN, gradient: x };
    const far = { step, value: Infinity, slope: NaN, point };
    return isFinite(point) ? { step, value: point.value, slope: dot(point.gradient, direction), point } : far;
  };
  const isLower = ({ step, value, slope }: Place): boolean =>
    value <= start.value + DECREASE * step * start.slope ||
    (value <= start.value + noise && slope <= (2 * DECREASE - 1) * start.slope);
  const isFlat = ({ slope }: Place): boolean => Math.abs(slope) <= -CURVATURE * start.slope;

  /** Algorithm 3.6: `low` is the lowest place so far that is low enough, and a good one lies between it and `high`. */
  const zoom = (low: Place, high: Place): Point | undefined => {
    for (let i = 0; ; i++) {
      const here = at(i < 12 ? between(low, high) : (low.step + high.step) / 2);
      if (!here) return settle(low);
      if (!isLower(here) || here.value >= low.value + noise) {
        high = here;
      } else {
        if (isFlat(here)) return here.point;
        if (here.slope * (high.step - low.step) >= 0) high = low;
        low = here;
      }
    }
  };

  // Algorithm 3.5
  let before = start;
  for (let step = first; ; step *= 2.5) {
    const here = at(step);
    if (!here) return settle(before);
    if (!isLower(here) || (before.step > 0 && here.value >= before.value + noise)) return zoom(before, here);
    if (isFlat(here)) return here.point;
    if (here.slope >= 0) return zoom(here, before);
    before = here;
  }
}

/** The minimum of the cubic through two places and their slopes (Nocedal & Wright, 3.59), kept away from both ends. */
function between(a: Place, b: Place): number {
  const width = b.step - a.step;
  if (!Number.isFinite(b.value)) return a.step + 0.1 * width;
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const d2 = Math.sign(width) * Math.sqrt(d1 ** 2 - a.slope * b.slope);
  const cubic = b.step - (width * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  const part = (cubic - a.step) / width;
  return a.step + width * (Number.isFinite(part) ? Math.min(Math.max(part, 0.1), 0.9) : 0.5);
}

/** A point so many times further out than the start is no minimum, but on the way to none. */
const FAR = 1e12;

/** The first step along the gradient, for a move of its length, but neither beyond 1 nor next to nothing beside x. */
export function firstStep({ x, gradient }: Point): number {
  const length = norm(gradient);
  return Math.min(1, Math.max(length, 1e-3 * (norm(x) || 1))) / length;
}

/** When a method that follows a loss ends: told by its gradient, or by losses that do not fall any more. */
export class Stopping {
  private readonly steepest: number;
  private readonly reach: number;
  private lowest: number;
  private idle = 0;

  constructor(
    start: Point,
    private readonly tolerance: number,
    private readonly precision: Precision,
  ) {
    this.steepest = largest(start.gradient);
    this.reach = Math.max(1, largest(start.x));
    this.lowest = start.value;
  }

  /** How a point ends the run, or undefined. */
  at(point: Point): Ending | undefined {
    const gradient = largest(point.gradient);
    if (gradient === 0) return { converged: true, reason: 'the gradient is 0' };
    if (gradient <= this.tolerance * this.steepest) {
      return { converged: true, reason: `the gradient fell below ${this.tolerance} of what it was at the start` };
    }
    const { epsilon } = this.precision;
    this.idle = point.value < this.lowest - epsilon * Math.abs(this.lowest) ? 0 : this.idle + 1;
    this.lowest = Math.min(this.lowest, point.value);
    return this.idle > 5 ? atPrecision(this.precision) : undefined;
  }

  /** What it means that no step along a direction is good: precision's end, or a loss that does not do as it says. */
  stuck(point: Point, promised: number): Ending {
    if (largest(point.x) > FAR * this.reach) return { converged: false, reason: 'the loss falls without end' };
    if (promised <= 1000 * uncertainty(point, this.precision)) return atPrecision(this.precision);
    return {
      converged: false,
      reason:
        'no step along the gradient lowers the loss as it promises: the loss has an edge here, or a wrong gradient',
    };
  }
}
