import { onPlainBackend } from '../compile/plain-backend';
import { tf } from '../tf';
import type { Objective, Point } from './objectives';
import type { RaceRun } from './race';

/** Heights on a grid: z[row][column] at x[column], y[row]. */
export interface Surface {
  x: number[];
  y: number[];
  z: number[][];
}

/** A part of the plane: [low, high] in x and in y. */
export type Region = { x: Point; y: Point };

/** The height of the ground at a point. */
export function heightAt(objective: Objective, [x, y]: Point): number {
  return tf.tidy(() => objective.loss(tf.tensor1d([x, y])).dataSync()[0]!);
}

/** A loss of one number as a curve: so many points of it, from one x to another. */
export function curveOf(
  loss: (x: tf.Scalar) => tf.Tensor,
  [from, to]: Point,
  points = 161,
): { x: number[]; y: number[] } {
  const x = Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const y = onPlainBackend(() => x.map((value) => tf.tidy(() => loss(tf.scalar(value)).dataSync()[0]!)));
  return { x, y };
}

/** Grounds that were surveyed last, by their objectives: a control draws on the same one again and again. */
const surveyed = new WeakMap<Objective, { key: string; ground: Surface }>();
/** How grounds are drawn, of those that were. */
const scales = new WeakMap<Surface, HeightScale>();

/** The ground's heights over a region, on `resolution` x `resolution` points. */
export function surface(objective: Objective, region: Region, resolution = 61): Surface {
  const key = JSON.stringify([region, resolution]);
  const known = surveyed.get(objective);
  if (known?.key === key) return known.ground;
  const ground = survey(objective, region, resolution);
  surveyed.set(objective, { key, ground });
  return ground;
}

function survey(objective: Objective, { x, y }: Region, resolution: number): Surface {
  const along = ([low, high]: Point): number[] =>
    Array.from({ length: resolution }, (_, i) => low + ((high - low) * i) / (resolution - 1));
  const [xs, ys] = [along(x), along(y)];
  // one point at a time, as a reader's own ground may be written: for that plain JavaScript is the fastest
  const z = onPlainBackend(() => ys.map((row) => xs.map((column) => heightAt(objective, [column, row]))));
  return { x: xs, y: ys, z };
}

/** A range that reaches to a number, by whole fifths of its length: it stands while a control moves the number. */
const stretched = ([low, high]: Point, to: number): Point => {
  const fifth = (high - low) / 5;
  const over = (beyond: number): number => fifth * Math.ceil(Math.max(0, beyond) / fifth);
  return [low - over(low - to), high + over(to - high)];
};

/**
 * What to show of the plane: the objective's own region, with the start in it, or else a box around nine tenths of all points
 * of the runs (so that one that flies off does not shrink the rest), the start and the optima, with a margin.
 */
export function regionOf(objective: Objective, runs: readonly RaceRun[]): Region {
  const { region } = objective;
  const starts = runs.map(({ path }) => path[0]!);
  if (region && starts.every((start) => start.every(Number.isFinite))) {
    return starts.reduce(({ x, y }, start) => ({ x: stretched(x, start[0]), y: stretched(y, start[1]) }), region);
  }
  const points = [...runs.flatMap(({ path }) => path)].filter((point) => point.every(Number.isFinite));
  const fixed = [...objective.optima, ...runs.map(({ path }) => path[0]!)];
  const span = (i: 0 | 1): Point => {
    const sorted = points.map((point) => point[i]).sort((a, b) => a - b);
    const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
    const low = Math.min(at(0.05), ...fixed.map((point) => point[i]));
    const high = Math.max(at(0.95), ...fixed.map((point) => point[i]));
    const margin = 0.2 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  return { x: span(0), y: span(1) };
}

/** Whether the point lies in the region. */
export const inside = ({ x, y }: Region, [px, py]: Point): boolean =>
  px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1];

/** How figures draw the heights of a ground. */
export interface HeightScale {
  log: boolean;
  /** Where a height is drawn. */
  at: (height: number) => number;
  /** From the lowest to the highest drawn. */
  span: number;
  /** The ground's heights as they are drawn. */
  drawn: number[][];
}

/**
 * Heights made drawable: where the ground rises by large factors, the logarithm of the height above the lowest, with
 * 1 % of the middle height added to keep the bottom from being infinitely deep; else the height itself.
 */
export function heightScale(ground: Surface): HeightScale {
  const scale = scales.get(ground) ?? scaleOf(ground);
  scales.set(ground, scale);
  return scale;
}

function scaleOf({ z }: Surface): HeightScale {
  const sorted = z
    .flat()
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const [low = 0, high = 1] = [sorted[0], sorted.at(-1)];
  const middle = (sorted[Math.floor(sorted.length / 2)] ?? 1) - low || 1;
  const log = (high - low) / middle > 20;
  const at = (height: number): number => (log ? Math.log10(Math.max(0, height - low) / middle + 0.01) : height);
  return { log, at, span: at(high) - at(low), drawn: z.map((row) => row.map(at)) };
}
