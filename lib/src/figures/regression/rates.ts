import { axis, chart, marks, palette } from '../chart';
import { roundNumber } from '../chart/round';
import type { Figure, FindingOptions, JsonObject } from '../chart';
import { digits } from '../chart/words';
import type { Line } from '../../losses/line';
import type { Fit } from '../../regression/exact';
import { logTicks, type LineRun } from './traces';

/** Descents with different learning rates, and what they are after. */
export interface Rates {
  /** The descents from one start; one that diverged may end in numbers that are not finite. */
  runs: readonly (LineRun & { name: string })[];
  /** The line that is to be found, and its loss: where that is another one, it stands in place of the `mse`. */
  exact: Fit;
}

/** How `ratesFigure` draws. */
export interface RatesOptions extends FindingOptions {
  /** The loss's unit. Default: none. */
  unit?: string;
  /** The slope's unit. Default: none. */
  slopeUnit?: string;
}

/**
 * Descents with different learning rates from one start: their losses, on a logarithmic axis, and their slopes, which
 * show what the loss hides: a step that lands on the other side. What leaves the chart is told at its edge. Its title says
 * what becomes of each run, unless one is given.
 */
export function ratesFigure({ runs, exact }: Rates, options: RatesOptions): Figure {
  // Not the colour of the exact fit, which is a line too.
  const colours = palette.series.filter((colour) => colour !== palette.optimum);
  const colourOf = (i: number): string => colours[i % colours.length]!;
  const start = runs[0]!;
  const most = 40 * start.loss[0]!;
  const swing = 1.4 * Math.abs(start.records[0]!.slope - exact.slope);
  const range = [0.8 * exact.mse, most] as const;
  const last = Math.max(1, ...runs.map(({ loss }) => loss.length - 1));
  const panels = [
    { says: 'loss', best: exact.mse, bestSays: 'least loss', of: ({ loss }: LineRun) => loss },
    {
      says: 'slope',
      best: exact.slope,
      bestSays: 'exact slope',
      of: (run: LineRun) => run.records.map(({ slope }) => slope),
    },
  ];
  /** How many states of a run lie in the chart, from its start. */
  const held = ({ loss }: LineRun): number => {
    const leaves = loss.findIndex((value) => !(value <= most));
    return leaves < 0 ? loss.length : leaves;
  };
  const shared = (name: string, panel: number) => ({ name, group: name, panel, legend: panel === 0 });
  const drawn = panels.flatMap(({ says, best, bestSays, of }, panel): JsonObject[] => [
    ...runs.map((run, i) =>
      marks.line({
        ...shared(run.name, panel),
        // With the first state beyond the edge, so that the line is seen to leave.
        y: of(run)
          .slice(0, held(run) + 1)
          .filter(Number.isFinite),
        color: colourOf(i),
        hover: `iteration %{x}<br>${says} %{y:.4~g}`,
      }),
    ),
    marks.best(best, [0, last], { ...shared('exact fit', panel), hover: `${bestSays} %{y:.4~g}<extra></extra>` }),
  ]);
  const leaving = runs.filter((run) => held(run) < run.loss.length);
  /** Where a run crosses the upper edge, between two states. */
  const crossing = ({ loss }: LineRun, k: number): number => {
    const [before, after] = [Math.log(loss[k - 1]!), Math.log(loss[k]!)];
    return k - 1 + (Number.isFinite(after) ? (Math.log(most) - before) / (after - before) : 0);
  };
  const across = [-0.04 * last, last] as const;
  const slopes = [exact.slope - swing, exact.slope + swing] as const;
  // What leaves is named where it does.
  const named = drawn.slice(drawn.length / 2).filter((_, i) => !leaving.includes(runs[i]!));
  const x = axis({ title: 'iteration', range: across });
  const y = axis({ title: 'loss', unit: options.unit, range, log: true, extra: logTicks(range) });
  const fateOf = (run: typeof start): string => {
    if (leaving.includes(run)) return 'flies off';
    const sides = run.records.map(({ slope }) => slope > exact.slope);
    const swings = sides.filter((side, k) => k > 0 && side !== sides[k - 1]).length > run.loss.length / 3;
    const off = ({ slope }: Line): number => Math.abs(slope - exact.slope);
    const arrives = off(run.records.at(-1)!) <= 0.1 * off(run.records[0]!);
    return [swings ? 'swings' : '', arrives ? 'arrives' : ''].filter(Boolean).join(' and ') || 'crawls';
  };
  const finding = `In ${last} iterations: ${runs.map((run) => `${run.name} ${fateOf(run)}`).join(', ')}`;
  const inWords = (run: typeof start): string =>
    leaving.includes(run)
      ? `${run.name}: ${digits(run.loss[0]!)}, then ${run.loss.slice(1).filter(Number.isFinite).slice(0, 3).map(digits).join(', ')} ...`
      : `${run.name}: from ${digits(run.loss[0]!)} to ${digits(run.loss.at(-1)!)} in ${run.loss.length - 1} iterations`;
  return chart(options, {
    finding,
    says: `${options.title ?? finding}. The losses: ${runs.map(inWords).join('; ')}. The least loss is ${digits(exact.mse)}.`,
    marks: [...drawn, marks.endLabels(named, { x: across, y: slopes, panel: 1 })],
    height: 440,
    legend: 'ends',
    margin: { r: marks.roomForLabels(named) },
    grid: {
      columns: 2,
      gapX: 0.16,
      panels: [
        { x, y },
        { x, y: axis({ title: 'slope', unit: options.slopeUnit, range: slopes }) },
      ],
    },
    extra: {
      annotations: leaving.map((run, i) => {
        const text = `${run.name}<br>leaves the chart:<br>${digits(run.loss[held(run)]!)} after ${held(run)}`;
        const place = {
          xref: 'x',
          x: roundNumber(crossing(run, held(run))),
          yref: 'y',
          y: roundNumber(Math.log10(most)),
        };
        const arrow = { showarrow: true, ax: 24, ay: 28 + 56 * i, arrowcolor: palette.muted };
        return marks.note(text, { ...place, ...arrow, xanchor: 'left', align: 'left' }, colourOf(runs.indexOf(run)));
      }),
    },
  });
}
