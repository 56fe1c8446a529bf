import { chart, marks, seriesColor, type Figure, type FigureOptions } from './chart';
import { digits } from './chart/words';

/** One run's curve. */
export interface LossRun {
  /** What stands at its line's end. */
  name: string;
  /** The loss after 0, 1, 2 ... updates, as in `Trajectory.loss`. */
  loss: readonly number[];
  /** The number of updates behind each loss, where they are not 0, 1, 2 ... */
  iterations?: readonly number[];
  /** Default: the palette's series, in order. */
  color?: string;
}

/** How a chart of losses is drawn. */
export interface LossChartOptions extends FigureOptions {
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
export function lossChart(runs: readonly LossRun[], options: LossChartOptions): Figure {
  const { title, lossTitle = 'loss', unit, log = false, least, height = 400 } = options;
  const lasts = runs.map(({ loss, iterations }) => iterations?.at(-1) ?? loss.length - 1);
  const ends = runs.map(
    ({ name, loss }, i) =>
      `${name}: ${digits(loss[0]!)} at first, ${digits(loss.at(-1)!)} after ${lasts[i]} iterations`,
  );
  const bottom = { name: 'least loss', hover: 'least loss %{y:.4g}<extra></extra>' };
  return chart(options, {
    says: `${title}. The ${lossTitle}: ${ends.join('; ')}.`,
    marks: [
      ...runs.map(({ name, loss, iterations, color }, i) =>
        marks.line({
          name,
          x: iterations,
          y: loss,
          color: color ?? seriesColor(i),
          hover: `iteration %{x}<br>${lossTitle} %{y:.4g}`,
        }),
      ),
      ...(least === undefined ? [] : [marks.best(least, [0, Math.max(1, ...lasts)], bottom)]),
    ],
    height,
    legend: (runs.length > 1 || least !== undefined) && 'ends',
    x: { title: 'iteration' },
    y: { title: lossTitle, unit, log },
  });
}
