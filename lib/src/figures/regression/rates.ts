import {
  axis,
  baseLayout,
  OPTIMUM_LINE,
  palette,
  panelAxes,
  panels,
  round,
  roundNumber,
  type Figure,
  type JsonObject,
} from '../chart';
import type { Fit } from '../../regression/exact';
import { digits, logTicks, type LineRun } from './traces';

/** What `ratesFigure` draws. */
export interface RatesOptions {
  /** The figure's name. */
  name: string;
  /** The finding. */
  title: string;
  /** The descents from one start; one that diverged may end in numbers that are not finite. */
  runs: readonly (LineRun & { name: string })[];
  /** The line that is to be found. */
  exact: Fit;
  /** The loss's unit. Default: none. */
  unit?: string;
  /** The slope's unit. Default: none. */
  slopeUnit?: string;
}

/**
 * Descents with different learning rates from one start: their losses, on a logarithmic axis, and their slopes, which
 * show what the loss hides: a step that lands on the other side. What leaves the chart is told at its edge.
 */
export function ratesFigure({ name, title, runs, exact, unit, slopeUnit }: RatesOptions): Figure {
  // Not the colour of the exact fit, which is a line too.
  const colours = palette.series.filter((colour) => colour !== palette.optimum);
  const start = runs[0]!;
  const most = 40 * start.loss[0]!;
  const swing = 1.4 * Math.abs(start.records[0]!.slope - exact.slope);
  const ranges = [
    [0.8 * exact.mse, most],
    [exact.slope - swing, exact.slope + swing],
  ] as const;
  const last = Math.max(1, ...runs.map(({ loss }) => loss.length - 1));
  /** How many states of a run lie in the chart, from its start. */
  const held = ({ loss }: LineRun): number => {
    const leaves = loss.findIndex((value) => !(value <= most));
    return leaves < 0 ? loss.length : leaves;
  };
  const line = (run: typeof start, i: number, panel: number): JsonObject => {
    const values = panel === 0 ? run.loss : run.records.map(({ slope }) => slope);
    // With the first state beyond the edge, so that the line is seen to leave.
    const drawn = values.slice(0, held(run) + 1).filter(Number.isFinite);
    return {
      type: 'scatter',
      mode: 'lines',
      name: run.name,
      legendgroup: run.name,
      showlegend: panel === 0,
      ...panelAxes(panel),
      y: round(drawn),
      line: { color: colours[i % colours.length]!, width: 2 },
      hovertemplate: `iteration %{x}<br>${panel === 0 ? 'loss' : 'slope'} %{y:.4~g}<extra>${run.name}</extra>`,
    };
  };
  const best = (panel: number): JsonObject => {
    const value = panel === 0 ? exact.mse : exact.slope;
    return {
      type: 'scatter',
      mode: 'lines',
      name: 'exact fit',
      legendgroup: 'exact fit',
      showlegend: panel === 0,
      ...panelAxes(panel),
      x: [0, last],
      y: round([value, value]),
      line: OPTIMUM_LINE,
      hovertemplate: `${panel === 0 ? 'least loss' : 'exact slope'} %{y:.4~g}<extra></extra>`,
    };
  };
  const leaving = runs.filter((run) => held(run) < run.loss.length);
  /** Where a run crosses the upper edge, between two states. */
  const crossing = ({ loss }: LineRun, k: number): number => {
    const [before, after] = [Math.log(loss[k - 1]!), Math.log(loss[k]!)];
    return k - 1 + (Number.isFinite(after) ? (Math.log(most) - before) / (after - before) : 0);
  };
  const x = axis({ title: 'iteration', range: [-0.04 * last, last] });
  const grid = panels({
    columns: 2,
    gapX: 0.16,
    panels: [
      { x, y: axis({ title: 'loss', unit, range: ranges[0], log: true, extra: logTicks(...ranges[0]) }) },
      { x, y: axis({ title: 'slope', unit: slopeUnit, range: ranges[1] }) },
    ],
  });
  const inWords = (run: typeof start): string =>
    leaving.includes(run)
      ? `${run.name}: ${digits(run.loss[0]!)}, then ${run.loss.slice(1).filter(Number.isFinite).slice(0, 3).map(digits).join(', ')} ...`
      : `${run.name}: from ${digits(run.loss[0]!)} to ${digits(run.loss.at(-1)!)} in ${run.loss.length - 1} iterations`;
  return {
    name,
    description: `${title}. The losses: ${runs.map(inWords).join('; ')}. The least loss is ${digits(exact.mse)}.`,
    data: [0, 1].flatMap((panel) => [...runs.map((run, i) => line(run, i, panel)), best(panel)]),
    layout: {
      ...baseLayout({ title, height: 440, legend: 'grouped' }),
      ...grid,
      annotations: leaving.map((run, i) => ({
        text: `${run.name}<br>leaves the chart:<br>${digits(run.loss[held(run)]!)} after ${held(run)}`,
        showarrow: true,
        xref: 'x',
        yref: 'y',
        x: roundNumber(crossing(run, held(run))),
        y: roundNumber(Math.log10(most)),
        ax: 24,
        ay: 28 + 56 * i,
        xanchor: 'left',
        align: 'left',
        arrowcolor: palette.muted,
        font: { size: 12, color: colours[runs.indexOf(run) % colours.length]! },
      })),
    },
  };
}
