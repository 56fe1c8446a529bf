import { DescentError } from '../errors';
import type { Line } from '../losses/line';

/** Where values lie and how wide they spread, in their own unit. */
export interface Scale {
  /** In the data's unit. */
  mean: number;
  /** The standard deviation, divided by n; more than 0. */
  deviation: number;
}

/** The mean and the standard deviation, safe for huge and tiny values and for small spreads far from zero. */
export function scaleOf(values: readonly number[]): Scale {
  const first = values[0];
  if (first === undefined) throw new DescentError('no values: they have no mean');
  const average = (f: (value: number) => number): number =>
    values.reduce((sum, value) => sum + f(value) / values.length, 0);
  const mean = first + average((value) => value - first); // differences keep the digits that a large sum would lose
  const reach = values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const deviation = reach === 0 ? 0 : reach * Math.sqrt(average((value) => ((value - mean) / reach) ** 2));
  if (deviation === 0) throw new DescentError(`all ${values.length} values are ${first}: they cannot be normalised`);
  if (!Number.isFinite(deviation)) throw new DescentError('the values are not finite, or too large to be normalised');
  return { mean, deviation };
}

/** The values in units of their deviation from the mean: mean 0, standard deviation 1. */
export function normalise(values: readonly number[], { mean, deviation }: Scale = scaleOf(values)): number[] {
  return values.map((value) => (value - mean) / deviation);
}

/** The line through normalised values, as the same line through the values themselves. */
export function denormaliseLine({ slope, intercept }: Line, x: Scale, y: Scale): Line {
  const rawSlope = slope * (y.deviation / x.deviation);
  return { slope: rawSlope, intercept: y.mean + intercept * y.deviation - rawSlope * x.mean };
}

/** The line through the values, as the same line through the normalised values. */
export function normaliseLine({ slope, intercept }: Line, x: Scale, y: Scale): Line {
  return { slope: slope * (x.deviation / y.deviation), intercept: (intercept + slope * x.mean - y.mean) / y.deviation };
}
