import { DescentError } from '../../errors';
import type { Figure, JsonObject } from './figure';
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
  /** Milliseconds that a frame stays. Default 60. */
  duration?: number;
  /** Whether each frame redraws the whole figure. Default: only where it has to (where all traces are `scatter`, it need not). */
  redraw?: boolean;
}

/** Room for the controls below the axis titles, and from where: pixels. */
const CONTROLS = { height: 86, below: 52 };

/**
 * Makes a figure an animation with Play, Pause and a slider below it. It waits for the reader: nothing moves by itself.
 * Until then it shows the last frame, which is laid over the figure's traces. Its axes need a `range`, since an
 * animation does not fit them anew. One frame alone is a still: that is for figures that controls make anew.
 *
 * @throws DescentError when a frame's traces are not in the figure, or when the figure's JSON passes FIGURE_LIMIT.
 */
export function animate(figure: Figure, states: FrameState[], options: AnimateOptions = {}): Figure {
  const end = states.at(-1)?.data ?? [];
  const first = figure.data.length - end.length;
  const { traces = end.map((_, k) => first + k), prefix = 'iteration ', duration = 60 } = options;
  check(figure, states, traces);
  const data = figure.data.map((trace, i) => ({ ...trace, ...end[traces.indexOf(i)] }));
  if (states.length === 1) return { ...figure, data };
  const redraw = options.redraw ?? needsRedraw(figure, states);
  const frames = states.map(({ data, layout }, i) => ({ name: String(i), data, traces, ...(layout && { layout }) }));
  const how = { mode: 'immediate', transition: { duration: 0 } };
  const play = { ...how, fromcurrent: true, frame: { duration, redraw } };
  const jump = { ...how, frame: { duration: 0, redraw } };
  const layout: JsonObject = {
    ...withRoomBelow(figure.layout, CONTROLS.height),
    updatemenus: [
      {
        type: 'buttons',
        direction: 'left',
        showactive: false,
        x: 0,
        xanchor: 'left',
        y: 0,
        yanchor: 'top',
        pad: { t: CONTROLS.below + 22, r: 8 },
        bgcolor: palette.paper,
        bordercolor: palette.muted,
        font: { size: 13 },
        buttons: [
          { label: 'Play', method: 'animate', args: [null, play] },
          { label: 'Pause', method: 'animate', args: [[null], jump] },
        ],
      },
    ],
    sliders: [
      {
        active: states.length - 1,
        x: 0,
        len: 1,
        xanchor: 'left',
        y: 0,
        yanchor: 'top',
        // The padding is in pixels, so that the slider begins beside the buttons in a narrow window too.
        pad: { t: CONTROLS.below, l: 138, r: 12, b: 8 },
        currentvalue: { prefix, xanchor: 'left', font: { size: 13 }, offset: 6 },
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

/** The layout with so many pixels more at the bottom: what is drawn keeps its size and its distance from the top. */
function withRoomBelow(layout: JsonObject, room: number): JsonObject {
  const height = Number(layout.height ?? 450);
  const margin = layout.margin as JsonObject | undefined;
  const legend = layout.legend as JsonObject | undefined;
  const moved = { ...layout, height: height + room, margin: { ...margin, b: Number(margin?.b ?? 80) + room } };
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
