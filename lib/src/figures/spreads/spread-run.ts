import { animate, axis, chart, marks, palette, pickFrames, round } from '../chart';
import type { Figure, FigureOptions, JsonObject } from '../chart';
import { rangeOf } from '../chart/range';
import type { SpreadRecord } from '../../spreads/spread';
import { arrows, arrowsOf, circle, circleAxes } from './circle';

/** What is drawn of a run: a part of what `spread` returns. */
export interface SpreadRunView {
  /** The loss after 0, 1, 2 ... updates. */
  loss: number[];
  /** The states to show, each with its least angle. */
  records: SpreadRecord[];
  /** The numbers of updates before each of them. */
  recorded: number[];
}

/** How the animation of a spread is drawn. */
export interface SpreadRunOptions extends FigureOptions {
  /** The least angle that could be reached, in degrees. */
  bestDegrees: number;
  /** The loss's unit, if it has one. */
  unit?: string;
  /** A logarithmic loss axis. Default: false. */
  log?: boolean;
  /** The index of a vector that is drawn in another colour, to be followed. Default: none. */
  marked?: number;
  /** How many frames at most. Default 60. */
  frames?: number;
}

/** A point of each curve for so many iterations at most: what an eye can tell apart. */
const POINTS = 300;

/** Where the panels stand in the grid: the circle over the full height on the left, the curves on the right. */
const [CIRCLE, LOSS, ANGLE] = [0, 1, 3] as const;

/**
 * A run in the plane, animated: the vectors on the circle on the left, loss and least angle against the iteration
 * right.
 */
export function spreadRunFigure({ loss, records, recorded }: SpreadRunView, options: SpreadRunOptions): Figure {
  const { title, bestDegrees, unit, log, marked, frames = 60 } = options;
  const [first, last] = [records[0]!, records.at(-1)!];
  const iterations = recorded[records.length - 1]!;
  const picked = pickFrames(records.length, frames);
  // With the frames' own points, so that no dot stands beside its curve.
  const shown = picked.map((i) => recorded[i]!);
  const curve = pickEvenly(loss.length, POINTS, shown);
  const angles = pickEvenly(records.length, POINTS, picked);
  const losses = curve.map((i) => loss[i]!);
  const followed = ({ vectors }: SpreadRecord): number[][] => (marked === undefined ? [] : [vectors[marked]!]);
  const dot = (panel: number): JsonObject => marks.dots({ panel, legend: false, size: 9 });
  const curves = { legend: false, width: 1.5 };
  const [least, most] = rangeOf(losses);
  const range = log ? ([least / 1.2, most * 1.2] as const) : rangeOf(losses, 0.05);
  const x = axis({ title: 'iteration', range: [-0.02 * iterations, 1.02 * iterations] });
  const corner = { x: 1, xref: 'paper', xanchor: 'right', y: 0.44, yref: 'paper', yanchor: 'top' };
  const figure = chart(options, {
    says:
      `${title}. ${first.vectors.length} vectors in the plane. After ${iterations} iterations the least angle is ` +
      `${last.minAngleDegrees.toFixed(2)} of ${bestDegrees.toFixed(2)} degrees; it began at ` +
      `${first.minAngleDegrees.toFixed(2)}.`,
    marks: [
      circle(CIRCLE),
      marks.line({
        ...curves,
        panel: LOSS,
        x: curve,
        y: losses,
        hover: `iteration %{x}<br>loss %{y:.4~g}${unit ? ` ${unit}` : ''}`,
      }),
      marks.line({
        ...curves,
        panel: ANGLE,
        x: angles.map((i) => recorded[i]!),
        y: angles.map((i) => records[i]!.minAngleDegrees),
        hover: 'iteration %{x}<br>least angle %{y:.4~g}°',
      }),
      marks.best(bestDegrees, [0, iterations], { panel: ANGLE, legend: false, hover: 'the most there is: %{y:.4~g}°' }),
      arrows(last.vectors, palette.model, CIRCLE),
      dot(LOSS),
      dot(ANGLE),
      arrows(followed(last), palette.start, CIRCLE),
    ],
    height: 480,
    grid: {
      columns: 2,
      gapX: 0.16,
      gapY: 0.12,
      panels: [
        circleAxes(),
        { x: { ...x, title: { text: '' }, showticklabels: false }, y: axis({ title: 'loss', unit, log, range }) },
        null,
        { x, y: axis({ title: 'least angle', unit: '°', range: [0, bestDegrees * 1.2] }) },
      ],
    },
    extra: { annotations: [marks.note(`the most there is: ${bestDegrees.toFixed(1)}°`, corner, palette.optimum)] },
  });
  const states = picked.map((i) => {
    const { vectors, minAngleDegrees } = records[i]!;
    const dots = [loss[recorded[i]!]!, minAngleDegrees].map((y) => ({ x: [recorded[i]!], y: [y] }));
    return { label: String(recorded[i]), data: round([arrowsOf(vectors), ...dots, arrowsOf(followed(records[i]!))]) };
  });
  return animate(figure, states);
}

/** So many indices at most, evenly, the last one, and those that must be there. */
const pickEvenly = (length: number, atMost: number, needed: number[]): number[] => {
  const step = Math.max(1, Math.ceil(length / atMost));
  const evenly = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return [...new Set([...evenly, ...needed, length - 1])].sort((a, b) => a - b);
};
