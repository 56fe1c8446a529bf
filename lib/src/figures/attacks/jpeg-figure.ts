import { chart, marks, palette, type Figure, type FindingOptions } from '../chart';
import { share } from '../chart/words';
import type { EvaluationRow } from '../../evaluation';
import { attackNamed } from '../../attacks/table';
import { in255ths, measured, successRate, shares, whole } from './success-figure';

/** The quality in `article+jpeg75`; undefined for adversarial examples that are not saved as JPEG. */
const qualityOf = ({ attack }: EvaluationRow): number | undefined => {
  const quality = /\+jpeg(\d+)$/.exec(attack)?.[1];
  return quality === undefined ? undefined : Number(quality);
};

/** How `jpegFigure` draws. */
export interface JpegOptions extends FindingOptions {
  /** The attack's name. */
  attack: string;
}

/** How far labels stand apart that would lie over each other, in percent of the axis. */
const APART = 5.5;

/** The heights, each at least so far above the one below it; they are given from the lowest up. */
const spaced = (heights: readonly number[]): number[] =>
  heights.reduce<number[]>((placed, height) => [...placed, Math.max(height, (placed.at(-1) ?? -Infinity) + APART)], []);

/** How often an attack's success survives that its adversarial examples are saved as JPEG, by quality: a curve for each size. */
export function jpegFigure(rows: readonly EvaluationRow[], options: JpegOptions): Figure {
  const own = measured(rows).filter((row) => row.attack.split('+')[0] === options.attack);
  const column = (row: EvaluationRow): string => String(qualityOf(row) ?? 'not saved');
  const curves = [...new Set(own.map(({ epsilon }) => epsilon))]
    .sort((a, b) => a - b)
    .map((epsilon) => ({
      name: `${in255ths(epsilon)}/255`,
      points: own
        .filter((row) => row.epsilon === epsilon)
        .sort((a, b) => (qualityOf(b) ?? Infinity) - (qualityOf(a) ?? Infinity)),
    }));
  const rates = curves.map(
    ({ name, points }) => `${name}: ${points.map((row) => `${column(row)} ${share(row.success)}`).join(', ')}`,
  );
  const { label = options.attack } = attackNamed(options.attack) ?? {};
  const ends = curves.map(({ points }) => points.at(-1)!);
  const heights = spaced(ends.map(({ success }) => 100 * success));
  // from pale to full, as the size grows
  const strength = (i: number): number => 0.35 + (0.65 * (i + 1)) / curves.length;
  // what most photos fall to, and what nearly all do
  const from = (least: number): number => curves.findIndex(({ points }) => points[0]!.success >= least);
  const told = [...new Set([from(0.5), from(0.99)])]
    .filter((i) => i >= 0)
    .map((i) => `at ${curves[i]!.name} from ${whole(curves[i]!.points[0]!.success)} to ${whole(ends[i]!.success)}`);
  return chart(options, {
    finding: `JPEG ${column(ends[0]!)} changes the success rate ${told.join(', ')}`,
    says:
      `The share of ${own[0]!.n} photos on which ${label} (${options.attack}) has success, and still has once they are ` +
      `saved as JPEG. ${rates.join('; ')}.`,
    marks: curves.map(({ name, points }, i) =>
      marks.line({
        name,
        x: points.map((row) => String(qualityOf(row) ?? 'none')),
        ...shares(points),
        width: 2 + i / 3,
        marker: { color: palette.model, size: 6 },
        hover: `${name}, %{x}: %{y:.1f} %<extra></extra>`,
        extra: { opacity: strength(i), ...shares(points).extra },
      }),
    ),
    height: 440,
    margin: { r: 76 },
    x: { title: 'quality of the JPEG (none: not saved)', extra: { type: 'category' } },
    y: { ...successRate, range: [-3, Math.max(103, ...heights.map((height) => height + 3))] },
    extra: {
      annotations: curves.map(({ name }, i) =>
        marks.note(name, { xref: 'paper', x: 1, xanchor: 'left', xshift: 4, y: heights[i]! }, palette.model),
      ),
    },
  });
}
