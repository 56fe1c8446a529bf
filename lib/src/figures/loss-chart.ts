import { chart, marks, seriesColor, type Figure, type FindingOptions } from './chart';
import { rangeOf } from './chart/range';
import { capital, digits } from './chart/words';

/** One run's curve. */
export interface LossRun {
  /** What stands at its end, where there are several. */
  name: string;
  /** The loss after 0, 1, 2 ... updates, as in `Trajectory.loss`. */
  loss: readonly number[];
  /** The number of updates behind each loss, where they are not 0, 1, 2 ... */
  iterations?: readonly number[];
  /** Default: the palette's series, in order. */
  color?: string;
}

/** How a chart of losses is drawn. */
export interface LossChartOptions extends FindingOptions {
  /** The loss's axis title. Default: `loss`. */
  lossTitle?: string;
  /** The loss's unit. Default: none. */
  unit?: string;
  /** A logarithmic loss axis. Default: false. */
  log?: boolean;
  /** The least loss there is, as a dashed line. */
  least?: number;
  /** The largest loss that is shown: a run that diverges leaves the chart there. Default: the largest of all. */
  most?: number;
  /** Pixels. Default: 400. */
  height?: number;
}

const isList = (curves: object): curves is readonly LossRun[] => Array.isArray(curves);

/**
 * Loss against iteration, one curve a run, each with its name at its end where there are several. Takes a list, or
 * descents by their names, as `descend` returns them.
 */
export function lossChart(
  curves: readonly LossRun[] | Readonly<Record<string, Pick<LossRun, 'loss'>>>,
  options: LossChartOptions,
): Figure {
  const runs = isList(curves) ? curves : Object.entries(curves).map(([name, { loss }]): LossRun => ({ name, loss }));
  const { lossTitle = 'loss', unit, log = false, least, height = 400 } = options;
  const lasts = runs.map(({ loss, iterations }) => iterations?.at(-1) ?? loss.length - 1);
  const longest = Math.max(1, ...lasts);
  const ends = runs.map(({ loss }) => digits(loss.at(-1)!));
  const shown = runs.flatMap(({ loss }) => loss.filter((value) => Number.isFinite(value) && (!log || value > 0)));
  const [low, high] = rangeOf([...(shown.length > 0 ? shown : [1]), ...(least === undefined ? [] : [least])]);
  const most = Math.min(high, options.most ?? high);
  const margin = 0.05 * (most - low || 1);
  const range = log ? ([low / 1.5, most * 1.5] as const) : ([low - margin, most + margin] as const);
  return chart(options, {
    finding: findingOf(runs, lossTitle),
    says: `The ${lossTitle} by iteration: ${runs
      .map(({ name, loss }, i) => `${name}: ${digits(loss[0]!)} at first, ${ends[i]!} after ${lasts[i]} iterations`)
      .join('; ')}.`,
    marks: [
      ...runs.map(({ name, loss, iterations, color }, i) =>
        marks.line({
          name,
          x: iterations,
          y: loss.map((value) => (Number.isFinite(value) ? value : null)),
          color: color ?? seriesColor(i),
          hover: `iteration %{x}<br>${lossTitle} %{y:.4g}`,
        }),
      ),
      ...(least === undefined ? [] : [marks.best(least, [0, longest], LEAST)]),
    ],
    height,
    legend: (runs.length > 1 || least !== undefined) && 'ends',
    x: { title: 'iteration' },
    y: { title: lossTitle, unit, log, range },
  });
}

/** What there is to see of the ends. */
function findingOf(runs: readonly LossRun[], lossTitle: string): string {
  const [first] = runs;
  if (!first) return 'No run';
  const end = ({ loss }: LossRun): number => loss.at(-1)!;
  if (runs.length === 1) return capital(`${lossTitle} from ${digits(first.loss[0]!)} to ${digits(end(first))}`);
  const lowest = runs.reduce((a, b) => (end(b) < end(a) ? b : a));
  const said = runs.length === 2 ? runs.map((run) => `${run.name} ends at ${digits(end(run))}`) : [];
  return capital(said.join(', ') || `${lowest.name} ends lowest, at ${digits(end(lowest))}`);
}

const LEAST = { name: 'least loss', hover: 'least loss %{y:.4g}<extra></extra>' };
