/**
 * What figures are made of: each mark with its type, its look, what it tells the mouse, and its numbers rounded.
 * @module
 */
import type { Json, JsonObject } from './figure';
import { HALO, OPTIMUM_LINE, palette } from './palette';
import { panelAxes } from './panels';
import { roundNumber } from './round';

export { endLabels, roomForLabels, type EndLabelsOptions } from './end-labels';

/** What all marks have in common. */
export interface MarkOptions {
  /** What the legend calls it, and the box under the mouse. Default: nothing. */
  name?: string;
  /** The panel that it is drawn in, from 0. Leave out in a figure without panels. */
  panel?: number;
  /** What it tells the mouse, with Plotly's placeholders: `iteration %{x}<br>loss %{y:.4~g}`. Default: nothing. */
  hover?: string;
  /** Whether the legend lists it. Default: if the figure has a legend. */
  legend?: boolean;
  /** Marks of one group are shown and hidden together. */
  group?: string;
  /** Anything else of Plotly's trace, laid over the rest. */
  extra?: JsonObject;
}

type Values = readonly (number | string | null)[];
type Table = readonly Values[];

/** Where marks stand. What an animation moves is left out: its frames say where. */
export interface PlaceOptions extends MarkOptions {
  /** Numbers, or the names of categories; null breaks a line. */
  x?: Values;
  /** As many. */
  y?: Values;
  /** As many, for marks in space. */
  z?: Values;
  /** The significant digits that are kept of numbers that are not whole. Default 4. */
  digits?: number;
}

/** A line's look. */
export interface LineOptions extends PlaceOptions {
  /** Default: the palette's `model`. */
  color?: string;
  /** Pixels. Default 2. */
  width?: number;
  /** `dot`, `dash` ... Default: drawn through. */
  dash?: string;
  /** Dots at its points, as Plotly's `marker`, in the line's colour. Default: none. */
  marker?: JsonObject;
}

/** A line through points, in the plane. */
export function line({ color = palette.model, width = 2, dash, marker, ...place }: LineOptions): JsonObject {
  return at('scatter', place, { mode: marker ? 'lines+markers' : 'lines', line: { color, width, dash }, marker });
}

/** The best that there is, as a dashed line at a height, from one x to another. */
export const best = (y: number, [from, to]: readonly [number, number], options: MarkOptions = {}): JsonObject =>
  line({ x: [from, to], y: [y, y], ...OPTIMUM_LINE, ...options });

/** Dots' look. */
export interface DotsOptions extends PlaceOptions {
  /** One colour, or one for each dot. Default: the palette's `model`. */
  color?: string | string[];
  /** Pixels. Default 8. */
  size?: number;
  /** `star`, `square` ... Default: round. */
  symbol?: string;
  /** From 0 to 1. Default 1. */
  opacity?: number;
  /** Their outline's colour and width, as Plotly's `line`; its colour, if left out, is the palette's `text`. Default: none. */
  edge?: JsonObject;
}

/** Dots at points, in the plane. */
export function dots({ color = palette.model, size = 8, symbol, opacity, edge, ...place }: DotsOptions): JsonObject {
  const line = edge && inColour(palette.text, edge);
  return at('scatter', place, { mode: 'markers', marker: { color, size, symbol, opacity, line } });
}

/** The same line, or the same dots, in space. */
export const inSpace = (mark: JsonObject): JsonObject => ({ ...mark, type: 'scatter3d' });

/** Words below and right of points, in the plane: unlike a note's they can be changed by an animation's frames. */
export const text = (place: PlaceOptions, textfont: JsonObject = { color: palette.model, size: 14 }): JsonObject =>
  at('scatter', place, { mode: 'text', textposition: 'bottom right', textfont: { shadow: HALO, ...textfont } });

/** Bars' look. */
export interface BarsOptions extends PlaceOptions {
  /** One colour, or one for each bar. Default: the palette's `model`. */
  color?: string | string[];
  /** Whether they lie, from left to right. Default: they stand. */
  lying?: boolean;
  /** What stands at each bar's end. Default: nothing. */
  labels?: string[];
}

/** Bars. */
export function bars({ color = palette.model, lying, labels, ...place }: BarsOptions): JsonObject {
  return at('bar', place, {
    orientation: lying ? 'h' : undefined,
    marker: { color },
    ...(labels && { text: labels, textposition: 'outside', cliponaxis: false, constraintext: 'none' }),
  });
}

/** How heights over a plane are drawn. */
export interface HeightsOptions extends MarkOptions {
  /** The columns. Default: 0, 1, 2 ... */
  x?: Values | Table;
  /** The rows. Default: 0, 1, 2 ... */
  y?: Values | Table;
  /** The heights, row by row. */
  z: Table;
  /** The significant digits that are kept of numbers that are not whole. Default 4. */
  digits?: number;
  /** Plotly's colour scale. Default: the palette's `sequential`. */
  colors?: Json;
  /** Whether the scale runs the other way. Default: false. */
  reverse?: boolean;
  /** The heights of the first and the last colour. Default: the least and the largest. */
  range?: readonly [number, number];
  /** The bar that explains the colours, as Plotly's `colorbar`. Default: none. */
  colorbar?: JsonObject;
  /** The layout's scale and bar in place of these, where several share them: `coloraxis`. */
  coloraxis?: string;
}

function heights(type: string, options: HeightsOptions): JsonObject {
  const { colors: colorscale = palette.sequential, reverse, range, colorbar, coloraxis, ...place } = options;
  const [zmin, zmax] = range ?? [];
  const own = { colorscale, reversescale: reverse, zmin, zmax, colorbar, showscale: !!colorbar };
  return at(type, place, coloraxis ? { coloraxis } : own);
}

/** Heights as the colours of cells, with words in them where there are `labels`, and so many pixels between. */
export function cells({ labels, gap, ...options }: HeightsOptions & { labels?: string[][]; gap?: number }): JsonObject {
  const words = labels && { text: labels, texttemplate: '%{text}' };
  return { xgap: gap, ygap: gap, ...words, ...heights('heatmap', options) };
}

/** Heights as a map of contour lines. */
export const contours = (options: HeightsOptions): JsonObject => ({ ncontours: 24, ...heights('contour', options) });

/** Heights as a surface in space; `level`, if there is one, is how its contour lines are drawn. */
export function surface({ level, ...options }: HeightsOptions & { level?: JsonObject }): JsonObject {
  const still = { highlight: false };
  return {
    ...heights('surface', options),
    ...(level && { contours: { x: still, y: still, z: { show: true, width: 1, ...still, ...level } } }),
  };
}

/** A picture, given as a URL, in a panel. */
export const picture = (source: string | undefined, panel: number): JsonObject => trace('image', { panel }, { source });

/** Words in a plot, as one of the layout's annotations: at x and y, of one panel or of the whole figure. */
export const note = (text: string, place: JsonObject, color: string = palette.data): JsonObject => ({
  text,
  showarrow: false,
  ...place,
  font: { size: 12, color, shadow: HALO, ...(place['font'] as JsonObject | undefined) },
});

/**
 * A guide across the whole plot, as one of the layout's shapes: level at a y, or upright at an x. Its look is Plotly's
 * `line`, in the palette's `muted` unless it has a colour.
 */
export function guide({ x, y }: { x?: number; y?: number }, look: JsonObject = {}, extra: JsonObject = {}): JsonObject {
  const level = { xref: 'paper', x0: 0, x1: 1, y0: y, y1: y };
  const upright = { xref: 'x', x0: x, x1: x, yref: 'paper', y0: 0, y1: 1 };
  return { type: 'line', ...(y === undefined ? upright : level), line: inColour(palette.muted, look), ...extra };
}

/** A line's look, with a colour where it has none. */
const inColour = (color: string, look: JsonObject): JsonObject => ({ ...look, color: look['color'] ?? color });

/** A trace whose numbers are rounded: its JSON is small, and the same on every machine. */
function at(type: string, options: HeightsOptions | PlaceOptions, look: JsonObject): JsonObject {
  const { x, y, z, digits, ...mark } = options;
  const [places, rows, levels] = [x, y, z].map((values) => values && short(values as Json[], digits));
  return trace(type, mark, { x: places, y: rows, z: levels, ...look });
}

const short = (value: Json, digits = 4): Json => {
  if (Array.isArray(value)) return value.map((item) => short(item, digits));
  return typeof value === 'number' && !Number.isSafeInteger(value) ? roundNumber(value, digits) : value;
};

function trace(type: string, { name, panel, hover, legend, group, extra }: MarkOptions, look: JsonObject): JsonObject {
  return {
    type,
    name,
    legendgroup: group,
    showlegend: legend,
    ...(panel !== undefined && panelAxes(panel)),
    // Without an extra Plotly would add the name, or `trace 3`.
    ...(hover === undefined
      ? { hoverinfo: 'skip' }
      : { hovertemplate: hover.includes('<extra>') ? hover : `${hover}<extra>${name ?? ''}</extra>` }),
    ...look,
    ...extra,
  };
}
