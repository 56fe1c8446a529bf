import { apart, LETTER, LINE } from './apart';
import type { JsonObject } from './figure';
import { HALO } from './palette';
import { panelAxes } from './panels';
import { round } from './round';

/** The plot that lines end in: what is needed to tell which of their labels would lie over each other. */
export interface EndLabelsOptions {
  /** From where to where its horizontal axis goes, in the axis' own unit, on a logarithmic axis too. */
  x: readonly [number, number];
  /** The same of its vertical axis. */
  y: readonly [number, number];
  /** Which of its axes are logarithmic: `x`, `y` or `xy`. Default: none. */
  log?: string;
  /** Pixels. Default 600. */
  width?: number;
  /** Pixels. Default 300. */
  height?: number;
  /** The panel that the lines are drawn in, from 0. */
  panel?: number;
}

/** Pixels: a label's letters, and what is beside them. */
const LABEL = { size: 12, beside: 10 };

const lettersOf = (name: string): number => Math.max(...name.split('<br>').map(({ length }) => length));

/** How many pixels the names need beside the lines' ends: the right margin of a plot that lines cross. */
export const roomForLabels = (lines: readonly JsonObject[]): number =>
  Math.max(24, ...lines.map(({ name = '' }) => LABEL.beside + LETTER * lettersOf(name as string)));

/**
 * The names of lines in the plane at their ends, in their colours, moved apart where they would lie over each other: in
 * place of a legend. The pages' script shows the legend in its place where the window is too narrow (`legend: 'ends'`).
 * As a trace, so that an animation's frames can move it.
 */
export function endLabels(lines: readonly JsonObject[], options: EndLabelsOptions): JsonObject {
  const { log = '', width = 600, height = 300, panel } = options;
  const scale = (way: 'x' | 'y', pixels: number) => {
    const isLog = log.includes(way);
    const [low, high] = options[way].map((bound) => (isLog ? Math.log10(bound) : bound)) as [number, number];
    const undo = (value: number): number => (isLog ? 10 ** value : value);
    const to = (value: number): number => (((isLog ? Math.log10(value) : value) - low) / (high - low)) * pixels;
    const from = (pixel: number): number => undo(low + (pixel / pixels) * (high - low));
    return { to, from };
  };
  const [across, up] = [scale('x', width), scale('y', height)];
  const ends = lines.flatMap(({ name, x, y, line }) => {
    const last = ((y ?? []) as (number | null)[]).map((value) => value !== null).lastIndexOf(true);
    if (!name || last < 0) return [];
    const place = { x: (x as number[] | undefined)?.[last] ?? last, y: (y as number[])[last]! };
    return [{ ...place, name: name as string, color: (line as JsonObject)['color']! }];
  });
  const boxes = ends.map(({ name, x, y }) => ({
    x: across.to(x),
    y: Math.min(height, Math.max(0, up.to(y))), // a line may leave the plot
    width: LABEL.beside + LETTER * lettersOf(name),
    height: LINE * name.split('<br>').length,
  }));
  return {
    type: 'scatter',
    mode: 'text',
    meta: 'ends', // by this the pages' script knows it
    ...(panel !== undefined && panelAxes(panel)),
    showlegend: false,
    hoverinfo: 'skip',
    x: round(
      ends.map(({ x }) => x),
      6,
    ),
    y: round(apart(boxes, height).map(up.from), 6),
    text: ends.map(({ name }) => `\u00a0${name.replaceAll('<br>', '<br>\u00a0')}`), // off the line
    textposition: 'middle right',
    textfont: { color: ends.map(({ color }) => color), size: LABEL.size, shadow: HALO },
    cliponaxis: false,
  };
}
