import { axis, chart, marks, seriesColor, type Figure, type FindingOptions } from '../chart';
import { labelsBeside, roomFor } from '../chart/beside';
import { pickEvenly } from '../chart/frames';
import { ticksUpTo } from '../chart/range';
import { roundNumber } from '../chart/round';
import { digits } from '../chart/words';

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
export interface ScheduleFigureOptions extends FindingOptions {
  /** The loss's axis title. Default: `loss`. */
  lossTitle?: string;
  /** Losses below this are drawn at it. Default 1e-8. */
  floor?: number;
}

/** About how large a panel is, in pixels. */
const PANEL = { width: 190, height: 200 };

/** Learning rates on the left, what they lead to on the right, each with its name at its end. */
export function scheduleFigure(runs: readonly ScheduledRun[], options: ScheduleFigureOptions): Figure {
  const { lossTitle = 'loss', floor = 1e-8 } = options;
  const longest = Math.max(1, ...runs.map(({ losses }) => losses.length - 1));
  const lossesOf = ({ losses }: ScheduledRun): number[] => losses.map((loss) => Math.max(loss, floor));
  const all = runs.flatMap(lossesOf);
  const rates = runs.flatMap((run) => run.rates);
  const ranges = [
    [0, 1.1 * Math.max(...rates)],
    [Math.min(...all) / 3, 3 * Math.max(...all)],
  ] as const;
  const quantities = ['learning rate', lossTitle];
  const colours = runs.map((_, i) => seriesColor(i));
  const ends = runs.map(
    ({ name, losses }) => `${name}: ${lossTitle} ${digits(losses.at(-1)!)} after ${losses.length - 1} steps`,
  );
  const lowest = runs.reduce((a, b) => (b.losses.at(-1)! < a.losses.at(-1)! ? b : a));
  const last =
    longest /
    (1 -
      roomFor(
        runs.map(({ name }) => name),
        PANEL.width,
      ));
  const names = labelsBeside(
    runs.map((run) => ({ text: run.name, x: run.losses.length - 1, y: Math.log10(lossesOf(run).at(-1)!) })),
    { ...PANEL, x: [0, last], y: [Math.log10(ranges[1][0]), Math.log10(ranges[1][1])] },
  );
  return chart(options, {
    finding: `Lowest after ${longest} steps: ${lowest.name}, at ${roundNumber(lowest.losses.at(-1)!, 2)}`,
    says: `Learning rates by schedule, and the losses that they lead to. ${ends.join('; ')}.`,
    marks: [
      ...runs.flatMap((run, i) =>
        [run.rates, lossesOf(run)].map((values, panel) => {
          const x = pickEvenly(values.length, 300);
          const hover = `step %{x}<br>${quantities[panel]} %{y:.4~g}`;
          const y = x.map((k) => values[k]!);
          return marks.line({ name: run.name, panel, x, y, color: colours[i]!, width: 2, hover });
        }),
      ),
      marks.text(
        {
          panel: 1,
          x: names.x,
          y: names.y.map((y) => 10 ** y),
          extra: { text: names.text, textposition: names.textposition, cliponaxis: false },
        },
        { color: colours, size: 12 },
      ),
    ],
    height: 400,
    grid: {
      columns: 2,
      gapX: 0.2,
      panels: [
        { x: axis({ title: 'step' }), y: axis({ title: quantities[0]!, range: ranges[0] }) },
        {
          x: axis({ title: 'step', range: [-0.02 * longest, last], extra: { tickvals: ticksUpTo(longest) } }),
          y: axis({ title: lossTitle, log: true, range: ranges[1], extra: { dtick: 2 } }),
        },
      ],
    },
  });
}
