// Kernels that put elements elsewhere and compute nothing.
import { sizeOf } from '../../shape';
import { tf } from '../../tf';
import { divided, fixed, indicesAt, placeOf, plus, times, type Expression, type Index } from '../expressions';
import { kindOf, type Definition, type Definitions, type Given } from './definition';
import type { Value } from '../record';
import { axesOf } from './folds';

/** The same elements in other places. */
const moved =
  (from: (given: Given, output: Value) => (indices: readonly Index[]) => readonly Index[], name = 'x'): Definition =>
  (given) =>
    given.outputs.map((output) => {
      const x = given.inputs[name]!;
      const indices = from(given, output);
      return { shape: output.shape, kind: x.kind, at: (to) => x.at(indices(to)) };
    });

const reshaped = moved(({ inputs }, { shape }) => {
  const from = inputs['x']!.shape;
  return (indices) => indicesAt(placeOf(indices, shape), from);
});

/** The same for all elements. */
const filled =
  (value: (given: Given) => number): Definition =>
  (given) => {
    const [output] = given.outputs;
    const kind = kindOf(output!.dtype)!;
    const constant = given.plan.expressions.constant(value(given), kind);
    return [{ shape: output!.shape, kind, at: () => constant }];
  };

/** Numbers at equal distances. */
const spaced =
  (between: (attributes: Record<string, number>) => [start: number, step: number]): Definition =>
  ({ plan, attributes, outputs: [output] }) => {
    const { expressions: e } = plan;
    const [start, step] = between(attributes as Record<string, number>);
    const kind = kindOf(output!.dtype)!;
    const isWhole = Number.isInteger(start) && Number.isInteger(step);
    const at = ([index]: readonly Index[]): Expression => {
      const whole = (): Expression => e.index(plus(times(index!, step), fixed(start)));
      if (isWhole) return kind === 'int' ? whole() : e.apply('toFloat', whole());
      return e.apply('add', e.constant(start), e.apply('multiply', e.index(index!), e.constant(step)));
    };
    return [{ shape: output!.shape, kind, at }];
  };

const strided: Definition = ({ inputs, attributes, outputs: [output] }) => {
  const x = inputs['x']!;
  const given = attributes as Record<'begin' | 'end' | 'strides', number[]> & Record<string, number>;
  const { begin, end, strides } = tf.slice_util.sliceInfo(
    [...x.shape],
    given.begin,
    given.end,
    given.strides,
    given['beginMask']!,
    given['endMask']!,
    given['ellipsisMask']!,
    given['newAxisMask']!,
    given['shrinkAxisMask']!,
  );
  const { shape } = output!;
  const sizes = x.shape.map((_, axis) => Math.max(0, Math.ceil((end[axis]! - begin[axis]!) / strides[axis]!)));
  return [
    {
      shape,
      kind: x.kind,
      at: (indices) => {
        const dense = indicesAt(placeOf(indices, shape), sizes); // with the axes that the result leaves out
        return x.at(dense.map((index, axis) => plus(times(index, strides[axis]!), fixed(begin[axis]!))));
      },
    },
  ];
};

export const moves: Definitions = {
  Identity: reshaped,
  Reshape: reshaped,
  ExpandDims: moved(
    ({ inputs }, { shape }) =>
      (indices) =>
        indicesAt(placeOf(indices, shape), inputs['input']!.shape),
    'input',
  ),
  OnesLike: filled(() => 1),
  ZerosLike: filled(() => 0),
  Range: spaced(({ start, step, stop }) => [start!, stop! < start! && step === 1 ? -1 : step!]),
  LinSpace: spaced(({ start, stop, num }) => [start!, num === 1 ? 0 : (stop! - start!) / (num! - 1)]),
  Fill: filled(({ attributes }) => attributes['value'] as number),
  Transpose: moved(({ attributes }) => (indices) => {
    const from: Index[] = [];
    (attributes['perm'] as number[]).forEach((axis, i) => (from[axis] = indices[i]!));
    return from;
  }),
  Slice: moved(({ inputs, attributes: { begin, size } }) => {
    const shape = [...inputs['x']!.shape];
    const [from] = tf.slice_util.parseSliceParams(
      { shape, rank: shape.length } as tf.Tensor,
      begin as number[],
      size as number[],
    );
    return (indices) => indices.map((index, axis) => plus(index, fixed(from![axis]!)));
  }),
  StridedSlice: strided,
  BatchToSpaceND: moved(({ inputs, attributes }) => {
    const { blockShape, crops } = attributes as { blockShape: number[]; crops: [number, number][] };
    const pictures = inputs['x']!.shape[0]! / sizeOf(blockShape);
    return ([picture, ...to]) => {
      const parts = blockShape.map((block, i) => divided(plus(to[i]!, fixed(crops[i]![0])), block));
      const place = placeOf(
        parts.map(([, inBlock]) => inBlock),
        blockShape,
      );
      const batch = plus(times(place, pictures), picture!);
      return [batch, ...parts.map(([outside]) => outside), ...to.slice(blockShape.length)];
    };
  }),
  DepthToSpace: moved(({ attributes }, { shape }) => {
    const block = attributes['blockSize'] as number;
    return ([picture, row, column, channel]) => {
      const [[top, down], [left, right]] = [divided(row!, block), divided(column!, block)];
      return [picture!, top, left, placeOf([down, right, channel!], [block, block, shape[3]!])];
    };
  }),
  FlipLeftRight: moved(
    ({ inputs }) =>
      ([picture, row, column, channel]) => [
        picture!,
        row!,
        plus(fixed(inputs['image']!.shape[2]! - 1), times(column!, -1)),
        channel!,
      ],
    'image',
  ),
  Diag: ({ plan, inputs, outputs: [output] }) => {
    const x = inputs['x']!;
    const { expressions: e } = plan;
    const [rank, zero] = [x.shape.length, e.constant(0, x.kind)];
    const at = (to: readonly Index[]): Expression => {
      const [row, column] = [to.slice(0, rank), to.slice(rank)].map((place) => e.index(placeOf(place, x.shape)));
      return e.apply('select', e.apply('equal', row!, column!), x.at(to.slice(0, rank)), zero);
    };
    return [{ shape: output!.shape, kind: x.kind, at }];
  },
  Reverse: moved(({ inputs, attributes }) => {
    const { shape } = inputs['x']!;
    const axes = axesOf(shape.length, attributes['dims']);
    return (indices) =>
      indices.map((index, axis) => (axes.includes(axis) ? plus(fixed(shape[axis]! - 1), times(index, -1)) : index));
  }),
  Tile: moved(
    ({ inputs }) =>
      (indices) =>
        indices.map((index, axis) => divided(index, inputs['x']!.shape[axis]!)[1]),
  ),
  BroadcastTo: moved(
    ({ inputs }) =>
      (indices) =>
        inputs['x']!.shape.map((size, axis) =>
          size === 1 ? fixed(0) : indices[axis + indices.length - inputs['x']!.shape.length]!,
        ),
  ),
  Unpack: ({ inputs, attributes, outputs }) => {
    const value = inputs['value']!;
    const axis = ((attributes['axis'] as number) + value.shape.length) % value.shape.length;
    return outputs.map(({ shape }, k) => ({
      shape,
      kind: value.kind,
      at: (to) => value.at([...to.slice(0, axis), fixed(k), ...to.slice(axis)]),
    }));
  },
  SplitV: ({ inputs, attributes, outputs }) => {
    const x = inputs['x']!;
    const axis = ((attributes['axis'] as number) + x.shape.length) % x.shape.length;
    let from = 0;
    return outputs.map(({ shape }) => {
      const begin = from;
      from += shape[axis]!;
      return {
        shape,
        kind: x.kind,
        at: (to) => x.at(to.map((index, i) => (i === axis ? plus(index, fixed(begin)) : index))),
      };
    });
  },
};
