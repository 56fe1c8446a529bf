import { lossChart, palette, type Figure, type JsonObject } from '../../plot';
import { digits, logTicks } from './traces';

/** Descents with different learning rates: the loss of each against the iteration, on a logarithmic axis. */
export function ratesFigure(name: string, title: string, runs: { name: string; loss: number[] }[], least: number,
  unit?: string): Figure {
  // Not the colour of the least loss, which is a line too.
  const colors = palette.series.filter((color) => color !== palette.optimum);
  const chart = lossChart({
    name, title, least, log: true, unit,
    runs: runs.map((run, i) => ({ name: run.name, loss: run.loss, color: colors[i % colors.length] })),
    description: `${title}. ${runs.map((run) => `${run.name}: from ${digits(run.loss[0]!)} to ${digits(run.loss.at(-1)!)} in ` +
      `${run.loss.length - 1} iterations`).join('; ')}. The least loss is ${digits(least)}.`,
  });
  const most = runs.flatMap((run) => run.loss).reduce((a, b) => Math.max(a, b));
  return { ...chart, layout: { ...chart.layout, yaxis: { ...(chart.layout['yaxis'] as JsonObject), ...logTicks(least, most) } } };
}
