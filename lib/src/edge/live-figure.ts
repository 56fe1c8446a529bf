import { DescentError } from '../errors';
import type { Figure } from '../figures';
import { bundleOf } from './display';
import { kernel, newDisplayId } from './kernel';
import { sizeOf } from './render-png';
import { draw } from './renderer';

/** The least time between two images of a live figure. Milliseconds. */
const PACE = 400;

/** A figure, or what makes it when it is about to be drawn. */
type Source = Figure | (() => Figure);

/** A figure that changes while a cell runs. */
export interface LiveFigure {
  /** Shows the newest state; what comes faster than it can be drawn is passed over. */
  update(figure: Source): void;
  /** Leaves the last state, or another figure, as a live chart, exactly as `display` would show it. */
  finish(figure?: Source): Promise<void>;
}

const made = (source: Source): Figure => (typeof source === 'function' ? source() : source);

/**
 * Shows a figure that `update` replaces while the cell runs. JupyterLab's Plotly charts cannot be updated from a kernel,
 * so images are shown until `finish` leaves the chart itself. Does nothing outside a notebook.
 */
export function liveFigure(figure: Figure, clock: () => number = Date.now): LiveFigure {
  const transient = { display_id: newDisplayId() };
  const send = kernel();
  let newest: Source = figure;
  let drawn = clock();
  let drawing = false;
  let finished = false;
  send?.({ data: { 'text/plain': figure.description }, metadata: {}, transient }, false);

  async function show(): Promise<void> {
    drawing = true;
    try {
      const state = made(newest);
      const [image] = await draw({ figure: state, ...sizeOf(state), scale: 1 });
      const data = { 'image/png': image!.toString('base64'), 'text/plain': state.description };
      if (!finished) kernel()?.({ data, metadata: {}, transient }, true);
      drawing = false;
      drawn = clock();
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      // No browser: `drawing` stays true, so that it is not tried again; `finish` tells the reader.
    }
  }

  return {
    update(next) {
      newest = next;
      if (send && !drawing && !finished && clock() - drawn >= PACE) void show();
    },
    async finish(last = newest) {
      finished = true;
      if (send) kernel()?.({ ...(await bundleOf(made(last))), transient }, true);
    },
  };
}
