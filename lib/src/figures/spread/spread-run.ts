import {
  animate,
  axis,
  chart,
  marks,
  OPTIMUM_LINE,
  palette,
  panels,
  pickFrames,
  round,
  type Figure,
  type FigureOptions,
  type JsonObject,
} from '../chart';
import { rangeOf } from '../chart/range';
import type { SpreadRecord } from '../../spread/spread';
import { arrows, arrowsOf, circle, circleAxes } from './circle';

/** What is drawn of a run: a part of what `spread` returns. */
export interface SpreadRunView {
  loss: number[];
  records: SpreadRecord[];
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
  const { title, bestDegrees, unit, log, marked } = options;
  const [first, last] = [records[0]!, records.at(-1)!];
  const iterations = recorded[records.length - 1]!;
  const picked = pickFrames(records.length, 60);
  // With the frames' own points, so that no dot stands beside its curve.
  const curve = pickEvenly(
    loss.length,
    POINTS,
    picked.map((i) => recorded[i]!),
  );
  const angles = pickEvenly(records.length, POINTS, picked);
  const losses = curve.map((i) => loss[i]!);
  const followed = ({ vectors }: SpreadRecord): number[][] => (marked === undefined ? [] : [vectors[marked]!]);
  const dot = (panel: number): JsonObject => marks.dots({ panel, legend: false, size: 9 });
  const figure = chart(options, {
    says:
      `${title}. ${first.vectors.length} vectors in the plane. After ${iterations} iterations the least angle is ` +
      `${last.minAngleDegrees.toFixed(2)} of ${bestDegrees.toFixed(2)} degrees; it began at ` +
      `${first.minAngleDegrees.toFixed(2)}.`,
    marks: [
      circle(CIRCLE),
      marks.line({
        panel: LOSS,
        legend: false,
        x: curve,
        y: losses,
        width: 1.5,
        hover: `iteration %{x}<br>loss %{y:.4~g}${unit ? ` ${unit}` : ''}`,
      }),
      marks.line({
        panel: ANGLE,
        legend: false,
        x: angles.map((i) => recorded[i]!),
        y: angles.map((i) => records[i]!.minAngleDegrees),
        width: 1.5,
        hover: 'iteration %{x}<br>least angle %{y:.4~g}°',
      }),
      marks.line({
        panel: ANGLE,
        legend: false,
        x: [0, iterations],
        y: [bestDegrees, bestDegrees],
        ...OPTIMUM_LINE,
        hover: 'the most there is: %{y:.4~g}°',
      }),
      arrows(last.vectors, palette.model, CIRCLE),
      dot(LOSS),
      dot(ANGLE),
      arrows(followed(last), palette.start, CIRCLE),
    ],
    height: 480,
    extra: circleAndCurves(
      axis({
        title: 'loss',
        unit,
        log,
        range: log ? [rangeOf(losses)[0] / 1.2, rangeOf(losses)[1] * 1.2] : rangeOf(losses, 0.05),
      }),
      axis({ title: 'least angle', unit: '°', range: [0, bestDegrees * 1.2] }),
      iterations,
      `the most there is: ${bestDegrees.toFixed(1)}°`,
    ),
  });
  const states = picked.map((i) => {
    const { vectors, minAngleDegrees } = records[i]!;
    const x = [recorded[i]!];
    const dots = [
      { x, y: [loss[recorded[i]!]!] },
      { x, y: [minAngleDegrees] },
    ];
    return { label: String(recorded[i]), data: round([arrowsOf(vectors), ...dots, arrowsOf(followed(records[i]!))]) };
  });
  return animate(figure, states);
}

/** The circle over the full height on the left, two curves on the right. */
function circleAndCurves(loss: JsonObject, angle: JsonObject, iterations: number, best: string): JsonObject {
  const x = axis({ title: 'iteration', range: [-0.02 * iterations, 1.02 * iterations] });
  const grid = panels({
    columns: 2,
    gapX: 0.16,
    gapY: 0.12,
    panels: [
      circleAxes(),
      { x: { ...x, title: { text: '' }, showticklabels: false }, y: loss },
      circleAxes(),
      { x, y: angle },
    ],
  });
  for (const unused of ['xaxis3', 'yaxis3']) delete grid[unused]; // the circle's own panel reaches over both rows
  const place = { x: 1, xref: 'paper', xanchor: 'right', y: 0.44, yref: 'paper', yanchor: 'top' };
  return {
    ...grid,
    yaxis: { ...(grid['yaxis'] as JsonObject), domain: [0, 1] },
    annotations: [marks.note(best, place, palette.optimum)],
  };
}

/** So many indices at most, evenly, the last one, and those that must be there. */
const pickEvenly = (length: number, atMost: number, needed: number[]): number[] => {
  const step = Math.max(1, Math.ceil(length / atMost));
  const evenly = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return [...new Set([...evenly, ...needed, length - 1])].sort((a, b) => a - b);
};
