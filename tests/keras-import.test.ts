import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { buildCatsDogs } from '../lib/src/classifiers/cats-dogs';
import { DescentError, tf } from 'descent-lab';
import { importModel, loadClassifier, type ModelImportOptions } from '../lib/src/classifiers';
import { matchWeights } from '../lib/src/classifiers/keras/match-weights';
import { writeKerasFile, type StoredLayer } from './support/keras-file';

const root = join(__dirname, '..');
const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-keras-'));
const at = (name: string): string => join(temporary, name);
test.after(() => rmSync(temporary, { recursive: true, force: true }));

/** A whole model small enough to work out by hand: a 1x1 convolution, a normalisation, and two outputs. */
const config = (changes: { convolution?: object; layers?: object[]; kind?: string } = {}): unknown => ({
  class_name: changes.kind ?? 'Sequential',
  config: {
    name: 'sequential_3',
    layers: [
      {
        class_name: 'InputLayer',
        config: { batch_input_shape: [null, 2, 1, 1], dtype: 'float32', sparse: false, ragged: false, name: 'in' },
      },
      {
        module: 'keras.layers',
        class_name: 'Conv2D',
        registered_name: null,
        config: {
          name: 'conv2d_12',
          trainable: true,
          filters: 1,
          kernel_size: [1, 1],
          strides: [1, 1],
          padding: 'valid',
          data_format: 'channels_last',
          dilation_rate: [1, 1],
          groups: 1,
          activation: 'relu',
          use_bias: true,
          kernel_initializer: { module: 'keras.initializers', class_name: 'GlorotUniform', config: { seed: null } },
          kernel_regularizer: {
            module: 'keras.regularizers',
            class_name: 'L2',
            config: { l2: 0.01 },
            registered_name: null,
          },
          ...changes.convolution,
        },
      },
      {
        class_name: 'BatchNormalization',
        config: { name: 'batch_normalization_9', axis: [3], momentum: 0.99, epsilon: 1, center: true, scale: true },
      },
      { class_name: 'Flatten', config: { name: 'flatten_4', data_format: 'channels_last' } },
      ...(changes.layers ?? []),
      { class_name: 'Dense', config: { name: 'dense_8', units: 2, activation: 'softmax', use_bias: true } },
    ],
  },
});
const layers = (): StoredLayer[] => [
  { name: 'in', weights: [] },
  {
    name: 'conv2d_12',
    weights: [
      { name: 'kernel', shape: [1, 1, 1, 1], values: [2] },
      { name: 'bias', shape: [1], values: [-1] },
    ],
  },
  {
    name: 'batch_normalization_9',
    weights: (
      [
        ['gamma', 4],
        ['beta', 1],
        ['moving_mean', 0.5],
        ['moving_variance', 3],
      ] as const
    ).map(([name, value]) => ({ name, shape: [1], values: [value] })),
  },
  { name: 'flatten_4', weights: [] },
  {
    name: 'dense_8',
    weights: [
      { name: 'kernel', shape: [2, 2], values: [1, 2, 3, 4] },
      { name: 'bias', shape: [2], values: [10, 20] },
    ],
  },
];

test('a whole model: its layers and weights come over, and it computes what Keras defines', async () => {
  await writeKerasFile(at('whole.h5'), layers(), config());
  const before = tf.memory().numTensors;
  const card = await importModel(at('whole.h5'), at('whole'));
  assert.deepEqual(card, {
    name: 'whole',
    classes: ['class-0', 'class-1'],
    input: { height: 2, width: 1, channels: 1, range: [0, 1] },
  });
  const classifier = await loadClassifier(at('whole'));
  const images = tf.tensor4d([0.25, 1], [1, 2, 1, 1]);
  const logits = classifier.logits(images);
  // relu(2 x - 1) = 0, 1; (y - 0.5) / sqrt(3 + 1) * 4 + 1 = 0, 2; times the kernel, plus the bias: [6 + 10, 8 + 20]
  assert.deepEqual([...logits.dataSync()], [16, 28]);
  [images, logits].forEach((tensor) => tensor.dispose());
  classifier.dispose();
  assert.equal(tf.memory().numTensors, before);
  const { modelTopology } = JSON.parse(readFileSync(at('whole/model.json'), 'utf8')) as tf.io.ModelJSON;
  assert.match(
    JSON.stringify(modelTopology),
    /GlorotUniform.*L1L2/,
    'what only training needs stays in the description',
  );
});

test('classes, range and name can be stated', async () => {
  await writeKerasFile(at('stated.h5'), layers(), config());
  const stated = { name: 'mine', classes: ['cat', 'dog'], range: [-1, 3] as const };
  assert.deepEqual(await importModel(at('stated.h5'), at('stated'), stated), {
    name: 'mine',
    classes: ['cat', 'dog'],
    input: { height: 2, width: 1, channels: 1, range: [-1, 3] },
  });
  const classifier = await loadClassifier(at('stated'));
  assert.deepEqual([classifier.name, classifier.classes], ['mine', ['cat', 'dog']]);
  const image = tf.tensor4d([0.5, 0.25], [1, 2, 1, 1]); // 1 and 0 at the network's input
  assert.deepEqual([...classifier.logits(image).dataSync()], [2 + 10, 4 + 20]);
  tf.disposeVariables();
});

/** Everything that can be wrong with a file, and what the message has to say. */
const unfit: [
  title: string,
  change: (parts: StoredLayer[]) => StoredLayer[] | void,
  configuration: unknown,
  message: RegExp,
][] = [
  [
    'a shape',
    (parts) => {
      parts[4]!.weights[0] = { name: 'kernel', shape: [3, 2], values: [1, 2, 3, 4, 5, 6] };
    },
    config(),
    /the kernel of the layer 'dense_8' has the shape \[2, 2\] in the description but \[3, 2\] in .*\.h5/,
  ],
  [
    "a layer's name",
    (parts) => {
      parts[2]!.name = 'layer_normalization';
    },
    config(),
    /layer 2 of those with weights is 'batch_normalization_9' in the description but 'layer_normalization' in .*\.h5/,
  ],
  [
    'a layer that is missing',
    (parts) => parts.slice(0, 4),
    config(),
    /layer 3 .* 'dense_8' in the description but missing in .*\.h5/,
  ],
  [
    'a layer too many',
    (parts) => [...parts, { ...parts[4]!, name: 'dense_9' }],
    config(),
    /layer 4 .* is missing in the description but 'dense_9' in/,
  ],
  [
    'a weight that is missing',
    (parts) => {
      parts[1]!.weights.pop();
    },
    config(),
    /the layer 'conv2d_12' has the weights kernel, bias in the description but kernel in .*\.h5/,
  ],
  [
    'a number that is none',
    (parts) => {
      parts[1]!.weights[0]!.values = [NaN];
    },
    config(),
    /the kernel of the layer 'conv2d_12' in .*\.h5 holds numbers that are not finite/,
  ],
  [
    'a layer that tfjs does not have',
    () => undefined,
    config({ layers: [{ class_name: 'Lambda', config: { name: 'lambda_1' } }] }),
    /the layer 'lambda_1' \(Lambda\) of .*\.h5 cannot be imported: make the model/,
  ],
  [
    'an option that tfjs does not have',
    () => undefined,
    config({ convolution: { groups: 2 } }),
    /the layer 'conv2d_12' .*\.h5 does not fit in its place: 2 groups divide 1 channels or . filters with a rest/,
  ],
  [
    'an activation that tfjs does not have',
    () => undefined,
    config({ convolution: { activation: 'gelu_tanh' } }),
    /'conv2d_12' \(Conv2D\) of .*\.h5 has activation = "gelu_tanh", and needed is one that tfjs knows: make/,
  ],
  [
    'a Functional model without its ends',
    () => undefined,
    config({ kind: 'Functional' }),
    /holds a model of 0 inputs \(none\), and only one picture in .*: save a keras\.Model of one/,
  ],
  [
    'pictures of any size, and none stated',
    () => undefined,
    JSON.parse(JSON.stringify(config()).replace('[null,2,1,1]', '[null,null,null,1]')) as object,
    /takes pictures of any size, and one is needed: state it by --size/,
  ],
  [
    'weights alone, and no architecture',
    () => undefined,
    undefined,
    /holds weights alone: name the network .*cats-dogs/,
  ],
  [
    'nothing that Keras saved',
    () => [],
    undefined,
    /holds no model that Keras saved: there are neither layer_names .*Make the model Sequential or Functional/,
  ],
];

for (const [title, change, configuration, message] of unfit) {
  test(`a file that does not fit is refused by name, and nothing is left: ${title}`, async () => {
    const parts = layers();
    await writeKerasFile(at('unfit.h5'), change(parts) ?? parts, configuration);
    await refused(at('unfit.h5'), message);
  });
}

async function refused(path: string, message: RegExp, options: ModelImportOptions = {}): Promise<void> {
  const [before, folder] = [tf.memory().numTensors, join(temporary, 'out', 'model')];
  mkdirSync(join(temporary, 'out'), { recursive: true });
  await assert.rejects(importModel(path, folder, options), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
  assert.deepEqual(readdirSync(join(temporary, 'out')), []);
  assert.equal(tf.memory().numTensors, before);
}

test('a file that is cut off, damaged, no .h5, empty, missing or a folder is refused by name', async () => {
  await writeKerasFile(at('good.h5'), layers(), config());
  const content = readFileSync(at('good.h5'));
  writeFileSync(at('cut.h5'), content.subarray(0, content.length * 0.7));
  writeFileSync(at('bad.h5'), Buffer.concat([content.subarray(0, 96), Buffer.alloc(700, 255), content.subarray(796)]));
  writeFileSync(at('text.h5'), 'no such thing');
  writeFileSync(at('empty.h5'), '');
  await refused(at('cut.h5'), /cut\.h5 is cut off/);
  await refused(at('bad.h5'), /bad\.h5 is damaged/);
  await refused(at('text.h5'), /text\.h5 is no model: it does not begin as/);
  await refused(at('empty.h5'), /empty\.h5 is no model: it is empty/);
  await refused(at('nowhere.h5'), /nowhere\.h5: there is no such file/);
  await refused(temporary, /holds \d+ models: .*whole\.h5.* Give one of them alone/);
  await refused(at('good.h5'), /'vgg' is not known, and there is no such file; known are: cats-dogs/, {
    architecture: 'vgg',
  });
  await refused(at('good.h5'), /tell 2 classes apart, but 3 are named/, { classes: ['a', 'b', 'c'] });
  await refused(at('good.h5'), /layer 3 of those with weights is 'conv2d_1' in cats-dogs but 'dense_8' in /, {
    architecture: 'cats-dogs',
  });
});

test('names beside a model that are not as many as its answers are told as such; those that are stated count', async () => {
  mkdirSync(at('beside'));
  await writeKerasFile(at('beside/model.h5'), layers(), config());
  writeFileSync(at('beside/labels.txt'), '0 cat\n1 dog\n2 fox\n');
  await refused(
    at('beside/model.h5'),
    /but 3 are named: cat, dog, fox\. The names lie beside it .*; the option classes/,
  );
  const { classes } = await importModel(at('beside/model.h5'), at('named'), { classes: ['a', 'b'] });
  assert.deepEqual(classes, ['a', 'b']);
});

test('a folder that exists is left as it is', async () => {
  await writeKerasFile(at('again.h5'), layers(), config());
  mkdirSync(at('exists'));
  await assert.rejects(importModel(at('again.h5'), at('exists')), /exists: remove it, or name another folder/);
  assert.deepEqual(readdirSync(at('exists')), []);
});

test("a layer's name that tfjs would refuse is no obstacle", async () => {
  const name = 'the convolution, 50 %';
  const named = layers().map((layer) => (layer.name === 'conv2d_12' ? { ...layer, name } : layer));
  await writeKerasFile(at('spaces.h5'), named, config({ convolution: { name } }), '3.15.0');
  await importModel(at('spaces.h5'), at('spaces'));
  (await loadClassifier(at('spaces'))).dispose();
});

test('of a model inside, the weights of bn are not those of conv1/bn', () => {
  const weight = (path: string) => ({ path, shape: [1], read: () => Promise.resolve(Float32Array.of(1)) });
  const paths = ['inner/conv1/bn', 'inner/bn'];
  const matched = matchWeights(
    [{ kind: 'Functional', path: 'inner', layers: paths.map((path) => ({ kind: 'BatchNormalization', path })) }],
    paths.map((name) => ({ name, weights: [{ name: 'gamma', shape: [1] }] })),
    { layout: 'groups', groups: [{ name: 'inner', weights: ['conv1/bn/gamma', 'bn/gamma'].map(weight) }] },
    { model: 'the description', file: 'densenet.h5' },
  );
  assert.deepEqual(
    matched.map(({ name }) => name),
    ['inner/conv1/bn/gamma', 'inner/bn/gamma'],
  );
});

test("the article's weights under Keras' running numbers belong to the article's network", async () => {
  const model = buildCatsDogs();
  const numbered = (name: string): string =>
    `${name.replace(/_\d+$/, '')}_${Number(/_(\d+)$/.exec(name)?.[1] ?? 0) + 12}`;
  await writeKerasFile(
    at('numbered.h5'),
    model.layers.map(({ name, weights }) => ({
      name: numbered(name),
      weights: weights.map((weight) => ({
        name: weight.originalName.split('/')[1]!,
        shape: weight.shape as number[],
        values: weight.read().dataSync() as unknown as number[],
      })),
    })),
  );
  model.dispose();
  const card = await importModel(at('numbered.h5'), at('numbered'), { architecture: 'cats-dogs' });
  assert.deepEqual(card, {
    name: 'cats-dogs',
    classes: ['cat', 'dog'],
    input: { height: 128, width: 128, channels: 3, range: [0, 1] },
  });
});

const weights = join(root, '..', 'shared', 'models', 'cats-dogs.weights.h5');
test(
  "Keras' own weights: logits and input gradient of the formula picture as Keras computes them",
  { skip: existsSync(weights) ? false : `${weights} is not here` },
  async () => {
    await importModel(weights, at('cats-dogs'), { architecture: 'cats-dogs' });
    const classifier = await loadClassifier(at('cats-dogs'));
    const values = Float32Array.from(
      { length: 128 * 128 * 3 },
      (_, i) => 0.5 + 0.5 * Math.sin(0.1 * Math.floor(i / 384) + 0.2 * (Math.floor(i / 3) % 128) + (i % 3)),
    );
    const picture = tf.tensor4d(values, [1, 128, 128, 3]);
    const near = (actual: number, expected: number): void =>
      assert.ok(Math.abs(actual - expected) < 1e-3 * Math.abs(expected), `${actual} is not ${expected}`);
    const [cat, dog] = classifier.logits(picture).dataSync();
    near(cat!, 1.5041773);
    near(dog!, -1.4227726);
    const gradient = tf
      .grad((x) =>
        classifier
          .logits(x as tf.Tensor4D)
          .mul([[1, -1]])
          .sum(),
      )(picture)
      .dataSync();
    const pixel = (i: number, j: number, c: number): number => gradient[(i * 128 + j) * 3 + c]!;
    near(pixel(0, 0, 0), -0.0029278);
    near(pixel(10, 20, 1), -0.0012107);
    near(pixel(64, 64, 2), -0.0010753);
    near(Math.hypot(...gradient), 4.438543);
    near(Math.max(...gradient.map(Math.abs)), 0.175611);
    classifier.dispose();
  },
);

const script = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--import', './scripts/tsx.mjs', join(root, 'scripts', 'import-model.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

test('npm run import-model: makes the folder, prints the card; an error is one line and exit code 1', async () => {
  await writeKerasFile(at('script.h5'), layers(), config());
  const made = script(
    at('script.h5'),
    at('script'),
    '--classes',
    'cat,dog',
    '--range',
    '0,255',
    '--format',
    'float16',
    '--json',
  );
  assert.equal(made.status, 0, made.stderr);
  assert.deepEqual(JSON.parse(made.stdout), {
    name: 'script',
    classes: ['cat', 'dog'],
    input: { height: 2, width: 1, channels: 1, range: [0, 255] },
  });
  const again = script(at('script.h5'), at('script'));
  assert.equal(again.status, 1);
  assert.match(again.stderr.trim(), /^[^\n]* exists: remove it[^\n]*$/);
  const odd = script(at('script.h5'), at('other'), '--range', '5');
  assert.deepEqual([odd.status, /Two numbers are needed/.test(odd.stderr)], [1, true]);
});
