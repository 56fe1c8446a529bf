import type { Column } from '../../data';
import { marks, palette, round, type JsonObject } from '../chart';
import type { LineOptions } from '../chart/marks';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import type { Line } from '../../losses/line';

/** The points that lines are fitted to: two columns of one length. */
export interface XY {
  /** Their horizontal values. */
  x: Column;
  /** And their vertical ones. */
  y: Column;
}

/** A descent of a line, as `descend` and `fitLine` return it: the line and the loss after 0, 1, 2 ... updates. */
export interface LineRun {
  /** The line after each recorded update. */
  records: Line[];
  /** The loss after 0, 1, 2 ... updates. */
  loss: number[];
}

/** Charts show so many points at most; of longer tables every second, third ... row. */
const MOST_POINTS = 600;

/** The data as points. */
export function pointsMark({ x, y }: XY, panel?: number): JsonObject {
  const step = Math.ceil(x.values.length / MOST_POINTS);
  const thin = ({ values }: Column): number[] => values.filter((_, i) => i % step === 0);
  const [across, up] = [x, y].map(({ name, unit }, i) => `${name} %{${'xy'[i]}}${unit ? ` ${unit}` : ''}`);
  return marks.dots({
    name: 'data',
    panel,
    legend: panel === 0,
    x: thin(x),
    y: thin(y),
    digits: 5,
    color: palette.data,
    size: 6,
    opacity: 0.8,
    hover: `${across}<br>${up}<extra></extra>`,
  });
}

/** A line over a range of x. */
export const lineMark = (line: Line, range: [number, number], look: LineOptions): JsonObject =>
  marks.line({ legend: look.panel === 0, x: range, y: heights(line, range), digits: 5, width: 3, ...look });

/** The line's y at each x. */
export const heights = ({ slope, intercept }: Line, x: number[]): number[] =>
  x.map((value) => slope * value + intercept);

type LogTicks = { tickmode: string; tickvals: number[]; ticktext: string[]; tickfont: { size: number } };

/** Ticks of a logarithmic axis, or of logarithms: at 1, 2 and 5 times the powers of ten between two values. */
export function logTicks([low, high]: readonly [number, number]): LogTicks {
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    values.push(
      ...[1, 2, 5].map((factor) => round(factor * 10 ** power)).filter((value) => value >= low && value <= high),
    );
  }
  const tickvals = values.length > 9 ? values.filter((value) => Number.isInteger(Math.log10(value))) : values;
  return { tickmode: 'array', tickvals, ticktext: tickvals.map(String), tickfont: { size: 13 } };
}

/** The range that data and lines are shown in: a little room around the values. */
export const roomy = (values: readonly number[]): [number, number] => rangeOf(values, 0.06);

/** A line in words: `6.04 x − 230.5`. */
export function equation({ slope, intercept }: Line, variable = 'x'): string {
  return `${digits(slope)} ${variable} ${intercept < 0 ? '−' : '+'} ${digits(Math.abs(intercept))}`;
}

/** Whether a line is the exact one to a hundredth of a scale, of slope and intercept each. Default: the exact line's own. */
export const isAt = (line: Line, exact: Line, scale: Line = exact): boolean =>
  (['slope', 'intercept'] as const).every((part) => Math.abs(line[part] - exact[part]) <= 0.01 * Math.abs(scale[part]));
