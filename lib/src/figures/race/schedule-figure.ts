import { axis, baseLayout, panelAxes, panels, pickFrames, round, seriesColor, type Figure } from '../chart';

/** One way to set the rate and what came of it. */
export interface ScheduledRun {
  /** What is said of it in the legend. */
  name: string;
  /** The learning rate of the first update, the second ... */
  rates: number[];
  /** What is to become small, after 0, 1, 2 ... updates. */
  losses: number[];
}

/** What the figure of learning-rate schedules shows. */
export interface ScheduleFigureOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
  /** One line each. */
  runs: ScheduledRun[];
  /** The loss's axis title. Default: `loss`. */
  lossTitle?: string;
}

/** Learning rates on the left, what they lead to on the right. */
export function scheduleFigure({ name, title, runs, lossTitle = 'loss' }: ScheduleFigureOptions): Figure {
  const line = (run: ScheduledRun, i: number, values: number[], panel: number) => {
    const quantity = panel === 0 ? 'learning rate' : lossTitle;
    const shown = pickFrames(values.length, 300);
    return {
      type: 'scatter',
      mode: 'lines',
      name: run.name,
      legendgroup: run.name,
      showlegend: panel === 0,
      ...panelAxes(panel),
      x: shown,
      y: round(shown.map((k) => values[k]!)),
      line: { color: seriesColor(i), width: 2 },
      hovertemplate: `step %{x}<br>${quantity} %{y:.4~g}<extra>${run.name}</extra>`,
    };
  };
  return {
    name,
    description: `${title}. ${runs
      .map(
        ({ name: run, losses }) =>
          `${run}: ${lossTitle} ${losses.at(-1)!.toPrecision(3)} after ${losses.length - 1} steps`,
      )
      .join('; ')}.`,
    data: runs.flatMap((run, i) => [line(run, i, run.rates, 0), line(run, i, run.losses, 1)]),
    layout: {
      ...baseLayout({ title, height: 420, legend: 'grouped' }),
      ...panels({
        columns: 2,
        gapX: 0.2,
        widths: [1, 1.4],
        panels: [
          { x: axis({ title: 'step' }), y: axis({ title: 'learning rate', log: true }) },
          { x: axis({ title: 'step' }), y: axis({ title: lossTitle, log: true }) },
        ],
      }),
    },
  };
}
