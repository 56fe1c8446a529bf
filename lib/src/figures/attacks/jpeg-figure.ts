import { axis, baseLayout, roundNumber, seriesColor, type Figure } from '../chart';
import type { EvaluationRow } from '../../evaluation';
import { measured, shares } from './success-figure';

/** The quality in `article+jpeg75`; undefined for victims that are not saved as JPEG. */
const qualityOf = ({ attack }: EvaluationRow): number | undefined => {
  const quality = /\+jpeg(\d+)$/.exec(attack)?.[1];
  return quality === undefined ? undefined : Number(quality);
};

/** How often an attack's victims still fool once they are saved as JPEG, by quality: a curve for each size. */
export function jpegFigure({
  name,
  title,
  rows,
  attack,
}: {
  name: string;
  title: string;
  rows: readonly EvaluationRow[];
  attack: string;
}): Figure {
  const own = measured(rows).filter((row) => row.attack.split('+')[0] === attack);
  const column = (row: EvaluationRow): string => (qualityOf(row) === undefined ? 'not saved' : String(qualityOf(row)));
  const curves = [...new Set(own.map(({ epsilon }) => epsilon))].map((epsilon) => ({
    size: `${roundNumber(255 * epsilon, 3)}/255`,
    points: own
      .filter((row) => row.epsilon === epsilon)
      .sort((a, b) => (qualityOf(b) ?? Infinity) - (qualityOf(a) ?? Infinity)),
  }));
  return {
    name,
    description:
      `The share of ${own[0]!.n} photos that ${attack} turns, and that stay turned once they are saved as ` +
      `JPEG. ${curves
        .map(
          ({ size, points }) =>
            `${size}: ${points.map((row) => `${column(row)} ${roundNumber(100 * row.success, 3)} %`).join(', ')}`,
        )
        .join('; ')}.`,
    data: curves.map(({ size, points }, i) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: size,
      x: points.map(column),
      ...shares(points),
      line: { color: seriesColor(i), width: 2 },
      marker: { color: seriesColor(i), size: 6 },
      hovertemplate: `${size}, %{x}: %{y:.1f} %<extra></extra>`,
    })),
    layout: {
      ...baseLayout({ title, legend: true, height: 440 }),
      xaxis: axis({ title: 'quality of the JPEG', extra: { type: 'category' } }),
      yaxis: axis({ title: 'photos turned', unit: '%', range: [-3, 103] }),
    },
  };
}
