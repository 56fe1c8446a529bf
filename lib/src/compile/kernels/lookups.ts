// Kernels whose indices are numbers found on the way.
import { fixed, placeOf, type Expression, type Index } from '../expressions';
import type { Elements, Plan } from '../plan';
import { kindOf, viewed, zeros, type Definition, type Definitions, type Given } from './definition';

/** The index that a number tells: kept within the axis, where TensorFlow has no answer either. */
const told = (plan: Plan, value: Expression, size: number): Index => plan.expressions.indexFrom(value, size);

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
        const which = indices.at([...to.slice(0, batchDims), ...to.slice(at, at + rank)]);
        return x.at([...to.slice(0, at), told(plan, which, x.shape[at]!), ...to.slice(at + rank)]);
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
        const which = Array.from({ length: depth }, (_, k) =>
          told(plan, indices.at([...to.slice(0, rank), fixed(k)]), params.shape[k]!),
        );
        return params.at([...which, ...to.slice(rank)]);
      },
    },
  ];
};

/** Zeros, or other values, with updates at the places that indices tell. */
function scattered(
  plan: Plan,
  shape: readonly number[],
  base: Elements,
  indices: Elements,
  updates: Elements,
  adds: boolean,
): Elements {
  const depth = indices.shape.at(-1)!;
  const rank = indices.shape.length - 1;
  return plan.assemble(shape, updates.kind, [
    { value: base, place: (to) => placeOf(to, shape) },
    {
      value: updates,
      adds,
      place: (to) => {
        const which = Array.from({ length: depth }, (_, k) =>
          told(plan, indices.at([...to.slice(0, rank), fixed(k)]), shape[k]!),
        );
        return placeOf([...which, ...to.slice(rank)], shape);
      },
    },
  ]);
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
  const isWeighed = weights.shape.reduce((a, b) => a * b, 1) > 0 && !binaryOutput;
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
    at: ([row, ...to]) => data.at([told(plan, indices.at([row!]), data.shape[0]!), ...to]),
  };
  const ids = viewed(segmentIds, [count, 1], ([row]) => [row!]);
  const add = (values: Elements, all: readonly number[]): Elements =>
    scattered(plan, all, zeros(plan, all, data.kind), ids, values, true);
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
      },
    ];
  },
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: ({ plan, inputs, outputs: [output] }) => [
    scattered(
      plan,
      output!.shape,
      zeros(plan, output!.shape, inputs['updates']!.kind),
      inputs['indices']!,
      inputs['updates']!,
      true,
    ),
  ],
  TensorScatterUpdate: ({ plan, inputs, outputs: [output] }) => [
    scattered(plan, output!.shape, inputs['tensor']!, inputs['indices']!, inputs['updates']!, false),
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
    return [scattered(plan, shape, base, indices, values, false)];
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
    return [scattered(plan, output!.shape, zeros(plan, output!.shape, x.kind), ids, x, true)];
  },
};
