import { checkSize } from '../figures/chart/animate';
import type { Figure } from '../figures';
import type { Control, ValuesOf } from './controls';
import { bundleOf } from './display';
import { kernel, newDisplayId } from './kernel';
import { openPanel } from './panel';
import type { Panel, PanelSpec, Places } from './panel-spec';

/**
 * Shows a figure, and above it controls: at each change the figure is made anew, while the hand moves. In a notebook that
 * nobody touches (nbconvert, GitHub, print) the figure of the start's values stands as a still, and outside a notebook
 * nothing is shown, as by `display`.
 *
 * Of changes that come faster than the figure is made, the last one counts. An error in a later figure stands beside the
 * last good one, which stays.
 *
 * @param controls by their names, which `draw` finds their values by
 * @param draw makes the figure of the values; its name stays the same
 * @throws what `draw` throws for the start's values; DescentError for a figure too large for a notebook
 *
 * @example
 * await interact({ rate: slider({ from: 0.01, to: 0.9 }) }, async ({ rate }) => {
 *   const loss = ({ x }: { x: tf.Tensor }) => x.sub(3).square();
 *   const run = await descend({ loss, variables: { x: 0 }, optimizer: tf.train.sgd(rate), iterations: 20, compile: true });
 *   return figures.lossChart([{ name: 'loss', loss: run.loss }], { name: 'rates', title: `A rate of ${rate}` });
 * });
 */
export async function interact<Controls extends Record<string, Control<unknown>>>(
  controls: Controls,
  draw: (values: ValuesOf<Controls>) => Figure | Promise<Figure>,
): Promise<void> {
  const entries = Object.entries(controls);
  let places = startOf(controls);
  const first = await figureAt(places, controls, draw);
  checkSize(first);
  if (!kernel()) return;
  const spec: PanelSpec = {
    figure: first.name,
    controls: entries.map(([name, { kind, label = inWords(name), dials }]) => ({ kind, label, dials })),
  };
  const shown = { ...(await bundleOf(first)), transient: { display_id: newDisplayId() } };
  const redraw = latest(async () => {
    try {
      const figure = await panel.work(() => figureAt(places, controls, draw));
      await panel.show({ ...figure, name: first.name });
    } catch (error) {
      panel.fail(error);
    }
  });
  const panel: Panel = openPanel(spec, shown, (moved) => {
    places = moved;
    return redraw();
  });
}

/** Where all dials stand at first. */
export const startOf = (controls: Record<string, Control<unknown>>): Places =>
  Object.values(controls).map(({ dials }) => dials.map(({ start }) => start));

/** The figure of the values where the dials stand. */
export async function figureAt<Controls extends Record<string, Control<unknown>>>(
  places: Places,
  controls: Controls,
  draw: (values: ValuesOf<Controls>) => Figure | Promise<Figure>,
): Promise<Figure> {
  const values = Object.entries(controls).map(([name, { valueAt }], i) => [name, valueAt(places[i]!)] as const);
  const figure = await draw(Object.fromEntries(values) as ValuesOf<Controls>);
  // a press puts the point, where else it would enlarge a part
  const isPressed = Object.values(controls).some(({ kind }) => kind === 'point');
  return isPressed ? { ...figure, layout: { ...figure.layout, dragmode: false } } : figure;
}

/** `learningRate` as `learning rate`. */
const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Never more than one run at a time, and none is missed: what is asked for meanwhile runs once more after it. */
export function latest(run: () => Promise<void>): () => Promise<void> {
  let going: Promise<void> | undefined;
  let isAsked = false;
  const loop = async (): Promise<void> => {
    while (isAsked) {
      isAsked = false;
      await run();
    }
  };
  return () => {
    isAsked = true;
    return (going ??= loop().finally(() => (going = undefined)));
  };
}
