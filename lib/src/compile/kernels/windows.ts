// Windows over pictures, of any number of axes: what convolutions, pools and dilations have in common.
import { sizeOf } from '../../shape';
import type { Windows } from '../../kernels/windows';
import { fixed, indicesAt, placeOf, plus, times, type Expression, type Index } from '../expressions';
import type { Elements, Plan } from '../plan';
import { viewed, zeros } from './definition';
import { bordered } from './joins';

/** How a window is laid over pictures. */
export type Look = Omit<Windows, 'fill' | 'after'>;
export type Pictures = [number, number, number, number];

/** Where a window at a place sees, in pictures with their borders. */
export const seen = ({ strides, dilations }: Look, out: readonly Index[], window: readonly Index[]): Index[] =>
  out.map((index, axis) => plus(times(index, strides[axis]!), times(window[axis]!, dilations[axis]!)));

/** The sizes of pictures with borders as wide as all windows see. */
export const widened = ({ sizes, strides, dilations, before, out }: Look, shape: readonly number[]): number[] =>
  shape.slice(1, -1).map((size, axis) => {
    const reach = (out[axis]! - 1) * strides[axis]! + (sizes[axis]! - 1) * dilations[axis]! + 1;
    return Math.max(reach, before[axis]! + size);
  });

/** Pictures with such borders, of one number. */
export const widenedWith = (plan: Plan, x: Elements, look: Look, value: number): Elements =>
  bordered(plan, x, [0, ...look.before, 0], [x.shape[0]!, ...widened(look, x.shape), x.shape.at(-1)!], value);

/** Of pictures with borders, the pictures. */
export const within = (x: Elements, { before }: Look, shape: readonly number[]): Elements =>
  viewed(x, shape, (to) => to.map((index, axis) => plus(index, fixed([0, ...before, 0][axis]!))));

/** What comes back of each place, laid out where its window begins, with room for the windows that reach there. */
export function spread(plan: Plan, dy: Elements, look: Look, input: readonly number[]): Elements {
  const { sizes, strides, dilations } = look;
  const room = sizes.map((size, axis) => (size - 1) * dilations[axis]!);
  const shape = [dy.shape[0]!, ...widened(look, input).map((size, axis) => size + room[axis]!), dy.shape.at(-1)!];
  return bordered(plan, dy, [0, ...room, 0], shape, 0, [1, ...strides, 1]);
}

/** Where in that the share of one place of the window lies. */
export const reaching = ({ sizes, dilations, before }: Look, at: readonly Index[], window: readonly Index[]): Index[] =>
  at.map((index, axis) => {
    const room = (sizes[axis]! - 1) * dilations[axis]! + before[axis]!;
    return plus(plus(index, fixed(room)), times(window[axis]!, -dilations[axis]!));
  });

/** The place of the window's largest number, the first of several, in the window. */
export function largest(
  plan: Plan,
  out: readonly number[],
  sizes: readonly number[],
  value: (to: readonly Index[], window: readonly Index[]) => Expression,
): (to: readonly Index[]) => Index[] {
  const count = sizeOf(sizes);
  const places = plan.fold(out, [count], 'int', 'greatest', (to, [place]) => value(to, indicesAt(place!, sizes)));
  return (to) => indicesAt(plan.expressions.indexFrom(places.at(to), count), sizes);
}

/** What lies beside a picture is in no window the largest. */
export const LEAST = { float: -Infinity, int: -(2 ** 31), bool: 0 };

/** Numbers that are added up at places. */
export const added = (
  plan: Plan,
  shape: readonly number[],
  value: Elements,
  place: (from: readonly Index[]) => readonly Index[],
): Elements =>
  plan.assemble(shape, 'float', [
    { value: zeros(plan, shape, 'float'), place: (to) => placeOf(to, shape) },
    { value, adds: true, place: (from) => placeOf(place(from), shape) },
  ]);
