import { animate, axis, baseLayout, palette, panelAxes, panels, pickFrames, round, type Figure } from '../../plot';
import type { SpreadRecord } from '../spread';
import { arrowsOf, arrowsTrace, circleAxes, circleTrace } from './circle';

/** What is drawn of a run: a part of what `spread` returns. */
export interface SpreadRunView { loss: number[]; records: SpreadRecord[]; recorded: number[] }

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
}

/** A point of each curve for so many iterations at most: what an eye can tell apart. */
const POINTS = 300;

/**
 * A run in the plane, animated: the vectors on the circle on the left, loss and least angle against the iteration
 * right.
 */
export function spreadRunFigure(run: SpreadRunView, options: SpreadRunOptions): Figure {
  const { name, title, bestDegrees, unit, log } = options;
  const { loss, records, recorded } = run;
  const last = records.length - 1, iterations = recorded[last]!;
  const curve = pickEvenly(loss.length, POINTS), angles = pickEvenly(records.length, POINTS);
  const lossHere = (i: number): { x: number[]; y: number[] } => ({ x: [recorded[i]!], y: [loss[recorded[i]!]!] });
  const angleHere = (i: number): { x: number[]; y: number[] } =>
    ({ x: [recorded[i]!], y: [records[i]!.minAngleDegrees] });
  const marker = { type: 'scatter', mode: 'markers', marker: { color: palette.start, size: 9 }, showlegend: false };
  const line = (x: number[], y: number[], color: string): Figure['data'][number] =>
    ({ type: 'scatter', mode: 'lines', x, y, line: { color, width: 1.5 }, showlegend: false });
  const figure: Figure = {
    name, description: `${records[0]!.vectors.length} vectors in the plane. After ${iterations} iterations the ` +
      `least angle is ${records[last]!.minAngleDegrees.toFixed(2)} of ${bestDegrees.toFixed(2)} degrees; it began at ` +
      `${records[0]!.minAngleDegrees.toFixed(2)}.`,
    data: [
      { ...circleTrace(), ...panelAxes(0) },
      { ...arrowsTrace(records[last]!.vectors, palette.model), ...panelAxes(0) },
      { ...line(curve, curve.map((i) => loss[i]!), palette.muted), ...panelAxes(1) },
      { ...marker, ...lossHere(last), ...panelAxes(1) },
      { ...line(angles.map((i) => recorded[i]!), angles.map((i) => records[i]!.minAngleDegrees), palette.model),
        ...panelAxes(3) },
      { ...line([0, iterations], [bestDegrees, bestDegrees], palette.optimum), ...panelAxes(3) },
      { ...marker, ...angleHere(last), ...panelAxes(3) },
    ],
    layout: {
      ...baseLayout({ title, height: 480 }),
      ...circleAndCurves(axis({ title: 'loss', unit, log, range: rangeOf(curve.map((i) => loss[i]!), log) }),
        axis({ title: 'least angle', unit: '°', range: [0, bestDegrees * 1.1] }), iterations),
    },
  };
  const states = pickFrames(records.length, 60).map((i) => ({
    label: String(recorded[i]), data: round([arrowsOf(records[i]!.vectors), lossHere(i), angleHere(i)]),
  }));
  return animate({ ...figure, data: round(figure.data) }, states, { traces: [1, 3, 6] });
}

/** The circle over the full height on the left, two curves on the right. */
function circleAndCurves(loss: Figure['layout'], angle: Figure['layout'], iterations: number): Figure['layout'] {
  const x = axis({ title: 'iteration', range: [0, iterations] });
  const grid = panels({ columns: 2, gapX: 0.12, gapY: 0.12, panels: [
    circleAxes(), { x: { ...x, title: undefined, showticklabels: false }, y: loss }, circleAxes(), { x, y: angle },
  ] });
  for (const unused of ['xaxis3', 'yaxis3']) delete grid[unused]; // the circle's own panel reaches over both rows
  return { ...grid, yaxis: { ...(grid['yaxis'] as Figure['layout']), domain: [0, 1] } };
}

function rangeOf(values: number[], log = false): [number, number] {
  const low = Math.min(...values), high = Math.max(...values);
  return log ? [low / 1.2, high * 1.2] : [low - 0.05 * (high - low), high + 0.05 * (high - low)];
}

const pickEvenly = (length: number, atMost: number): number[] => {
  const step = Math.max(1, Math.ceil(length / atMost));
  const picked = Array.from({ length: Math.ceil(length / step) }, (_, i) => i * step);
  return picked.at(-1) === length - 1 ? picked : [...picked, length - 1];
};
