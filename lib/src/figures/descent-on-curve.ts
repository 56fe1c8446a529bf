import { animate, chart, marks, palette, pickFrames, round, seriesColor } from './chart';
import type { Figure, FindingOptions, JsonObject } from './chart';
import { labelsBeside } from './chart/beside';
import { rangeOf } from './chart/range';
import { digits } from './chart/words';

/** A loss of one number, as a curve, and descents on it. */
export interface CurveDescents {
  /** Where the curve is told, in increasing order, and its heights there. */
  curve: { x: readonly number[]; y: readonly number[] };
  /** By their names: the number after 0, 1, 2 ... updates, and its loss. What is not finite ends a run. */
  runs: Record<string, { x: readonly number[]; loss: readonly number[] }>;
}

/** How descents on a curve are drawn. */
export interface CurveDescentOptions extends FindingOptions {
  /** The number's name. Default: `x`. */
  xTitle?: string;
  /** Its unit. Default: none. */
  xUnit?: string;
  /** The loss's unit. Default: none. */
  lossUnit?: string;
  /** What stands at the curve's lowest point. Default: it is not marked. */
  lowest?: string;
  /** How many frames at most; one alone makes a still, for `interact`. Default 40. */
  frames?: number;
}

/** About how large the plot is, in pixels: as in narrow windows, so that names stay apart there too. */
const PLOT = { width: 260, height: 300, below: true };

/** Balls that go down a curve, step by step, each with its trail and its name: what a loss of one number looks like. */
export function curveDescentFigure({ curve, runs }: CurveDescents, options: CurveDescentOptions): Figure {
  const { xTitle = 'x', xUnit, lossUnit, lowest, frames = 40 } = options;
  const list = Object.entries(runs).map(([name, run]) => ({ name, ...whileFinite(run) }));
  const longest = Math.max(0, ...list.map(({ x }) => x.length - 1));
  const [low, high] = rangeOf(curve.y.filter(Number.isFinite));
  const goals = lowest === undefined ? [] : [{ text: lowest, x: curve.x[curve.y.indexOf(low)]!, y: low }];
  const below = 0.22 + 0.06 * goals.length;
  const ranges = { x: rangeOf(curve.x), y: [low - below * (high - low), high + 0.08 * (high - low)] } as const;
  const unit = xUnit ? ` ${xUnit}` : '';

  /** What moves, after k updates: each run's trail, the balls, and their names. */
  const moving = (k: number): JsonObject[] => {
    const heads = list.map(({ name, x, loss }) => {
      const last = Math.min(k, x.length - 1);
      return { text: name, x: x[last]!, y: loss[last]! };
    });
    return [
      ...list.map(({ x, loss }) => round({ x: x.slice(0, k + 1), y: loss.slice(0, k + 1) })),
      round({ x: heads.map(({ x }) => x), y: heads.map(({ y }) => y) }),
      round(labelsBeside([...heads, ...goals], { ...ranges, ...PLOT })),
    ];
  };

  const colours = list.map((_, i) => seriesColor(i));
  const hover = `${xTitle} %{x:.4~g}${unit}<br>loss %{y:.4~g}${lossUnit ? ` ${lossUnit}` : ''}`;
  const ends = list.map(
    ({ name, x, loss }) => `${name} at ${digits(x.at(-1)!)}${unit}, where the loss is ${digits(loss.at(-1)!)}`,
  );
  const figure = chart(options, {
    finding: `After ${longest} steps: ${list.map(({ name, x }) => `${name} at ${digits(x.at(-1)!)}${unit}`).join(', ')}`,
    says:
      `The loss as a curve over ${xTitle}, and descents on it. After ${longest} steps: ${ends.join('; ')}.` +
      goals.map(({ text, x }) => ` The ${text} is at ${digits(x)}${unit}.`).join(''),
    marks: [
      marks.line({ ...curve, color: palette.muted, width: 3 }),
      ...goals.map(({ x, y }) => marks.dots({ x: [x], y: [y], color: palette.optimum, symbol: 'star', size: 16 })),
      ...list.map(({ name }, i) => marks.line({ name, color: colours[i]!, width: 1.5, marker: { size: 4 }, hover })),
      marks.dots({ color: colours, size: 14, edge: { color: palette.paper, width: 1.5 } }),
      marks.text({}, { color: [...colours, palette.optimum], size: 13 }),
    ],
    x: { title: xTitle, unit: xUnit, range: ranges.x },
    y: { title: 'loss', unit: lossUnit, range: ranges.y },
  });
  return animate(
    figure,
    pickFrames(longest + 1, frames).map((k) => ({ label: String(k), data: moving(k) })),
    { prefix: 'step ' },
  );
}

/** A run as far as its numbers go. */
function whileFinite({ x, loss }: CurveDescents['runs'][string]) {
  const lost = loss.findIndex((value, k) => !Number.isFinite(value) || !Number.isFinite(x[k]));
  const end = lost < 0 ? loss.length : lost;
  return { x: x.slice(0, end), loss: loss.slice(0, end) };
}
