import { axis, baseLayout, palette, panelAxes, panels, round, type Figure } from '../../plot';
import { anglesDegrees, minAngleDegrees } from '../measure';

/** How the figures of all angles are named. */
export interface AnglesOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
}

/** Heat maps of the angles between all vectors before and after a descent, in degrees, with one colour scale. */
export function angleMapsFigure(before: number[][], after: number[][], { name, title }: AnglesOptions): Figure {
  const map = (vectors: number[][], i: number): Figure['data'][number] => ({
    type: 'heatmap', z: round(anglesDegrees(vectors), 3), coloraxis: 'coloraxis', ...panelAxes(i),
    hovertemplate: 'vectors %{x} and %{y}: %{z}°<extra></extra>',
  });
  const square = { constrain: 'domain', constraintoward: 'top', autorange: 'reversed' };
  const least = (vectors: number[][]): string => `least angle ${minAngleDegrees(vectors).toFixed(2)}°`;
  return {
    name, description: `The angles between all pairs of ${before.length} vectors in ${before[0]!.length} dimensions. ` +
      `Before: ${least(before)}. After: ${least(after)}.`,
    data: [map(before, 0), map(after, 1)],
    layout: {
      ...baseLayout({ title, height: 480, headings: 2 }),
      ...panels({ columns: 2, panels: [before, after].map((vectors, i) => ({
        x: axis({ title: 'vector', extra: { constrain: 'domain', showgrid: false } }),
        y: axis({ title: i === 0 ? 'vector' : '', extra: { ...square, scaleanchor: i === 0 ? 'x' : 'x2',
          showgrid: false } }),
        title: `<b>${i === 0 ? 'before' : 'after'}</b><br>${least(vectors)}`,
      })) }),
      coloraxis: { colorscale: palette.sequential, colorbar: {
        title: { text: 'angle (°)', side: 'top' }, orientation: 'h', thickness: 14, y: -0.18, yanchor: 'top' } },
    },
  };
}

/** The least and the largest of numbers that may be too many to be a call's arguments. */
const extent = (angles: number[]): [low: number, high: number] =>
  [angles.reduce((a, b) => Math.min(a, b)), angles.reduce((a, b) => Math.max(a, b))];

const span = (angles: number[]): string => `${extent(angles).map((angle) => angle.toFixed(2)).join(' to ')} degrees`;

/** Histograms of the angles between all pairs, before and after a descent. */
export function angleHistogramFigure(before: number[][], after: number[][], { name, title }: AnglesOptions): Figure {
  const pairs = (vectors: number[][]): number[] => anglesDegrees(vectors).flatMap((row, i) => row.slice(0, i));
  const [least, largest] = extent([...pairs(before), ...pairs(after)]);
  const low = Math.floor(least), high = Math.ceil(largest), bin = Math.max(0.5, (high - low) / 60);
  const edges = Array.from({ length: Math.ceil((high - low) / bin) }, (_, i) => low + (i + 0.5) * bin);
  const bars = (vectors: number[][], label: string, color: string): Figure['data'][number] => {
    const counts = edges.map(() => 0);
    for (const angle of pairs(vectors)) counts[Math.min(edges.length - 1, Math.floor((angle - low) / bin))]! += 1;
    return { type: 'bar', x: round(edges), y: counts, name: label, marker: { color }, opacity: 0.8, width: bin,
      hovertemplate: `%{y} pairs at about %{x:.1f}°<extra>${label}</extra>` };
  };
  return {
    name, description: `Histogram of the angles between ${before.length} vectors, before the descent: ` +
      `${span(pairs(before))}, after it: ${span(pairs(after))}.`,
    data: [bars(before, 'before', palette.start), bars(after, 'after', palette.optimum)],
    layout: {
      ...baseLayout({ title, legend: true, height: 400 }), barmode: 'overlay',
      xaxis: axis({ title: 'angle between two vectors', unit: '°' }), yaxis: axis({ title: 'pairs' }),
    },
  };
}
