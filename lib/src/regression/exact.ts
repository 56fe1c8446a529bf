import { DescentError } from '../errors';
import { predict, type Line } from '../losses/line';
import { denormaliseLine, normalise, scaleOf } from './normalise';

/** A line and its mean squared error on the data it was fitted to. */
export interface Fit extends Line {
  /** The mean squared error that it leaves, in the square of y's unit. */
  mse: number;
}

/**
 * The line of least squares, in closed form, in double precision: on normalised data its slope is the correlation.
 * @throws DescentError when the lengths differ, there are no values, one side is constant, or no number holds the line
 */
export function exactFit(x: readonly number[], y: readonly number[]): Fit {
  const slope = correlation(x, y);
  const [scaleX, scaleY] = [scaleOf(x), scaleOf(y)];
  const [u, v] = [normalise(x, scaleX), normalise(y, scaleY)];
  const line = denormaliseLine({ slope, intercept: 0 }, scaleX, scaleY);
  if (!Number.isFinite(line.slope) || !Number.isFinite(line.intercept)) {
    throw new DescentError(
      'the values of x lie so close together, beside those of y, that no number holds the slope: ' + 'take other units',
    );
  }
  const residual = v.reduce((sum, value, i) => sum + (value - slope * u[i]!) ** 2, 0) / u.length;
  return { ...line, mse: residual * scaleY.deviation ** 2 };
}

/**
 * Pearson's correlation, -1 to 1.
 * @throws DescentError when the lengths differ, there are no values, or one side is constant
 */
export function correlation(x: readonly number[], y: readonly number[]): number {
  checkPairs(x, y);
  const [u, v] = [normalise(x), normalise(y)];
  return u.reduce((sum, value, i) => sum + value * v[i]!, 0) / u.length;
}

/** The mean squared error of any line, in double precision, in the square of y's unit. */
export function lineError(line: Line, x: readonly number[], y: readonly number[]): number {
  checkPairs(x, y);
  return predict(line, x).reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0) / y.length;
}

function checkPairs(x: readonly number[], y: readonly number[]): void {
  if (x.length !== y.length)
    throw new DescentError(`x has ${x.length} values and y has ${y.length}: they belong in pairs`);
  if (x.length === 0) throw new DescentError('no values: no line can be fitted to them');
}
