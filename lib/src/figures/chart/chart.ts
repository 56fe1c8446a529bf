import type { Figure, FindingOptions, JsonObject } from './figure';
import { axis, baseLayout, type AxisOptions, type BaseLayoutOptions } from './layout';
import { panels, type PanelsOptions } from './panels';

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

/** Puts a figure together. */
export function chart(options: FindingOptions, parts: ChartParts): Figure {
  const { finding = '', says, marks, x, y, grid, extra, ...look } = parts;
  const { name, title = finding, description = says } = options;
  const axes = { ...(x && { xaxis: axis(x) }), ...(y && { yaxis: axis(y) }), ...(grid && panels(grid)) };
  return { name, description, data: marks, layout: baseLayout({ title, ...look, extra: { ...axes, ...extra } }) };
}
