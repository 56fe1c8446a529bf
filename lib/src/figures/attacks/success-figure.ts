import { DescentError } from '../../errors';
import { axis, baseLayout, palette, round, roundNumber, seriesColor, type Figure, type JsonObject } from '../chart';
import { attackNames, type Attack } from '../../attacks';
import { attackNamed } from '../../attacks/table';
import type { EvaluationRow } from '../../evaluation';

/** Sizes are told as they are in a file: in 255ths. */
const in255ths = (epsilon: number): number => roundNumber(255 * epsilon, 3);

/**
 * The axis of the attacks' sizes: doubling from tick to tick. A size bounds the change of each value, or under L2 their
 * root mean square: such a change is as long as if every value changed by the size.
 */
export const sizeAxis = (epsilons: readonly number[]): JsonObject => {
  const sizes = [...new Set(epsilons.map(in255ths))].sort((a, b) => a - b);
  return axis({
    title: 'size (255ths), the most<br>that a value changes;<br>L2: root mean square',
    log: true,
    range: [sizes[0]! / 1.25, sizes.at(-1)! * 1.25],
    extra: { tickvals: sizes, ticktext: sizes.map(String), exponentformat: undefined },
  });
};

/** A row that has a share: photos were attacked. */
export type MeasuredRow = EvaluationRow & { success: number };

/** The rows of which there is something to show. @throws DescentError where there is none */
export function measured(rows: readonly EvaluationRow[]): MeasuredRow[] {
  const known = rows.filter((row): row is MeasuredRow => row.success !== null);
  if (known.length === 0) throw new DescentError('no photo of the evaluation was attacked: there is nothing to show');
  return known;
}

/** A share with its interval as an error bar, in percent: y and error_y of a trace. */
export const shares = (rows: readonly Pick<MeasuredRow, 'success' | 'low' | 'high'>[]): JsonObject => ({
  y: round(rows.map(({ success }) => 100 * success)),
  error_y: {
    type: 'data',
    symmetric: false,
    thickness: 1.2,
    width: 3,
    array: round(rows.map(({ success, high }) => 100 * (high - success))),
    arrayminus: round(rows.map(({ success, low }) => 100 * (success - low))),
  },
});

/** One attack of an evaluation. */
export interface AttackCurve {
  attack: string;
  /** Its name in a legend: attacks that are bounded in length are marked, see `sizeAxis`. */
  label: string;
  /** Whether it is no attack but the control. */
  control: boolean;
  own: MeasuredRow[];
  style: JsonObject;
  /** What a point says to the mouse: the attack, what its size is, and the share. */
  hover: string;
}

/**
 * A curve for each attack of an evaluation, in the order of the rows; an attack has one colour in all figures. What is
 * highlighted comes last, on top, in large open markers, and the control is grey and dotted.
 * @param attacks those of the reader's own
 */
export function byAttack(rows: readonly MeasuredRow[], attacks: readonly Attack[] = []): AttackCurve[] {
  const names = [...new Set(rows.map(({ attack }) => attack))];
  const order = [...new Set([...attackNames, ...attacks.map(({ name }) => name), ...names])];
  const curves = names.map((attack) => ({ attack, known: attackNamed(attack, attacks) }));
  return curves
    .sort((a, b) => Number(a.known?.highlight ?? false) - Number(b.known?.highlight ?? false))
    .map(({ attack, known: { norm, control = false, highlight } = {} }): AttackCurve => {
      const color = control ? palette.data : seriesColor(order.indexOf(attack));
      return {
        attack,
        control,
        label: `${attack}${norm === 'l2' ? ' (L2)' : ''}`,
        own: rows.filter((row) => row.attack === attack),
        style: {
          line: { color, width: 2, dash: control ? 'dot' : 'solid' },
          marker: highlight
            ? { color, size: 11, symbol: 'circle-open', line: { color, width: 2 } }
            : { color, size: 6 },
        },
        hover: `${attack}, ${norm === 'l2' ? 'root mean square' : 'at most'} %{x}/255: %{y:.1f} %<extra></extra>`,
      };
    });
}

/** How often each attack of an evaluation succeeds, by its size, with 95 % intervals; the control, noise, is dotted. */
export function successFigure({
  name,
  title,
  rows: all,
  attacks,
}: {
  name: string;
  title: string;
  rows: readonly EvaluationRow[];
  /** Those of your own among the rows. */
  attacks?: readonly Attack[];
}): Figure {
  const rows = measured(all);
  const curves = byAttack(rows, attacks);
  const { n, accuracy } = rows[0]!;
  return {
    name,
    description:
      `The share of ${n} photos, all classified right (accuracy ${roundNumber(100 * accuracy, 3)} %), whose ` +
      `answer each attack changes, by size (marked L2: by root mean square). ${curves
        .map(
          ({ label, own }) =>
            `${label}: ${own
              .map((row) => `${roundNumber(100 * row.success, 3)} % at ${in255ths(row.epsilon)}/255`)
              .join(', ')}`,
        )
        .join('; ')}.`,
    data: curves.map(({ label, own, style, hover }) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: label,
      x: own.map(({ epsilon }) => in255ths(epsilon)),
      ...shares(own),
      ...style,
      hovertemplate: hover,
    })),
    layout: {
      ...baseLayout({ title, legend: true, height: 480 }),
      xaxis: sizeAxis(rows.map(({ epsilon }) => epsilon)),
      yaxis: axis({ title: 'photos turned', unit: '%', range: [-3, 103] }),
    },
  };
}
