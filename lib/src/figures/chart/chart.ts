import type { Figure, FindingOptions, Json, JsonObject } from './figure';
import { axis, baseLayout, type AxisOptions, type BaseLayoutOptions } from './layout';
import { endLabels, roomForLabels } from './end-labels';
import { panels, type PanelsOptions } from './panels';
import { rangeOf } from './range';
import { roundNumber } from './round';

/** The width of a chart for which labels are kept apart, in pixels: that of its still. */
const WIDTH = 720;

/** What a figure is made of. */
export interface ChartParts extends Omit<BaseLayoutOptions, 'title'> {
  /** What the data say, as a title, unless the options have one. */
  finding?: string;
  /** The text alternative, unless the options have one. */
  says: string;
  /** What is drawn, the uppermost last. */
  marks: JsonObject[];
  /** The horizontal axis of a figure without panels. */
  x?: AxisOptions;
  /** Its vertical axis. */
  y?: AxisOptions;
  /** The panels of a figure of several. */
  grid?: PanelsOptions;
}

/** Puts a figure together. With `legend: 'ends'` the names of a figure without panels stand at its lines' ends. */
export function chart(options: FindingOptions, parts: ChartParts): Figure {
  const { finding = '', says, marks, grid, extra, ...look } = parts;
  const { name, title = finding, description = says } = options;
  const isLabelled = look.legend === 'ends' && look.x && look.y;
  const [x, y] = isLabelled ? [ranged('x', look.x!, marks), ranged('y', look.y!, marks)] : [look.x, look.y];
  const axes = { ...(x && { xaxis: axis(x) }), ...(y && { yaxis: axis(y) }), ...(grid && panels(grid)) };
  const lines = isLabelled ? marks.filter(({ mode }) => (mode as string | undefined)?.includes('lines')) : [];
  const margin = { ...(isLabelled && { r: roomForLabels(lines) }), ...look.margin };
  const layout = baseLayout({ title, ...look, margin, extra: { ...axes, ...extra } });
  if (!isLabelled) return { name, description, data: marks, layout };
  const { t, b, l, r } = layout['margin'] as Record<string, number>;
  const labels = endLabels(lines, {
    x: x!.range!,
    y: y!.range!,
    log: `${x!.log ? 'x' : ''}${y!.log ? 'y' : ''}`,
    width: WIDTH - l! - r!,
    height: Number(layout['height']) - t! - b!,
  });
  return { name, description, data: [...marks, labels], layout };
}

/** The axis with a range: its own, or that of the marks with a little room, which their labels would change. */
function ranged(way: 'x' | 'y', axis: AxisOptions, marks: readonly JsonObject[]): AxisOptions {
  if (axis.range) return axis;
  const [scale, undo] = axis.log ? [Math.log10, (value: number) => 10 ** value] : [Number, Number];
  const values = marks
    .flatMap((mark) => (mark[way] ?? (mark['y'] as Json[]).map((_, i) => i)) as (number | null)[])
    .filter((value) => value !== null);
  const range = rangeOf(values.map(scale), way === 'x' ? 0 : 0.05).map((value) => roundNumber(undo(value)));
  return { ...axis, range: range as [number, number] };
}
