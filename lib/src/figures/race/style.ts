import { optimizerNames } from '../../optimizers';
import { baseLayout, roundNumber, seriesColor, type JsonObject } from '../chart';
import type { Point } from '../../race/objectives';
import type { RaceRun } from '../../race/race';

/** The six of the well-known animation, shown from the start; the others wait in the legend. */
export const CLASSIC: readonly string[] = ['sgd', 'momentum', 'nesterov', 'adagrad', 'adadelta', 'rmsprop'];

/**
 * An optimiser's line in every figure: one colour each for the first eight, the same colours dotted for the others. One
 * of the reader's own is dashed, in a colour that follows from its name.
 */
export function optimizerLine(name: string): { color: string; dash: string } {
  const i = (optimizerNames as string[]).indexOf(name);
  if (i < 0)
    return { color: seriesColor([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)), dash: 'dash' };
  return { color: seriesColor(i), dash: i < 8 ? 'solid' : 'dot' };
}

/** An optimiser's ball: a square where the line is dotted, so that two of one colour can be told apart. */
export function optimizerBall(name: string): { color: string; symbol: string } {
  const { color, dash } = optimizerLine(name);
  return { color, symbol: dash === 'solid' ? 'circle' : 'square' };
}

/** `adam, rate 0.1`, and what became of it if it did not hold. */
export function runLabel({ optimizer, hyper, diverged }: RaceRun): string {
  const { learningRate } = hyper;
  const rate =
    typeof learningRate === 'number' ? `, ${roundNumber(learningRate)}` : learningRate ? ', by schedule' : '';
  return `${optimizer}${rate}${diverged === undefined ? '' : `, diverged at step ${diverged}`}`;
}

/** A race's layout without its axes: the legend in columns between title and plot, five entries to a row. */
export function raceLayout(title: string, entries: number): JsonObject {
  const layout = baseLayout({ title, height: 500, legend: 'grouped' });
  const margin = layout['margin'] as JsonObject;
  const rows = Math.ceil(entries / 5);
  return {
    ...layout,
    legend: { ...(layout['legend'] as JsonObject), entrywidth: 108, font: { size: 11 } },
    margin: { ...margin, t: Number(margin['t']) + 18 * (rows - 1) },
  };
}

/** The run after k updates, or where it ended. */
export const stateAt = ({ trajectory, loss }: RaceRun, k: number): { point: Point; loss: number; k: number } => {
  const last = Math.min(k, trajectory.length - 1);
  return { point: trajectory[last]!, loss: loss[last]!, k: last };
};
