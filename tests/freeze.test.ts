import assert from 'node:assert/strict';
import test from 'node:test';
import { freeze } from '../lib/src/classifiers/freeze';
import { Random, tf } from 'descent-lab';

const { layers } = tf;
type Symbol = tf.SymbolicTensor;
const through = (x: Symbol, ...chain: tf.layers.Layer[]): Symbol =>
  chain.reduce((value, layer) => layer.apply(value) as Symbol, x);
const merge = (layer: tf.layers.Layer, ...xs: Symbol[]): Symbol => layer.apply(xs) as Symbol;

const conv = (filters: number, kernelSize: number, more: object = {}): tf.layers.Layer =>
  layers.conv2d({ filters, kernelSize, useBias: false, padding: 'same', ...more });
const depthwise = (more: object = {}): tf.layers.Layer =>
  layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: 2, ...more });
const separable = (filters: number, more: object = {}): tf.layers.Layer =>
  layers.separableConv2d({ filters, kernelSize: 3, padding: 'same', depthMultiplier: 1, ...more });
const norm = (): tf.layers.Layer => layers.batchNormalization();
const relu = (maxValue?: number): tf.layers.Layer => layers.reLU({ maxValue });
const relu6 = (): tf.layers.Layer => relu(6);
const pool = (poolSize: number, more: object = {}): tf.layers.Layer => layers.maxPooling2d({ poolSize, ...more });
const padding = (top: number, bottom: number, left: number, right: number): tf.layers.Layer =>
  layers.zeroPadding2d({
    padding: [
      [top, bottom],
      [left, right],
    ],
  });
const spatialMean = (): tf.layers.Layer => layers.globalAveragePooling2d({});
const dense = (units: number): tf.layers.Layer => layers.dense({ units });

/** Parts of networks between pictures of 8 x 10 x 3 and a mean over places; what has to wait, go into weights, or not. */
const graphs: Record<string, (x: Symbol) => Symbol> = {
  'a residual of one convolution, added to separable ones': (x) => {
    const begun = through(x, conv(4, 3), norm(), relu());
    const residual = through(begun, conv(6, 1, { strides: 2 }), norm());
    const main = through(begun, separable(6), norm(), relu(), separable(6, { useBias: false }), norm());
    return merge(layers.add(), through(main, pool(3, { strides: 2, padding: 'same' })), residual);
  },
  'a value read by three, one of them the sum of them': (x) => {
    const begun = through(x, conv(4, 3), norm());
    const [one, two] = [through(begun, conv(4, 3), norm(), relu()), through(begun, depthwise(), norm(), conv(4, 1))];
    return merge(layers.add(), one, two, begun);
  },
  'the picture itself read by two': (x) => merge(layers.concatenate(), through(x, conv(4, 3), relu()), x),
  'concatenation of values with something left to do': (x) =>
    merge(
      layers.concatenate(),
      through(x, conv(4, 3), relu(), norm()),
      through(x, conv(2, 3), norm()),
      through(x, conv(3, 1, { activation: 'relu6' })),
    ),
  'every other merge': (x) => {
    const branch = (): Symbol => through(x, conv(4, 3), relu(), norm());
    const merged = [layers.multiply(), layers.average(), layers.maximum(), layers.minimum()].map((layer) =>
      merge(layer, branch(), branch()),
    );
    return merge(layers.concatenate(), ...merged);
  },
  'a product of two vectors': (x) => {
    const branch = (): Symbol => through(x, conv(4, 3), norm(), spatialMean());
    return merge(layers.dot({ axes: 1 }), branch(), branch());
  },
  'the sum of pictures of four channels and of one': (x) =>
    merge(layers.add(), through(x, conv(4, 3)), through(x, conv(1, 1), norm())),
  'a normalisation behind relu, before a padded convolution': (x) => through(x, conv(4, 3), relu(), norm(), conv(5, 3)),
  'normalisations around a depthwise convolution, without and with padding': (x) =>
    through(
      x,
      conv(4, 3),
      relu(),
      norm(),
      depthwise({ padding: 'valid' }),
      norm(),
      relu6(),
      norm(),
      depthwise(),
      norm(),
    ),
  'normalisations around a separable convolution of two multiples': (x) =>
    through(x, relu6(), norm(), separable(5, { padding: 'valid', depthMultiplier: 2, activation: 'relu' }), norm()),
  'one pixel convolutions, with a stride too': (x) =>
    through(x, conv(6, 1, { useBias: true }), norm(), relu6(), norm(), conv(4, 1, { strides: 2, activation: 'relu' })),
  'one activation behind the other': (x) =>
    through(
      x,
      conv(4, 3, { activation: 'relu' }),
      relu6(),
      norm(),
      relu(),
      relu(2),
      layers.activation({ activation: 'relu6' }),
    ),
  'max pooling behind scales of both signs': (x) => through(x, conv(4, 3), relu6(), norm(), pool(2), conv(3, 1)),
  'max pooling before and behind activations': (x) =>
    through(x, conv(4, 3), norm(), pool(3, { strides: 2, padding: 'same' }), relu6(), pool(2), norm()),
  'padding as in MobileNet, before a convolution with strides': (x) =>
    through(x, padding(0, 1, 0, 1), conv(4, 3, { strides: 2, padding: 'valid' }), norm(), relu6()),
  'padding as in MobileNet, before a depthwise convolution, behind a normalisation': (x) =>
    through(x, conv(4, 3), relu(), norm(), padding(0, 1, 0, 1), depthwise({ strides: 2, padding: 'valid' }), norm()),
  'padding that no convolution adds': (x) =>
    through(x, relu(), norm(), padding(1, 0, 2, 1), conv(4, 3, { strides: 2, padding: 'valid' }), padding(0, 1, 0, 1)),
  'padding before a convolution that pads too': (x) =>
    through(x, conv(4, 3), norm(), padding(0, 1, 0, 1), conv(4, 3, { strides: 2 }), norm()),
  'average pooling of what is left to do': (x) =>
    through(
      x,
      conv(4, 3),
      norm(),
      layers.averagePooling2d({ poolSize: 2 }),
      relu(),
      norm(),
      layers.averagePooling2d({ poolSize: [2, 1] }),
    ),
  'average pooling with padding': (x) =>
    through(x, conv(4, 3), relu(), norm(), layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })),
  'rescaling inside': (x) =>
    through(x, layers.rescaling({ scale: 2, offset: -1 }), conv(4, 3), layers.rescaling({ scale: -0.5 })),
  'layers that are taken as they are': (x) =>
    through(
      x,
      conv(4, 3),
      norm(),
      layers.leakyReLU(),
      norm(),
      layers.prelu(),
      norm(),
      conv(3, 2, { activation: 'tanh' }),
    ),
};

/** Gives every weight of a model a random value; variances stay positive, gammas take both signs. */
function randomise(model: tf.LayersModel, seed: number): void {
  const random = new Random(seed);
  for (const weight of model.weights) {
    const shape = weight.shape as number[];
    const [low, high] = weight.originalName.includes('variance') ? [0.5, 2] : [-0.7, 0.7];
    const values = Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform(low, high));
    tf.tidy(() => void weight.write(tf.tensor(values, shape)));
  }
}

const [LOW, HIGH] = [-1, 2];

for (const backend of ['tensorflow', 'cpu']) {
  for (const [title, graph] of Object.entries(graphs)) {
    test(`${backend}: what is frozen computes what the layers compute, and their gradient: ${title}`, async () => {
      await tf.setBackend(backend);
      const input = tf.input({ shape: [8, 10, 3] });
      const end = dense(3);
      const value = graph(input);
      const output = through(value, ...(value.rank === 4 ? [spatialMean()] : []), end);
      const model = tf.model({ inputs: input, outputs: output });
      for (const seed of [1, 2, 3]) {
        randomise(model, seed);
        const before = tf.memory().numTensors;
        const frozen = freeze(model, [LOW, HIGH], end);
        const random = new Random(seed);
        const images = tf.tensor4d(
          Array.from({ length: 2 * 8 * 10 * 3 }, () => random.uniform()),
          [2, 8, 10, 3],
        );
        const weights = tf.tensor2d([1, -2, 0.5, -1, 1, 3], [2, 3]);
        const plain = (x: tf.Tensor): tf.Tensor => model.apply(x.mul(HIGH - LOW).add(LOW)) as tf.Tensor;
        const compared = (ours: tf.Tensor, theirs: tf.Tensor): number[] =>
          [ours.sub(theirs).abs().max(), theirs.abs().max()].map((x) => x.dataSync()[0]!);
        const slope = (f: (x: tf.Tensor) => tf.Tensor): tf.Tensor => tf.grad((x) => f(x).mul(weights).sum())(images);
        const begun = tf.memory().numTensors;
        const [scores, gradients] = [
          [frozen.apply(images), tf.tidy(() => plain(images))],
          [tf.tidy(() => slope((x) => frozen.apply(x as tf.Tensor4D))), tf.tidy(() => slope(plain))],
        ] as [[tf.Tensor, tf.Tensor], [tf.Tensor, tf.Tensor]];
        assert.equal(tf.memory().numTensors, begun + 4, 'nothing is left but what was asked for');
        for (const [what, pair] of Object.entries({ scores, gradients })) {
          const [difference, size] = tf.tidy(() => compared(...pair)) as [number, number];
          assert.ok(size > 1e-4, `${what} to compare, not ${size}`);
          assert.ok(difference < 1e-5 * Math.max(1, size), `${what} differ by ${difference} of ${size} (seed ${seed})`);
        }
        tf.dispose([images, weights, scores, gradients]);
        frozen.dispose();
        assert.equal(tf.memory().numTensors, before, 'all is freed');
      }
      model.dispose();
    });
  }
}

test('what several layers take is computed once', async () => {
  await tf.setBackend('cpu');
  const input = tf.input({ shape: [8, 10, 3] });
  const begun = through(input, conv(4, 3), relu(), norm());
  const end = dense(2);
  const sum = merge(layers.add(), begun, through(begun, conv(4, 1)), through(begun, conv(4, 1)));
  const frozen = freeze(tf.model({ inputs: input, outputs: through(sum, spatialMean(), end) }), [0, 1], end);
  const { kernels } = await tf.profile(() => frozen.apply(tf.zeros([1, 8, 10, 3])));
  const names = kernels.map(({ name }) => name);
  assert.equal(names.filter((name) => name === 'Conv2D').length, 3);
  assert.equal(names.filter((name) => name === 'Relu').length, 1);
});
