import { animate, axis, chart, marks, palette, pickFrames, round } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import type { Figure, FigureOptions, JsonObject, Panel } from '../chart';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import type { Fit } from '../../regression/exact';
import type { Line } from '../../losses/line';
import { equation, heights, lineMark, logTicks, pointsMark, roomy, type LineRun, type XY } from './traces';

/** Points, and descents that fit lines to them. */
export interface Fits extends XY {
  /** The runs, one below the other, by what is said about each start. */
  runs: Record<string, LineRun>;
  /** The line that is to be found. */
  exact: Fit;
}

/**
 * Descents at work: for each run the line over the data on the left, and on the right the loss so far, with the least
 * loss that a line can have. All panels move in step; of the states it shows so many `frames` at most, 60 by default.
 */
export function fitAnimation({ x, y, runs, exact }: Fits, options: FigureOptions & { frames?: number }): Figure {
  const { title, frames = 60 } = options;
  const list = Object.entries(runs);
  const across = roomy(x.values);
  const longest = list.reduce((most, [, run]) => Math.max(most, run.loss.length), 1);
  const [, most] = rangeOf(list.flatMap(([, run]) => run.loss));
  const least = Math.max(exact.mse, most * 1e-6); // a logarithmic axis has no zero
  const lossRange = [least * 0.8, most * 1.3] as const;
  const upTo = (start: Line): [number, number] => roomy([...y.values, ...heights(start, rangeOf(x.values))]);
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
    pointsMark({ x, y }, 2 * i),
    lineMark(exact, across, { name: 'exact fit, least loss', panel: 2 * i, ...OPTIMUM_LINE }),
    lineMark(records[0]!, across, { name: 'start', panel: 2 * i, color: palette.start, dash: 'dot', width: 1.5 }),
    marks.best(least, [0, longest - 1], { panel: 2 * i + 1, legend: false }),
  ]);
  const drawn = list.flatMap(([, { records }], i): JsonObject[] => {
    const corner = { x: [across[0] + 0.02 * (across[1] - across[0])], y: [upTo(records[0]!)[1]], digits: 5 };
    const right = { panel: 2 * i + 1, legend: false };
    return [
      lineMark(records[0]!, across, { name: 'line so far', panel: 2 * i }),
      marks.text({ panel: 2 * i, legend: false, ...corner }),
      marks.line({ ...right, hover: 'iteration %{x}<br>loss %{y:.4g}' }),
      marks.dots({ ...right, size: 9 }),
    ];
  });
  const ends = list.map(
    ([label, { records, loss }]) =>
      `${label}: after ${loss.length - 1} iterations y = ${equation(records.at(-1)!)} with the loss ${digits(loss.at(-1)!)}`,
  );
  const figure = chart(options, {
    says: `${title}. ${ends.join('; ')}. The exact fit is y = ${equation(exact)} with the loss ${digits(exact.mse)}.`,
    marks: [...still, ...drawn],
    height: 212 + 200 * list.length,
    legend: true,
    headings: 1,
    grid: {
      columns: 2,
      gapX: 0.2,
      gapY: 0.16,
      widths: [1.2, 1],
      panels: list.flatMap(([label, { records }], i): Panel[] => {
        const titled = i === list.length - 1; // the lowest
        const iterations = [-0.02 * longest, longest - 1 + 0.02 * longest] as const;
        const unit = y.unit && `${y.unit}²`;
        return [
          {
            title: label,
            x: axis({ title: x.name, unit: x.unit, titled, range: across }),
            y: axis({ title: y.name, unit: y.unit, range: upTo(records[0]!) }),
          },
          {
            x: axis({ title: 'iteration', titled, range: iterations }),
            y: axis({ title: 'loss', unit, range: lossRange, log: true, extra: logTicks(lossRange) }),
          },
        ];
      }),
    },
  });
  const states = picked.map((k, j) => ({ label: String(k), data: moving(j) }));
  return animate(figure, states);
}
