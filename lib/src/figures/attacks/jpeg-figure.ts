import { chart, marks, seriesColor, type Figure, type FigureOptions } from '../chart';
import { share } from '../chart/words';
import type { EvaluationRow } from '../../evaluation';
import { in255ths, measured, successRate, shares } from './success-figure';

/** The quality in `article+jpeg75`; undefined for adversarial examples that are not saved as JPEG. */
const qualityOf = ({ attack }: EvaluationRow): number | undefined => {
  const quality = /\+jpeg(\d+)$/.exec(attack)?.[1];
  return quality === undefined ? undefined : Number(quality);
};

/** How `jpegFigure` draws. */
export interface JpegOptions extends FigureOptions {
  /** The attack's name. */
  attack: string;
}

/** How often an attack's success survives that its adversarial examples are saved as JPEG, by quality: a curve for each size. */
export function jpegFigure(rows: readonly EvaluationRow[], options: JpegOptions): Figure {
  const own = measured(rows).filter((row) => row.attack.split('+')[0] === options.attack);
  const column = (row: EvaluationRow): string => String(qualityOf(row) ?? 'not saved');
  const curves = [...new Set(own.map(({ epsilon }) => epsilon))].map((epsilon) => ({
    name: `${in255ths(epsilon)}/255`,
    points: own
      .filter((row) => row.epsilon === epsilon)
      .sort((a, b) => (qualityOf(b) ?? Infinity) - (qualityOf(a) ?? Infinity)),
  }));
  const told = curves.map(
    ({ name, points }) => `${name}: ${points.map((row) => `${column(row)} ${share(row.success)}`).join(', ')}`,
  );
  return chart(options, {
    says:
      `The share of ${own[0]!.n} photos on which ${options.attack} has success, and still has once they are saved as ` +
      `JPEG. ${told.join('; ')}.`,
    marks: curves.map(({ name, points }, i) =>
      marks.line({
        name,
        x: points.map(column),
        ...shares(points),
        color: seriesColor(i),
        marker: { color: seriesColor(i), size: 6 },
        hover: `${name}, %{x}: %{y:.1f} %<extra></extra>`,
      }),
    ),
    legend: true,
    height: 440,
    x: { title: 'quality of the JPEG', extra: { type: 'category' } },
    y: successRate,
  });
}
