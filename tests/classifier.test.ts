import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { buildCatsDogs } from '../lib/src/classifiers/cats-dogs';
import { classifierOf, describeModel, loadClassifier, openModel, saveModel } from '../lib/src/classifiers';
import { Random, tf } from 'descent-lab';

const shipped = join(__dirname, '..', 'models', 'cats-dogs');
const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-classifier-'));
test.after(() => rmSync(temporary, { recursive: true, force: true }));

/** Gives every weight of a model a random value; variances stay positive, gammas take both signs. */
function randomise(model: tf.Sequential, seed: number): void {
  const random = new Random(seed);
  for (const weight of model.weights) {
    const draw = (): number =>
      weight.originalName.includes('variance') ? random.uniform(0.5, 2) : random.uniform(-0.5, 0.5);
    const size = (weight.shape as number[]).reduce((product, side) => product * side, 1);
    tf.tidy(() => {
      weight.write(tf.tensor(Array.from({ length: size }, draw), weight.shape as number[]));
    });
  }
}

function randomImages(shape: [number, number, number, number]): tf.Tensor4D {
  const random = new Random(5);
  return tf.tensor4d(
    Array.from({ length: shape[0] * shape[1] * shape[2] * shape[3] }, () => random.uniform()),
    shape,
  );
}

const {
  conv2d,
  batchNormalization,
  maxPooling2d,
  averagePooling2d,
  flatten,
  dense,
  dropout,
  activation,
  globalAveragePooling2d,
  separableConv2d,
  leakyReLU,
} = tf.layers;
const input = { inputShape: [9, 8, 3] };
/** Networks whose parts the classifier has to carry over, postpone or leave alone; what each one is about. */
const networks: Record<string, () => tf.layers.Layer[]> = {
  "the article's order, normalisation with scales of both signs before the pooling": () => [
    conv2d({ ...input, filters: 4, kernelSize: 3, activation: 'relu' }),
    batchNormalization(),
    maxPooling2d({ poolSize: 2 }),
    dropout({ rate: 0.3 }),
    flatten(),
    dense({ units: 5, activation: 'relu' }),
    batchNormalization(),
    dense({ units: 3, activation: 'softmax' }),
  ],
  'padded convolutions with strides, normalisation before them': () => [
    batchNormalization(input),
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', strides: 2 }),
    batchNormalization(),
    conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', useBias: false }),
    maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    flatten(),
    dense({ units: 2 }),
  ],
  'layers that are taken as they are': () => [
    separableConv2d({ ...input, filters: 4, kernelSize: 2, depthMultiplier: 1 }),
    leakyReLU({ alpha: 0.2 }),
    averagePooling2d({ poolSize: 2 }),
    conv2d({ filters: 3, kernelSize: 2, activation: 'tanh' }),
    batchNormalization(),
    globalAveragePooling2d({}),
    batchNormalization(),
    dense({ units: 2, useBias: false }),
    activation({ activation: 'softmax' }),
  ],
  'one normalisation after the other, also at the end': () => [
    conv2d({ ...input, filters: 4, kernelSize: 2, activation: 'relu' }),
    batchNormalization(),
    batchNormalization(),
    flatten(),
    dense({ units: 2 }),
    batchNormalization(),
  ],
};

for (const [title, layers] of Object.entries(networks)) {
  test(`a classifier computes what its model computes, and its gradient: ${title}`, () => {
    const model = tf.sequential({ layers: layers() });
    randomise(model, 3);
    const classes = Array.from({ length: model.outputs[0]!.shape[1]! }, (_, i) => `class-${i}`);
    const images = randomImages([2, 9, 8, 3]);
    const before = tf.memory().numTensors;
    const classifier = classifierOf(model, describeModel(model, { name: 'small', classes, range: [-1, 2] }));
    // Compared are differences of log-probabilities: what a softmax leaves of the logits.
    const plain = (x: tf.Tensor): tf.Tensor => {
      const outputs = model.apply(x.mul(3).sub(1)) as tf.Tensor;
      return title.includes('article') || title.includes('as they are') ? outputs.log() : outputs;
    };
    const lead = (scores: tf.Tensor): tf.Tensor => scores.slice([0, 0], [2, 1]).sub(scores.slice([0, 1], [2, 1]));
    const [difference, ofGradients, size] = tf.tidy(() => {
      const ours = (x: tf.Tensor): tf.Tensor => lead(classifier.logits(x as tf.Tensor4D));
      const gradient = tf.grad((x) => lead(plain(x)).sum())(images);
      return [
        ours(images)
          .sub(lead(plain(images)))
          .abs()
          .max(),
        tf
          .grad((x) => ours(x).sum())(images)
          .sub(gradient)
          .abs()
          .max(),
        gradient.abs().max(),
      ].map((x) => x.arraySync() as number);
    }) as unknown as [number, number, number];
    assert.ok(size > 1e-4, `a gradient to compare, not ${size}`);
    assert.ok(difference < 2e-5, `logits differ by ${difference}`);
    assert.ok(ofGradients < 1e-4 * size, `gradients differ by ${ofGradients} of ${size}`);

    const kept = classifier.logits(images).arraySync();
    randomise(model, 4);
    assert.deepEqual(
      tf.tidy(() => classifier.logits(images).arraySync()),
      kept,
      'training the model on leaves the classifier alone',
    );
    classifier.dispose();
    assert.equal(tf.memory().numTensors, before + 1); // the logits above
    model.dispose();
    images.dispose();
  });
}

test('dilated convolutions and normalisations without scale, which tfjs cannot differentiate, give the logits', () => {
  const model = tf.sequential({
    layers: [
      conv2d({ ...input, filters: 4, kernelSize: 2, dilationRate: 2, activation: 'relu' }),
      batchNormalization({ center: false }),
      batchNormalization({ scale: false }),
      flatten(),
      dense({ units: 2 }),
    ],
  });
  randomise(model, 2);
  const classifier = classifierOf(model, describeModel(model, { name: 'small', classes: ['a', 'b'], range: [0, 1] }));
  const images = randomImages([2, 9, 8, 3]);
  const difference = classifier
    .logits(images)
    .sub(model.predict(images) as tf.Tensor)
    .abs()
    .max()
    .dataSync()[0]!;
  assert.ok(difference < 1e-5, String(difference));
  tf.disposeVariables();
});

test('one sigmoid output is a softmax over two classes', () => {
  const model = tf.sequential({
    layers: [flatten({ inputShape: [2, 2, 1] }), dense({ units: 1, activation: 'sigmoid' })],
  });
  randomise(model, 1);
  const classifier = classifierOf(model, describeModel(model, { name: 'one', classes: ['cat', 'dog'], range: [0, 1] }));
  const images = randomImages([3, 2, 2, 1]);
  const sigmoid = (model.predict(images) as tf.Tensor).dataSync();
  const probabilities = classifier.probabilities(images).arraySync();
  const logits = classifier.logits(images).arraySync();
  probabilities.forEach(([cat, dog], i) => {
    assert.ok(Math.abs(dog! - sigmoid[i]!) < 1e-6 && Math.abs(cat! + dog! - 1) < 1e-6);
    assert.equal(logits[i]![0], 0);
  });
  tf.disposeVariables();
});

test("the article's network has 12,942,786 parameters in the article's layers", () => {
  const model = buildCatsDogs();
  assert.equal(model.countParams(), 12_942_786);
  assert.deepEqual(
    model.layers.map((layer) => layer.getClassName()),
    [
      ...Array.from({ length: 3 }, () => ['Conv2D', 'BatchNormalization', 'MaxPooling2D', 'Dropout']).flat(),
      'Flatten',
      'Dense',
      'BatchNormalization',
      'Dropout',
      'Dense',
    ],
  );
  assert.deepEqual(model.outputs[0]!.shape, [null, 2]);
  model.dispose();
});

test('a seed draws the same first weights again', () => {
  const [one, again, other] = [7, 7, 8].map((seed) => {
    const model = buildCatsDogs(seed);
    const values = model.layers[4]!.getWeights()[0]!.dataSync().slice(0, 50);
    const scale = Math.max(...model.layers[4]!.getWeights()[0]!.dataSync().map(Math.abs));
    model.dispose();
    assert.ok(
      Math.abs(scale - Math.sqrt(6 / (9 * 32 + 9 * 64))) < 1e-3,
      "Glorot's limit, the root of 6 / (inputs + outputs)",
    );
    return values;
  });
  assert.deepEqual(one, again);
  assert.notDeepEqual(one, other);
});

test("the shipped weights give Keras' answer to the formula picture, as near as their precision goes", async () => {
  const before = tf.memory().numTensors;
  const classifier = await loadClassifier(shipped);
  assert.deepEqual(
    [classifier.name, classifier.classes, classifier.input],
    ['cats-dogs', ['cat', 'dog'], { height: 128, width: 128, channels: 3 }],
  );
  const picture = tf.tidy(() => {
    const along = (size: number, step: number, axis: number): tf.Tensor =>
      tf
        .range(0, size)
        .mul(step)
        .reshape([0, 1, 2].map((a) => (a === axis ? size : 1)));
    return along(128, 0.1, 0)
      .add(along(128, 0.2, 1))
      .add(along(3, 1, 2))
      .sin()
      .mul(0.5)
      .add(0.5)
      .expandDims<tf.Tensor4D>(0);
  });
  const logits = classifier.logits(picture);
  const probabilities = classifier.probabilities(picture);
  const [cat, dog] = logits.dataSync();
  assert.ok(Math.abs(cat! - 1.5041773) < 0.01 && Math.abs(dog! + 1.4227726) < 0.01, `${cat}, ${dog}`);
  assert.ok(Math.abs(probabilities.dataSync()[0]! - 0.9491627) < 0.001);
  [logits, probabilities, picture].forEach((tensor) => tensor.dispose());
  classifier.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('the shipped files stay below 4 MiB, and tfjs reads them by itself', async () => {
  const { weightsManifest } = JSON.parse(readFileSync(join(shipped, 'model.json'), 'utf8')) as tf.io.ModelJSON;
  for (const path of weightsManifest[0]!.paths) assert.ok(readFileSync(join(shipped, path)).length < 4 * 2 ** 20);
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      ...(JSON.parse(readFileSync(join(shipped, 'model.json'), 'utf8')) as tf.io.ModelJSON),
      weightSpecs: weightsManifest[0]!.weights,
      weightData: new Uint8Array(
        Buffer.concat(weightsManifest[0]!.paths.map((path) => readFileSync(join(shipped, path)))),
      ).buffer,
    }),
  );
  assert.equal(model.countParams(), 12_942_786);
  model.dispose();
});

test('a model folder comes back as it was, in every format as exactly as the format goes', async () => {
  const model = tf.sequential({
    layers: [
      flatten({ inputShape: [10, 10, 1] }),
      dense({ units: 10_000, name: 'large' }),
      dense({ units: 2, name: 'small' }),
    ],
  });
  randomise(model, 9);
  const large = (m: tf.LayersModel, i: number): Float32Array => m.getWeights()[i]!.dataSync<'float32'>();
  const card = describeModel(model, { name: 'mine', classes: ['a', 'b'], range: [0, 255] });
  // Numbers up to 0.5: float16 rounds to 11 binary digits, 8 bits to 255 steps of 1/255 each.
  for (const [format, bounds] of [
    ['float32', [0, 0]],
    ['float16', [2 ** -13, 2 ** -13]],
    ['compact', [1 / 510, 2 ** -13]],
  ] as const) {
    const folder = join(temporary, format);
    saveModel(folder, model, card, format);
    assert.throws(() => saveModel(folder, model, card, format), /exists: remove it, or name another folder/);
    const back = await openModel(folder);
    assert.deepEqual(back.card, card);
    [0, 2].forEach((weight, i) => {
      const [was, is] = [large(model, weight), large(back.model, weight)];
      const error = was.reduce((most, value, k) => Math.max(most, Math.abs(value - is[k]!)), 0);
      assert.ok(error <= bounds[i]! + 1e-7 && (bounds[i]! === 0 || error > bounds[i]! / 4), `${format}: ${error}`);
    });
    back.model.dispose();
  }
  model.dispose();
});

test('a folder that is damaged, or holds no model, gets an error that names the file', async () => {
  const folder = join(temporary, 'damaged');
  cpSync(shipped, folder, { recursive: true });
  const shard = join(folder, 'weights-2-of-4.bin');
  const content = readFileSync(shard);
  content[1000]! ^= 1;
  writeFileSync(shard, content);
  await assert.rejects(
    loadClassifier(folder),
    /weights-2-of-4\.bin is damaged: its sha256 is not the one that .*model\.json states/,
  );
  rmSync(shard);
  await assert.rejects(loadClassifier(folder), /weights-2-of-4\.bin: there is no such file/);
  writeFileSync(join(folder, 'model.json'), '{"format": "layers-mod');
  await assert.rejects(loadClassifier(folder), /model\.json is damaged: it is no JSON/);
  writeFileSync(join(folder, 'model.json'), '{"format": "layers-model", "weightsManifest": [{}]}');
  await assert.rejects(
    loadClassifier(folder),
    /model\.json is a LayersModel of TensorFlow\.js, .*: make a folder of it by npm run import-model/,
  );
  await assert.rejects(loadClassifier(join(temporary, 'nowhere')), /nowhere holds no model: it has no model\.json/);
  await assert.rejects(loadClassifier(shard), /holds no model/);
});

test('a model.json that does not fit its network gets one line that says how', async () => {
  const folder = join(temporary, 'edited');
  cpSync(shipped, folder, { recursive: true });
  const path = join(folder, 'model.json');
  const text = readFileSync(path, 'utf8');
  type Description = { userDefinedMetadata: { descentLab: { input: object; classes: unknown } } };
  const edits: [(lab: Description['userDefinedMetadata']['descentLab']) => void, RegExp][] = [
    [
      ({ input }) => Object.assign(input, { channels: 1 }),
      /states pictures of the shape \[128, 128, 1\], .* takes \[128, 128, 3\]$/,
    ],
    [
      ({ input }) => Object.assign(input, { height: 64 }),
      /states pictures of the shape \[64, 128, 3\], .* takes \[128, 128, 3\]$/,
    ],
    [({ input }) => Object.assign(input, { range: [1, 0] }), /a range from low to high, not 1 to 0$/],
    [(lab) => (lab.classes = ['dog', 'dog']), /a name of its own for each class, not: dog, dog$/],
    [(lab) => (lab.classes = ['cat', 'dog', 'fox']), /tell 2 classes apart, but 3 are named: cat, dog, fox$/],
  ];
  const before = tf.memory().numTensors;
  for (const [edit, message] of edits) {
    const description = JSON.parse(text) as Description;
    edit(description.userDefinedMetadata.descentLab);
    writeFileSync(path, JSON.stringify(description));
    await assert.rejects(
      loadClassifier(folder),
      (error: Error) =>
        error.name === 'DescentError' &&
        message.test(error.message) &&
        error.message.startsWith(`${path} does not fit its network: `),
    );
  }
  assert.equal(tf.memory().numTensors, before);
});

test('a model that takes no pictures, and classes that do not fit, get an error', () => {
  const model = (inputShape: number[], units: number): tf.Sequential =>
    tf.sequential({ layers: [flatten({ inputShape }), dense({ units })] });
  const card =
    (m: tf.Sequential, classes: string[], range: [number, number] = [0, 1]) =>
    () =>
      describeModel(m, { name: 'odd', classes, range });
  assert.throws(
    card(model([4, 4, 2], 2), ['a', 'b']),
    /odd takes inputs of the shape \[any, 4, 4, 2\]; needed are pictures/,
  );
  assert.throws(card(model([4, 4], 2), ['a', 'b']), /\[any, 4, 4\]/);
  assert.throws(card(model([4, 4, 1], 3), ['a', 'b']), /tell 3 classes apart, but 2 are named: a, b/);
  assert.throws(card(model([4, 4, 1], 1), ['a']), /tell 2 classes apart, but 1 are named/);
  assert.throws(card(model([4, 4, 1], 2), ['a', 'a']), /a name of its own for each class/);
  assert.throws(card(model([4, 4, 1], 2), ['a', 'b'], [1, 1]), /a range from low to high, not 1 to 1/);
  tf.disposeVariables();
});
