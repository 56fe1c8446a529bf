// The end of a network: found in a graph of layers, printed as Keras prints it, attacked before its last activation.
import assert from 'node:assert/strict';
import test from 'node:test';
import { attack, DescentError, tf } from 'descent-lab';
import { answersTo, classifierOf, describeModel } from '../lib/src/classifiers';
import { answerText } from '../lib/src/classifiers/answers';
import { readEnd } from '../lib/src/classifiers/reading';

const { activation, add, dense, dropout, flatten, globalAveragePooling2d, input, reshape, softmax } = tf.layers;
type Layer = tf.layers.Layer;

/** A model of three branches that come together, and of these layers behind. */
function graph(...end: Layer[]): tf.LayersModel {
  const pixels = input({ shape: [1, 3, 1] });
  const branches = [1, 2, 3].map((seed) =>
    dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed }) }).apply(flatten().apply(pixels)),
  ) as tf.SymbolicTensor[];
  const outputs = end.reduce(
    (x, layer) => layer.apply(x) as tf.SymbolicTensor,
    add().apply(branches) as tf.SymbolicTensor,
  );
  return tf.model({ inputs: pixels, outputs });
}

/** How graphs end, how that is read, and the place from the end of the layer whose activation is left off. */
const ends: [what: string, end: () => Layer[], reading: string, bare?: number][] = [
  ['a sum', () => [], 'scores'],
  ['a dense layer with a softmax', () => [dense({ units: 2, activation: 'softmax' })], 'softmax', 1],
  ['a softmax behind the sum', () => [softmax()], 'softmax', 1],
  [
    "a softmax as in Keras' MobileNet",
    () => [
      reshape({ targetShape: [1, 1, 3] }),
      activation({ activation: 'softmax' }),
      flatten(),
      dropout({ rate: 0.5 }),
    ],
    'softmax',
    3,
  ],
  ['one sigmoid', () => [dense({ units: 1, activation: 'sigmoid' })], 'sigmoid', 1],
  ['sigmoids', () => [activation({ activation: 'sigmoid' })], 'sigmoids', 1],
  ['one tanh', () => [dense({ units: 1, activation: 'tanh' })], 'tanh', 1],
  ['tanhs', () => [activation({ activation: 'tanh' })], 'tanhs', 1],
  ['one score', () => [dense({ units: 1 })], 'score'],
  ['one score on either side of 0', () => [dense({ units: 1, activation: 'elu' })], 'score'],
  ['an activation that is kept', () => [dense({ units: 2, activation: 'relu' })], 'scores'],
];
for (const [what, end, reading, bare] of ends) {
  test(`a graph of layers that ends in ${what} is read as ${reading}`, () => {
    const model = graph(...end());
    const found = readEnd(model, 'mine');
    assert.equal(found.reading, reading);
    assert.equal(found.layer?.name, bare && model.layers.at(-bare)!.name);
    model.dispose();
  });
}

test('an end that tells no classes apart is refused, with what to do', () => {
  const refused: [end: () => Layer[], message: RegExp][] = [
    [() => [dense({ units: 1, activation: 'softmax' })], /a softmax of one output, which is always 1: make the model/],
    [() => [dense({ units: 1 }), activation({ activation: 'relu' })], /one output of relu, which is never below 0/],
    [() => [reshape({ targetShape: [3, 1] }), softmax(), flatten()], /a softmax at each place, from which no/],
    [
      () => [reshape({ targetShape: [1, 1, 3] }), activation({ activation: 'sigmoid' }), globalAveragePooling2d({})],
      /a GlobalAveragePooling2D of sigmoid, from which no .*: make the model with softmax, sigmoid or no activation/,
    ],
  ];
  for (const [end, message] of refused) {
    const model = graph(...end());
    assert.throws(
      () => readEnd(model, 'mine'),
      (error: Error) => error instanceof DescentError && message.test(error.message),
    );
    model.dispose();
  }
});

/** A network of one layer without weights to learn: it hands the pixels on, or their first, to its activation. */
function ending(act: 'softmax' | 'sigmoid' | 'tanh' | 'linear' | 'softplus', units: 1 | 3) {
  const model = tf.sequential({ layers: [flatten({ inputShape: [1, 3, 1] }), dense({ units, activation: act })] });
  const kernel = tf.eye(3, units);
  model.layers[1]!.setWeights([kernel, tf.zeros([units])]);
  kernel.dispose();
  const classes = ['cat', 'dog', 'fox'].slice(0, Math.max(units, 2));
  const classifier = classifierOf(model, describeModel(model, { name: 'mine', classes, range: [-1, 2] }));
  model.dispose();
  return classifier;
}

/** What Keras 2.15 and 3.15 print of the numbers -0.5, 0.25 and 1.5, or of the first, and what is said of it here. */
const printed: [activation: Parameters<typeof ending>[0], outputs: number[], text: string][] = [
  ['softmax', [0.0951832011, 0.2015028149, 0.7033140063], 'fox 70.3 %'],
  ['sigmoid', [0.3775406778, 0.5621765256, 0.817574501], 'fox 81.8 %'],
  ['tanh', [-0.4621171653, 0.2449186593, 0.9051482081], 'fox, score 0.9051'],
  ['linear', [-0.5, 0.25, 1.5], 'fox, score 1.5'],
  ['softplus', [0.4740769863, 0.825939417, 1.7014132738], 'fox, score 1.701'],
  ['sigmoid', [0.3775406778], 'cat 62.2 %'],
  ['tanh', [-0.4621171653], 'cat, score -0.4621'],
  ['linear', [-0.5], 'cat, score -0.5'],
];
for (const [act, outputs, text] of printed) {
  test(`${outputs.length} of ${act}: Keras' numbers`, () => {
    const classifier = ending(act, outputs.length as 1 | 3);
    const [answer] = answersTo(classifier, [[-0.5, 0.25, 1.5].map((value) => (value + 1) / 3)]);
    assert.equal(answer!.outputs.length, outputs.length);
    for (const [i, value] of outputs.entries()) {
      assert.ok(Math.abs(answer!.outputs[i]! - value) < 1e-6, `${answer!.outputs.join()} is not ${outputs.join()}`);
    }
    assert.equal(answerText(answer!, classifier), text);
    classifier.dispose();
  });
}

test('an attack leads out of where the last activation is flat', async () => {
  for (const [act, units] of [
    ['softmax', 3],
    ['sigmoid', 3],
    ['sigmoid', 1],
    ['tanh', 3],
    ['tanh', 1],
  ] as const) {
    const flat = tf.sequential({
      layers: [flatten({ inputShape: [1, 3, 1] }), dense({ units, activation: act, name: 'steep' })],
    });
    // logits up to 100 either way, at which float32 knows only 0, 1 and -1
    const kernel = tf.eye(3, units).mul(100);
    flat.layers[1]!.setWeights([kernel, tf.zeros([units])]);
    kernel.dispose();
    const classes = ['cat', 'dog', 'fox'].slice(0, Math.max(units, 2));
    const classifier = classifierOf(flat, describeModel(flat, { name: 'flat', classes, range: [-1, 1] }));
    flat.dispose();
    const image = tf.tensor4d([1, 0.2, 0.1], [1, 1, 3, 1]);
    const [example] = await attack(classifier, image, { attack: 'pgd', epsilon: 0.9, steps: 20, stepSize: 0.1 });
    assert.ok(example!.success, `${units} of ${act}: ${example!.steps.map(({ label }) => label).join(' ')}`);
    assert.equal(example!.steps[0]!.outputs.length, units);
    image.dispose();
    classifier.dispose();
  }
});
