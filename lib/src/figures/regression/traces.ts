import type { Column } from '../../data';
import { palette, panelAxes, round, type JsonObject } from '../chart';
import type { Line } from '../../losses/line';

/** A descent of a line, as `descend` and `fitLine` return it: the line and the loss after 0, 1, 2 ... updates. */
export interface LineRun {
  /** The line after each recorded update. */
  records: Line[];
  /** The loss after 0, 1, 2 ... updates. */
  loss: number[];
}

/** Charts show so many points at most; of longer tables every second, third ... row. */
const MOST_POINTS = 600;

/** The data as points, in the i-th panel. */
export function pointsTrace(x: Column, y: Column, panel = 0): JsonObject {
  const step = Math.ceil(x.values.length / MOST_POINTS);
  const thin = (values: number[]): number[] =>
    round(
      values.filter((_, i) => i % step === 0),
      5,
    );
  return {
    type: 'scatter',
    mode: 'markers',
    name: 'data',
    x: thin(x.values),
    y: thin(y.values),
    ...panelAxes(panel),
    marker: { color: palette.data, size: 6, opacity: 0.8 },
    showlegend: panel === 0,
    hovertemplate: `${x.name} %{x}${unit(x)}<br>${y.name} %{y}${unit(y)}<extra></extra>`,
  };
}

const unit = (column: Column): string => (column.unit ? ` ${column.unit}` : '');

/** A line over a range of x, in the i-th panel. */
export function lineTrace(
  name: string,
  line: Line,
  range: [number, number],
  panel = 0,
  style: JsonObject = {},
): JsonObject {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x: round(range, 5),
    y: round(heights(line, range), 5),
    ...panelAxes(panel),
    hoverinfo: 'skip',
    line: { color: palette.model, width: 3, ...style },
    showlegend: panel === 0,
  };
}

/** The line's y at each x. */
export const heights = ({ slope, intercept }: Line, x: number[]): number[] =>
  x.map((value) => slope * value + intercept);

/** The range of values, with a margin on both sides as a fraction of it. */
export function rangeOf(values: readonly number[], margin = 0.06): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = margin * (high - low || 1);
  return [low - room, high + room];
}

type LogTicks = { tickmode: string; tickvals: number[]; ticktext: string[]; tickfont: { size: number } };

/** Ticks of a logarithmic axis, or of logarithms: at 1, 2 and 5 times the powers of ten between two values. */
export function logTicks(low: number, high: number): LogTicks {
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    values.push(
      ...[1, 2, 5].map((factor) => round(factor * 10 ** power)).filter((value) => value >= low && value <= high),
    );
  }
  const tickvals = values.length > 9 ? values.filter((value) => Number.isInteger(Math.log10(value))) : values;
  return { tickmode: 'array', tickvals, ticktext: tickvals.map(String), tickfont: { size: 13 } };
}

/** A number in words, to four digits. */
export const digits = (value: number): string =>
  Number((Math.abs(value) < 1e-12 ? 0 : value).toPrecision(4))
    .toString()
    .replace('-', '−');

/** A line in words: `6.04 x − 230.5`. */
export function equation({ slope, intercept }: Line, variable = 'x'): string {
  return `${digits(slope)} ${variable} ${intercept < 0 ? '−' : '+'} ${digits(Math.abs(intercept))}`;
}
