// WebAssembly's kernels, mended: each operation beside TensorFlow in Python and beside the plain backend, its derivatives too.
import assert from 'node:assert/strict';
import test, { before, describe } from 'node:test';
import { classifiers, Random, tf } from 'descent-lab';
import { cases, deviations } from './support/gradient-check';
import { startWasm } from './support/wasm';

const native = tf.getBackend();
before(startWasm);

/** Those of tests/kernel-gradients.test.ts. */
const TOLERANCE = { first: 4e-5, second: 2e-4, differences: 2e-3 };

describe("each operation's derivatives, first and second, are those of TensorFlow in Python", () => {
  for (const one of cases) {
    test(one.name, () => {
      const { numTensors } = tf.memory();
      for (const { input, first, second, tensorflow } of deviations(one)) {
        const say = (order: string, value: number): string => `${order} derivative by ${input} is off by ${value}`;
        assert.ok(first <= (tensorflow.first ? TOLERANCE.first : TOLERANCE.differences), say('first', first));
        assert.ok(second <= (tensorflow.second ? TOLERANCE.second : TOLERANCE.differences), say('second', second));
      }
      assert.equal(tf.memory().numTensors, numTensors, 'tensors are left behind');
    });
  }
});

const random = new Random(5);
/** Of all sizes, zeros and ties among them. */
const mixed = Array.from({ length: 60 }, (_, i) => {
  const value = random.normal(0) * 2;
  if (i % 7 === 3) return 0;
  if (i % 11 === 5) return value * 1e-9;
  return i % 13 === 6 ? value * 1e6 : value;
});
const others = Array.from({ length: 60 }, () => random.normal(0) || 0.5);
const odd = [NaN, Infinity, -Infinity, -0, 1e38, -1e38, 1e-45, 2 ** 31, -(2 ** 31), 256];
const table = (values: number[] = mixed): tf.Tensor2D => tf.tensor2d(values, [6, 10]);
const pictures = (values: number[] = mixed): tf.Tensor4D => tf.tensor4d(values, [1, 5, 6, 2]);
const negative = (): tf.Tensor4D => pictures(mixed.map((value) => -1 - Math.abs(value % 3)));
const filter = (): tf.Tensor4D => tf.tensor4d(others.slice(0, 54), [3, 3, 2, 3]);

const UNARY = ['abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'floor', 'isFinite', 'isInf', 'isNaN', 'log', 'log1p', 'logSigmoid', 'neg', 'onesLike', 'reciprocal', 'relu', 'relu6', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'sin', 'sinh', 'softplus', 'sqrt', 'square', 'step', 'tan', 'tanh', 'zerosLike'] as const; // prettier-ignore
const BINARY = ['add', 'sub', 'mul', 'div', 'floorDiv', 'maximum', 'minimum', 'mod', 'pow', 'squaredDifference', 'atan2', 'greater', 'less', 'equal', 'notEqual', 'greaterEqual', 'lessEqual', 'divNoNan'] as const; // prettier-ignore
const FOLDS = ['sum', 'mean', 'max', 'min', 'prod', 'argMax', 'argMin', 'logSumExp'] as const;
const DTYPES = ['float32', 'int32', 'bool'] as const;
type Make = () => tf.Tensor;
const named = <K extends string>(keys: readonly K[], of: (key: K) => Record<string, Make>): Record<string, Make> =>
  Object.assign({}, ...keys.map(of)) as Record<string, Make>;

/** What is compared with the plain backend: values, where TensorFlow's reference has none such. */
const VALUES: Record<string, Make> = {
  ...named(UNARY, (name) => ({
    [name]: () => table()[name](),
    [`${name} of odd numbers`]: () => tf.tensor1d(odd)[name](),
    [`${name} of nothing`]: () => tf.tensor1d([])[name](),
  })),
  ...named(BINARY, (name) => ({
    [name]: () => table()[name](table(others)),
    [`${name} by rows`]: () => table()[name](tf.tensor1d(others.slice(0, 10))),
    [`${name} of odd numbers`]: () => tf.tensor1d(odd).expandDims(1)[name](tf.tensor1d(odd)),
  })),
  ...named(FOLDS, (name) => ({
    [`${name} of rows`]: () => tf[name](table(others), 1),
    [`${name} of columns`]: () => tf[name](table(others), 0),
    [`${name} of all`]: () => tf[name](table(others).flatten()),
  })),
  ...named(DTYPES, (from) =>
    named(DTYPES, (to) => ({
      [`${from} as ${to}`]: () => tf.tensor1d([0, 1, 2, 256, 3], 'int32').cast(from).cast(to),
    })),
  ),
  'truth of small and large': () => tf.tensor1d([0, 1e-9, 0.5, 256, -1, -0, NaN]).cast('bool'),
  'all and any': () => tf.concat([table().cast('bool').all(0), table().cast('bool').any(1)]),
  ...named(DTYPES, (dtype) => ({
    [`oneHot ${dtype}`]: () => tf.oneHot(tf.tensor1d([1, 4, 0, -1, 9], 'int32'), 5, 1, 0, dtype),
  })),
  'oneHot of other values': () => tf.oneHot(tf.tensor1d([1, 4], 'int32'), 5, 2.5, -1, 'float32'),
  gather: () => tf.gather(table(), tf.tensor1d([3, 1, 1], 'int32')),
  'a margin of logits': () =>
    tf.valueAndGrad((x) => x.mul(tf.oneHot(tf.tensor1d([1], 'int32'), 2)).sum())(tf.tensor2d([[3, 1]])).grad,
  ...named(['valid', 'same'] as const, (pad) => ({
    ...named(['1', '2', '3'] as const, (step) => ({
      [`the slope of a maximum, ${pad}, by ${step}`]: () =>
        tf.grad((x) =>
          tf
            .maxPool(x as tf.Tensor4D, 3, Number(step), pad)
            .square()
            .sum(),
        )(negative()),
      [`the slope of a maximum that ties, ${pad}, by ${step}`]: () =>
        tf.grad((x) =>
          tf
            .maxPool(x as tf.Tensor4D, 2, Number(step), pad)
            .square()
            .sum(),
        )(pictures(mixed.map(Math.sign))),
      [`the slope of a convolution, ${pad}, by ${step}`]: () =>
        tf.grad((x) =>
          tf
            .conv2d(x as tf.Tensor4D, filter(), Number(step), pad)
            .sin()
            .sum(),
        )(pictures(others)),
      [`the slope of a filter, ${pad}, by ${step}`]: () =>
        tf.grad((k) =>
          tf
            .conv2d(pictures(others), k as tf.Tensor4D, Number(step), pad)
            .sin()
            .sum(),
        )(filter()),
    })),
  })),
  'the slope of a convolution with even filters': () =>
    tf.grad((x) =>
      tf
        .conv2d(x as tf.Tensor4D, tf.tensor4d(others.slice(0, 48), [4, 2, 2, 3]), 1, 'same')
        .sin()
        .sum(),
    )(pictures(others)),
};

/** Where the plain backend is the one that is off, and why. */
const KNOWN: Record<string, string> = {
  'floorDiv of odd numbers': 'the plain backend computes with whole numbers, which makes 0 of NaN',
};

/** Sums of products come in another order: numbers of a convolution are of the size of 1. */
const close = (one: number, other: number, sums: boolean): boolean =>
  Object.is(one, other) ||
  one === other ||
  (Number.isNaN(one) && Number.isNaN(other)) ||
  Math.abs(one - other) <= (sums ? 1e-5 : 1e-6) + 3e-5 * Math.abs(other);

describe('each operation gives what the plain backend gives', () => {
  for (const [name, make] of Object.entries(VALUES)) {
    test(name, { skip: KNOWN[name] }, async () => {
      const results: number[][] = [];
      for (const backend of ['cpu', 'wasm']) {
        await tf.setBackend(backend);
        results.push(tf.tidy(() => [...make().dataSync()]));
      }
      const [plain, fast] = results as [number[], number[]];
      const wrong = plain.findIndex((value, i) => !close(fast[i]!, value, name.includes('convolution')));
      assert.equal(fast.length, plain.length);
      assert.equal(wrong, -1, `number ${wrong}: ${fast[wrong]}, where the plain backend has ${plain[wrong]}`);
    });
  }
});

test('every kernel of the plain backend is there', () => {
  const names = (backend: string): string[] => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
  const there = new Set(names('wasm'));
  assert.deepEqual(
    names('cpu').filter((name) => !there.has(name)),
    [],
  );
});

test("a network's logits and their slope are those of TensorFlow's library", async () => {
  const results: number[][] = [];
  for (const backend of new Set([native, 'wasm'])) {
    await tf.setBackend(backend);
    const classifier = await classifiers.loadClassifier('models/cats-dogs');
    const seeded = new Random(3);
    const pixels = Float32Array.from({ length: 128 * 128 * 3 }, () => seeded.uniform(0, 1));
    const photo = tf.tensor4d(pixels, [1, 128, 128, 3]);
    const { value, grad } = tf.valueAndGrad((x) =>
      classifier
        .logits(x as tf.Tensor4D)
        .slice([0, 0], [1, 1])
        .sum(),
    )(photo);
    results.push([value.dataSync()[0]!, ...grad.dataSync()]);
  }
  const [theirs, ours] = results as [number[], number[]];
  const scale = Math.max(...theirs.slice(1).map(Math.abs));
  assert.ok(Math.abs(ours[0]! - theirs[0]!) < 1e-3, `logit ${ours[0]}, not ${theirs[0]}`);
  const off = Math.max(...theirs.slice(1).map((value, i) => Math.abs(ours[i + 1]! - value)));
  assert.ok(off < 1e-3 * scale, `the slope is off by ${off / scale} of its largest`);
});
