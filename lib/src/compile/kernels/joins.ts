// Kernels that put values together, one beside the other.
import { sizeOf } from '../../shape';
import { divided, fixed, indicesAt, placeOf, plus, times, type Expression, type Index } from '../expressions';
import type { Elements, Plan } from '../plan';
import { viewed, type Definitions } from './definition';

/** Puts values one after the other along an axis. */
export function concatenated(
  plan: Plan,
  values: readonly Elements[],
  axis: number,
  shape: readonly number[],
): Elements {
  let from = 0;
  const parts = values.map((value) => {
    const begin = from;
    from += value.shape[axis]!;
    return { value, begin, end: from };
  });
  const { kind } = values[0]!;
  if (sizeOf(shape) <= 8) {
    const at = (indices: readonly Index[]): Expression =>
      parts.reduceRight<Expression | undefined>((rest, { value, begin, end }) => {
        const index = indices[axis]!;
        const own = (): Expression =>
          value.at(indices.map((one, i) => (i === axis ? clamped(plan, index, begin, end) : one)));
        if (!rest) return own();
        const { expressions } = plan;
        const condition = expressions.apply('less', expressions.index(index), expressions.constant(end, 'int'));
        if ('constant' in condition.what) return condition.what.constant ? own() : rest;
        return expressions.apply('select', condition, own(), rest);
      }, undefined)!;
    return { shape, kind, at };
  }
  return plan.assemble(
    shape,
    kind,
    parts.map(({ value, begin }) => ({
      value,
      place: (indices) =>
        placeOf(
          indices.map((one, i) => (i === axis ? plus(one, fixed(begin)) : one)),
          shape,
        ),
    })),
  );
}

/** An index less the beginning of a part, kept within it. */
export function clamped(plan: Plan, index: Index, begin: number, end: number): Index {
  const moved = plus(index, fixed(-begin));
  if (moved.terms.length === 0) return moved;
  const { expressions } = plan;
  const most = expressions.constant(end - begin - 1, 'int');
  const within = expressions.apply('clip', expressions.constant(0, 'int'), most, expressions.index(moved));
  return expressions.indexFrom(within, end - begin);
}

/** A value with a border: of one number. */
export function padded(
  plan: Plan,
  x: Elements,
  before: readonly number[],
  shape: readonly number[],
  value: number,
): Elements {
  const { expressions } = plan;
  const border = expressions.constant(value, x.kind);
  if (sizeOf(shape) <= 8) {
    return {
      shape,
      kind: x.kind,
      at: (indices) => {
        const from = indices.map((index, axis) => plus(index, fixed(-before[axis]!)));
        const conditions = from.flatMap((index, axis) => [
          expressions.apply('greaterEqual', expressions.index(index), expressions.constant(0, 'int')),
          expressions.apply('less', expressions.index(index), expressions.constant(x.shape[axis]!, 'int')),
        ]);
        if (conditions.some(({ what }) => 'constant' in what && what.constant === 0)) return border;
        const inside = x.at(
          from.map((_, axis) => clamped(plan, indices[axis]!, before[axis]!, before[axis]! + x.shape[axis]!)),
        );
        return conditions.reduceRight(
          (rest, condition) => expressions.apply('select', condition, rest, border),
          inside,
        );
      },
    };
  }
  return plan.assemble(shape, x.kind, [
    { value: { shape, kind: x.kind, at: () => border }, place: (indices) => placeOf(indices, shape) },
    {
      value: x,
      place: (indices) =>
        placeOf(
          indices.map((index, axis) => plus(index, fixed(before[axis]!))),
          shape,
        ),
    },
  ]);
}

/** A value with a border, and with gaps between its elements where a step is more than 1. */
export function bordered(
  plan: Plan,
  x: Elements,
  before: readonly number[],
  shape: readonly number[],
  value: number,
  steps: readonly number[] = shape.map(() => 1),
): Elements {
  if (steps.every((step) => step === 1)) {
    return shape.every((size, axis) => size === x.shape[axis]) ? x : padded(plan, x, before, shape, value);
  }
  const border = plan.expressions.constant(value, x.kind);
  return plan.assemble(shape, x.kind, [
    { value: { shape, kind: x.kind, at: () => border }, place: (to) => placeOf(to, shape) },
    {
      value: x,
      place: (from) =>
        placeOf(
          from.map((index, axis) => plus(times(index, steps[axis]!), fixed(before[axis]!))),
          shape,
        ),
    },
  ]);
}

/** A value with a border in which it is mirrored, with or without its outermost elements. */
function mirrored(plan: Plan, x: Elements, axis: number, before: number, after: number, withEdge: boolean): Elements {
  const size = x.shape[axis]!;
  const part = (count: number, last: number): Elements =>
    viewed(
      x,
      x.shape.map((all, i) => (i === axis ? count : all)),
      (to) => to.map((index, i) => (i === axis ? plus(fixed(last), times(index, -1)) : index)),
    );
  const [first, end] = withEdge ? [0, size - 1] : [1, size - 2];
  const parts = [part(before, before - 1 + first), x, part(after, end)].filter(({ shape }) => shape[axis]! > 0);
  const shape = x.shape.map((all, i) => (i === axis ? before + size + after : all));
  return parts.length === 1 ? x : concatenated(plan, parts, axis, shape);
}

export const joins: Definitions = {
  Pack: ({ plan, lists, attributes, outputs: [output] }) => {
    const values = Object.values(lists).flat();
    const { shape } = output!;
    const axis = ((attributes['axis'] as number) + shape.length) % shape.length;
    const wide = values.map((value): Elements => ({
      shape: shape.map((size, i) => (i === axis ? 1 : size)),
      kind: value.kind,
      at: (to) => value.at(to.filter((_, i) => i !== axis)),
    }));
    return [concatenated(plan, wide, axis, shape)];
  },
  Concat: ({ plan, lists, attributes, outputs: [output] }) => {
    const { shape } = output!;
    const values = Object.values(lists)
      .flat()
      .filter((value) => sizeOf(value.shape) > 0);
    return [concatenated(plan, values, ((attributes['axis'] as number) + shape.length) % shape.length, shape)];
  },
  MirrorPad: ({ plan, inputs, attributes }) => {
    const { paddings, mode } = attributes as { paddings: [number, number][]; mode: 'reflect' | 'symmetric' };
    const grown = (x: Elements, [before, after]: [number, number], axis: number): Elements =>
      mirrored(plan, x, axis, before, after, mode === 'symmetric');
    return [paddings.reduce(grown, inputs['x']!)];
  },
  SpaceToBatchND: ({ plan, inputs, attributes, outputs: [output] }) => {
    const { blockShape, paddings } = attributes as { blockShape: number[]; paddings: [number, number][] };
    const x = inputs['x']!;
    const none: [number, number] = [0, 0];
    const borders = x.shape.map((_, axis) => (axis > 0 ? (paddings[axis - 1] ?? none) : none));
    const wide = x.shape.map((size, axis) => borders[axis]![0] + size + borders[axis]![1]);
    const padded = bordered(
      plan,
      x,
      borders.map(([before]) => before),
      wide,
      0,
    );
    return [
      viewed(padded, output!.shape, ([batch, ...to]) => {
        const [place, picture] = divided(batch!, x.shape[0]!);
        const inBlock = indicesAt(place, blockShape);
        return [
          picture,
          ...to.map((index, i) => (blockShape[i] ? plus(times(index, blockShape[i]), inBlock[i]!) : index)),
        ];
      }),
    ];
  },
  PadV2: ({ plan, inputs, attributes, outputs: [output] }) => {
    const paddings = attributes['paddings'] as [number, number][];
    return [
      padded(
        plan,
        inputs['x']!,
        paddings.map(([before]) => before),
        output!.shape,
        (attributes['constantValue'] as number | undefined) ?? 0,
      ),
    ];
  },
};
