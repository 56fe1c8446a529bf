import type { JsonObject } from './figure';
import { palette } from './palette';

const FONT = 'Open Sans, Helvetica, Arial, sans-serif';
/** Pixels from the top edge: where the title begins, and the height of one of its lines; the characters in a line. */
const TITLE = { top: 14, line: 22, length: 55 };

/** Pixels between the title and the plot. */
const roomAbove = (legend: boolean, headings: number): number =>
  headings === 0 ? (legend ? 50 : 26) : (legend ? 56 : 8) + 18 * headings;

/** What every figure of the library says of its layout. */
export interface BaseLayoutOptions {
  /** The finding, as a sentence or part of one. Broken into lines that fit a narrow window. */
  title: string;
  /** Pixels. Default: as wide as the window. Only for figures whose panels must keep their proportions. */
  width?: number;
  /** Pixels. Default 460. */
  height?: number;
  /**
   * Whether to show the legend, between title and plot; `grouped` where traces have a legendgroup; `ends` where the names
   * stand at the lines' ends, and in a legend only where the window is too narrow for that. Default: false.
   */
  legend?: boolean | 'grouped' | 'ends';
  /** How many lines the panels' headings take; with a legend, two rows of it have room above them. Default 0. */
  headings?: number;
  /** Pixels around the plot, in place of some of those that it is given: `t`, `r`, `b`, `l`. */
  margin?: JsonObject;
  /** Anything of Plotly's layout, laid over the rest. */
  extra?: JsonObject;
}

/** The layout that all figures share: opaque paper, one font, room for title and labels. */
export function baseLayout(options: BaseLayoutOptions): JsonObject {
  const { title, width, height = 460, legend = false, headings = 0, margin, extra = {} } = options;
  const lines = wrap(title, TITLE.length);
  const below = TITLE.top + TITLE.line * lines.length;
  const isShown = legend !== false && legend !== 'ends';
  return {
    title: {
      text: lines.join('<br>'),
      font: { size: 17 },
      xref: 'container',
      x: 0,
      xanchor: 'left',
      yref: 'container',
      y: 1,
      yanchor: 'top',
      pad: { t: TITLE.top + (lines.length > 1 ? 12 : 0), l: 16 }, // Plotly lifts a title of several lines.
    },
    ...(width === undefined ? { autosize: true } : { width }),
    height,
    font: { family: FONT, size: 13, color: palette.text },
    paper_bgcolor: palette.paper,
    plot_bgcolor: palette.paper,
    margin: { t: below + roomAbove(isShown, headings), r: 24, b: 60, l: 70, ...margin },
    showlegend: isShown,
    ...(legend && {
      legend: {
        orientation: 'h',
        font: { size: 12 },
        ...(legend !== true && { tracegroupgap: 0 }),
        x: 0,
        xanchor: 'left',
        yref: 'container',
        y: 1 - (below + 3) / height,
        yanchor: 'top',
      },
    }),
    hoverlabel: { font: { family: FONT }, namelength: -1 }, // a name as it is: Plotly cuts it at 15 letters
    ...extra,
  };
}

/** Lines of at most `length` characters and of about one length; the line breaks that the text has stay. */
function wrap(text: string, length: number): string[] {
  return text.split('<br>').flatMap((line) => {
    const lines = fill(line, length);
    // The narrowest column that takes no more lines: no word stands alone on the last.
    for (let width = Math.ceil(line.length / lines.length); width < length; width++) {
      const balanced = fill(line, width);
      if (balanced.length === lines.length) return balanced;
    }
    return lines;
  });
}

/** Lines of at most `length` characters, each as full as can be, broken at spaces, but none between a number and its %. */
function fill(line: string, length: number): string[] {
  return line.split(/ (?!%)/).reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > length) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

/** How an axis is labelled and scaled. */
export interface AxisOptions {
  /** What it measures. */
  title: string;
  /** Shown in brackets after the title: `in`, `degrees`. */
  unit?: string;
  /** Whether the title is written: of a row of panels one says it for all. Default: true. */
  titled?: boolean;
  /** [low, high] in the axis' own unit, on a logarithmic axis too. */
  range?: readonly [number, number];
  /** A logarithmic axis. Default: false. */
  log?: boolean;
  /** Anything of Plotly's axis, laid over the rest. */
  extra?: JsonObject;
}

/** An axis with a title, its unit, and a light grid; a logarithmic one says that it is. */
export function axis({ title, unit, titled = true, range, log = false, extra = {} }: AxisOptions): JsonObject {
  const said = [unit, log && 'logarithmic'].filter(Boolean).join(', ');
  const text = said ? `${title} (${said})` : title;
  return {
    title: { text: titled ? text : '', standoff: 8, font: { size: 13 } },
    gridcolor: palette.grid,
    linecolor: palette.muted,
    zeroline: false,
    ticks: 'outside',
    tickcolor: palette.muted,
    automargin: true,
    // Plotly writes the powers a quarter larger than it is told.
    ...(log ? { type: 'log', exponentformat: 'power', minorloglabels: 'none', tickfont: { size: 10.4 } } : {}),
    ...(range ? { range: range.map((bound) => (log ? Math.log10(bound) : bound)) } : {}),
    ...extra,
  };
}
