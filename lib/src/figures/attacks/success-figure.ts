import { DescentError } from '../../errors';
import { chart, marks, palette, round } from '../chart';
import { roundNumber } from '../chart/round';
import type { AxisOptions, Figure, FindingOptions } from '../chart';
import type { LineOptions } from '../chart/marks';
import { lookAmong } from '../chart/palette';
import { share } from '../chart/words';
import { attackNames, type Attack } from '../../attacks';
import { attackNamed } from '../../attacks/table';
import type { EvaluationRow } from '../../evaluation';

/** Sizes are told as they are in a file: in 255ths. */
export const in255ths = (epsilon: number): number => roundNumber(255 * epsilon, 3);

/** Options of a figure of attacks. */
export interface AttackFigureOptions extends FindingOptions {
  /** Those of your own among the rows: how they are drawn follows from what they are. */
  attacks?: readonly Attack[];
}

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

/** The axis of an attack's success rate. */
export const successRate: AxisOptions = { title: 'success rate', unit: '%', range: [-3, 103] };

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

/** A share in whole percent, for a title. */
export const whole = (part: number): string => `${Math.round(100 * part)} %`;

/** What an attack does, with its name: `one sign step (fgsm)`. */
const inWords = (name: string, label?: string): string =>
  label === undefined ? name : label.includes(name) ? label : `${label} (${name})`;

/** The rows of attacks alone, without what became of their examples in files: those are `jpegFigure`'s. */
export const unsaved = (rows: readonly EvaluationRow[]): EvaluationRow[] =>
  rows.filter(({ attack }) => !attack.includes('+'));

/** One attack of an evaluation. */
export interface AttackCurve {
  /** Its name. */
  attack: string;
  /** What it does, in words, where the table says it. */
  words: string;
  /** Whether it is no attack but the control. */
  control: boolean;
  /** The rows that are drawn. */
  own: MeasuredRow[];
  /** How they are drawn. */
  look: LineOptions;
}

/**
 * A curve for each attack of an evaluation, in the order of the rows; an attack has one look in all figures. What is
 * highlighted comes last, on top, in large open markers: others run close beneath it. The control is grey and dotted.
 */
export function byAttack(rows: readonly MeasuredRow[], attacks: readonly Attack[] = []): AttackCurve[] {
  const curves = [...new Set(rows.map(({ attack }) => attack))].map((name) => {
    const { norm, control = false, highlight = false } = attackNamed(name, attacks) ?? {};
    const label = attackNamed(name)?.label; // one of your own, made from a library's, does something else
    const { color, dash } = control ? { color: palette.data, dash: 'dot' } : lookAmong(attackNames, name);
    const open = highlight && { size: 11, symbol: 'circle-open', line: { color, width: 2 } };
    // Those that are bounded in length are marked, see `sizeAxis`.
    const look = {
      name: inWords(name, label) + (norm === 'l2' ? ', L2' : ''),
      color,
      dash,
      marker: { color, size: 6, ...open },
      hover: `${name}, ${norm === 'l2' ? 'root mean square' : 'at most'} %{x}/255: %{y:.1f} %<extra></extra>`,
    };
    return {
      attack: name,
      words: label ?? name,
      control,
      highlight,
      own: rows.filter(({ attack }) => attack === name),
      look,
    };
  });
  return curves.sort((one, other) => Number(one.highlight) - Number(other.highlight));
}

/** How often each attack of an evaluation succeeds, by its size, with 95 % intervals; the control, noise, is dotted. */
export function successFigure(evaluation: readonly EvaluationRow[], options: AttackFigureOptions): Figure {
  const rows = measured(unsaved(evaluation));
  const curves = byAttack(rows, options.attacks);
  const { n, accuracy } = rows[0]!;
  const told = curves.map(({ look, own }) => {
    const points = own.map(({ success, epsilon }) => `${share(success)} at ${in255ths(epsilon)}/255`);
    return `${look.name}: ${points.join(', ')}`;
  });
  const [attacked, noise] = [curves.filter(({ control }) => !control), curves.find(({ control }) => control)];
  const first = attacked.at(-1) ?? curves[0]!; // what is highlighted
  const enough = first.own.find(({ success }) => success >= 0.5) ?? first.own.at(-1)!;
  const most = noise?.own.at(-1);
  return chart(options, {
    finding:
      `At ${in255ths(enough.epsilon)}/255 ${first.words} turn ${whole(enough.success)} of ${n} photos` +
      (most && noise ? `, at ${in255ths(most.epsilon)}/255 ${noise.words} turns ${whole(most.success)}` : ''),
    says:
      `The share of ${n} photos, all classified right (accuracy ${share(accuracy)}), whose ` +
      `answer each attack changes, by size (marked L2: by root mean square). ${told.join('; ')}.`,
    marks: curves.map(({ own, look }) =>
      marks.line({ ...look, x: own.map(({ epsilon }) => in255ths(epsilon)), ...shares(own) }),
    ),
    legend: true,
    height: 500,
    x: sizeAxis(rows.map(({ epsilon }) => epsilon)),
    y: successRate,
  });
}
