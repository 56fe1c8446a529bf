import {
  axis,
  baseLayout,
  OPTIMUM_LINE,
  palette,
  panelAxes,
  panels,
  round,
  type Figure,
  type JsonObject,
} from '../chart';
import { gradientMoments } from '../../race/moments';
import { optimizerLine } from './style';

/** One optimiser's run from one start: a number that is descended on and its gradient, iteration by iteration. */
export interface TracedRun {
  /** The number itself after each update. */
  value: number[];
  /** One less than the values: the last state has none. */
  gradient: number[];
}

/** What the figure of Adam's and RMSprop's inner means shows. */
export interface MomentsFigureOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
  /** The number's name, such as `slope`. */
  variable: string;
  /** Its unit, and its gradient's: `lb/in`, `lb·in`. */
  units?: { variable: string; gradient: string };
  /** By what is said about each start; `floor` is the value at the bottom of the valley there. */
  starts: Record<string, { adam: TracedRun; rmsprop: TracedRun; floor: number }>;
}

/** Why Adam bounces: value, gradient against momentum, and the divisor, for Adam and RMSprop from each start. */
export function momentsFigure({ name, title, variable, units, starts }: MomentsFigureOptions): Figure {
  const list = Object.entries(starts);
  const columns = list.length;
  const rows = [
    { title: variable, unit: units?.variable },
    { title: `gradient of the ${variable}`, unit: units?.gradient },
    { title: 'divisor √v', unit: units?.gradient },
  ];
  const hover = ({ title: quantity, unit = '' }: { title: string; unit?: string }): string =>
    `iteration %{x}<br>${quantity} %{y:.4~g} ${unit}`.trimEnd();
  const line = (panel: number, label: string, y: number[], style: JsonObject): JsonObject => ({
    type: 'scatter',
    mode: 'lines',
    name: label,
    legendgroup: label,
    showlegend: panel % columns === 0,
    x: y.map((_, i) => i),
    y: round(y),
    ...panelAxes(panel),
    line: style,
    hovertemplate: `${hover(rows[Math.floor(panel / columns)]!)}<extra>${label}</extra>`,
  });
  const adamColor = optimizerLine('adam').color;
  const rmspropColor = optimizerLine('rmsprop').color;
  const data = list.flatMap(([, { adam, rmsprop, floor }], i) => {
    const { mean, size } = gradientMoments(adam.gradient);
    const plain = gradientMoments(rmsprop.gradient, { beta1: 0, beta2: 0.9, correct: false });
    const length = Math.max(adam.value.length, rmsprop.value.length);
    return [
      line(i, 'adam', adam.value, { color: adamColor, width: 2 }),
      line(i, 'rmsprop', rmsprop.value, { color: rmspropColor, width: 2 }),
      line(i, 'valley floor', Array<number>(length).fill(floor), OPTIMUM_LINE),
      line(columns + i, 'gradient (adam)', adam.gradient, { color: palette.data, width: 1.5 }),
      line(columns + i, 'momentum (adam)', mean, { color: adamColor, width: 2, dash: 'dot' }),
      line(2 * columns + i, 'adam', size, { color: adamColor, width: 2 }),
      line(2 * columns + i, 'rmsprop', plain.size, { color: rmspropColor, width: 2 }),
    ].map((trace, k) => (k > 4 ? { ...trace, showlegend: false } : trace));
  });
  const longest = Math.max(
    ...list.flatMap(([, { adam, rmsprop }]) => [adam, rmsprop].map(({ value }) => value.length - 1)),
  );
  const ends = list.map(
    ([label, { adam, rmsprop, floor }]) =>
      `${label}: ${variable} ${digits(adam.value)} with adam after ${adam.gradient.length} iterations, ` +
      `${digits(rmsprop.value)} with rmsprop after ${rmsprop.gradient.length}; the floor is at ${floor.toFixed(4)}`,
  );
  return {
    name,
    description: `${title}. ${ends.join('. ')}.`,
    data,
    layout: {
      ...baseLayout({ title, height: 720, legend: 'grouped', headings: 1 }),
      ...panels({
        columns,
        gapX: 0.14,
        gapY: 0.07,
        panels: rows.flatMap((row, r) =>
          list.map(([label], i) => ({
            title: r === 0 ? label : undefined,
            x: axis({ title: r === rows.length - 1 ? 'iteration' : '', range: [-0.02 * longest, 1.02 * longest] }),
            y: axis({ ...(i === 0 ? row : { title: '' }), extra: { exponentformat: 'none', separatethousands: true } }),
          })),
        ),
      }),
    },
  };
}

const digits = (values: number[]): string => values.at(-1)!.toFixed(4);
