import type { Figure } from './chart/figure';
import { axis, baseLayout } from './chart/layout';
import { OPTIMUM_LINE, seriesColor } from './chart/palette';
import { round } from './chart/round';

/** One run's curve. */
export interface LossRun {
  /** What is said of it in the legend. */
  name: string;
  /** The loss after 0, 1, 2 ... updates, as in `Trajectory.loss`. */
  loss: readonly number[];
  /** The number of updates behind each loss, where they are not 0, 1, 2 ... */
  iterations?: readonly number[];
  /** Default: the palette's series, in order. */
  color?: string;
}

/** What a chart of losses shows. */
export interface LossChartOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding. */
  title: string;
  /** The text alternative. */
  description: string;
  /** The descents, one line each. */
  runs: LossRun[];
  /** The loss's axis title. Default: `loss`. */
  lossTitle?: string;
  /** The loss's unit. Default: none. */
  unit?: string;
  /** A logarithmic loss axis. Default: false. */
  log?: boolean;
  /** The least loss there is, as a dashed line. */
  least?: number;
  /** Pixels. Default: 400. */
  height?: number;
}

/** Loss against iteration, one curve a run. */
export function lossChart(options: LossChartOptions): Figure {
  const { name, title, description, runs, lossTitle = 'loss', unit, log = false, least, height = 400 } = options;
  const last = Math.max(1, ...runs.map(({ loss, iterations }) => iterations?.at(-1) ?? loss.length - 1));
  return {
    name,
    description,
    data: [
      ...runs.map((run, i) => ({
        type: 'scatter',
        mode: 'lines',
        name: run.name,
        y: round([...run.loss]),
        ...(run.iterations && { x: [...run.iterations] }),
        line: { color: run.color ?? seriesColor(i), width: 2 },
        hovertemplate: `iteration %{x}<br>${lossTitle} %{y:.4g}<extra>${run.name}</extra>`,
      })),
      ...(least === undefined
        ? []
        : [
            {
              type: 'scatter',
              mode: 'lines',
              name: 'least loss',
              x: [0, last],
              y: round([least, least]),
              line: OPTIMUM_LINE,
              hovertemplate: 'least loss %{y:.4g}<extra></extra>',
            },
          ]),
    ],
    layout: {
      ...baseLayout({ title, height, legend: runs.length > 1 || least !== undefined }),
      xaxis: axis({ title: 'iteration' }),
      yaxis: axis({ title: lossTitle, unit, log }),
    },
  };
}
