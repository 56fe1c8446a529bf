import type { Column } from '../../data';
import {
  animate,
  axis,
  baseLayout,
  OPTIMUM_LINE,
  palette,
  panelAxes,
  panels,
  pickFrames,
  round,
  type Figure,
  type JsonObject,
  type Panel,
} from '../chart';
import type { Fit } from '../../regression/exact';
import type { Line } from '../../losses/line';
import { digits, equation, heights, lineTrace, logTicks, pointsTrace, rangeOf, type LineRun } from './traces';

/** What the animation of a fit shows. */
export interface FitAnimationOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
  /** The points: their horizontal values. */
  x: Column;
  /** And their vertical ones, as many. */
  y: Column;
  /** The runs, one below the other, by what is said about each start. */
  runs: Record<string, LineRun>;
  /** The line that is to be found. */
  exact: Fit;
  /** How many frames at most. Default 60. */
  frames?: number;
}

/**
 * Descents at work: for each run the line over the data on the left, and on the right the loss so far, with the least
 * loss that a line can have. All panels move in step.
 */
export function fitAnimation({ name, title, x, y, runs, exact, frames = 60 }: FitAnimationOptions): Figure {
  const list = Object.entries(runs);
  const across = rangeOf(x.values);
  const longest = list.reduce((most, [, run]) => Math.max(most, run.loss.length), 1);
  const losses = list.flatMap(([, run]) => run.loss);
  const most = losses.reduce((a, b) => Math.max(a, b));
  const least = Math.max(exact.mse, most * 1e-6); // a logarithmic axis has no zero
  const lossRange: [number, number] = [least * 0.8, most * 1.3];

  const upTo = (start: Line): [number, number] => rangeOf([...y.values, ...heights(start, rangeOf(x.values, 0))]);

  const picked = pickFrames(longest, frames);

  /** What moves, in the j-th frame: for each run the line, its equation, the loss so far and its last point. */
  const moving = (j: number): JsonObject[] =>
    list.flatMap(([, { records, loss }]) => {
      const last = Math.min(picked[j]!, loss.length - 1);
      const path = [...new Set(picked.slice(0, j + 1).map((k) => Math.min(k, last)))];
      const shown = round(path.map((k) => Math.max(loss[k]!, least * 0.8)));
      return [
        { y: round(heights(records[last]!, across), 5) },
        { text: [`y = ${equation(records[last]!)}<br>loss ${digits(loss[last]!)}`] },
        { x: path, y: shown },
        { x: [last], y: shown.slice(-1) },
      ];
    });

  const still = list.flatMap(([, { records }], i) => [
    pointsTrace(x, y, 2 * i),
    lineTrace('exact fit, least loss', exact, across, 2 * i, OPTIMUM_LINE),
    lineTrace('start', records[0]!, across, 2 * i, { color: palette.start, dash: 'dot', width: 1.5 }),
    {
      type: 'scatter',
      mode: 'lines',
      x: [0, longest - 1],
      y: round([least, least]),
      ...panelAxes(2 * i + 1),
      hoverinfo: 'skip',
      line: OPTIMUM_LINE,
      showlegend: false,
    },
  ]);
  const traces = list.flatMap(([, { records }], i): JsonObject[] => [
    lineTrace('line so far', records[0]!, across, 2 * i),
    {
      type: 'scatter',
      mode: 'text',
      x: round([across[0] + 0.02 * (across[1] - across[0])], 5),
      y: round([upTo(records[0]!)[1]], 5),
      textposition: 'bottom right',
      textfont: { color: palette.model, size: 14 },
      hoverinfo: 'skip',
      showlegend: false,
      ...panelAxes(2 * i),
    },
    {
      type: 'scatter',
      mode: 'lines',
      line: { color: palette.model, width: 2 },
      showlegend: false,
      ...panelAxes(2 * i + 1),
      hovertemplate: 'iteration %{x}<br>loss %{y:.4g}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'markers',
      marker: { color: palette.model, size: 9 },
      showlegend: false,
      hoverinfo: 'skip',
      ...panelAxes(2 * i + 1),
    },
  ]);
  const shown = moving(picked.length - 1); // the still image shows the end
  const figure: Figure = {
    name,
    description:
      `${title}. ${list
        .map(
          ([label, { records, loss }]) =>
            `${label}: after ${loss.length - 1} iterations ` +
            `y = ${equation(records.at(-1)!)} with the loss ${digits(loss.at(-1)!)}`,
        )
        .join('; ')}. ` + `The exact fit is y = ${equation(exact)} with the loss ${digits(exact.mse)}.`,
    data: [...still, ...traces.map((trace, i) => ({ ...trace, ...shown[i] }))],
    layout: {
      ...baseLayout({ title, height: 252 + 240 * list.length, legend: true, headings: 1 }),
      ...panels({
        columns: 2,
        gapX: 0.2,
        gapY: 0.16,
        widths: [1.2, 1],
        panels: list.flatMap(([label, { records }], i): Panel[] => {
          const bottom = i === list.length - 1;
          return [
            {
              title: label,
              x: axis({ title: bottom ? x.name : '', unit: bottom ? x.unit : undefined, range: across }),
              y: axis({ title: y.name, unit: y.unit, range: upTo(records[0]!) }),
            },
            {
              x: axis({ title: bottom ? 'iteration' : '', range: [-0.02 * longest, longest - 1 + 0.02 * longest] }),
              y: axis({
                title: 'loss',
                unit: y.unit && `${y.unit}²`,
                range: lossRange,
                log: true,
                extra: logTicks(...lossRange),
              }),
            },
          ];
        }),
      }),
    },
  };
  return animate(
    figure,
    picked.map((k, j) => ({ label: String(k), data: moving(j) })),
    { traces: traces.map((_, i) => still.length + i) },
  );
}
