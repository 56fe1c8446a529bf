import { axis, baseLayout, palette, panelAxes, panels, round, type Figure } from '../chart';
import { DescentError } from '../../errors';
import { anglesDegrees, minAngleDegrees, pairAnglesDegrees } from '../../spread/measure';

/** How the figures of all angles are named. */
export interface AnglesOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
}

/** The most vectors that `angleMapsFigure` draws: it writes a number for each two of them. */
export const MOST_IN_ANGLE_MAPS = 1000;

/**
 * Heat maps of the angles between all vectors before and after a descent, in degrees, with one colour scale.
 * @throws DescentError for more vectors than such a map can show
 */
export function angleMapsFigure(before: number[][], after: number[][], { name, title }: AnglesOptions): Figure {
  if (before.length > MOST_IN_ANGLE_MAPS) {
    throw new DescentError(
      `a map shows the angles of ${MOST_IN_ANGLE_MAPS} vectors at most, not of ` +
        `${before.length}: draw their histogram`,
    );
  }
  const map = (vectors: number[][], i: number): Figure['data'][number] => ({
    type: 'heatmap',
    z: round(anglesDegrees(vectors), 3),
    coloraxis: 'coloraxis',
    ...panelAxes(i),
    hovertemplate: 'vectors %{x} and %{y}: %{z}°<extra></extra>',
  });
  const square = { constrain: 'domain', constraintoward: 'top', autorange: 'reversed' };
  const least = (vectors: number[][]): string => `least angle ${minAngleDegrees(vectors).toFixed(2)}°`;
  return {
    name,
    description:
      `The angles between all pairs of ${before.length} vectors in ${before[0]!.length} dimensions. ` +
      `Before: ${least(before)}. After: ${least(after)}.`,
    data: [map(before, 0), map(after, 1)],
    layout: {
      ...baseLayout({ title, height: 480, headings: 2 }),
      ...panels({
        columns: 2,
        panels: [before, after].map((vectors, i) => ({
          x: axis({ title: 'vector', extra: { constrain: 'domain', showgrid: false } }),
          y: axis({
            title: i === 0 ? 'vector' : '',
            extra: { ...square, scaleanchor: i === 0 ? 'x' : 'x2', showgrid: false },
          }),
          title: `<b>${i === 0 ? 'before' : 'after'}</b><br>${least(vectors)}`,
        })),
      }),
      coloraxis: {
        colorscale: palette.sequential,
        colorbar: {
          title: { text: 'angle (°)', side: 'top' },
          orientation: 'h',
          thickness: 14,
          y: -0.18,
          yanchor: 'top',
        },
      },
    },
  };
}

/** The least and the largest. */
const rangeOf = (angles: Float64Array): [number, number] => [
  angles.reduce((a, b) => Math.min(a, b)),
  angles.reduce((a, b) => Math.max(a, b)),
];

/** Histograms of the angles between all pairs, before and after a descent. */
export function angleHistogramFigure(before: number[][], after: number[][], { name, title }: AnglesOptions): Figure {
  const angles = { before: pairAnglesDegrees(before), after: pairAnglesDegrees(after) };
  const ranges = { before: rangeOf(angles.before), after: rangeOf(angles.after) };
  const low = Math.floor(Math.min(ranges.before[0], ranges.after[0]));
  const high = Math.ceil(Math.max(ranges.before[1], ranges.after[1]));
  const bin = Math.max(0.5, (high - low) / 60);
  const edges = Array.from({ length: Math.ceil((high - low) / bin) }, (_, i) => low + (i + 0.5) * bin);
  const span = ([least, most]: [number, number]): string => `${least.toFixed(2)} to ${most.toFixed(2)} degrees`;
  const bars = (label: 'before' | 'after', color: string): Figure['data'][number] => {
    const counts = edges.map(() => 0);
    for (const angle of angles[label]) counts[Math.min(edges.length - 1, Math.floor((angle - low) / bin))]! += 1;
    return {
      type: 'bar',
      x: round(edges),
      y: counts,
      name: label,
      marker: { color },
      opacity: 0.8,
      width: bin,
      hovertemplate: `%{y} pairs at about %{x:.1f}°<extra>${label}</extra>`,
    };
  };
  return {
    name,
    description:
      `Histogram of the angles between ${before.length} vectors, before the descent: ` +
      `${span(ranges.before)}, after it: ${span(ranges.after)}.`,
    data: [bars('before', palette.start), bars('after', palette.optimum)],
    layout: {
      ...baseLayout({ title, legend: true, height: 400 }),
      barmode: 'overlay',
      xaxis: axis({ title: 'angle between two vectors', unit: '°' }),
      yaxis: axis({ title: 'pairs' }),
    },
  };
}
