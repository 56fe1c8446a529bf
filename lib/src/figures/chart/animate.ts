import { DescentError } from '../../errors';
import type { Figure, Json, JsonObject } from './figure';
import { FIGURE_LIMIT } from './limit';
import { palette } from './palette';

/** One state of an animation: only what changes. */
export interface FrameState {
  /** Shown at the slider: the iteration, the step. */
  label: string;
  /** New values for the traces, one object each, in the order of `AnimateOptions.traces`. */
  data: JsonObject[];
  /** Changes of the layout: an annotation, a title. */
  layout?: JsonObject;
}

/** What an animation moves, and how fast. */
export interface AnimateOptions {
  /** The indices of the traces that the frames change, in the order of each frame's `data`. Default: the last ones. */
  traces?: number[];
  /** Written before the slider's label. Default: `iteration `. */
  prefix?: string;
  /** Milliseconds that a frame stays. Default: so many that all take about six seconds. */
  duration?: number;
  /** Whether each frame redraws the whole figure. Default: only where it has to (where all traces are `scatter`, it need not). */
  redraw?: boolean;
}

/** Room for the controls between title and plot: the slider with its ticks, and the buttons above it. Pixels. */
const ROOM = { slider: 52, buttons: 36 };
/** Milliseconds from start to end, and the least and the most that a frame stays. */
const PLAY = { all: 6000, least: 60, most: 700 };
/** How much slower Slow is, how often Loop goes round, and for how many frames it rests at the end. */
const [SLOWER, ROUNDS, REST] = [4, 10, 6];

/**
 * Makes a figure an animation with Play, Slow (four times as long), Loop (ten times), Pause and a slider above it, beside
 * what it shows first; pages add buttons for single steps. It waits for the reader: nothing moves by itself. Until then it shows the last frame, which is laid over the figure's traces. Its axes
 * need a `range`, since an animation does not fit them anew. One frame alone is a still: that is for figures that controls
 * make anew.
 *
 * @throws DescentError when a frame's traces are not in the figure, or when the figure's JSON passes FIGURE_LIMIT.
 */
export function animate(figure: Figure, states: FrameState[], options: AnimateOptions = {}): Figure {
  const end = states.at(-1)?.data ?? [];
  const first = figure.data.length - end.length;
  const { traces = end.map((_, k) => first + k), prefix = 'iteration ' } = options;
  check(figure, states, traces);
  const data = figure.data.map((trace, i) => ({ ...trace, ...end[traces.indexOf(i)] }));
  if (states.length === 1) return { ...figure, data };
  const even = Math.round(PLAY.all / states.length);
  const { duration = Math.min(PLAY.most, Math.max(PLAY.least, even)) } = options;
  const redraw = options.redraw ?? needsRedraw(figure, states);
  const frames = states.map(({ data, layout }, i) => ({ name: String(i), data, traces, ...(layout && { layout }) }));
  const names = frames.map(({ name }) => name);
  const round = [...names, ...Array.from({ length: REST }, () => names.at(-1)!)];
  const how = { mode: 'immediate', transition: { duration: 0 } };
  const play = (slower = 1): JsonObject => ({
    ...how,
    fromcurrent: true,
    frame: { duration: slower * duration, redraw },
  });
  const jump = { ...how, frame: { duration: 0, redraw } };
  const button = (label: string, ...args: Json[]): JsonObject => ({ label, method: 'animate', args });
  const above = roomOfHeadings(figure.layout);
  const layout: JsonObject = {
    ...withRoomAbove(figure.layout, ROOM.slider + ROOM.buttons),
    updatemenus: [
      {
        type: 'buttons',
        direction: 'left',
        showactive: false,
        x: 0,
        xanchor: 'left',
        y: 1,
        yanchor: 'bottom',
        pad: { b: above + ROOM.slider },
        bgcolor: palette.grid,
        bordercolor: palette.paper,
        borderwidth: 6, // Plotly puts buttons 2 pixels apart: an edge of paper keeps them from touching
        font: { size: 12, color: palette.text },
        buttons: [
          button('Play', null, play()),
          button('Slow', null, play(SLOWER)),
          button('Loop', Array.from({ length: ROUNDS }, () => round).flat(), play()),
          button('Pause', [null], jump),
        ],
      },
    ],
    sliders: [
      {
        active: states.length - 1,
        x: 0,
        len: 1,
        xanchor: 'left',
        y: 1,
        yanchor: 'bottom',
        pad: { t: 0, l: 8, r: 8, b: above },
        currentvalue: { prefix, xanchor: 'right', font: { size: 13 }, offset: 10 },
        transition: { duration: 0 },
        ticklen: 4,
        minorticklen: 0,
        tickcolor: palette.muted,
        bordercolor: palette.muted,
        font: { size: 11 },
        steps: frames.map(({ name }, i) => ({ label: states[i]!.label, method: 'animate', args: [[name], jump] })),
      },
    ],
  };
  const animated: Figure = { ...figure, data, layout, frames };
  checkSize(animated);
  return animated;
}

/** Refuses a figure that would slow a notebook down. @throws DescentError when its JSON passes FIGURE_LIMIT. */
export function checkSize(figure: Figure): void {
  const { name, data, layout, frames } = figure;
  const bytes = Buffer.byteLength(JSON.stringify({ data, layout, frames }));
  if (bytes <= FIGURE_LIMIT) return;
  throw new DescentError(
    `the figure '${name}' takes ${Math.round(bytes / 1000)} kB as JSON, more than the ` +
      `${FIGURE_LIMIT / 1000} kB that a notebook can hold: ` +
      (frames
        ? `pick fewer of its ${frames.length} ` + 'frames (pickFrames), or draw fewer points in each'
        : 'draw fewer points, or round them (round)'),
  );
}

/** What the headings of the topmost panels take above the plot, in pixels. */
function roomOfHeadings({ annotations = [] }: JsonObject): number {
  const lines = (annotations as JsonObject[])
    .filter(({ yref, y, yanchor }) => yref === 'paper' && y === 1 && yanchor === 'bottom')
    .map(({ text }) => ((text as string | undefined) ?? '').split('<br>').length);
  return 10 + 18 * Math.max(0, ...lines);
}

/** The layout with so many pixels more above the plot: what is drawn keeps its size, title and legend their places. */
function withRoomAbove(layout: JsonObject, room: number): JsonObject {
  const height = Number(layout.height ?? 450);
  const margin = layout.margin as JsonObject | undefined;
  const legend = layout.legend as JsonObject | undefined;
  const moved = { ...layout, height: height + room, margin: { ...margin, t: Number(margin?.t ?? 100) + room } };
  if (legend?.yref !== 'container') return moved;
  return { ...moved, legend: { ...legend, y: 1 - ((1 - Number(legend.y)) * height) / (height + room) } };
}

function check(figure: Figure, states: FrameState[], traces: number[]): void {
  if (states.length === 0) throw new DescentError(`the animation '${figure.name}' has no frames`);
  const missing = traces.find((trace) => !figure.data[trace]);
  if (missing !== undefined) {
    throw new DescentError(
      `the animation '${figure.name}' changes trace ${missing}, ` + `but the figure has ${figure.data.length}`,
    );
  }
  const odd = states.findIndex(({ data }) => data.length !== traces.length);
  if (odd >= 0) {
    throw new DescentError(
      `frame ${odd} of the animation '${figure.name}' changes ${states[odd]!.data.length} ` +
        `traces, not ${traces.length}`,
    );
  }
}

/** Plotly moves `scatter` traces without drawing them again, and nothing else: a contour beside them would even vanish. */
function needsRedraw(figure: Figure, states: FrameState[]): boolean {
  return states.some(({ layout }) => layout) || figure.data.some(({ type = 'scatter' }) => type !== 'scatter');
}
