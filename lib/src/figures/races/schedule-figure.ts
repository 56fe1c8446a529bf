import { axis, chart, marks, seriesColor, type Figure, type FigureOptions } from '../chart';
import { pickEvenly } from '../chart/frames';

/** One way to set the rate and what came of it. */
export interface ScheduledRun {
  /** What is said of it in the legend. */
  name: string;
  /** The learning rate of the first update, the second ... */
  rates: number[];
  /** What is to become small, after 0, 1, 2 ... updates. */
  losses: number[];
}

/** How the figure of learning-rate schedules is drawn. */
export interface ScheduleFigureOptions extends FigureOptions {
  /** The loss's axis title. Default: `loss`. */
  lossTitle?: string;
}

/** Learning rates on the left, what they lead to on the right. */
export function scheduleFigure(runs: readonly ScheduledRun[], options: ScheduleFigureOptions): Figure {
  const { title, lossTitle = 'loss' } = options;
  const quantities = ['learning rate', lossTitle];
  const ends = runs.map(
    ({ name, losses }) => `${name}: ${lossTitle} ${losses.at(-1)!.toPrecision(3)} after ${losses.length - 1} steps`,
  );
  return chart(options, {
    says: `${title}. ${ends.join('; ')}.`,
    marks: runs.flatMap(({ name, rates, losses }, i) =>
      [rates, losses].map((values, panel) => {
        const x = pickEvenly(values.length, 300);
        const hover = `step %{x}<br>${quantities[panel]} %{y:.4~g}`;
        const y = x.map((k) => values[k]!);
        return marks.line({ name, group: name, panel, legend: panel === 0, x, y, color: seriesColor(i), hover });
      }),
    ),
    height: 420,
    legend: 'grouped',
    grid: {
      columns: 2,
      gapX: 0.2,
      widths: [1, 1.4],
      panels: quantities.map((quantity) => ({ x: axis({ title: 'step' }), y: axis({ title: quantity, log: true }) })),
    },
  });
}
