import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { DescentError, Random, tf } from 'descent-lab';
import type { Classifier } from '../lib/src/classifiers';
import { classifierOfGraph } from '../lib/src/classifiers/graph-classifier';
import { graphNetwork, type GraphNetwork } from '../lib/src/classifiers/graph-model';
import { withModel } from '../lib/src/classifiers/keras/with-model';
import { fuzz } from './support/fuzz';
import {
  convolution,
  dense,
  graphFiles,
  node,
  placeholder,
  type Constant,
  type GraphNode,
} from './support/graph-files';

const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-graph-'));
test.after(() => rmSync(temporary, { recursive: true, force: true }));
const folder = join(temporary, 'graph');

const random = new Random(7);
const numbers = (...shape: number[]): Constant => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
});
const CONSTANTS: Record<string, Constant> = {
  kernel: numbers(3, 3, 1, 2),
  bias: numbers(2),
  row: { shape: [2], values: Int32Array.of(-1, 32) },
  weights: numbers(32, 3),
  offsets: numbers(3),
};
/** A convolution with relu, and a dense layer; `end` is what is done to its outputs. */
const small = (activation: string | undefined, ...end: GraphNode[]): GraphNode[] => [
  placeholder([-1, 4, 4, 1]),
  convolution('conv', 'x', 'kernel', 'bias'),
  node('flat', 'Reshape', 'conv', 'row'),
  dense('dense', activation, 'flat', 'weights', 'offsets'),
  ...end,
];
const softmax = [node('softmax', 'Softmax', 'dense'), node('Identity', 'Identity', 'softmax')];

/** Writes a graph with those of the constants that it takes. */
function write(nodes: readonly GraphNode[], constants = CONSTANTS): void {
  mkdirSync(folder, { recursive: true });
  const taken = Object.entries(constants).filter(([name]) => nodes.some(({ input }) => input?.includes(name)));
  Object.entries(graphFiles(nodes, Object.fromEntries(taken))).forEach(([name, content]) =>
    writeFileSync(join(folder, name), content),
  );
}
const open = (path = folder): Promise<GraphNetwork> =>
  withModel(path, { layers: () => Promise.reject(new Error('layers')), graph: graphNetwork });

/** The same network in layers, without its end. */
function layers(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  });
  tf.tidy(() => {
    const weights = ['kernel', 'bias', 'weights', 'offsets'].map((name) => CONSTANTS[name]!);
    model.setWeights(weights.map(({ shape, values }) => tf.tensor(values, shape)));
  });
  return model;
}
const pictures = (count: number): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: 16 * count }, (_, i) => Math.sin(i)),
    [count, 4, 4, 1],
  );
const gradientOf = (compute: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D): tf.Tensor =>
  tf.grad((images) =>
    compute(images as tf.Tensor4D)
      .mul([[1, -2, 3]])
      .sum(),
  )(x);

test('a graph computes what the layers compute that it was made of, and its gradient, and leaks nothing', async () => {
  const before = tf.memory().numTensors;
  const model = layers();
  write(small(undefined, ...softmax));
  const network = await open();
  const { input, outputs, end, differentiable } = network;
  assert.deepEqual(
    { input, outputs, end, differentiable },
    { input: [4, 4, 1], outputs: 3, end: 'softmax', differentiable: true },
  );
  tf.tidy(() => {
    const x = pictures(2);
    const far = (a: tf.Tensor, b: tf.Tensor): number => a.sub(b).abs().max().dataSync()[0]!;
    const predict = (images: tf.Tensor4D): tf.Tensor => model.apply(images) as tf.Tensor;
    assert.ok(far(network.apply(x), predict(x)) < 1e-5);
    assert.ok(
      far(
        gradientOf((images) => network.apply(images), x),
        gradientOf(predict, x),
      ) < 1e-5,
    );
  });
  network.dispose();
  tf.disposeVariables();
  assert.equal(tf.memory().numTensors, before);
});

test('the end is left off, also where it is part of another operation', async () => {
  const ends: [GraphNetwork['end'], GraphNode[]][] = [
    ['none', small(undefined)],
    ['softmax', small(undefined, node('softmax', 'Softmax', 'dense'), node('out', 'Reshape', 'softmax', 'three'))],
    ['sigmoid', small(undefined, node('sigmoid', 'Sigmoid', 'dense'))],
    ['sigmoid', small('Sigmoid')],
  ];
  const logits: number[][] = [];
  for (const [end, nodes] of ends) {
    write(nodes, { ...CONSTANTS, three: { shape: [2], values: Int32Array.of(-1, 3) } });
    const network = await open();
    assert.equal(network.end, end);
    logits.push([...tf.tidy(() => network.apply(pictures(1)).dataSync())]);
    network.dispose();
  }
  for (const each of logits) assert.deepEqual(each, logits[0]);
});

test('a graph for one picture takes several one at a time', async () => {
  write([placeholder([1, 4, 4, 1]), ...small(undefined).slice(1)]);
  const network = await open();
  const [both, each] = tf.tidy(() => {
    const x = pictures(2);
    return [
      network.apply(x).dataSync(),
      tf.split(x, 2).flatMap((one) => [...network.apply(one as tf.Tensor4D).dataSync()]),
    ];
  }) as unknown as [Float32Array, number[]];
  assert.deepEqual([...both], each);
  network.dispose();
});

test('where no gradient comes through, the operation is named, and the answers are there all the same', async () => {
  for (const [op, told] of [
    ['Round', /^no gradient comes through its operation Round \(odd\)$/],
    ['Sign', /^no gradient comes through its operation Sign \(odd\)$/],
  ] as const) {
    const [x, conv, flat, ...rest] = small(undefined, ...softmax);
    const same = [node('shape', 'Shape', 'conv'), node('same', 'Reshape', 'conv', 'shape')]; // where none has to come
    write([x!, conv!, ...same, node('odd', op, 'same'), { ...flat!, input: ['odd', 'row'] }, ...rest]);
    const network = await open();
    assert.match(String(network.differentiable), told);
    assert.deepEqual(
      tf.tidy(() => network.apply(pictures(2)).shape),
      [2, 3],
    );
    network.dispose();
  }
});

/** The classifier of the graph in the folder, of pixels from -1 to 1. */
const classifier = async (classes: string[]): Promise<Classifier> =>
  classifierOfGraph(await open(), {
    name: 'graph',
    classes,
    input: { height: 4, width: 4, channels: 1, range: [-1, 1] },
  });

test('a classifier of it: the pixels are brought to its range, and its answers read as it ends', async () => {
  const ends: [GraphNode[], Classifier['reading'], (x: tf.Tensor) => tf.Tensor][] = [
    [small(undefined), 'scores', (x) => x.softmax()],
    [small(undefined, ...softmax), 'softmax', (x) => x.softmax()],
    [small('Sigmoid'), 'sigmoids', (x) => x.sigmoid()],
  ];
  const model = layers();
  for (const [nodes, reading, read] of ends) {
    write(nodes);
    const made = await classifier(['a', 'b', 'c']);
    assert.equal(made.reading, reading);
    tf.tidy(() => {
      const x = pictures(2);
      const expected = read(model.apply(x.mul(2).sub(1)) as tf.Tensor);
      assert.ok(made.probabilities(x).sub(expected).abs().max().dataSync()[0]! < 1e-5);
    });
    made.dispose();
  }
  const [one, offset] = [numbers(32, 1), numbers(1)];
  write(small('Sigmoid'), { ...CONSTANTS, weights: one, offsets: offset });
  const made = await classifier(['no', 'yes']);
  tf.tidy(() => {
    const [no, yes] = made.logits(pictures(1)).dataSync();
    assert.equal(made.reading, 'sigmoid');
    assert.equal(no, 0);
    const [, probability] = made.probabilities(pictures(1)).dataSync();
    assert.ok(Math.abs(probability! - 1 / (1 + Math.exp(-yes!))) < 1e-6);
  });
  made.dispose();
  tf.disposeVariables();
});

test('who attacks a graph that no gradient comes through is told why', async () => {
  const [x, conv, flat, ...rest] = small(undefined, ...softmax);
  write([x!, conv!, node('odd', 'Round', 'conv'), { ...flat!, input: ['odd', 'row'] }, ...rest]);
  const made = await classifier(['a', 'b', 'c']);
  assert.throws(() => tf.tidy(() => gradientOf((images) => made.logits(images), pictures(1))), {
    name: 'DescentError',
    message:
      'graph can be asked, but not attacked along its gradient: no gradient comes through its operation Round (odd)',
  });
  made.dispose();
});

test('what cannot be run is refused in a line, and leaves nothing in memory', async () => {
  const before = tf.memory().numTensors;
  const cases: [GraphNode[], RegExp][] = [
    [small(undefined, node('odd', 'NoSuchThing', 'dense')), /cannot (load|be run).*NoSuchThing/],
    [
      small(undefined, node('one', 'Softmax', 'dense'), node('two', 'Sigmoid', 'dense')),
      /has 2 outputs \(one, two\), and needed is one: import the Keras model/,
    ],
    [small(undefined, placeholder([-1, 1], 'y'), node('sum', 'AddV2', 'dense', 'y')), /has 2 inputs \(x, y\)/],
    [
      [{ ...placeholder([]), attr: { dtype: { type: 'DT_FLOAT' } } }, ...small(undefined).slice(1)],
      /does not state the size of the pictures/,
    ],
    [
      [placeholder([-1, 4, 4, 1]), convolution('conv', 'x', 'kernel', 'bias'), node('softmax', 'Softmax', 'conv')],
      /ends in a softmax at each place/,
    ],
  ];
  for (const [nodes, told] of cases) {
    write(nodes);
    await assert.rejects(open(), (error: Error) => {
      assert.ok(error instanceof DescentError, error.stack);
      assert.match(error.message, told);
      assert.ok(error.message.startsWith(join(folder, 'model.json')) && !error.message.includes('\n'), error.message);
      return true;
    });
  }
  write(small(undefined), { ...CONSTANTS, offsets: { shape: [3], values: Float32Array.of(1, NaN, 2) } });
  await assert.rejects(open(), /numbers that are not finite/);
  assert.equal(tf.memory().numTensors, before);
});

test('a damaged graph is opened or refused in a line', async () => {
  const whole = Buffer.from(graphFiles(small(undefined, ...softmax), CONSTANTS)['model.json'] as string);
  write(small(undefined, ...softmax));
  await fuzz({ path: join(folder, 'model.json'), whole, load: async (path) => (await open(path)).dispose() });
});
