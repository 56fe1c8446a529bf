import type { JsonObject } from './figure';
import { palette } from './palette';

/** A panel's two axes, as `axis()` makes them, and its heading. */
export interface Panel {
  /** Its horizontal axis, as `axis` makes it. */
  x: JsonObject;
  /** Its vertical axis. */
  y: JsonObject;
  /** A line above it. */
  title?: string;
}

/** Where the panels of a figure are. */
export interface PanelsOptions {
  /** How many panels stand side by side. */
  columns: number;
  /** Row by row, from the top left; null where the panel above reaches down. */
  panels: (Panel | null)[];
  /** The part of the width left free between panels. Default 0.12. */
  gapX?: number;
  /** The part of the height left free between panels. Default 0.2. */
  gapY?: number;
  /** The columns' widths in proportion to each other. Default: equal. */
  widths?: number[];
  /** The rows' heights in proportion to each other. Default: equal. */
  heights?: number[];
}

/**
 * Places panels in a grid. Returns a part of the layout: the axes (xaxis, yaxis, xaxis2 ...) with their domains, and the
 * headings as annotations. The traces of the i-th panel (from 0) take `...panelAxes(i)`.
 *
 * @example
 * const [x, y] = [figures.axis({ title: 'iteration' }), figures.axis({ title: 'loss', log: true })];
 * const two = figures.panels({ columns: 2, panels: [{ x, y, title: 'plain' }, { x, y, title: 'with momentum' }] });
 * const layout = { ...figures.baseLayout({ title: 'Momentum is faster' }), ...two };
 * console.log(Object.keys(two)); // => [ 'xaxis', 'yaxis', 'xaxis2', 'yaxis2', 'annotations' ]
 */
export function panels(options: PanelsOptions): JsonObject {
  const { columns, panels: list, gapX = 0.12, gapY = 0.2, widths, heights } = options;
  const rows = Math.ceil(list.length / columns);
  const across = divide(columns, gapX, widths);
  // The first row is on top.
  const down = divide(rows, gapY, heights).map(([from, to]) => [tidy(1 - to), tidy(1 - from)] as const);
  const layout: JsonObject = {};
  const annotations: JsonObject[] = [];
  list.forEach((panel, i) => {
    if (!panel) return;
    const { x, y, title } = panel;
    let last = i;
    while (list[last + columns] === null) last += columns;
    const [left, right] = across[i % columns]!;
    const [bottom] = down[Math.floor(last / columns)]!;
    const [, top] = down[Math.floor(i / columns)]!;
    const n = i === 0 ? '' : String(i + 1);
    layout[`xaxis${n}`] = { ...x, domain: [left, right], anchor: `y${n}` };
    layout[`yaxis${n}`] = { ...y, domain: [bottom, top], anchor: `x${n}` };
    if (title) {
      annotations.push({
        text: title,
        x: (left + right) / 2,
        y: top,
        xref: 'paper',
        yref: 'paper',
        xanchor: 'center',
        yanchor: 'bottom',
        yshift: 4,
        showarrow: false,
        font: { size: 13, color: palette.text },
      });
    }
  });
  return { ...layout, annotations };
}

/** The axes of the i-th panel (from 0), for its traces. */
export function panelAxes(i: number): { xaxis: string; yaxis: string } {
  return i === 0 ? { xaxis: 'x', yaxis: 'y' } : { xaxis: `x${i + 1}`, yaxis: `y${i + 1}` };
}

/** Four decimals, so that no sum passes 1 by its rounding. */
const tidy = (part: number): number => Number(part.toFixed(4));

/** Divides the span from 0 to 1 into parts of the given proportions with gaps between them. */
function divide(count: number, gap: number, proportions = Array<number>(count).fill(1)): (readonly [number, number])[] {
  const unit = (1 - gap * (count - 1)) / proportions.reduce((a, b) => a + b, 0);
  let from = 0;
  return proportions.map((proportion) => {
    const part = [tidy(from), tidy(from + unit * proportion)] as const;
    from += unit * proportion + gap;
    return part;
  });
}
