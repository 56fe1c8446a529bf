// Draws a figure in a chart, again and again: on pages and in JupyterLab, which both take its text.
import type { Figure, JsonObject } from '../figures';

type Drawn = Pick<Figure, 'data' | 'layout' | 'frames'> & { config?: object };

/** What this asks of Plotly. */
interface Plotly {
  react: (chart: Chart, figure: Drawn) => Promise<unknown>;
  animate: (chart: Chart, frame: object, options: object) => Promise<unknown>;
  relayout: (chart: Chart, changes: object) => Promise<unknown>;
}

/** An element that Plotly draws into. */
interface Chart extends HTMLElement {
  /** What is to be shown at last. */
  next?: Drawn;
  /** Ends when what was asked for before is drawn. */
  drawing?: Promise<void>;
  /** All of its last figure but where its points are, and what its title says: Plotly changes what it is given. */
  surroundings?: string;
  /** Plotly's own account of it. */
  _fullLayout: Record<string, { autorange?: boolean } | undefined>;
  once: (event: string, then: () => void) => void;
}

/**
 * Draws a figure in a chart, in place of the last one; of several that wait, the last. Where points have moved and the title
 * speaks of them, which is all that happens while a hand moves a control, Plotly moves the points alone: axes, legend and the
 * map below them take it longer. Axes that fit themselves to the points are drawn anew.
 */
export function redraw(Plotly: Plotly, chart: Chart, figure: Drawn): Promise<void> {
  const isPoints = ({ type = 'scatter' }: JsonObject): boolean => type === 'scatter';
  const unmoved = ({ x, y, customdata, ...trace }: JsonObject): object => ({
    ...trace,
    has: [x, y, customdata].map((one) => one !== undefined),
  });
  const surroundingsOf = ({ data, layout }: Drawn): string => {
    const title = { ...(layout['title'] as JsonObject | undefined), text: undefined };
    const traces = data.map((trace) => (isPoints(trace) ? unmoved(trace) : trace));
    return JSON.stringify([traces, { ...layout, title, meta: undefined, width: undefined }]);
  };
  const fitsItself = (): boolean =>
    Object.entries(chart._fullLayout).some(([name, axis]) => /^[xy]axis/.test(name) && axis?.autorange);

  const move = async ({ data, layout }: Drawn): Promise<void> => {
    const traces = data.flatMap((trace, i) => (isPoints(trace) ? [i] : []));
    const moved = traces.map((i) => {
      const { x, y, customdata } = data[i]!;
      return Object.fromEntries(Object.entries({ x, y, customdata }).filter(([, one]) => one !== undefined));
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
    const text = (layout['title'] as JsonObject | undefined)?.['text'];
    if (text !== undefined) await Plotly.relayout(chart, { 'title.text': text });
  };

  const draw = async (): Promise<void> => {
    if (chart.next !== figure) return;
    const surroundings = surroundingsOf(figure);
    const isMoved = chart.surroundings === surroundings && !figure.frames && !fitsItself();
    chart.surroundings = undefined; // until it is drawn
    await (isMoved ? move(figure) : Plotly.react(chart, figure));
    chart.surroundings = surroundings;
  };
  chart.next = figure;
  chart.drawing = (chart.drawing ?? Promise.resolve()).catch(() => undefined).then(draw);
  return chart.drawing;
}

/** `redraw` as an expression. esbuild, which runs the sources as they are, marks functions by a helper that pages have not. */
export const redrawText = `((__name) => ${redraw.toString()})((named) => named)`;
