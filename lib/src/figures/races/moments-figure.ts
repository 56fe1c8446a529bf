import { axis, chart, marks, palette, type Figure, type FigureOptions, type JsonObject } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import type { LineOptions } from '../chart/marks';
import { gradientMoments } from '../../races/moments';
import { lookOf } from './style';

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

/** How the figure of Adam's and RMSprop's inner means is drawn. */
export interface MomentsFigureOptions extends FigureOptions {
  /** The number's name, such as `slope`. */
  variable: string;
  /** Its unit, and its gradient's: `lb/in`, `lb·in`. */
  units?: { variable: string; gradient: string };
}

/**
 * Why Adam bounces: value, gradient against momentum, and the divisor, for Adam and RMSprop, by what is said about each
 * start.
 */
export function momentsFigure(starts: Record<string, TracedStart>, options: MomentsFigureOptions): Figure {
  const { title, variable, units } = options;
  const list = Object.entries(starts);
  const columns = list.length;
  const rows = [
    { title: variable, unit: units?.variable },
    { title: `gradient of the ${variable}`, unit: units?.gradient },
    { title: 'divisor √v', unit: units?.gradient },
  ];
  const [adamColor, rmspropColor] = ['adam', 'rmsprop'].map((name) => lookOf(name).color);
  const line = (row: number, i: number, name: string, y: number[], look: LineOptions, legend = i === 0): JsonObject => {
    const { title: quantity, unit = '' } = rows[row]!;
    const hover = `iteration %{x}<br>${quantity} %{y:.4~g} ${unit}`.trimEnd();
    return marks.line({
      name,
      group: name,
      panel: row * columns + i,
      legend,
      x: y.map((_, k) => k),
      y,
      hover,
      ...look,
    });
  };
  const lines = list.flatMap(([, { adam, rmsprop, floor }], i) => {
    const { mean, size } = gradientMoments(adam.gradient);
    const plain = gradientMoments(rmsprop.gradient, { beta1: 0, beta2: 0.9, correct: false });
    const length = Math.max(adam.value.length, rmsprop.value.length);
    return [
      line(0, i, 'adam', adam.value, { color: adamColor }),
      line(0, i, 'rmsprop', rmsprop.value, { color: rmspropColor }),
      line(0, i, 'valley floor', Array<number>(length).fill(floor), OPTIMUM_LINE),
      line(1, i, 'gradient (adam)', adam.gradient, { color: palette.data, width: 1.5 }),
      line(1, i, 'momentum (adam)', mean, { color: adamColor, dash: 'dot' }),
      line(2, i, 'adam', size, { color: adamColor }, false),
      line(2, i, 'rmsprop', plain.size, { color: rmspropColor }, false),
    ];
  });
  const longest = Math.max(
    ...list.flatMap(([, { adam, rmsprop }]) => [adam, rmsprop].map(({ value }) => value.length - 1)),
  );
  const last = ({ value, gradient }: TracedRun, by: string): string =>
    `${value.at(-1)!.toFixed(4)} with ${by} after ${gradient.length}`;
  const ends = list.map(
    ([label, { adam, rmsprop, floor }]) =>
      `${label}: ${variable} ${last(adam, 'adam')} iterations, ${last(rmsprop, 'rmsprop')}; the floor is at ${floor.toFixed(4)}`,
  );
  const plainNumbers = { exponentformat: 'none', separatethousands: true };
  return chart(options, {
    says: `${title}. ${ends.join('. ')}.`,
    marks: lines,
    height: 720,
    legend: 'grouped',
    headings: 1,
    grid: {
      columns,
      gapX: 0.14,
      gapY: 0.07,
      panels: rows.flatMap((row, r) =>
        list.map(([label], i) => ({
          title: r === 0 ? label : undefined,
          x: axis({ title: 'iteration', titled: r === rows.length - 1, range: [-0.02 * longest, 1.02 * longest] }),
          y: axis({ ...row, titled: i === 0, extra: plainNumbers }),
        })),
      ),
    },
  });
}
