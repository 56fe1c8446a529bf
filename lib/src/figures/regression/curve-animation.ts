import { animate, axis, chart, marks, palette, round } from '../chart';
import type { Figure, FigureOptions, JsonObject } from '../chart';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import { logTicks, pointsMark, roomy, type XY } from './traces';

/** Points, and a curve that was fitted to them step by step. */
export interface CurveFit extends XY {
  /** Where along x the curves are told, in increasing order. */
  at: readonly number[];
  /** The curve's heights there, for each state that is shown; what is not finite is left out. */
  curves: readonly (readonly number[])[];
  /** The number of steps before each of them: of long fits `pickFrames` picks some. */
  recorded: readonly number[];
  /** The sum of squares after 0, 1, 2 ... steps. */
  loss: readonly number[];
}

/**
 * A curve on its way to the data: the points and the curve on the left, with the one that it began as, and on the right the
 * sum of squares so far, on a logarithmic axis.
 */
export function curveAnimation({ x, y, at, curves, recorded, loss }: CurveFit, options: FigureOptions): Figure {
  const [first, last] = [curves[0]!, curves.at(-1)!];
  const heights = (curve: readonly number[]): (number | null)[] =>
    curve.map((value) => (Number.isFinite(value) ? Number(value.toPrecision(5)) : null));
  const [low, high] = rangeOf([...y.values, ...last.filter(Number.isFinite)]);
  // Of the curve's start it shows what lies no further outside than all the rest is high.
  const near = first.filter((value) => value > 2 * low - high && value < 2 * high - low);
  const up = roomy([low, high, ...near]);
  const most = rangeOf(loss)[1] || 1;
  const floor = Math.max(loss.at(-1)!, most * 1e-12); // a logarithmic axis has no zero
  const lossRange = [floor * 0.6, most * 1.6] as const;
  const steps = loss.length - 1;
  const shown = (k: number): number => Math.max(loss[k]!, floor);
  /** What moves, in the j-th frame: the curve, the loss so far and its last point. */
  const moving = (j: number): JsonObject[] => {
    const path = recorded.slice(0, j + 1);
    const k = recorded[j]!;
    return [{ y: heights(curves[j]!) }, { x: path, y: round(path.map(shown)) }, { x: [k], y: round([shown(k)]) }];
  };
  const right = { panel: 1, legend: false };
  const figure = chart(options, {
    says:
      `${options.title}. ${x.values.length} points of ${y.name} against ${x.name}, and the curve that was fitted to them in ` +
      `${steps} steps: the sum of squares fell from ${digits(loss[0]!)} to ${digits(loss.at(-1)!)}.`,
    marks: [
      pointsMark({ x, y }, 0),
      marks.line({
        name: 'start',
        panel: 0,
        legend: true,
        x: at,
        y: heights(first),
        digits: 5,
        color: palette.start,
        dash: 'dot',
        width: 1.5,
      }),
      marks.line({ name: 'curve so far', panel: 0, legend: true, x: at, y: heights(last), digits: 5, width: 3 }),
      marks.line({ ...right, hover: 'step %{x}<br>sum of squares %{y:.4g}' }),
      marks.dots({ ...right, size: 9 }),
    ],
    height: 480,
    legend: true,
    grid: {
      columns: 2,
      gapX: 0.2,
      widths: [1.2, 1],
      panels: [
        {
          x: axis({ title: x.name, unit: x.unit, range: roomy(x.values) }),
          y: axis({ title: y.name, unit: y.unit, range: up }),
        },
        {
          x: axis({ title: 'step', range: [-0.02 * steps - 0.1, 1.02 * steps + 0.1] }),
          y: axis({
            title: 'sum of squares',
            unit: y.unit && `${y.unit}²`,
            range: lossRange,
            log: true,
            extra: logTicks(lossRange),
          }),
        },
      ],
    },
  });
  const states = recorded.map((k, j) => ({ label: String(k), data: moving(j) }));
  return animate(figure, states, { prefix: 'step ' });
}
