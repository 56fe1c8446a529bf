// Draws a figure anew in the chart that shows it: on pages and in JupyterLab, which both take its text.
import type { Figure, JsonObject } from '../figures';

type Drawn = Pick<Figure, 'data' | 'layout' | 'frames'>;

/** What this asks of Plotly. */
interface Plotly {
  react: (chart: Chart, figure: Drawn) => Promise<unknown>;
  animate: (chart: Chart, frame: object, options: object) => Promise<unknown>;
  relayout: (chart: Chart, changes: object) => Promise<unknown>;
}

/** An element that Plotly draws into. */
interface Chart extends HTMLElement {
  /** All of its last figure but where its points are, and its title: Plotly changes what it is given. */
  steady?: string;
  once: (event: string, then: () => void) => void;
}

/**
 * Draws a figure in place of the last one. Where points have moved and the title speaks of them, which is all that happens
 * while a hand moves a control, Plotly moves the points alone: axes, legend and the map below them take it longer.
 */
export async function redraw(Plotly: Plotly, chart: Chart, figure: Drawn): Promise<void> {
  const { data, layout, frames } = figure;
  const isPoints = ({ type = 'scatter' }: JsonObject): boolean => type === 'scatter';
  const still = (trace: JsonObject): JsonObject =>
    isPoints(trace) ? { ...trace, x: undefined, y: undefined, customdata: undefined } : trace;
  const around = { ...layout, title: undefined, meta: undefined, width: undefined };
  const steady = JSON.stringify([data.map(still), around]);
  const isMoved = chart.steady === steady && !frames;
  chart.steady = steady;
  if (!isMoved) return void (await Plotly.react(chart, figure));

  const traces = data.flatMap((trace, i) => (isPoints(trace) ? [i] : []));
  const moved = traces.map((i) => {
    const { x, y, customdata } = data[i]!;
    return { x, y, ...(customdata !== undefined && { customdata }) };
  });
  // Plotly takes away the layers of what it is not told to move: it does not see them while it draws.
  chart.once('plotly_transitioning', () => {
    const maps = chart.querySelectorAll('.mlayer:not(.scatterlayer)');
    maps.forEach((map) => map.classList.remove('mlayer'));
    queueMicrotask(() => maps.forEach((map) => map.classList.add('mlayer')));
  });
  const drawn = new Promise<void>((resolve) => chart.once('plotly_transitioned', resolve));
  const atOnce = { mode: 'immediate', frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  await Promise.race([drawn, Plotly.animate(chart, { data: moved, traces }, atOnce)]);
  await Plotly.relayout(chart, { 'title.text': (layout['title'] as JsonObject | undefined)?.['text'] });
}

/** `redraw` as an expression. esbuild, which runs the sources as they are, marks functions by a helper that pages have not. */
export const redrawText = `((__name) => ${redraw.toString()})((named) => named)`;
