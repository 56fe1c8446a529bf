// Kernels whose indices are numbers found on the way.
import { sizeOf } from '../../shape';
import { fixed, indicesAt, placeOf, type Expression, type Index } from '../expressions';
import type { Elements, Plan } from '../plan';
import { kindOf, viewed, zeros, type Definition, type Definitions, type Given } from './definition';

/** Whether a number found on the way is an index of an axis; undefined where it cannot be another. */
function isWithin({ expressions: e }: Plan, value: Expression, size: number): Expression | undefined {
  const within = e.apply(
    'and',
    e.apply('greaterEqual', value, e.constant(0, 'int')),
    e.apply('less', value, e.constant(size, 'int')),
  );
  return 'constant' in within.what && within.what.constant === 1 ? undefined : within;
}

/** A number found on the way as an index that lies within the axis, whatever it is. */
const kept = ({ expressions: e }: Plan, value: Expression, size: number): Index =>
  e.indexFrom(e.apply('clip', e.constant(0, 'int'), e.constant(size - 1, 'int'), value), size);

/**
 * The element of a value where numbers found on the way are its first indices, or those of one of its axes. Outside there
 * is none: kernels refuse that, here it is no number, so that the loop looks again with tensors.
 */
function lookedUp(
  plan: Plan,
  x: Elements,
  told: readonly { value: Expression; axis: number }[],
  indices: readonly (Index | undefined)[],
): Expression {
  const { expressions: e } = plan;
  const all = [...indices];
  told.forEach(({ value, axis }) => (all[axis] = kept(plan, value, x.shape[axis]!)));
  const element = x.at(all as Index[]);
  return told.reduce((found, { value, axis }) => {
    const within = isWithin(plan, value, x.shape[axis]!);
    return within ? e.apply('select', within, found, e.constant(NaN, x.kind)) : found;
  }, element);
}

const gather: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const { x, indices } = inputs as { x: Elements; indices: Elements };
  const { axis = 0, batchDims = 0 } = attributes as { axis?: number; batchDims?: number };
  const at = (axis + x.shape.length) % x.shape.length;
  const rank = indices.shape.length - batchDims;
  return [
    {
      shape: output!.shape,
      kind: x.kind,
      at: (to) => {
        const value = indices.at([...to.slice(0, batchDims), ...to.slice(at, at + rank)]);
        return lookedUp(plan, x, [{ value, axis: at }], [...to.slice(0, at), undefined, ...to.slice(at + rank)]);
      },
    },
  ];
};

const gatherNd: Definition = ({ plan, inputs, outputs: [output] }) => {
  const { params, indices } = inputs as { params: Elements; indices: Elements };
  const rank = indices.shape.length - 1;
  const depth = indices.shape.at(-1)!;
  return [
    {
      shape: output!.shape,
      kind: params.kind,
      at: (to) => {
        const told = Array.from({ length: depth }, (_, axis) => ({
          value: indices.at([...to.slice(0, rank), fixed(axis)]),
          axis,
        }));
        return lookedUp(plan, params, told, [...told.map(() => undefined), ...to.slice(rank)]);
      },
    },
  ];
};

/**
 * Zeros, or other values, with updates at the places that indices tell. What they tell outside goes nowhere where
 * kernels drop it; where they refuse it, it is no number in the first place.
 */
export function scattered(
  plan: Plan,
  base: Elements,
  indices: Elements,
  updates: Elements,
  { adds, drops = false }: { adds: boolean; drops?: boolean },
): Elements {
  if (indices.isSteady && !adds) return updated(plan, base, indices, updates);
  return writtenOver(plan, base, indices, updates, { adds, drops });
}

/** The same where the indices never change: each element knows its update, so that it is fused with what uses it. */
function updated(plan: Plan, base: Elements, indices: Elements, updates: Elements): Elements {
  const { expressions: e } = plan;
  const depth = indices.shape.at(-1)!;
  const shape = indices.shape.slice(0, -1);
  const count = sizeOf(shape);
  const [zero, none] = [e.constant(0, 'int'), e.constant(-1, 'int')];
  const numbers = plan.inAdvance(() => {
    const nothing: Elements = { shape: base.shape.slice(0, depth), kind: 'int', at: () => none };
    const each: Elements = { shape, kind: 'int', at: (to) => e.index(placeOf(to, shape)) };
    const written = writtenOver(plan, nothing, indices, each, { adds: false, drops: true });
    return plan.keep(written, { before: true });
  });
  return {
    shape: base.shape,
    kind: base.kind,
    at: (to) => {
      const number = numbers.at(to.slice(0, depth));
      const place = e.indexFrom(e.apply('clip', zero, e.constant(count - 1, 'int'), number), count);
      const update = updates.at([...indicesAt(place, shape), ...to.slice(depth)]);
      return e.apply('select', e.apply('less', number, zero), base.at(to), update);
    },
  };
}

function writtenOver(
  plan: Plan,
  base: Elements,
  indices: Elements,
  updates: Elements,
  { adds, drops }: { adds: boolean; drops: boolean },
): Elements {
  const { expressions: e } = plan;
  const { shape } = base;
  const depth = indices.shape.at(-1)!;
  const rank = indices.shape.length - 1;
  const rows = sizeOf(shape.slice(0, depth));
  const wide = [rows + 1, ...shape.slice(depth)]; // the last row is for what goes nowhere
  const flat = (to: readonly Index[]): Index[] => [
    placeOf(to.slice(0, depth), shape.slice(0, depth)),
    ...to.slice(depth),
  ];
  const told = (to: readonly Index[]): { row: Expression; within?: Expression } => {
    const values = Array.from({ length: depth }, (_, axis) => indices.at([...to.slice(0, rank), fixed(axis)]));
    const row = values.reduce((before, value, axis) =>
      e.apply('addWhole', e.apply('multiplyWhole', before, e.constant(shape[axis]!, 'int')), value),
    );
    const tests = values.flatMap((value, axis) => isWithin(plan, value, shape[axis]!) ?? []);
    return { row, ...(tests.length > 0 && { within: tests.reduce((x, y) => e.apply('and', x, y)) }) };
  };
  const written = plan.assemble(wide, updates.kind, [
    { value: base, place: (to) => placeOf(flat(to), wide) },
    {
      value: {
        ...updates,
        at: (to) => {
          const { within } = told(to);
          return within && !drops
            ? e.apply('select', within, updates.at(to), e.constant(NaN, updates.kind))
            : updates.at(to);
        },
      },
      adds,
      place: (to) => {
        const { row, within } = told(to);
        const place = within ? e.apply('select', within, row, e.constant(drops ? rows : 0, 'int')) : row;
        return placeOf([e.indexFrom(place, rows + 1), ...to.slice(rank)], wide);
      },
    },
  ]);
  return viewed(written, shape, flat);
}

/** How often each number comes, or the sum of its weights; what is not below `size` counts nowhere. */
const counted: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const { x, weights } = inputs as Record<'x' | 'weights', Elements>;
  const { size, binaryOutput = false } = attributes as { size: number; binaryOutput?: boolean };
  const { expressions: e } = plan;
  const { shape, dtype } = output!;
  const kind = kindOf(dtype)!;
  const [none, least, most] = [e.constant(1, kind), e.constant(0, 'int'), e.constant(size, 'int')];
  const wide = [...shape.slice(0, -1), size + 1]; // the last is for those
  const isWeighed = sizeOf(weights.shape) > 0 && !binaryOutput;
  const counts = plan.assemble(wide, kind, [
    { value: zeros(plan, wide, kind), place: (to) => placeOf(to, wide) },
    {
      value: { shape: x.shape, kind, at: (to) => (isWeighed ? weights.at(to) : none) },
      adds: !binaryOutput,
      place: (to) => placeOf([...to.slice(0, -1), e.indexFrom(e.apply('clip', least, most, x.at(to)), size + 1)], wide),
    },
  ]);
  return [viewed(counts, shape, (to) => to)];
};

/** Rows by their indices, added up by segments. */
function segments({ plan, inputs, outputs: [output] }: Given, isMean: boolean): Elements[] {
  const { data, indices, segmentIds } = inputs as Record<'data' | 'indices' | 'segmentIds', Elements>;
  const { expressions: e } = plan;
  const { shape } = output!;
  const count = indices.shape[0]!;
  const rows: Elements = {
    shape: [count, ...shape.slice(1)],
    kind: data.kind,
    at: ([row, ...to]) => lookedUp(plan, data, [{ value: indices.at([row!]), axis: 0 }], [undefined, ...to]),
  };
  const ids = viewed(segmentIds, [count, 1], ([row]) => [row!]);
  const add = (values: Elements, all: readonly number[]): Elements =>
    scattered(plan, zeros(plan, all, data.kind), ids, values, { adds: true, drops: true });
  const sums = add(rows, shape);
  if (!isMean) return [sums];
  const ones: Elements = { shape: [count], kind: 'float', at: () => e.constant(1) };
  const counts = add(ones, shape.slice(0, 1));
  const at = (to: readonly Index[]): Expression =>
    e.apply('divide', sums.at(to), e.apply('maximum', e.constant(1), counts.at(to.slice(0, 1))));
  return [{ ...sums, at }];
}

/** How many numbers of a sorted row come before each. */
const searchSorted: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const { sortedSequence: sorted, values } = inputs as Record<'sortedSequence' | 'values', Elements>;
  const { expressions: e } = plan;
  const before = attributes['side'] === 'left' ? 'less' : 'lessEqual';
  return [
    plan.fold(
      output!.shape,
      [sorted.shape[1]!],
      'int',
      'sum',
      (to, [place]) => e.apply(before, sorted.at([to[0]!, place!]), values.at(to)),
      (sum) => e.apply('truncate', sum),
    ),
  ];
};

/** Rows of one value by the numbers of another; where such a number is no row's, zeros. */
export function rowsOf(plan: Plan, x: Elements, numbers: Elements, shape: readonly number[]): Elements {
  const { expressions: e } = plan;
  const size = x.shape.at(-2)!;
  return {
    shape,
    kind: x.kind,
    at: (to) => {
      const batch = to.slice(0, -2);
      const value = numbers.at(to.slice(0, -1));
      const element = x.at([...batch, kept(plan, value, size), to.at(-1)!]);
      const within = isWithin(plan, value, size);
      return within ? e.apply('select', within, element, e.constant(0, x.kind)) : element;
    },
  };
}

export const lookups: Definitions = {
  OneHot: ({ plan, inputs, attributes, outputs: [output] }) => {
    const { onValue = 1, offValue = 0 } = attributes as { onValue?: number; offValue?: number };
    const { expressions: e } = plan;
    const kind = kindOf(output!.dtype)!;
    return [
      {
        shape: output!.shape,
        kind,
        at: (to) =>
          e.apply(
            'select',
            e.apply('equal', inputs['indices']!.at(to.slice(0, -1)), e.index(to.at(-1)!)),
            e.constant(onValue, kind),
            e.constant(offValue, kind),
          ),
        ...(onValue === 1 && offValue === 0 && { ones: inputs['indices']! }),
      },
    ];
  },
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: ({ plan, inputs, outputs: [output] }) => [
    scattered(plan, zeros(plan, output!.shape, inputs['updates']!.kind), inputs['indices']!, inputs['updates']!, {
      adds: true,
    }),
  ],
  TensorScatterUpdate: ({ plan, inputs: { tensor, indices, updates } }) => [
    scattered(plan, tensor!, indices!, updates!, { adds: false }),
  ],
  SparseToDense: ({ plan, inputs, outputs: [output] }) => {
    const { sparseIndices, sparseValues, defaultValue } = inputs as Record<
      'sparseIndices' | 'sparseValues' | 'defaultValue',
      Elements
    >;
    const { shape } = output!;
    const base: Elements = { shape, kind: sparseValues.kind, at: () => defaultValue.at([]) };
    const [count = 1, depth = 1] = sparseIndices.shape;
    const indices = viewed(sparseIndices, [count, depth], (to) => to.slice(0, sparseIndices.shape.length));
    const values = viewed(sparseValues, [count], (to) => to.slice(0, sparseValues.shape.length));
    return [scattered(plan, base, indices, values, { adds: false })];
  },
  Bincount: counted,
  DenseBincount: counted,
  SparseSegmentSum: (given) => segments(given, false),
  SparseSegmentMean: (given) => segments(given, true),
  SearchSorted: searchSorted,
  UnsortedSegmentSum: ({ plan, inputs, outputs: [output] }) => {
    const { x, segmentIds } = inputs as Record<'x' | 'segmentIds', Elements>;
    const ids: Elements = {
      shape: [...segmentIds.shape, 1],
      kind: segmentIds.kind,
      at: (to) => segmentIds.at(to.slice(0, -1)),
    };
    return [scattered(plan, zeros(plan, output!.shape, x.kind), ids, x, { adds: true, drops: true })];
  },
};
