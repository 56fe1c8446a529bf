// What every kernel of TensorFlow.js is tried with, beside gradient-cases.ts: extreme numbers, whole ones, truth values, empty
// tensors, ties, windows of negative numbers. Each case makes one result or several.
import { Random, tf } from 'descent-lab';
import { int } from './kernel-variants';

export type KernelCase = () => tf.Tensor | tf.Tensor[];
type Cases = Record<string, KernelCase>;
type Pads = 'same' | 'valid';

const FLOATS = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.3, 7, -7, 80, -80, 100.7, 1e-8, -1e-8, 1e-30, 1e10, -1e10, 3e38, -3e38, Infinity, -Infinity, NaN]; // prettier-ignore
/** Their squares still fit. */
const WHOLE = [0, 1, -1, 2, -2, 3, -3, 7, -7, 255, 256, -255, 40000, -40000];
const LARGE = [2147483647, -2147483648, 16777217, -16777217];

const floats = (values: readonly number[] = FLOATS): tf.Tensor1D => tf.tensor1d([...values]);
const whole = (values: readonly number[] = WHOLE): tf.Tensor1D => tf.tensor1d([...values], 'int32');
const truth = (values: readonly number[] = [0, 1]): tf.Tensor1D => tf.tensor1d([...values], 'bool');
const EMPTY = [0, 3];

/** Numbers that differ from case to case only by their shape. */
const normal = (shape: readonly number[], seed = 1): tf.Tensor => {
  const random = new Random(seed);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal()),
    [...shape],
  );
};
const as3 = (shape: readonly number[], seed?: number): tf.Tensor3D => normal(shape, seed) as tf.Tensor3D;
const as4 = (shape: readonly number[], seed?: number): tf.Tensor4D => normal(shape, seed) as tf.Tensor4D;
const as5 = (shape: readonly number[], seed?: number): tf.Tensor5D => normal(shape, seed) as tf.Tensor5D;

const each = <K extends string>(keys: readonly K[], entries: (key: K) => Cases): Cases =>
  Object.assign({}, ...keys.map(entries)) as Cases;

const UNARY = [
  'abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'floor', 'isFinite',
  'isInf', 'isNaN', 'leakyRelu', 'log', 'log1p', 'logSigmoid', 'neg', 'onesLike', 'reciprocal', 'relu', 'relu6', 'round', 'rsqrt', 'selu',
  'sigmoid', 'sign', 'sin', 'sinh', 'softplus', 'sqrt', 'square', 'step', 'tan', 'tanh', 'zerosLike',
] as const; // prettier-ignore

const unary = each(UNARY, (name) => {
  const operation = tf[name] as (x: tf.Tensor) => tf.Tensor;
  return {
    [name]: () => operation(floats()),
    [`${name} of whole numbers`]: () => operation(whole()),
    [`${name} of nothing`]: () => operation(tf.zeros(EMPTY)),
    [`${name} of one`]: () => operation(tf.scalar(-0.7)),
  };
});

const BINARY = [
  'add', 'sub', 'mul', 'div', 'divNoNan', 'floorDiv', 'maximum', 'minimum', 'mod', 'pow', 'squaredDifference', 'atan2', 'greater', 'less',
  'equal', 'notEqual', 'greaterEqual', 'lessEqual',
] as const; // prettier-ignore

/** All pairs of some numbers. */
const pairs = (x: tf.Tensor1D): [tf.Tensor, tf.Tensor] => [
  x.expandDims(1).tile([1, x.size]),
  x.expandDims(0).tile([x.size, 1]),
];

const binary = each(BINARY, (name) => {
  const operation = tf[name] as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
  // what a power of 0 or a quotient of 0 is as a whole number, nobody says
  const others = ['pow', 'div', 'divNoNan', 'floorDiv', 'mod'].includes(name) ? [1, 2, 3] : WHOLE;
  return {
    [name]: () => operation(...pairs(floats())),
    [`${name} of whole numbers`]: () =>
      operation(whole().expandDims(1).tile([1, others.length]), whole(others).expandDims(0).tile([WHOLE.length, 1])),
    [`${name} of a whole number and another`]: () => operation(floats([0.5, -1.5, 2]), whole([1, 2, 3])),
    [`${name} with a row`]: () => operation(normal([4, 3]).abs(), normal([3], 2)),
    [`${name} with a column`]: () => operation(normal([3]).abs(), normal([4, 1], 2)),
    [`${name} with one`]: () => operation(normal([4, 3]).abs(), tf.scalar(3)),
    [`${name} of one`]: () => operation(tf.scalar(3), normal([2, 1, 2, 1, 2])),
    [`${name} of rows of rows`]: () => operation(normal([2, 2, 2, 2, 3]).abs(), normal([2, 1, 2, 1, 3], 2)),
    [`${name} of nothing`]: () => operation(tf.zeros(EMPTY), tf.zeros([3])),
  };
});

const logic: Cases = {
  ...each(['logicalAnd', 'logicalOr', 'logicalXor'] as const, (name) => ({
    [name]: () => tf[name](...pairs(truth())),
  })),
  logicalNot: () => truth().logicalNot(),
  ...each(['add', 'maximum', 'equal'] as const, (name) => ({
    [`${name} of truth values`]: () => tf[name](...pairs(truth())).toInt(),
  })),
  ...each(['equal', 'less', 'maximum'] as const, (name) => ({
    [`${name} of large whole numbers`]: () => tf[name](...pairs(whole(LARGE))),
  })),
};

const FINITE = FLOATS.filter((x) => Math.abs(x) < 1e9);
const casts: Cases = {
  ...each(['float32', 'int32', 'bool'] as const, (dtype) => ({
    [`cast to ${dtype}`]: () => floats(FINITE).cast(dtype),
    [`cast of whole numbers to ${dtype}`]: () => whole([...WHOLE, ...LARGE]).cast(dtype),
    [`cast of truth values to ${dtype}`]: () => truth().cast(dtype),
  })),
  'cast to complex64': () => tf.real(floats(FINITE).cast('complex64')),
  'cast beyond whole numbers': () => floats([1e10, -1e10, 3e38]).toInt(),
  'count what is not zero': () => floats([3, 0, -2, 0.5, 256]).cast('bool').sum(),
  'choose by what is not zero': () => tf.where(floats([3, 0, -256]).cast('bool'), floats([1, 2, 3]), floats([4, 5, 6])),
};

const FOLDS = ['sum', 'mean', 'max', 'min', 'prod', 'argMax', 'argMin', 'logSumExp'] as const;
const AXES = [0, 1, 2] as const;
const repeated = (): tf.Tensor => tf.tensor([...Array(24).keys()].map((k) => [-5, 2, -3, 2, -9, -1, 0][k % 7]! * (k % 5)), [2, 3, 4]); // prettier-ignore
const folds: Cases = {
  ...each(FOLDS, (name) => {
    const fold = tf[name] as (x: tf.Tensor, axis?: number | number[]) => tf.Tensor;
    const isPlace = name.startsWith('arg');
    return {
      ...(Object.assign(
        {},
        ...AXES.map((axis) => ({
          [`${name} along ${axis}`]: () => fold(repeated(), axis),
          [`${name} of whole numbers along ${axis}`]: () =>
            fold(name === 'logSumExp' ? repeated() : repeated().toInt(), axis),
        })),
      ) as Cases),
      ...(isPlace
        ? {}
        : { [`${name} of all`]: () => fold(repeated()), [`${name} along two`]: () => fold(repeated(), [0, 2]) }),
      [`${name} beside NaN`]: () => fold(tf.tensor2d([1, NaN, 2, NaN, NaN, NaN, 2, 3, NaN], [3, 3]), 1),
      [`${name} of infinite numbers`]: () => fold(tf.tensor2d([Infinity, -Infinity, 0, -Infinity, -Infinity, 3, Infinity, 1, 2], [3, 3]), 1), // prettier-ignore
      [`${name} of nothing`]: () => fold(tf.zeros(EMPTY), 1),
    };
  }),
  ...each(['all', 'any'] as const, (name) => ({
    [`${name} along an axis`]: () => tf[name](repeated().greater(0), 1),
    [`${name} of all`]: () => tf[name](repeated().greater(-100)),
    [`${name} of what is not zero`]: () => tf[name](repeated().cast('bool'), 2),
    [`${name} of nothing`]: () => tf[name](tf.zeros(EMPTY, 'bool'), 1),
  })),
  ...each(['cumsum', 'cumprod'] as const, (name) => ({
    [name]: () => tf[name](normal([2, 3, 4]), 1),
    [`${name} from the other end, without the first`]: () => tf[name](normal([2, 3, 4]), 2, true, true),
    [`${name} of whole numbers`]: () => tf[name](whole([3, 5, -2])),
    [`${name} of nothing`]: () => tf[name](tf.zeros(EMPTY), 1),
  })),
  'mean beyond float32': () => floats([3e38, 3e38]).mean(),
  softmax: () => tf.softmax(tf.tensor2d([1, 2, 3, -1000, 0, 1000, 1e-8, -1e-8, 0], [3, 3])),
  'softmax beside NaN': () => tf.softmax(tf.tensor2d([1, NaN, 3], [1, 3])),
  'softmax of one number': () => tf.softmax(tf.scalar(3)),
  logSoftmax: () => tf.logSoftmax(tf.tensor2d([1, 2, 3, -10, 0, 10], [2, 3])),
};

const moves: Cases = {
  'where of NaN': () => tf.where(truth([1, 0, 1]), floats([1, NaN, 3]), floats([Infinity, 2, 4])),
  'where of whole numbers': () => tf.where(truth([1, 0, 1]), whole([1, 2, 3]), whole([5, 6, 7])),
  'where of truth values': () => tf.where(truth([1, 0, 1, 0]), truth([1, 0, 1, 0]), truth([0, 0, 0, 1])),
  'where of rows': () => tf.where(truth([1, 0]).reshape([2, 1]), normal([2, 3]), normal([2, 3], 2)),
  clip: () => floats().clipByValue(-1, 2),
  'clip of whole numbers': () => whole().clipByValue(-1, 2),
  gather: () => tf.gather(normal([3, 4, 5]), int([2, 0, 1, 1]), 1),
  'gather of whole numbers': () => tf.gather(whole(), int([[2, 0], [1, 1]])), // prettier-ignore
  'gather of truth values': () => tf.gather(truth([1, 0, 1]), int([2, 1])),
  'gather in batches': () => tf.gather(normal([2, 3, 4]), int([[0, 1], [2, 2]]), 1, 1), // prettier-ignore
  'gather of one': () => tf.gather(normal([3, 4]), tf.scalar(1, 'int32')),
  'gather of nothing': () => tf.gather(normal([3, 4]), tf.tensor1d([], 'int32')),
  'gather outside': () => tf.gather(normal([3]), int([3])),
  'gatherND outside': () => tf.gatherND(normal([3]), int([[3]])),
  'gatherND of nothing': () => tf.gatherND(normal([3, 4]), tf.zeros([0, 2], 'int32')),
  'gatherND of whole numbers': () => tf.gatherND(int([[1, 2], [3, 4]]), int([[1, 1]])), // prettier-ignore
  'scatterND outside': () => tf.scatterND(int([[4]]), normal([1]), [4]),
  'scatterND of whole numbers': () => tf.scatterND(int([[1], [3], [1]]), whole([5, 6, 7]), [5]),
  'tensorScatterUpdate outside': () => tf.tensorScatterUpdate(normal([3]), int([[7]]), normal([1])),
  'tensorScatterUpdate of whole numbers': () => tf.tensorScatterUpdate(whole([1, 2, 3]), int([[1]]), whole([9])),
  'unsortedSegmentSum, some nowhere': () => tf.unsortedSegmentSum(normal([4, 2]), int([1, 0, 1, -1]) as tf.Tensor1D, 3),
  'unsortedSegmentSum of whole numbers': () => tf.unsortedSegmentSum(int([3, 4, 5]), int([1, 0, 1]) as tf.Tensor1D, 2),
  'unsortedSegmentSum of rows of rows': () =>
    tf.unsortedSegmentSum(normal([3, 2, 2]), int([1, 0, 1]) as tf.Tensor1D, 2),
  'unsortedSegmentSum, nowhere': () => tf.unsortedSegmentSum(normal([3]), int([-1, -1, -1]) as tf.Tensor1D, 2),
  'unsortedSegmentSum, many segments': () => tf.unsortedSegmentSum(normal([3e4]), tf.range(0, 3e4, 1, 'int32'), 3e4),
  'oneHot of float32': () => tf.oneHot(int([1, 4, 0, -1, 9]), 5, 2, -1, 'float32'),
  'oneHot of whole numbers': () => tf.oneHot(int([[1, 2], [0, 3]]), 4, 7, -3), // prettier-ignore
  'oneHot of truth values': () => tf.oneHot(int([1, 4, 0]), 5, 1, 0, 'bool'),
  ...each(['float32', 'int32', 'bool'] as const, (dtype) => ({
    [`fill of ${dtype}`]: () => tf.fill([2, 2], 1, dtype),
    [`zeros, ones of ${dtype}`]: () => [tf.zeros([3], dtype), tf.ones([3], dtype)],
    ...each(
      [
        'transpose',
        'reverse',
        'tile',
        'concat',
        'pad',
        'slice',
        'stridedSlice',
        'unstack',
        'split',
        'mirrorPad',
        'stack',
      ] as const,
      (name) => ({
        // prettier-ignore
        [`${name} of ${dtype}`]: () => {
        const x = normal([2, 3, 4]).greater(0).cast(dtype);
        return {
          transpose: () => x.transpose([2, 0, 1]),
          reverse: () => tf.reverse(x, [0, 2]),
          tile: () => x.tile([2, 1, 3]),
          concat: () => tf.concat([x, x, x.slice([0, 1, 0], [2, 1, 4])], 1),
          pad: () => tf.pad(x, [[1, 0], [2, 1], [0, 0]], 1), // prettier-ignore
          slice: () => x.slice([1, 0, 2], [1, 2, 2]),
          stridedSlice: () => tf.stridedSlice(x, [0, 2, 0], [2, 0, 4], [1, -1, 3]),
          unstack: () => tf.unstack(x, 1),
          split: () => tf.split(x, [1, 3], 2),
          mirrorPad: () => tf.mirrorPad(x, [[1, 0], [2, 1], [0, 3]], 'reflect'), // prettier-ignore
          stack: () => tf.stack([x, x], 1),
        }[name]();
      },
      }),
    ),
  })),
  'transpose of five axes': () => normal([2, 3, 2, 2, 3]).transpose([4, 2, 0, 3, 1]),
  'transpose of six axes': () => normal([2, 1, 2, 2, 3, 2]).transpose([5, 4, 2, 0, 3, 1]),
  'reverse of five axes': () => tf.reverse(normal([2, 2, 2, 2, 3]), [0, 3]),
  'slice of two axes': () => normal([3, 4]).slice([1, 1], [2, 2]),
  'slice of six axes': () => normal([2, 1, 3, 2, 3, 2]).slice([0, 0, 1, 0, 1, 1], [2, 1, 2, 2, 2, 1]),
  'slice of nothing': () => normal([3, 4]).slice([1, 1], [0, 2]),
  'stridedSlice with masks': () => tf.stridedSlice(normal([3, 4, 5]), [0, 1, 4], [3, 4, 0], [2, 1, -2], 1, 2, 0, 0, 4),
  'stridedSlice with a new axis': () => tf.stridedSlice(normal([3, 4]), [0, 0], [2, 2], [1, 1], 0, 0, 0, 1),
  'concat with nothing': () => tf.concat([tf.zeros([0, 2]), normal([3, 2])], 0),
  'transpose, pad, tile of nothing': () => [
    tf.zeros(EMPTY).transpose(),
    tf.pad(tf.zeros(EMPTY), [[1, 1], [0, 1]], 3), // prettier-ignore
    tf.zeros(EMPTY).tile([2, 2]),
  ],
  'pad by nothing': () => tf.pad(normal([2, 3]), [[0, 0], [0, 0]]), // prettier-ignore
  topk: () => Object.values(tf.topk(normal([4, 6]), 3)),
  'topk with ties': () => Object.values(tf.topk(tf.tensor2d([1, 3, 3, 2, 3, 1, 0, 0], [1, 8]), 5)),
  'topk of one, and of all': () => [...Object.values(tf.topk(normal([4, 6]), 1)), ...Object.values(tf.topk(normal([40]), 40))], // prettier-ignore
  'topk of whole numbers': () => Object.values(tf.topk(int([[5, 1, 5, 9]]), 3)),
  unique: () => Object.values(tf.unique(floats([3, 1, 3, 2]))),
  'unique of rows': () => Object.values(tf.unique(tf.tensor2d([1, 2, 1, 2, 3, 4], [3, 2]), 0)),
  'searchSorted of whole numbers': () => tf.searchSorted(int([1, 3, 5]), int([3, 4, 0])),
  'sparseToDense of whole numbers': () => tf.sparseToDense(int([1, 3]), int([4, 5]), [5], tf.scalar(7, 'int32')),
  ...each(['nonMaxSuppression', 'nonMaxSuppressionPadded', 'nonMaxSuppressionWithScore'] as const, (name) => ({
    [name]: () => {
      const boxes = tf.tensor2d([0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 2, 1, 3], [3, 4]);
      const found = tf.image[name](boxes, tf.tensor1d([0.9, 0.75, 0.6]), 3);
      return found instanceof tf.Tensor ? found : Object.values<tf.Tensor>(found);
    },
  })),
  // with one class that has all the weight, chance has no say
  multinomial: () => tf.multinomial(tf.tensor2d([0, 1e9, 0, 1e9, 0, 0], [2, 3]), 4, 1),
  raggedRange: () =>
    tf
      .engine()
      .runKernel<tf.Tensor[]>('RaggedRange', {
        starts: int([0, 5, 8]),
        limits: int([3, 7, 8]),
        deltas: int([1, 1, 1]),
      }),
};

const text: Cases = {
  staticRegexReplace: () => tf.string.staticRegexReplace(tf.tensor1d(['cat', 'a dog']), 'a', 'o'),
  stringNGrams: () =>
    Object.values(tf.string.stringNGrams(tf.tensor1d(['a', 'b', 'c']), int([0, 3]) as tf.Tensor1D, '|', [2], '', '', 0, false)), // prettier-ignore
  stringSplit: () => Object.values(tf.string.stringSplit(tf.tensor1d(['a cat', 'dog']), tf.scalar(' '))),
  stringToHashBucketFast: () => tf.string.stringToHashBucketFast(tf.tensor1d(['cat', 'dog']), 10),
  'gather, slice of text': () => [
    tf.gather(tf.tensor1d(['a', 'b', 'c']), int([2, 0])),
    tf.tensor1d(['a', 'b', 'c']).slice(1, 2),
  ],
};

/** All gradients of the squares of what an operation makes. */
const gradients = (operation: (...inputs: tf.Tensor[]) => tf.Tensor, ...inputs: tf.Tensor[]): tf.Tensor[] =>
  tf.grads((...given: tf.Tensor[]) =>
    operation(...given)
      .square()
      .sum(),
  )(inputs);

const products: Cases = {
  ...each(['', 'a turned', 'b turned', 'both turned'] as const, (which) => {
    const [turnsA, turnsB] = [/a|both/.test(which), /b|both/.test(which)];
    const multiplied = (batchA: number[], batchB: number[], [n, k, m]: [number, number, number]): tf.Tensor =>
      tf.matMul(
        normal([...batchA, ...(turnsA ? [k, n] : [n, k])]),
        normal([...batchB, ...(turnsB ? [m, k] : [k, m])], 2),
        turnsA,
        turnsB,
      );
    return {
      [`matMul ${which}`]: () => multiplied([], [], [5, 7, 3]),
      [`matMul, large, ${which}`]: () => multiplied([], [], [6, 150, 130]),
      [`matMul, large, stacked, ${which}`]: () => multiplied([1, 1], [1], [6, 150, 130]),
      [`matMul in batches ${which}`]: () => multiplied([2], [2], [3, 4, 5]),
      [`matMul of batches and one ${which}`]: () => multiplied([2, 2], [], [3, 4, 5]),
      [`matMul of one and batches ${which}`]: () => multiplied([], [3], [3, 4, 5]),
      [`matMul of batches that repeat each other ${which}`]: () => multiplied([2, 1], [1, 3], [3, 4, 5]),
    };
  }),
  'matMul of whole numbers': () => tf.matMul(int([[1, 2], [3, 4]]), int([[5, 6], [7, 8]])), // prettier-ignore
  'matMul of NaN': () => tf.matMul(tf.tensor2d([NaN, 0, 1, Infinity], [2, 2]), tf.tensor2d([0, 1, 2, 0], [2, 2])),
  'matMul of no rows': () => tf.matMul(tf.zeros([0, 3]), normal([3, 2])),
  'matMul over nothing': () => tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])),
  dot: () => tf.dot(normal([5]), normal([5], 2)),
  ...each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const, (activation) => {
    const more = activation === 'prelu' ? { preluActivationWeights: normal([4]).abs() } : { leakyreluAlpha: 0.3 };
    const around = { bias: normal([4]), activation, strides: 1, pad: 'same', ...more } as const;
    const pictures = (x: tf.Tensor): tf.Tensor4D => x.reshape([1, 4, 5, 3]);
    const withNaN = (): tf.Tensor => floats([NaN, 1, -2, ...Array<number>(57).fill(0.5)]);
    return {
      [`fused matMul, ${activation}`]: () => tf.fused.matMul({ a: normal([3, 5]), b: normal([5, 4], 2), ...around }),
      ...each(['a', 'b', 'both'] as const, (which) => ({
        [`fused matMul, ${which} turned, ${activation}`]: () => {
          const [transposeA, transposeB] = [which !== 'b', which !== 'a'];
          const [a, b] = [normal(transposeA ? [5, 3] : [3, 5]), normal(transposeB ? [4, 5] : [5, 4], 2)];
          return tf.fused.matMul({ a, b, transposeA, transposeB, ...around });
        },
      })),
      [`fused matMul in batches, ${activation}`]: () =>
        tf.fused.matMul({ a: normal([2, 3, 5]), b: normal([2, 5, 4], 2), ...around }),
      [`fused matMul of NaN, ${activation}`]: () =>
        tf.fused.matMul({ a: withNaN().reshape([3, 20]), b: normal([20, 4], 2), ...around }),
      [`fused conv2d, ${activation}`]: () =>
        tf.fused.conv2d({ x: as4([1, 4, 5, 3]), filter: as4([2, 2, 3, 4], 2), ...around }),
      [`fused conv2d of NaN, ${activation}`]: () =>
        tf.fused.conv2d({ x: pictures(withNaN()), filter: as4([2, 2, 3, 4], 2), ...around }),
      [`fused depthwiseConv2d, ${activation}`]: () =>
        tf.fused.depthwiseConv2d({ x: as4([1, 4, 5, 2]), filter: as4([2, 2, 2, 2], 2), ...around }),
      [`fused depthwiseConv2d of NaN, ${activation}`]: () =>
        tf.fused.depthwiseConv2d({ x: pictures(withNaN()).slice(0, [1, 4, 5, 2]), filter: as4([2, 2, 2, 2], 2), ...around }), // prettier-ignore
    };
  }),
};

const PICTURES = [[1, 5, 6, 2], [2, 7, 7, 3], [1, 4, 4, 8]] as const; // prettier-ignore
const PADS = ['same', 'valid'] as const;
const STRIDES = [1, 2, 3] as const;

const placed = (entries: (name: string, shape: readonly number[], pad: Pads, strides: number) => Cases): Cases =>
  Object.assign(
    {},
    ...PICTURES.flatMap((shape) =>
      PADS.flatMap((pad) =>
        STRIDES.map((strides) => entries(`${shape.join(' x ')}, ${pad}, strides ${strides}`, shape, pad, strides)),
      ),
    ),
  ) as Cases;

const convolutions = placed((name, shape, pad, strides) => ({
  ...each(['1 x 1', '3 x 3', '2 x 3'] as const, (size) => {
    const sides = size.split(' x ').map(Number);
    const filter = (count: number): tf.Tensor => normal([...sides, shape[3]!, count], 2);
    const conv = (x: tf.Tensor, f: tf.Tensor): tf.Tensor => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad);
    const depthwise = (x: tf.Tensor, f: tf.Tensor): tf.Tensor =>
      tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, strides, pad);
    return {
      [`conv2d of ${size} on ${name}`]: () => conv(normal(shape), filter(5)),
      [`gradients of conv2d of ${size} on ${name}`]: () => gradients(conv, normal(shape), filter(5)),
      [`depthwiseConv2d of ${size} on ${name}`]: () => depthwise(normal(shape), filter(2)),
      [`gradients of depthwiseConv2d of ${size} on ${name}`]: () => gradients(depthwise, normal(shape), filter(2)),
    };
  }),
}));

const pools = placed((name, shape, pad, strides) =>
  each(['1', '2', '3'] as const, (text) => {
    const size = Number(text);
    const max = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, size, strides, pad);
    const average = (x: tf.Tensor): tf.Tensor => tf.avgPool(x as tf.Tensor4D, size, strides, pad);
    const negative = (): tf.Tensor => normal(shape).sub(9);
    return {
      [`maxPool of ${size} on ${name}`]: () => max(normal(shape)),
      [`maxPool of ${size} on negative numbers, ${name}`]: () => max(negative()),
      [`gradient of maxPool of ${size} on ${name}`]: () => gradients(max, normal(shape)),
      [`gradient of maxPool of ${size} on negative numbers, ${name}`]: () => gradients(max, negative()),
      [`gradient of maxPool of ${size} where all tie, ${name}`]: () => gradients(max, tf.ones([...shape])),
      [`avgPool of ${size} on ${name}`]: () => average(normal(shape)),
      [`gradient of avgPool of ${size} on ${name}`]: () => gradients(average, normal(shape)),
      [`maxPoolWithArgmax of ${size} on negative numbers, ${name}`]: () =>
        Object.values(tf.maxPoolWithArgmax(negative() as tf.Tensor4D, size, strides, pad)),
    };
  }),
);

const square = (values: readonly number[]): tf.Tensor4D => tf.tensor4d([...values], [1, 2, 2, 1]);
const UNUSUAL: Record<string, readonly number[]> = {
  'NaN first': [NaN, 1, 2, 3],
  'NaN later': [1, NaN, 2, 3],
  'all NaN': [NaN, NaN, NaN, NaN],
  'all infinite': [-Infinity, -Infinity, -Infinity, -Infinity],
  'infinite both ways': [Infinity, -Infinity, 1, 2],
};
const networks: Cases = {
  ...each(Object.keys(UNUSUAL), (name) => {
    const x = (): tf.Tensor4D => square(UNUSUAL[name]!);
    return {
      [`maxPool, ${name}`]: () => tf.maxPool(x(), 2, 2, 'valid'),
      [`gradient of maxPool, ${name}`]: () => tf.grad((v) => tf.maxPool(v as tf.Tensor4D, 2, 2, 'valid').sum())(x()),
      [`avgPool, ${name}`]: () => tf.avgPool(x(), 2, 2, 'valid'),
      ...each(['1', '4'] as const, (channels) => ({
        [`conv2d to ${channels}, ${name}`]: () => tf.conv2d(x(), as4([1, 1, 1, Number(channels)]), 1, 'same'),
        [`depthwiseConv2d to ${channels}, ${name}`]: () =>
          tf.depthwiseConv2d(x(), as4([1, 1, 1, Number(channels)]), 1, 'same'),
        [`fused matMul to ${channels}, ${name}`]: () =>
          tf.fused.matMul({ a: x().reshape([4, 1]), b: normal([1, Number(channels)]), activation: 'relu' }),
        [`fused matMul of sums to ${channels}, ${name}`]: () =>
          tf.fused.matMul({ a: x().reshape([1, 4]), b: normal([4, Number(channels)]), activation: 'relu' }),
        [`conv2d of sums to ${channels}, ${name}`]: () => tf.conv2d(x(), as4([2, 2, 1, Number(channels)]), 1, 'valid'),
        [`depthwiseConv2d of sums to ${channels}, ${name}`]: () =>
          tf.depthwiseConv2d(x(), as4([2, 2, 1, Number(channels)]), 1, 'valid'),
      })),
    };
  }),
  'conv2d with gaps': () => tf.conv2d(as4([2, 7, 7, 3]), as4([3, 2, 3, 4], 2), 1, 'same', 'NHWC', 2),
  'conv2d, channels first': () => tf.conv2d(as4([1, 2, 4, 3]), as4([2, 2, 2, 2], 2), 1, 'same', 'NCHW'),
  'gradients of conv2d, channels first': () =>
    gradients(
      (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same', 'NCHW'),
      as4([1, 2, 4, 3]),
      as4([2, 2, 2, 2], 2),
    ),
  'conv2d, padded by a number': () => tf.conv2d(as4([1, 5, 6, 2]), as4([2, 3, 2, 3], 2), 1, 1, 'NHWC', 1, 'floor'),
  'gradients of conv2d, padded by a number': () =>
    gradients(
      (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 2, 'NHWC', 1, 'floor'),
      as4([1, 5, 6, 2]),
      as4([2, 2, 2, 3], 2),
    ),
  'depthwiseConv2d, padded by a number': () =>
    tf.depthwiseConv2d(as4([1, 5, 6, 2]), as4([2, 3, 2, 1], 2), 1, 1, 'NHWC', 1, 'floor'),
  'maxPool, padded by a number': () => tf.maxPool(as4([1, 5, 6, 2]), [2, 3], 2, 1, 'floor'),
  'gradient of maxPool, padded by a number': () =>
    gradients((x) => tf.maxPool(x as tf.Tensor4D, [2, 3], 2, 1, 'ceil'), as4([1, 5, 6, 2])),
  'avgPool, padded by a number': () => tf.avgPool(as4([1, 5, 6, 2]), [3, 2], 2, 1, 'floor'),
  'fused depthwiseConv2d, padded by a number': () =>
    tf.fused.depthwiseConv2d({ x: as4([1, 5, 6, 2]), filter: as4([2, 3, 2, 1], 2), strides: 1, pad: 1, dimRoundingMode: 'floor' }), // prettier-ignore
  'fused conv2d with one bias for all': () =>
    tf.fused.conv2d({ x: as4([1, 4, 4, 3]), filter: as4([1, 1, 3, 4], 2), strides: 1, pad: 'same', bias: tf.scalar(2) }), // prettier-ignore
  'conv2d, as large as the picture': () => tf.conv2d(as4([1, 3, 3, 2]), as4([3, 3, 2, 4], 2), 1, 'valid'),
  'conv2d with gaps, larger than the picture': () => tf.conv2d(as4([1, 4, 4, 2]), as4([3, 3, 2, 4], 2), 1, 'valid', 'NHWC', 2), // prettier-ignore
  'depthwiseConv2d, larger than the picture': () => tf.depthwiseConv2d(as4([1, 2, 2, 2]), as4([3, 3, 2, 1], 2), 1, 'valid'), // prettier-ignore
  'conv2d, two larger than the picture': () => tf.conv2d(as4([1, 2, 2, 1]), as4([4, 4, 1, 1], 2), 1, 'valid'),
  'maxPool, larger than the picture': () => tf.maxPool(as4([1, 2, 2, 2]), 3, 1, 'valid'),
  'avgPool, two larger than the picture': () => tf.avgPool(as4([1, 2, 2, 2]), 4, 1, 'valid'),
  'layers of no picture': () => [
    tf.conv2d(as4([0, 4, 4, 2]), as4([2, 2, 2, 3], 2), 1, 'same'),
    tf.maxPool(as4([0, 4, 4, 2]), 2, 2, 'valid'),
  ],
  ...each(PADS, (pad) => {
    const conv = (x: tf.Tensor, f: tf.Tensor): tf.Tensor => tf.conv3d(x as tf.Tensor5D, f as tf.Tensor5D, 1, pad);
    const max = (x: tf.Tensor): tf.Tensor => tf.maxPool3d(x as tf.Tensor5D, 2, 1, pad);
    const average = (x: tf.Tensor): tf.Tensor => tf.avgPool3d(x as tf.Tensor5D, 2, 1, pad);
    const dilation = (x: tf.Tensor, f: tf.Tensor): tf.Tensor =>
      tf.dilation2d(x as tf.Tensor4D, f as tf.Tensor3D, 1, pad);
    const cube = [1, 3, 3, 4, 2];
    return {
      [`conv3d, ${pad}`]: () => conv(as5(cube), as5([2, 2, 2, 2, 3], 2)),
      [`gradients of conv3d, ${pad}`]: () => gradients(conv, as5(cube), as5([2, 2, 2, 2, 3], 2)),
      [`gradients of conv3d in steps of two, ${pad}`]: () =>
        gradients((x, f) => tf.conv3d(x as tf.Tensor5D, f as tf.Tensor5D, 2, pad), as5(cube), as5([2, 2, 2, 2, 3], 2)),
      [`maxPool3d of negative numbers, ${pad}`]: () => max(as5(cube).sub(9)),
      [`gradient of maxPool3d of negative numbers, ${pad}`]: () => gradients(max, as5(cube).sub(9)),
      [`avgPool3d, ${pad}`]: () => average(as5(cube)),
      [`gradient of avgPool3d, ${pad}`]: () => gradients(average, as5(cube)),
      [`dilation2d of negative numbers, ${pad}`]: () => dilation(as4([1, 4, 5, 2]).sub(9), as3([2, 2, 2], 2)),
      [`gradients of dilation2d of negative numbers, ${pad}`]: () =>
        gradients(dilation, as4([1, 4, 5, 2]).sub(9), as3([2, 2, 2], 2)),
      ...each(['1', '2'] as const, (strides) => {
        const side = 4 * Number(strides) + (pad === 'same' ? 0 : 3 - Number(strides));
        return {
          [`conv2dTranspose, ${pad}, strides ${strides}`]: () =>
            tf.conv2dTranspose(as4([1, 4, 4, 3]), as4([3, 3, 2, 3], 2), [1, side, side, 2], Number(strides), pad),
        };
      }),
    };
  }),
  // gradients that are not taken from these kernels here, since they are not TensorFlow's where windows are padded
  ...each(['1', '2', '3'] as const, (strides) => ({
    [`AvgPoolGrad, strides ${strides}`]: () => {
      const around = { filterSize: 2, strides: Number(strides), pad: 'valid' };
      const input = as4([2, 7, 7, 3]);
      const dy = tf.avgPool(input, 2, Number(strides), 'valid');
      return tf.engine().runKernel<tf.Tensor>('AvgPoolGrad', { dy, input }, around);
    },
    [`AvgPool3DGrad, strides ${strides}`]: () => {
      const around = { filterSize: 2, strides: Number(strides), pad: 'valid' };
      const input = as5([1, 5, 3, 4, 2]);
      const dy = tf.avgPool3d(input, 2, Number(strides), 'valid');
      return tf.engine().runKernel<tf.Tensor>('AvgPool3DGrad', { dy, input }, around);
    },
  })),
  EluGrad: () => tf.engine().runKernel<tf.Tensor>('EluGrad', { dy: normal([24]), y: normal([24], 2) }),
  prelu: () => tf.prelu(floats(), floats([0.25])),
  'prelu by NaN and others': () => tf.prelu(...pairs(floats([0, 1, -1, 2, Infinity, NaN]))),
  'prelu of one for each of a row': () => tf.prelu(normal([3, 1]), normal([1, 4], 2)),
  'prelu of nothing': () => tf.prelu(tf.zeros(EMPTY), tf.zeros([3])),
  batchNorm: () => tf.batchNorm(normal([1, 2, 3, 2]), tf.tensor1d([0.1, 0.2]), tf.tensor1d([1, 2]), tf.tensor1d([0.3, 0.4]), tf.tensor1d([0.5, 0.6]), 0.01), // prettier-ignore
  localResponseNormalization: () => tf.localResponseNormalization(as4([1, 2, 3, 5]), 2, 0.7, 1.2, 0.3),
  'gradient of localResponseNormalization': () =>
    gradients((x) => tf.localResponseNormalization(x as tf.Tensor4D, 2, 0.7, 1.2, 0.3), normal([1, 2, 3, 5])),
};

const images: Cases = {
  ...each(['1 x 1', '2 x 2', '7 x 3', '10 x 12'] as const, (name) => {
    const size = name.split(' x ').map(Number) as [number, number];
    const picture = (): tf.Tensor4D => as4([1, 4, 5, 3]);
    const forms = {
      'corners aligned': [true, false],
      'as it was': [false, false],
      'half pixels': [false, true],
    } as const;
    return each(Object.keys(forms) as (keyof typeof forms)[], (form) => {
      const [align, half] = forms[form];
      const bilinear = (x: tf.Tensor): tf.Tensor => tf.image.resizeBilinear(x as tf.Tensor4D, size, align, half);
      const nearest = (x: tf.Tensor): tf.Tensor => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, align, half);
      return {
        [`resizeBilinear to ${name}, ${form}`]: () => bilinear(picture()),
        [`resizeBilinear of whole numbers to ${name}, ${form}`]: () => bilinear(picture().mul(100).toInt()),
        [`gradient of resizeBilinear to ${name}, ${form}`]: () => gradients(bilinear, picture()),
        [`resizeNearestNeighbor to ${name}, ${form}`]: () => nearest(picture()),
        [`gradient of resizeNearestNeighbor to ${name}, ${form}`]: () => gradients(nearest, picture()),
      };
    });
  }),
  ...each(['bilinear', 'nearest'] as const, (method) => ({
    [`cropAndResize, ${method}`]: () =>
      tf.image.cropAndResize(as4([2, 4, 5, 3]), tf.tensor2d([[0.1, 0.2, 0.8, 0.9], [0, 0, 1.3, 1], [0.5, 0.5, 0.5, 0.5]]), int([0, 1, 1]) as tf.Tensor1D, [3, 2], method, 0.5), // prettier-ignore
    ...each(['constant', 'reflect', 'wrap', 'nearest'] as const, (fill) => ({
      [`transform, ${method}, ${fill}`]: () =>
        tf.image.transform(as4([2, 4, 5, 3]), tf.tensor2d([[1.1, 0.2, -0.13, 0.1, 0.93, 0.21, 0.01, 0.02], [0.9, 0.1, 1, -0.1, 1.2, -0.5, 0, 0.01]]), method, fill, 0.5, [5, 4]), // prettier-ignore
    })),
  })),
  'rotateWithOffset, filled with a colour': () => tf.image.rotateWithOffset(as4([1, 4, 5, 3]), 0.4, [1, 2, 3], [0.5, 0.3]), // prettier-ignore
  'rotateWithOffset of one channel': () => tf.image.rotateWithOffset(as4([2, 4, 5, 1]), 0.4, 0.25, [0.5, 0.3]),
};

/** Cases by how exact they are: to a part of each number, or of the largest in a result, where sums cancel out. */
export const kernelCases: Readonly<Record<'each' | 'sums', Readonly<Cases>>> = {
  each: { ...unary, ...binary, ...logic, ...casts, ...folds, ...moves, ...text },
  sums: { ...products, ...convolutions, ...pools, ...networks, ...images },
};
