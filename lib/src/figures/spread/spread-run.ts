import {
  animate,
  axis,
  baseLayout,
  OPTIMUM_LINE,
  palette,
  panelAxes,
  panels,
  pickFrames,
  round,
  type Figure,
} from '../chart';
import type { SpreadRecord } from '../../spread/spread';
import { arrowsOf, arrowsTrace, circleAxes, circleTrace } from './circle';

/** What is drawn of a run: a part of what `spread` returns. */
export interface SpreadRunView {
  loss: number[];
  records: SpreadRecord[];
  recorded: number[];
}

/** How the animation of a spread is drawn. */
export interface SpreadRunOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
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

/**
 * A run in the plane, animated: the vectors on the circle on the left, loss and least angle against the iteration
 * right.
 */
export function spreadRunFigure(run: SpreadRunView, options: SpreadRunOptions): Figure {
  const { name, title, bestDegrees, unit, log, marked } = options;
  const { loss, records, recorded } = run;
  const last = records.length - 1,
    iterations = recorded[last]!;
  const picked = pickFrames(records.length, 60);
  // With the frames' own points, so that no dot stands beside its curve.
  const curve = pickEvenly(
    loss.length,
    POINTS,
    picked.map((i) => recorded[i]!),
  );
  const angles = pickEvenly(records.length, POINTS, picked);
  const lossHere = (i: number): { x: number[]; y: number[] } => ({ x: [recorded[i]!], y: [loss[recorded[i]!]!] });
  const angleHere = (i: number): { x: number[]; y: number[] } => ({
    x: [recorded[i]!],
    y: [records[i]!.minAngleDegrees],
  });
  const followed = ({ vectors }: SpreadRecord): number[][] => (marked === undefined ? [] : [vectors[marked]!]);
  const marker = {
    type: 'scatter',
    mode: 'markers',
    marker: { color: palette.model, size: 9 },
    showlegend: false,
    hoverinfo: 'skip',
  };
  const line = (x: number[], y: number[], says: string, style: object = {}): Figure['data'][number] => ({
    type: 'scatter',
    mode: 'lines',
    x,
    y,
    line: { color: palette.model, width: 1.5, ...style },
    showlegend: false,
    hovertemplate: `${says}<extra></extra>`,
  });
  const figure: Figure = {
    name,
    description:
      `${title}. ${records[0]!.vectors.length} vectors in the plane. After ${iterations} iterations the ` +
      `least angle is ${records[last]!.minAngleDegrees.toFixed(2)} of ${bestDegrees.toFixed(2)} degrees; it began at ` +
      `${records[0]!.minAngleDegrees.toFixed(2)}.`,
    data: [
      { ...circleTrace(), ...panelAxes(0) },
      { ...arrowsTrace(records[last]!.vectors, palette.model), ...panelAxes(0) },
      {
        ...line(
          curve,
          curve.map((i) => loss[i]!),
          `iteration %{x}<br>loss %{y:.4~g}${unit ? ` ${unit}` : ''}`,
        ),
        ...panelAxes(1),
      },
      { ...marker, ...lossHere(last), ...panelAxes(1) },
      {
        ...line(
          angles.map((i) => recorded[i]!),
          angles.map((i) => records[i]!.minAngleDegrees),
          'iteration %{x}<br>least angle %{y:.4~g}°',
        ),
        ...panelAxes(3),
      },
      {
        ...line([0, iterations], [bestDegrees, bestDegrees], 'the most there is: %{y:.4~g}°', OPTIMUM_LINE),
        ...panelAxes(3),
      },
      { ...marker, ...angleHere(last), ...panelAxes(3) },
      { ...arrowsTrace(followed(records[last]!), palette.start), ...panelAxes(0) },
    ],
    layout: {
      ...baseLayout({ title, height: 480 }),
      ...circleAndCurves(
        axis({
          title: 'loss',
          unit,
          log,
          range: rangeOf(
            curve.map((i) => loss[i]!),
            log,
          ),
        }),
        axis({ title: 'least angle', unit: '°', range: [0, bestDegrees * 1.2] }),
        iterations,
        `the most there is: ${bestDegrees.toFixed(1)}°`,
      ),
    },
  };
  const states = picked.map((i) => ({
    label: String(recorded[i]),
    data: round([arrowsOf(records[i]!.vectors), lossHere(i), angleHere(i), arrowsOf(followed(records[i]!))]),
  }));
  return animate({ ...figure, data: round(figure.data) }, states, { traces: [1, 3, 6, 7] });
}

/** The circle over the full height on the left, two curves on the right. */
function circleAndCurves(
  loss: Figure['layout'],
  angle: Figure['layout'],
  iterations: number,
  best: string,
): Figure['layout'] {
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
  const label = {
    text: best,
    x: 1,
    xref: 'paper',
    xanchor: 'right',
    y: 0.44,
    yref: 'paper',
    yanchor: 'top',
    showarrow: false,
    font: { size: 12, color: palette.optimum },
  };
  return { ...grid, yaxis: { ...(grid['yaxis'] as Figure['layout']), domain: [0, 1] }, annotations: [label] };
}

function rangeOf(values: number[], log = false): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b)),
    high = values.reduce((a, b) => Math.max(a, b));
  return log ? [low / 1.2, high * 1.2] : [low - 0.05 * (high - low), high + 0.05 * (high - low)];
}

/** So many indices at most, evenly, the last one, and those that must be there. */
const pickEvenly = (length: number, atMost: number, needed: number[]): number[] => {
  const step = Math.max(1, Math.ceil(length / atMost));
  const evenly = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return [...new Set([...evenly, ...needed, length - 1])].sort((a, b) => a - b);
};
