import { DescentError } from '../errors';

/** One hand's movement: a place in a row of values, of which the screen shows the texts. */
export interface Dial {
  label: string;
  texts: readonly string[];
  /** Where it stands at first, from 0. */
  start: number;
  /** The values in numbers, where it has some: what lies nearest is taken where a reader points. */
  values?: readonly number[];
}

/** What a reader changes of a figure: made by `slider`, `choice` or `point`. */
export interface Control<Value> {
  /** What it is on the screen. */
  kind: 'slider' | 'choice' | 'point';
  /** Its label. Default: its name, in words. */
  label?: string;
  /** What a hand moves: two for a point, else one. */
  dials: readonly Dial[];
  /** Its value where the dials stand so, from 0. */
  valueAt: (places: readonly number[]) => Value;
}

/** The value of each control. */
export type ValuesOf<Controls> = {
  [Name in keyof Controls]: Controls[Name] extends Control<infer Value> ? Value : never;
};

/** A row of numbers to slide along. */
export interface SliderOptions {
  /** The value at the left end. */
  from: number;
  /** The value at the right end; it may be the smaller one. */
  to: number;
  /** Default: 'linear'. On 'log', equal ways multiply by equal factors. */
  scale?: 'linear' | 'log';
  /** From value to value; a factor on 'log'. Default: a hundredth of the way, in so many equal parts. */
  step?: number;
  /** Where it stands at first. Default: the middle. */
  start?: number;
  /** What the numbers are in, shown behind them: `lb/in`. */
  unit?: string;
  /** Default: its name, in words. */
  label?: string;
}

/** How many parts a way has by itself, and at most. */
const [PARTS, MOST_PARTS] = [100, 10_000];

/**
 * A number to slide along.
 * @throws DescentError for a range without a way, or a logarithmic one that holds 0
 */
export function slider(options: SliderOptions): Control<number> {
  const dial = numbers(options);
  return { kind: 'slider', ...labelOf(options), dials: [dial], valueAt: ([place]) => dial.values[place!]! };
}

/**
 * One of several texts.
 * @throws DescentError where there are none, or the start is none of them
 */
export function choice<const Text extends string>(
  texts: readonly Text[],
  { start = texts[0], label }: { start?: Text; label?: string } = {},
): Control<Text> {
  const place = texts.findIndex((text) => text === start);
  if (place < 0) throw new DescentError(`choice: '${start ?? ''}' is none of ${texts.join(', ') || 'no texts'}`);
  const dial = { label: '', texts, start: place };
  return { kind: 'choice', ...labelOf({ label }), dials: [dial], valueAt: ([at]) => texts[at!]! };
}

/** A place in the plane. */
export interface PointOptions {
  /** Where it can be along the figure's first x-axis, in the axis' units. */
  x: readonly [from: number, to: number];
  /** Where it can be along the first y-axis. */
  y: readonly [from: number, to: number];
  /** Where it is at first. Default: the middle. */
  start?: readonly [x: number, y: number];
  /** Default: its name, in words. */
  label?: string;
}

/** How finely a plane is divided, in each direction. */
const FINE = 200;

/**
 * A place in the plane: what a reader presses in the figure's first panel, or drags to, or sets by two sliders.
 * @throws DescentError for a range without a way
 */
export function point({ x, y, start, label }: PointOptions): Control<{ x: number; y: number }> {
  const dial = (name: string, [from, to]: readonly [number, number], at: number | undefined) =>
    numbers({ from, to, step: Math.abs(to - from) / FINE, ...(at !== undefined && { start: at }) }, name);
  const [across, up] = [dial('x', x, start?.[0]), dial('y', y, start?.[1])];
  return {
    kind: 'point',
    ...labelOf({ label }),
    dials: [across, up],
    valueAt: ([i, j]) => ({ x: across.values[i!]!, y: up.values[j!]! }),
  };
}

const labelOf = ({ label }: { label?: string | undefined }): { label?: string } =>
  label === undefined ? {} : { label };

/** The numbers of a way. @param label tells it from the other dials of its control */
function numbers(options: SliderOptions, label = ''): Dial & { values: readonly number[] } {
  const { from, to, scale = 'linear', unit = '' } = options;
  const isLog = scale === 'log';
  if (![from, to].every(Number.isFinite) || from === to)
    throw new DescentError(`slider: from ${from} to ${to} is no way`);
  if (isLog && !(from > 0 && to > 0))
    throw new DescentError(`slider: a logarithmic one is above 0, not ${from} to ${to}`);
  const way = isLog ? Math.log(to / from) : to - from;
  const { step = 0 } = options;
  const parts = step === 0 ? PARTS : Math.round(Math.abs(way / (isLog ? Math.log(step) : step)));
  if (!(parts >= 1 && parts <= MOST_PARTS)) {
    throw new DescentError(
      `slider: steps of ${step} from ${from} to ${to} are ${parts}: from 1 to ${MOST_PARTS} can be`,
    );
  }
  // what is shown is what is computed with: on a logarithmic one, three digits
  const valueAt = (i: number): number =>
    isLog ? tidy(from * Math.exp((way * i) / parts), 3) : tidy(from + (way * i) / parts, 6);
  const values = Array.from({ length: parts + 1 }, (_, i) => valueAt(i));
  const { start = valueAt(Math.floor(parts / 2)) } = options;
  if (!((start - from) * (start - to) <= 0))
    throw new DescentError(`slider: ${start} is not between ${from} and ${to}`);
  const at = nearest(values, start);
  values[at] = start; // what is asked for is what it begins with
  const end = unit === '' ? '' : ` ${unit}`;
  return { label, texts: values.map((value) => textOf(value) + end), start: at, values };
}

/** Without the traces of binary fractions. */
const tidy = (value: number, figures: number): number => Number(value.toPrecision(figures));

/** The whole number, small ones as 5.25e−5. */
const textOf = (value: number): string =>
  (value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)).replace(/-/g, '−');

/** The place of the value that is nearest to one. */
export const nearest = (values: readonly number[], to: number): number =>
  values.reduce((best, value, i) => (Math.abs(value - to) < Math.abs(values[best]! - to) ? i : best), 0);
