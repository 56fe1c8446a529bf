import { axis, chart, marks, palette, type Figure, type FindingOptions, type JsonObject } from '../chart';
import { HALO, OPTIMUM_LINE } from '../chart/palette';
import type { LineOptions } from '../chart/marks';
import { gradientMoments, turnsOf, type Turn } from '../../races/moments';
import { lookOf, optimizerTitle } from './style';

/** One optimiser's run from one start: a number that is descended on and its gradient, iteration by iteration. */
export interface TracedRun {
  /** The number itself after each update. */
  value: number[];
  /** One less than the values: the last state has none. */
  gradient: number[];
}

/** Two optimisers from one start, and the value at the bottom of the valley there. */
export interface TracedStart {
  /** Adam's run. */
  adam: TracedRun;
  /** RMSprop's. */
  rmsprop: TracedRun;
  /** The value that both should come to. */
  floor: number;
}

/** How the figure of Adam's momentum is drawn. */
export interface MomentsFigureOptions extends FindingOptions {
  /** The number's name, such as `slope`. */
  variable: string;
  /** Its unit, and its gradient's: `lb/in`, `lb·in`. */
  units?: { variable: string; gradient: string };
}

/**
 * Why Adam bounces: above the number itself, by Adam and by RMSprop, below Adam's gradient and its momentum, with a band
 * from where the gradient has turned to where the momentum turns. A column for each start, by what is said about it.
 */
export function momentsFigure(starts: Record<string, TracedStart>, options: MomentsFigureOptions): Figure {
  const { variable, units } = options;
  const list = Object.entries(starts).map(([label, start]) => {
    const { mean } = gradientMoments(start.adam.gradient);
    return { label, ...start, mean, turns: turnsOf(start.adam.gradient, { mean }) };
  });
  const columns = list.length;
  const rows = [
    { title: variable, unit: units?.variable },
    { title: `gradient of the ${variable}`, unit: units?.gradient },
  ];
  const [adamColor, rmspropColor] = ['adam', 'rmsprop'].map((name) => lookOf(name).color);
  const line = (row: number, i: number, name: string, y: number[], look: LineOptions): JsonObject => {
    const { title: quantity, unit = '' } = rows[row]!;
    const hover = `iteration %{x}<br>${quantity} %{y:.4~g} ${unit}`.trimEnd();
    const place = { name, group: name, panel: row * columns + i, legend: i === 0, x: y.map((_, k) => k), y, hover };
    return marks.line({ ...place, ...look });
  };
  const lines = list.flatMap(({ adam, rmsprop, floor, mean }, i) => {
    const length = Math.max(adam.value.length, rmsprop.value.length);
    return [
      line(0, i, optimizerTitle('rmsprop'), rmsprop.value, { color: rmspropColor }),
      line(0, i, optimizerTitle('adam'), adam.value, { color: adamColor }),
      line(0, i, 'valley floor', Array<number>(length).fill(floor), OPTIMUM_LINE),
      line(1, i, "Adam's gradient g", adam.gradient, { color: palette.data, width: 1.5 }),
      line(1, i, "Adam's momentum p", mean, { color: adamColor, dash: 'dot', width: 3 }),
    ];
  });
  const longest = Math.max(
    ...list.flatMap(({ adam, rmsprop }) => [adam, rmsprop].map(({ value }) => value.length - 1)),
  );
  const last = ({ value, gradient }: TracedRun, by: string): string =>
    `${value.at(-1)!.toFixed(4)} with ${by} after ${gradient.length}`;
  const ends = list.map(
    ({ label, adam, rmsprop, floor, turns }) =>
      `${label}: ${variable} ${last(adam, 'Adam')} iterations, ${last(rmsprop, 'RMSprop')}; the floor is at ` +
      `${floor.toFixed(4)}; ${turnsInWords(turns)}`,
  );
  const plainNumbers = { exponentformat: 'none', separatethousands: true };
  const bands = list.flatMap(({ adam, turns }, i) =>
    turns.map((turn) => band(turn, columns + i + 1, adam.gradient[0]! > 0)),
  );
  return chart(options, {
    finding: findingOf(list.flatMap(({ turns }) => turns)),
    says: `Adam's gradient and its momentum. ${ends.join('. ')}.`,
    marks: lines,
    height: 620,
    legend: 'grouped',
    headings: 1,
    grid: {
      columns,
      gapX: 0.14,
      gapY: 0.08,
      heights: [1, 1.6],
      panels: rows.flatMap((row, r) =>
        list.map(({ label }, i) => ({
          title: r === 0 ? label : undefined,
          x: axis({ title: 'iteration', titled: r === rows.length - 1, range: [-0.02 * longest, 1.02 * longest] }),
          y: axis({
            ...row,
            titled: i === 0,
            extra: { ...plainNumbers, zeroline: r === 1, zerolinecolor: palette.muted },
          }),
        })),
      ),
    },
    extra: { shapes: bands },
  });
}

/** From where the gradient changed its sign to where the momentum does, in a panel, with how many updates that are, where the curves are not. */
const band = ({ gradient, momentum }: Turn, panel: number, isHighAtFirst: boolean): JsonObject => ({
  type: 'rect',
  layer: 'below',
  xref: `x${panel}`,
  x0: gradient,
  x1: momentum,
  yref: `y${panel} domain`,
  y0: 0,
  y1: 1,
  fillcolor: palette.grid,
  line: { width: 0 },
  label: {
    text: `${momentum - gradient} step${momentum - gradient === 1 ? '' : 's'} late`,
    textposition: isHighAtFirst ? 'top center' : 'bottom center',
    padding: 16, // off the lowest line of the grid
    font: { size: 12, color: palette.text, shadow: HALO },
  },
});

const turnsInWords = (turns: readonly Turn[]): string =>
  turns.length === 0
    ? 'the gradient does not turn'
    : turns
        .map(({ gradient, momentum }) => `the gradient turns at ${gradient}, the momentum ${momentum - gradient} later`)
        .join(', ');

/** By how many updates the momentum is late. */
function findingOf(turns: readonly Turn[]): string {
  const late = turns.map(({ gradient, momentum }) => momentum - gradient);
  if (late.length === 0) return "Adam's gradient keeps its sign, and so does its momentum";
  const [least, most] = [Math.min(...late), Math.max(...late)];
  const steps = least === most ? String(most) : `${least} to ${most}`;
  return `Adam's momentum turns ${steps} step${most === 1 ? '' : 's'} after the gradient`;
}
