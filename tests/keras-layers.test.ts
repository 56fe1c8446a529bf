import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { answersTo, importModel, loadClassifier, type Classifier } from '../lib/src/classifiers';
import { DescentError, tf } from 'descent-lab';
import { readingNote } from '../lib/src/classifiers/reading';
import { writeKerasFile, type StoredLayer } from './support/keras-file';

const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-layers-'));
const at = (name: string): string => join(temporary, name);
test.after(() => rmSync(temporary, { recursive: true, force: true }));

const layer = (class_name: string, config: object = {}, name = class_name.toLowerCase()): object => ({
  class_name,
  config: { name, trainable: true, dtype: 'float32', ...config },
});
const input = (shape: (number | null)[]): object => layer('InputLayer', { batch_input_shape: [null, ...shape] }, 'in');
const relu = (max_value: number | null, negative_slope: number, threshold: number): object =>
  layer('ReLU', { max_value, negative_slope, threshold });
const flatten = layer('Flatten', { data_format: 'channels_last' });
const dense = (units: number, activation = 'linear', name = 'dense'): object =>
  layer('Dense', { units, activation, use_bias: false }, name);
const sequential = (...layers: object[]): object => ({
  class_name: 'Sequential',
  config: { name: 'sequential', layers },
});

let made = 0;
/** Imports a model of these layers, which have no weights but those given. */
async function imported(
  layers: object[],
  weights: StoredLayer[] = [],
  options = {},
): Promise<{ classifier: Classifier; notes: string[] }> {
  const name = `model-${made++}`;
  const notes: string[] = [];
  const stored = weights.length > 0 ? weights : [{ name: 'in', weights: [] }];
  await writeKerasFile(at(`${name}.h5`), stored, sequential(...layers));
  await importModel(at(`${name}.h5`), at(name), {
    onNote: (note) => /from 0 to 1 \(the option/.test(note) || notes.push(note),
    ...options,
  });
  return { classifier: await loadClassifier(at(name)), notes };
}

/** The values that layers make of -1, -0.25, 0.25 and 1, the pixels of a picture of 2 x 2. */
async function values(...between: object[]): Promise<number[]> {
  const identity = Array.from({ length: 16 }, (_, i) => Number(i % 5 === 0));
  const end = [{ name: 'dense', weights: [{ name: 'kernel', shape: [4, 4], values: identity }] }];
  const { classifier } = await imported([input([2, 2, 1]), ...between, flatten, dense(4)], end, { range: [-1, 1] });
  const made = tf.tidy(() => [...classifier.logits(tf.tensor4d([0, 0.375, 0.625, 1], [1, 2, 2, 1])).dataSync()]);
  classifier.dispose();
  return made;
}

async function near(actual: Promise<number[]>, expected: number[], what: string): Promise<void> {
  const found = await actual;
  assert.ok(
    found.length === expected.length && found.every((value, i) => Math.abs(value - expected[i]!) < 1e-6),
    `${what}: [${found.join()}] is not [${expected.join()}]`,
  );
}

/** Layers that Keras and tfjs write down otherwise, and what Keras makes of the four pixels. */
const right: [what: string, made: object, expected: number[]][] = [
  ['a ReLU with a slope', relu(null, 0.2, 0), [-0.2, -0.05, 0.25, 1]],
  ['a ReLU with a threshold', relu(null, 0, 0.5), [0, 0, 0, 1]],
  ['a ReLU with a highest value', relu(0.5, 0, 0), [0, 0, 0.25, 0.5]],
  ['a ReLU with a slope and a highest value', relu(0.5, 0.2, 0), [-0.2, -0.05, 0.25, 0.5]],
  ['a softmax over rows', layer('Softmax', { axis: 1 }), [0.22270014, 0.22270014, 0.77729986, 0.77729986]],
  ['the slope of Keras 3', layer('LeakyReLU', { negative_slope: 0.1 }), [-0.1, -0.025, 0.25, 1]],
  [
    'a LeakyReLU with a number of NumPy',
    layer('LeakyReLU', { alpha: { type: 'ndarray', value: 0.4 } }),
    [-0.4, -0.1, 0.25, 1],
  ],
  ['layers of training alone', layer('RandomFlip', { mode: 'horizontal', seed: null }), [-1, -0.25, 0.25, 1]],
  ['a rescaling', layer('Rescaling', { scale: 2, offset: 1 }), [-1, 0.5, 1.5, 3]],
];
for (const [what, own, expected] of right) {
  test(`computes what Keras computes: ${what}`, () => near(values(own), expected, what));
}

test('a centre crop at the front takes the whole picture in, and keeps its middle', async () => {
  const { classifier } = await imported([input([4, 5, 1]), layer('CenterCrop', { height: 2, width: 2 }), flatten]);
  assert.deepEqual(classifier.input, { height: 4, width: 5, channels: 1 });
  const rows = tf.range(0, 20).div(20).reshape<tf.Tensor4D>([1, 4, 5, 1]);
  await near(
    Promise.resolve([...classifier.logits(rows).dataSync()]),
    [6, 7, 11, 12].map((n) => n / 20),
    'the middle',
  );
  tf.disposeVariables();
});

/** Models that tfjs would read otherwise than Keras does, or not at all, and what is said of them. */
const refused: [what: string, layers: object[], message: RegExp][] = [
  [
    'an option that nobody knows',
    [layer('Dense', { units: 2, activation: 'linear', rank_of_adapter: 4 })],
    /'dense' \(Dense\) of .* has rank_of_adapter = 4, and that option cannot be imported: make/,
  ],
  [
    'an enlargement by a name that TensorFlow lacks',
    [layer('UpSampling2D', { size: [2, 2], interpolation: 'cubic' })],
    /interpolation = "cubic"/,
  ],
  [
    'a model without layers in the model',
    [{ ...sequential(dense(2)), config: { name: 'inner', layers: [] } }],
    /describes no network: it lacks the list of a model's layers, .*: make the model Sequential or/,
  ],
  [
    'a wrapper',
    [layer('TimeDistributed', { layer: dense(2) })],
    /'timedistributed' \(TimeDistributed\) of .* cannot be imported/,
  ],
  [
    'a layer of a class that every object has',
    [layer('__proto__', {})],
    /\(__proto__\) of .* cannot be imported: make the model in Keras/,
  ],
  [
    "a layer of a class of one's own",
    [{ ...dense(2), registered_name: 'mine>Dense' }],
    /\(mine>Dense\) of .* cannot be imported/,
  ],
  [
    'a layer that stands twice',
    [layer('Softmax', { axis: -1 }), layer('Softmax', { axis: -1 })],
    /'softmax' .* stands there twice/,
  ],
  [
    'a kernel larger than what it gets',
    [layer('MaxPooling2D', { pool_size: [3, 3] })],
    /does not fit in its place: it would make/,
  ],
  [
    'an enormous layer',
    [flatten, dense(14e6)],
    /layer 1 of those with weights is 'dense' in the description but missing/,
  ],
];
for (const [what, layers, message] of refused) {
  test(`is refused by name: ${what}`, async () => {
    const before = tf.memory().numTensors;
    await assert.rejects(imported([input([2, 2, 1]), ...layers]), (error: Error) => {
      assert.ok(error instanceof DescentError, error.stack);
      assert.match(error.message, message);
      return true;
    });
    assert.equal(tf.memory().numTensors, before);
  });
}

test('pictures that no memory holds are refused before any is taken, at the import and of a folder', async () => {
  await assert.rejects(imported([input([1e7, 1e7, 1]), flatten]), /would need .* of memory, and this machine has/);
  const { classifier } = await imported([input([2, 2, 1]), flatten]);
  classifier.dispose();
  const path = at(`model-${made - 1}/model.json`);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/(null,\s*)2,(\s*)2,/, '$110000000,$210000000,'));
  await assert.rejects(loadClassifier(join(path, '..')), /model\.json would need .* of memory/);
});

test('shapes are compared with the file before weights of that size are made', async () => {
  const stored = [{ name: 'dense', weights: [{ name: 'kernel', shape: [4, 2], values: [1, 0, 0, 1, 0, 0, 0, 0] }] }];
  await assert.rejects(
    imported([input([2, 2, 1]), flatten, dense(1e12)], stored),
    /the kernel of the layer 'dense' has the shape \[4, 1000000000000\] in the description but \[4, 2\] in/,
  );
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softmax = (...row: number[]): number[] =>
  row.map((x) => Math.exp(x) / row.reduce((sum, z) => sum + Math.exp(z), 0));
const act = (activation: string): object => layer('Activation', { activation }, activation);
/** How a model ends, and what is read off the three outputs before that: probabilities, and what Keras prints. */
const ends: [what: string, layers: object[], read: ((row: number[]) => number[][]) | RegExp, note?: RegExp][] = [
  ['a softmax', [act('softmax')], (row) => [softmax(...row)]],
  [
    'a softmax, and layers that do nothing',
    [act('softmax'), layer('Dropout', { rate: 0.5 }), act('linear')],
    (row) => [softmax(...row)],
  ],
  ['two softmaxes', [act('softmax'), layer('Softmax', { axis: -1 }, 'again')], (row) => [softmax(...softmax(...row))]],
  [
    'a sigmoid for each class',
    [act('sigmoid')],
    (row) => [row.map(sigmoid)],
    /a sigmoid for each class: .* need not be 1/,
  ],
  ['no activation', [], (row) => [softmax(...row), row], /ends in no softmax or sigmoid: its outputs are scores/],
  [
    'a tanh for each class',
    [act('tanh')],
    (row) => [row.map((x) => (1 + Math.tanh(x)) / 2), row.map(Math.tanh)],
    /ends in a tanh for each class: its outputs are scores/,
  ],
  ['relu', [layer('ReLU')], (row) => [softmax(...row), row], /ends in no softmax or sigmoid/],
  [
    'softplus',
    [act('softplus')],
    (row) => [softmax(...row.map((x) => Math.log1p(Math.exp(x)))), row.map((x) => Math.log1p(Math.exp(x)))],
    /ends in no softmax or sigmoid/,
  ],
  [
    'a softmax and a pooling',
    [layer('Reshape', { target_shape: [1, 1, 3] }), act('softmax'), layer('GlobalAveragePooling2D')],
    /ends in a GlobalAveragePooling2D of softmax, from which no/,
  ],
  [
    'a softmax at each place',
    [layer('Reshape', { target_shape: [3, 1] }), act('softmax'), layer('Flatten', {}, 'last')],
    /ends in a softmax at each place, from which/,
  ],
];
for (const [what, layers, read, note] of ends) {
  test(`the answers of a model that ends in ${what}`, async () => {
    const model = [input([1, 3, 1]), flatten, ...layers];
    if (read instanceof RegExp) {
      await assert.rejects(imported(model), read);
      return;
    }
    const { classifier, notes } = await imported(model);
    const pixels = [0.1, 0.9, 0.4];
    const [answer] = answersTo(classifier, [pixels]);
    const [expected, printed = expected] = read(pixels) as [number[], number[]?];
    const probabilities = tf.tidy(() => [...classifier.probabilities(tf.tensor4d(pixels, [1, 1, 3, 1])).dataSync()]);
    await near(Promise.resolve(answer!.all), expected, 'the answer');
    await near(Promise.resolve(answer!.outputs), printed, 'what Keras prints');
    await near(Promise.resolve(probabilities), expected, 'the probabilities');
    assert.equal(answer!.label, 'class-1');
    assert.ok(Math.abs(answer!.probability - expected[1]!) < 1e-6);
    assert.equal(notes.length, note ? 1 : 0, notes.join());
    if (note) assert.match(notes[0]!, note);
    assert.equal(readingNote(classifier), notes[0], 'what the import says, each use can say');
    classifier.dispose();
  });
}

/** How a model of one output ends: the probability of the second class, and what Keras prints. */
const alone: [what: string, layers: object[], read: (z: number) => [number, number]][] = [
  ['one sigmoid', [act('sigmoid')], (z) => [sigmoid(z), sigmoid(z)]],
  ['one tanh', [act('tanh')], (z) => [(1 + Math.tanh(z)) / 2, Math.tanh(z)]],
  ['one score', [], (z) => [sigmoid(z), z]],
];
for (const [what, layers, read] of alone) {
  test(`the answers of a model that ends in ${what}: two classes, apart at its middle`, async () => {
    const { classifier } = await imported([input([1, 1, 1]), flatten, ...layers], [], { range: [-1, 1] });
    const values = [-0.3, 0.3];
    const answers = answersTo(
      classifier,
      values.map((z) => [(1 + z) / 2]),
    );
    for (const [i, z] of values.entries()) {
      const [second, printed] = read(z);
      await near(Promise.resolve(answers[i]!.all), [1 - second, second], 'the answer');
      await near(Promise.resolve(answers[i]!.outputs), [printed], 'what Keras prints');
      assert.equal(answers[i]!.label, `class-${i}`);
    }
    classifier.dispose();
  });
}

test('one output that is never below 0 tells no two classes apart: it is refused', async () => {
  await assert.rejects(
    imported([input([1, 1, 1]), flatten, act('softplus')]),
    /of softplus, which is never below 0 and/,
  );
});

test('a softmax of one output is always 1: it is refused', async () => {
  await assert.rejects(imported([input([1, 1, 1]), flatten, act('softmax')]), /of one output, which is always 1/);
});

test('a model that scales its pixels down gets them from 0 to 255, and says so; what is stated counts', async () => {
  const model = [input([1, 2, 1]), layer('Rescaling', { scale: 1 / 255, offset: 0 }), flatten];
  const { classifier, notes } = await imported(model);
  assert.match(notes.join('\n'), /times 0\.00392: they are taken to be from 0 to 255 \(the option range/);
  const of = ({ logits }: Pick<Classifier, 'logits'>): number[] =>
    tf.tidy(() => [...logits(tf.tensor4d([0.25, 1], [1, 1, 2, 1])).dataSync()]);
  await near(Promise.resolve(of(classifier)), [0.25, 1], 'pixels from 0 to 255 come out from 0 to 1');
  const stated = await imported(model, [], { range: [0, 1] });
  assert.doesNotMatch(stated.notes.join('\n'), /scales/);
  await near(Promise.resolve(of(stated.classifier)), [0.25 / 255, 1 / 255], 'as stated');
  [classifier, stated.classifier].forEach((each) => each.dispose());
});

test('an input shape that an inner layer states, too, makes tfjs say nothing', async (t) => {
  const warn = t.mock.method(console, 'warn');
  const softmax = layer('Softmax', { axis: -1, batch_input_shape: [null, 9] });
  const { classifier } = await imported([input([2, 2, 1]), flatten, softmax]);
  classifier.dispose();
  const path = at(`model-${made - 1}/model.json`);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"axis": -1', '"axis": -1, "batch_input_shape": [null, 9]'));
  (await loadClassifier(join(path, '..'))).dispose(); // as an older version wrote it
  assert.equal(warn.mock.callCount(), 0);
});
