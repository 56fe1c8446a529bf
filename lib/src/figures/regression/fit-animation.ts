import { animate, axis, chart, marks, palette, pickFrames, round } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import type { Figure, FindingOptions, JsonObject, Panel } from '../chart';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import { lineError, type Fit } from '../../regression/exact';
import type { Line } from '../../losses/line';
import { isAt, equation, heights, lineMark, pointsMark, roomy, type LineRun, type XY } from './traces';

/** Points, and descents that fit lines to them. */
export interface Fits extends XY {
  /** The runs, one below the other, by what is said about each start. */
  runs: Record<string, LineRun>;
  /** The line that is to be found, and its loss: where that is another one, it stands in place of the `mse`. */
  exact: Fit;
}

/** How descents of lines are shown. */
export interface FitAnimationOptions extends FindingOptions {
  /** What runs, at the beginning of the title. Default: `Descent`. */
  by?: string;
  /** How many states are shown at most. Default: 60. */
  frames?: number;
}

/**
 * Descents at work: for each run the line over the data on the left, and on the right the loss so far, with the least
 * loss that a line can have. All panels move in step.
 */
export function fitAnimation({ x, y, runs, exact }: Fits, options: FitAnimationOptions): Figure {
  const { by = 'Descent', frames = 60 } = options;
  const list = Object.entries(runs);
  const finding = `${by}: ${findings({ x, y, runs, exact })}`;
  const across = roomy(x.values);
  const longest = list.reduce((most, [, run]) => Math.max(most, run.loss.length), 1);
  const starts = list.flatMap(([, { records }]) => heights(records[0]!, rangeOf(x.values)));
  const up = roomy([...y.values, ...starts]);
  const picked = pickFrames(longest, frames);

  /** What moves, in the j-th frame: for each run the line, its equation, the loss so far and its last point. */
  const moving = (j: number): JsonObject[] =>
    list.flatMap(([, { records, loss }]) => {
      const last = Math.min(picked[j]!, loss.length - 1);
      const path = [...new Set(picked.slice(0, j + 1).map((k) => Math.min(k, last)))];
      const shown = round(path.map((k) => loss[k]!));
      return [
        { y: round(heights(records[last]!, across), 5) },
        { text: [inWords(records[last]!, loss[last]!)] },
        { x: path, y: shown },
        { x: [last], y: shown.slice(-1) },
      ];
    });

  const still = list.flatMap(([, { records }], i) => [
    pointsMark({ x, y }, 2 * i),
    lineMark(exact, across, { name: 'exact fit, least loss', panel: 2 * i, ...OPTIMUM_LINE }),
    lineMark(records[0]!, across, { name: 'start', panel: 2 * i, color: palette.start, dash: 'dot', width: 1.5 }),
    marks.best(exact.mse, [0, longest - 1], { panel: 2 * i + 1, legend: false }),
  ]);
  // Below the points: on the right where they rise.
  const rises = exact.slope >= 0;
  const inset = 0.02 * (across[1] - across[0]);
  const corner = {
    x: [rises ? across[1] - inset : across[0] + inset],
    y: [up[0]],
    digits: 5,
    extra: { textposition: `top ${rises ? 'left' : 'right'}` },
  };
  const drawn = list.flatMap(([, { records }], i): JsonObject[] => {
    const right = { panel: 2 * i + 1, legend: false };
    return [
      lineMark(records[0]!, across, { name: 'line', panel: 2 * i }),
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
    finding,
    says: `${options.title ?? finding}. ${ends.join('; ')}. The exact fit is y = ${equation(exact)} with the loss ${digits(exact.mse)}.`,
    marks: [...still, ...drawn],
    height: 212 + 200 * list.length,
    legend: true,
    headings: 1,
    grid: {
      columns: 2,
      gapX: 0.2,
      gapY: 0.16,
      widths: [1.2, 1],
      panels: list.flatMap(([label, { loss }], i): Panel[] => {
        const titled = i === list.length - 1; // the lowest
        const iterations = [-0.02 * longest, longest - 1 + 0.02 * longest] as const;
        const unit = y.unit && `${y.unit}²`;
        const [, most] = rangeOf(loss.filter(Number.isFinite));
        return [
          {
            title: label,
            x: axis({ title: x.name, unit: x.unit, titled, range: across }),
            y: axis({ title: y.name, unit: y.unit, range: up }),
          },
          {
            title: `loss, ${label}`,
            x: axis({ title: 'iteration', titled, range: iterations }),
            y: axis({ title: 'loss', unit, range: [-0.04 * most, 1.06 * most] }),
          },
        ];
      }),
    },
  });
  const states = picked.map((k, j) => ({ label: String(k), data: moving(j) }));
  return animate(figure, states);
}

/** The line and its loss, as the panel says them. */
const inWords = ({ slope, intercept }: Line, loss: number): string =>
  `slope ${digits(slope)}<br>intercept ${digits(intercept)}<br>loss ${digits(loss)}`;

/**
 * How many lines came near the least mean squared error, whatever the loss of their descent was, and how many to the exact
 * line: the one does not say the other.
 */
function findings({ x, y, runs, exact }: Fits): string {
  const ends = Object.values(runs).map(({ records }) => records.at(-1)!);
  const least = lineError(exact, x.values, y.values);
  const near = ends.filter((line) => lineError(line, x.values, y.values) <= 1.1 * least).length;
  const right = ends.filter((line) => isAt(line, exact)).length;
  return `${near} of ${ends.length} end at most a tenth above the least MSE, ${right || 'none'} close to the exact line`;
}
