// What all minimisers share: they are generators over plain doubles, which yield each point that they come to, so that
// whoever follows them can look, record and stop between any two. They know no tensors.
import { DescentError } from '../../errors';
import type { Interruption } from '../interrupt';
import type { Run } from '../trajectory';

/** How finely numbers are told apart: the precision in which the function is computed. */
export interface Precision {
  name: string;
  /** The distance from 1 to the next number. */
  epsilon: number;
  /** The nearest number that there is in it. */
  round: (value: number) => number;
}
export const float32: Precision = { name: 'float32', epsilon: 2 ** -23, round: Math.fround };
export const float64: Precision = { name: 'double precision', epsilon: 2 ** -52, round: (value) => value };

/** How a minimiser ended, and why, in words. */
export interface Ending {
  converged: boolean;
  reason: string;
}

/** A point that a minimiser came to. */
export interface Point {
  x: Float64Array;
  /** The loss here: for methods of least squares the sum of squares. */
  value: number;
  gradient: Float64Array;
  /** How the run ends, if it ends here. */
  ending?: Ending;
}

/** Yields the start and the point after each update; returns how it ended, where it could go no further. */
export type Steps<P extends Point = Point> = Generator<P, Ending>;

export const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
export const norm = (a: Float64Array): number => Math.hypot(...blocks(a));
export const largest = (a: Float64Array): number => a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
export const isFinite = (point: Point): boolean =>
  Number.isFinite(point.value) && point.gradient.every((value) => Number.isFinite(value));

/** Norms of pieces: a call takes only so many arguments. */
function* blocks(a: Float64Array): Generator<number> {
  for (let i = 0; i < a.length; i += 1024) yield Math.hypot(...a.subarray(i, i + 1024));
}

/** x + step * direction, in the precision of the problem. */
export const along = (x: Float64Array, step: number, direction: Float64Array, { round }: Precision): Float64Array =>
  x.map((value, i) => round(value + step * direction[i]!));

/** By how much the loss at a point is uncertain, from the rounding of its value and of x. */
export const uncertainty = ({ x, value, gradient }: Point, { epsilon }: Precision): number =>
  epsilon * (Math.abs(value) + x.reduce((sum, place, i) => sum + Math.abs(place * gradient[i]!), 0));

export const atPrecision = ({ name }: Precision): Ending => ({
  converged: true,
  reason: `no step lowers the loss any further: it is as low as ${name} can tell`,
});

/** Follows a minimiser, until it ends, has made its iterations or is told to stop. */
export async function follow<P extends Point>(
  steps: Steps<P>,
  {
    iterations,
    every,
    interruption,
    visit,
    record,
  }: {
    iterations: number;
    every: number;
    interruption: Interruption;
    /** Called at each point; false ends the run there. */
    visit: (point: P, iteration: number) => boolean | void;
    /** Called at the points that are to be kept. */
    record: (point: P, iteration: number) => void;
  },
): Promise<{ run: Run; ending: Ending; last: P }> {
  const run: Run = { iterations: 0, loss: [], compiled: false };
  let ending: Ending | undefined;
  let last: P | undefined;
  let recorded = -1;
  for (let iteration = 0; ending === undefined; iteration++) {
    const next = steps.next();
    if (next.done) {
      ending = next.value;
      break;
    }
    last = next.value;
    run.iterations = iteration;
    run.loss.push(last.value);
    const over = visit(last, iteration) === false;
    if (iteration % every === 0) record(last, (recorded = iteration));
    if (last.ending) ending = last.ending;
    else if (over) run.stopped = 'callback';
    else if (iteration < iterations) run.stopped = interruption.reason;
    if (run.stopped) ending ??= { converged: false, reason: `it was stopped after ${iteration} iterations` };
    else if (iteration === iterations) {
      ending ??= { converged: false, reason: `it did not converge in ${iterations} iterations` };
    }
    await interruption.turn();
  }
  if (recorded !== run.iterations) record(last!, run.iterations);
  return { run, ending: ending, last: last! };
}

/** Refuses a tolerance that means nothing. */
export function checkTolerance(tolerance: number): void {
  if (tolerance >= 0 && tolerance < 1) return;
  throw new DescentError(`tolerance must be a number from 0 to below 1, not ${tolerance}`);
}
