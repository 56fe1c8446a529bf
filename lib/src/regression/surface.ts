import { curvature, type Curvature } from './curvature';
import { exactFit, type Fit } from './exact';
import { scaleOf } from './normalise';

/** The loss over a rectangle of lines. */
export interface LossGrid {
  /** The columns of the grid. */
  slopes: number[];
  /** The rows of the grid. */
  intercepts: number[];
  /** loss[i][j] belongs to intercepts[i] and slopes[j], as Plotly's contours want it; in the square of y's unit. */
  loss: number[][];
  /** The lowest point: the line that the formula gives. */
  exact: Fit;
  /** How the loss curves, everywhere alike. */
  curvature: Curvature;
}

/** A range [from, to] and the number of values in it, both ends included. */
export interface Span {
  /** The first value. */
  from: number;
  /** The last value. */
  to: number;
  /** How many there are, both ends included. */
  count: number;
}

/**
 * The mean squared error of many lines. It is a paraboloid around the exact fit, with a and b for the distances from it:
 * mse = exact.mse + a^2 var(x) + (a mean(x) + b)^2, so the data are read once, not once for each line.
 */
export function lossGrid(x: readonly number[], y: readonly number[], slope: Span, intercept: Span): LossGrid {
  const exact = exactFit(x, y);
  const { mean, deviation } = scaleOf(x);
  const [slopes, intercepts] = [evenly(slope), evenly(intercept)];
  const loss = intercepts.map((i) =>
    slopes.map((s) => {
      const [a, b] = [s - exact.slope, i - exact.intercept];
      return exact.mse + (a * deviation) ** 2 + (a * mean + b) ** 2;
    }),
  );
  return { slopes, intercepts, loss, exact, curvature: curvature(x) };
}

/** How far a map reaches from its lowest point, and where on it a walk begins, in standard deviations of y. */
const [REACH, BEGIN] = [
  { slope: 1.2, intercept: 2.5 },
  { slope: -0.6, intercept: 2 },
];

/** A map that fits itself to the data, with a place to start from: what a control that is a point of it takes. */
export interface LossMap extends LossGrid {
  /** The map's sides, and where a walk begins: [slope, intercept]. */
  start: { x: [number, number]; y: [number, number]; start: [number, number] };
}

/** The loss around its lowest point, so far that descents from within stay on the map; x in standard deviations. */
export function lossMap(x: readonly number[], y: readonly number[], count = 40): LossMap {
  const { slope, intercept } = exactFit(x, y);
  const { deviation } = scaleOf(y);
  const around = (middle: number, reach: number): [number, number] => [
    middle - reach * deviation,
    middle + reach * deviation,
  ];
  const sides = { x: around(slope, REACH.slope), y: around(intercept, REACH.intercept) };
  const span = ([from, to]: [number, number]): Span => ({ from, to, count });
  return {
    ...lossGrid(x, y, span(sides.x), span(sides.y)),
    start: { ...sides, start: [slope + BEGIN.slope * deviation, intercept + BEGIN.intercept * deviation] },
  };
}

/** The values of a span, evenly apart. */
export function evenly({ from, to, count }: Span): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
