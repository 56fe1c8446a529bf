import { descend, type Stop } from '../descent';
import { type DescentMethod } from '../descent/descend';
import { tf } from '../tf';
import { exactFit, type Fit } from './exact';
import { lineLoss, type Line } from '../losses/line';
import { denormaliseLine, normalise, normaliseLine, scaleOf, type Scale } from './normalise';

/** How a line is fitted. */
export interface FitLineOptions {
  /** An optimiser made for this run, what makes one, or an update written by hand. Default: plain descent at 0.1. */
  optimizer?: DescentMethod;
  /** The most updates to make; the run ends as soon as it stands on the exact line. Default: 1000. */
  iterations?: number;
  /** Descend on the data as they are. Default: false, on normalised data. */
  raw?: boolean;
  /** The line to start from, in the data's units. Default: slope and intercept 0 of the data that it descends on. */
  start?: Line;
  /** Called at every state with the number of updates made and the loss in the square of y's unit. */
  onIteration?: (iteration: number, loss: number) => void;
  /** Ends the run when aborted. */
  signal?: AbortSignal;
}

/** A line found by descent, how it was reached, and the exact one next to it; all in the data's units. */
export interface LineFit extends Fit {
  /** Updates that were made. */
  iterations: number;
  /** The line that the formula gives, to compare. */
  exact: Fit;
  /** Whether it stands on the exact line: see `onExactLine`. */
  converged: boolean;
  /** The line after 0, 1, 2 ... updates. */
  records: Line[];
  /** The mean squared error after 0, 1, 2 ... updates, as the loop saw it (float32). */
  loss: number[];
  /** Why it ended before its last iteration, if it did. */
  stopped?: Stop | 'callback';
}

/**
 * Fits a line by gradient descent until it stands on the exact one. Centring and scaling are done in double precision
 * before TensorFlow's float32 sees the data, so that the size of the values does not matter.
 * @param x and y values in pairs, at least two different ones each
 * @throws DivergenceError, and DescentError for data to which no line can be fitted
 */
export async function fitLine(
  x: readonly number[],
  y: readonly number[],
  options: FitLineOptions = {},
): Promise<LineFit> {
  const { optimizer = tf.train.sgd(0.1), iterations = 1000, raw = false, onIteration, signal } = options;
  const exact = exactFit(x, y);
  const [scaleX, scaleY] = [scaleOf(x), scaleOf(y)];
  const [u, v] = [normalise(x, scaleX), normalise(y, scaleY)];
  const inside = (line: Line): Line => (raw ? line : normaliseLine(line, scaleX, scaleY));
  const outside = (line: Line): Line => (raw ? line : denormaliseLine(line, scaleX, scaleY));
  const unit = raw ? 1 : scaleY.deviation ** 2;
  const xs = tf.tensor1d(raw ? [...x] : u);
  const ys = tf.tensor1d(raw ? [...y] : v);
  try {
    const run = await descend({
      loss: lineLoss(xs, ys),
      variables: options.start ? inside(options.start) : { slope: 0, intercept: 0 },
      optimizer,
      iterations,
      signal,
      record: ({ values }) => outside(values),
      onIteration: ({ iteration, loss, values }) => {
        onIteration?.(iteration, loss * unit);
        return !onExactLine(outside(values), exact, scaleX, scaleY);
      },
    });
    const line = run.records.at(-1)!;
    const { slope, intercept } = normaliseLine(line, scaleX, scaleY);
    const residual = v.reduce((sum, value, i) => sum + (value - slope * u[i]! - intercept) ** 2, 0) / v.length;
    const { stopped } = run;
    return {
      ...line,
      mse: residual * scaleY.deviation ** 2,
      iterations: run.iterations,
      exact,
      converged: onExactLine(line, exact, scaleX, scaleY),
      records: run.records,
      loss: run.loss.map((value) => value * unit),
      ...(stopped && stopped !== 'callback' ? { stopped } : {}),
    };
  } finally {
    tf.dispose([xs, ys]);
  }
}

/** The share of a slope that float32 still resolves after many small updates: six digits agree. */
const RESOLUTION = 5e-7;
/** What float32 loses of normalised data: no slope is known better. */
const ROUNDING = 2 ** -24;

/**
 * Whether a line stands on the exact one, as well as float32 can tell: its slope, and what it rises at the middle of the
 * data, differ by less than five ten-millionths of what the exact line rises over a deviation of x.
 */
export function onExactLine(line: Line, exact: Fit, x: Scale, y: Scale): boolean {
  const found = normaliseLine(line, x, y);
  const wanted = normaliseLine(exact, x, y);
  const tolerance = Math.max(RESOLUTION * Math.abs(wanted.slope), ROUNDING);
  return Math.hypot(found.slope - wanted.slope, found.intercept - wanted.intercept) <= tolerance;
}
