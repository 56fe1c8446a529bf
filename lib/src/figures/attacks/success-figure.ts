import { DescentError } from '../../errors';
import { chart, marks, palette, round, roundNumber, seriesColor } from '../chart';
import type { AxisOptions, Figure, FigureOptions } from '../chart';
import type { LineOptions } from '../chart/marks';
import { placeOf } from '../chart/palette';
import { share } from '../chart/words';
import { attackNames, findAttack } from '../../attacks';
import type { EvaluationRow } from '../../evaluation';

/** Sizes are told as they are in a file: in 255ths. */
export const in255ths = (epsilon: number): number => roundNumber(255 * epsilon, 3);

/** Whether an attack's size bounds the length of the whole change, and not each value's. */
const isByLength = (attack: string): boolean => attackNames.includes(attack) && findAttack(attack).norm === 'l2';

/** An attack in a legend: those that are bounded in length are marked, see `sizeAxis`. */
const attackLabel = (attack: string): string => `${attack}${isByLength(attack) ? ' (L2)' : ''}`;

/** What a point says to the mouse: the attack, what its size is, and the share. */
const hoverOf = (attack: string): string =>
  `${attack}, ` + `${isByLength(attack) ? 'root mean square' : 'at most'} %{x}/255: %{y:.1f} %<extra></extra>`;

/**
 * The axis of the attacks' sizes: doubling from tick to tick. A size bounds the change of each value, or under L2 their
 * root mean square: such a change is as long as if every value changed by the size.
 */
export const sizeAxis = (epsilons: readonly number[]): AxisOptions => {
  const sizes = [...new Set(epsilons.map(in255ths))].sort((a, b) => a - b);
  return {
    title: 'size (255ths), the most<br>that a value changes;<br>L2: root mean square',
    log: true,
    range: [sizes[0]! / 1.25, sizes.at(-1)! * 1.25],
    extra: { tickvals: sizes, ticktext: sizes.map(String), exponentformat: undefined },
  };
};

/** A row that has a share: photos were attacked. */
type MeasuredRow = EvaluationRow & { success: number };

/** The rows of which there is something to show. @throws DescentError where there is none */
export function measured(rows: readonly EvaluationRow[]): MeasuredRow[] {
  const known = rows.filter((row): row is MeasuredRow => row.success !== null);
  if (known.length === 0) throw new DescentError('no photo of the evaluation was attacked: there is nothing to show');
  return known;
}

/** The axis of the share of photos that an attack turns. */
export const photosTurned: AxisOptions = { title: 'photos turned', unit: '%', range: [-3, 103] };

/** A share with its interval as an error bar, in percent. */
export const shares = (rows: readonly Pick<MeasuredRow, 'success' | 'low' | 'high'>[]): LineOptions => ({
  y: rows.map(({ success }) => 100 * success),
  extra: {
    error_y: {
      type: 'data',
      symmetric: false,
      thickness: 1.2,
      width: 3,
      array: round(rows.map(({ success, high }) => 100 * (high - success))),
      arrayminus: round(rows.map(({ success, low }) => 100 * (success - low))),
    },
  },
});

/**
 * A curve for each attack of an evaluation, in the order of the rows; an attack has one colour in all figures. The
 * article's comes last, on top, in large open markers: others run close beneath it.
 */
export function byAttack(rows: readonly MeasuredRow[]): { attack: string; own: MeasuredRow[]; look: LineOptions }[] {
  const attacks = [...new Set(rows.map(({ attack }) => attack))].sort(
    (a, b) => Number(a === 'article') - Number(b === 'article'),
  );
  return attacks.map((attack) => {
    const noise = attack === 'noise';
    const color = noise ? palette.data : seriesColor(placeOf(attack, attackNames));
    const open = attack === 'article' && { size: 11, symbol: 'circle-open', line: { color, width: 2 } };
    return {
      attack,
      own: rows.filter((row) => row.attack === attack),
      look: {
        name: attackLabel(attack),
        color,
        dash: noise ? 'dot' : 'solid',
        marker: { color, size: 6, ...open },
        hover: hoverOf(attack),
      },
    };
  });
}

/** How often each attack of an evaluation succeeds, by its size, with 95 % intervals; noise, the control, is dotted. */
export function successFigure(evaluation: readonly EvaluationRow[], options: FigureOptions): Figure {
  const rows = measured(evaluation);
  const curves = byAttack(rows);
  const { n, accuracy } = rows[0]!;
  const told = curves.map(({ look, own }) => {
    const points = own.map(({ success, epsilon }) => `${share(success)} at ${in255ths(epsilon)}/255`);
    return `${look.name}: ${points.join(', ')}`;
  });
  return chart(options, {
    says:
      `The share of ${n} photos, all classified right (accuracy ${share(accuracy)}), whose ` +
      `answer each attack changes, by size (marked L2: by root mean square). ${told.join('; ')}.`,
    marks: curves.map(({ own, look }) =>
      marks.line({ ...look, x: own.map(({ epsilon }) => in255ths(epsilon)), ...shares(own) }),
    ),
    legend: true,
    height: 480,
    x: sizeAxis(rows.map(({ epsilon }) => epsilon)),
    y: photosTurned,
  });
}
