import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { DescentError, tf } from 'descent-lab';
import { toChannelsLast } from '../lib/src/classifiers/keras/channels-last';
import type { NetworkNode } from '../lib/src/classifiers/flatten';
import { withReversedColours } from '../lib/src/classifiers/keras/reversed-colours';
import { inTfjsWords } from '../lib/src/classifiers/keras/words';
import { checkLayer, computing, type LayerDescription } from '../lib/src/classifiers/layers';
import { changed } from './support/fuzz';

/** A layer as Keras wrote it down, and what Keras computes by it: tests/reference/keras-words.py. */
interface Case {
  python: string;
  keras: 2 | 3;
  layer: LayerDescription;
  inputs: number[][];
  weights: number[][];
  output: { shape: number[]; values: number[] };
  gradients: number[][];
}

const cases = JSON.parse(readFileSync(join(__dirname, 'reference', 'keras-words.json'), 'utf8')) as Case[];
const waves = (shape: readonly number[], start: number): tf.Tensor =>
  tf.tidy(() => tf.tensor(Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => 2 * Math.sin(1.7 * i + start)), [...shape])); // prettier-ignore

/** A model of one layer in tfjs' words, made as a model folder's is. */
async function modelOf({ layer, inputs, keras }: Pick<Case, 'layer' | 'inputs' | 'keras'>): Promise<tf.LayersModel> {
  const layers: object[] = inputs.map((shape, i) => ({
    class_name: 'InputLayer',
    name: `in${i}`,
    config: { name: `in${i}`, batch_input_shape: [null, ...shape], dtype: 'float32' },
    inbound_nodes: [],
  }));
  let from = inputs.map((_, i) => [`in${i}`, 0, 0, {}]);
  for (const own of inTfjsWords(layer, inputs, 'model.h5', keras)) {
    checkLayer(own, 'model.h5');
    const name = own.config['name'] as string;
    layers.push({ class_name: own.class_name, name, config: computing(own), inbound_nodes: [from] });
    from = [[name, 0, 0, {}]];
  }
  const ends = {
    input_layers: inputs.map((_, i) => [`in${i}`, 0, 0]),
    output_layers: from.map((each) => each.slice(0, 3)),
  };
  return tf.models.modelFromJSON({
    modelTopology: { class_name: 'Model', config: { name: 'model', layers, ...ends } },
  } as never);
}

function near(actual: tf.Tensor, expected: readonly number[], what: string): void {
  const size = Math.max(1, ...expected.map(Math.abs));
  const values = actual.dataSync();
  const off = Math.max(...expected.map((value, i) => Math.abs(value - values[i]!))) / size;
  assert.ok(values.length === expected.length && off < 3e-6, `${what} is off by ${off}`);
}

for (const each of cases) {
  test(`computes what Keras computes: ${each.python}`, async () => {
    const model = await modelOf(each);
    const { shape, values } = each.output;
    const planned = model.outputs[0]!.shape.slice(1);
    tf.tidy(() => {
      model.setWeights(model.weights.map(({ shape: own }, i) => tf.tensor(each.weights[i]!, own as number[])));
    });
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const xs = each.inputs.map((input, i) => waves([2, ...input], i));
      const apply = (...x: tf.Tensor[]): tf.Tensor => model.apply(x.length > 1 ? x : x[0]!) as tf.Tensor;
      const y = apply(...xs);
      assert.deepEqual([y.shape, planned], [shape, shape.slice(1)]);
      near(y, values, 'the prediction');
      const gradients = tf.grads((...x) =>
        apply(...x)
          .mul(waves(shape, 1))
          .sum(),
      )(xs);
      gradients.forEach((gradient, i) => near(gradient, each.gradients[i]!, `the gradient by input ${i}`));
    });
    assert.equal(tf.memory().numTensors, before);
    model.dispose();
  });
}

test('a copy of a layer of ours out of its own description is the same layer', async () => {
  const layer = { class_name: 'GroupNormalization', config: { name: 'group', groups: 2, axis: -1, epsilon: 0.5 } };
  const model = await modelOf({ layer, inputs: [[2, 2, 4]], keras: 2 });
  const again = await tf.models.modelFromJSON({ modelTopology: model.toJSON(null, false) });
  tf.tidy(() => {
    const weights = [waves([4], 1), waves([4], 2)];
    model.setWeights(weights);
    again.setWeights(weights);
    const x = waves([1, 2, 2, 4], 3);
    near(again.apply(x) as tf.Tensor, [...(model.apply(x) as tf.Tensor).dataSync()], 'the copy');
  });
  model.dispose();
  again.dispose();
});

// TensorFlow in Python has no gradient of it.
test('the gradient of a resizing by areas is that of its finite differences', async () => {
  const layer = { class_name: 'Resizing', config: { name: 'resize', height: 2, width: 5, interpolation: 'area' } };
  const model = await modelOf({ layer, inputs: [[3, 4, 1]], keras: 2 });
  tf.tidy(() => {
    const [x, direction] = [waves([1, 3, 4, 1], 0), waves([1, 3, 4, 1], 1)];
    const loss = (pictures: tf.Tensor): tf.Tensor =>
      (model.apply(pictures) as tf.Tensor).mul(waves([1, 2, 5, 1], 2)).sum();
    const [ahead, behind] = [loss(x.add(direction)), loss(x.sub(direction))]; // it is linear, so that any step does
    near(tf.grad(loss)(x).mul(direction).sum(), [...ahead.sub(behind).div(2).dataSync()], 'the gradient');
  });
  model.dispose();
});

const named = (class_name: string, config: object = {}, more: object = {}): LayerDescription => ({
  class_name,
  config: { name: 'layer', ...config },
  ...more,
});
const words = (layer: LayerDescription, shape: number[] = [4, 4, 3], keras: 2 | 3 = 3): LayerDescription[] =>
  inTfjsWords(layer, [shape], 'model.h5', keras);

test('what does nothing in a prediction is left out', () => {
  for (const kind of ['GaussianNoise', 'SpatialDropout2D', 'RandomFlip', 'RandomPerspective', 'AugMix', 'Identity']) {
    assert.deepEqual(words(named(kind, { seed: 1 })), []);
  }
  assert.deepEqual(words(named('Flatten'), [5]), []);
  assert.deepEqual(words(named('RandomCrop', { height: 4, width: 4 })), []);
  assert.deepEqual(words(named('Dropout', { rate: 0.5 })), [named('Dropout', { rate: 0.5 })]);
});

/** Layers whose words cannot be found, and what is said of them. */
const refused: [what: string, layer: LayerDescription, message: RegExp][] = [
  ['a crop at random of Keras 3', named('RandomCrop', { height: 2, width: 2 }), /\(RandomCrop\).*make the model without it/],
  [
    "an activation of one's own",
    named('Dense', { units: 2, activation: { class_name: 'function', config: 'relu', registered_name: 'mine>relu' } }),
    /has activation = \{"class_name":"function".*a layer of its own for the activation/,
  ],
  [
    "a layer of one's own as an activation",
    named('Dense', { units: 2, activation: named('Dense', { units: 2 }, { registered_name: 'mine>Dense' }) }),
    /the layer 'layer\/activation' \(mine>Dense\) of model.h5 cannot be imported/,
  ],
  ["a layer of one's own by a name of Keras'", named('Dense', { units: 2 }, { module: '__main__', registered_name: 'Dense' }), /\(Dense\).*cannot be imported/],
  ['attention', named('MultiHeadAttention', { num_heads: 2 }), /\(MultiHeadAttention\) of model.h5 cannot be imported/],
  ['a resizing by a name that TensorFlow lacks', named('Resizing', { height: 2, width: 2, interpolation: 'cubic' }), /interpolation = "cubic"/],
  ['an operation', named('TFOpLambda', { function: 'math.reduce_mean', inbound: ['in', 0, 0, { axis: 1 }] }), /is the operation math\.reduce_mean, which cannot/],
  ['a division by pixels', named('ops.TrueDivide', { inbound: { args: [2, { class_name: '__keras_tensor__' }] } }), /is the operation ops\.TrueDivide/],
]; // prettier-ignore
for (const [what, layer, message] of refused) {
  test(`is refused by name: ${what}`, () => {
    assert.throws(
      () => words(layer).forEach((own) => checkLayer(own, 'model.h5')),
      (error: Error) => error instanceof DescentError && message.test(error.message),
    );
  });
}

test('a layer with a wrong value in any place has words, or is refused', () => {
  for (const { layer, inputs, keras } of cases) {
    for (const other of changed({ ...layer, config: { ...layer.config, dtype: 'float32' } })) {
      const { config } = (other ?? {}) as LayerDescription;
      if (typeof config !== 'object' || config === null) continue;
      try {
        inTfjsWords(other as LayerDescription, inputs, 'model.h5', keras).forEach((own) => checkLayer(own, 'model.h5'));
      } catch (error) {
        assert.ok(error instanceof DescentError, `${JSON.stringify(other)} ended in a stack: ${String(error)}`);
      }
    }
  }
});

test('operations that bring pixels to a range are layers', () => {
  const tensor = { class_name: '__keras_tensor__', config: { keras_history: ['in', 0, 0] } };
  const lambda = (name: string, ...inbound: unknown[]): LayerDescription[] =>
    words(named('TFOpLambda', { function: name, inbound }));
  const operation = (name: string, ...args: unknown[]): LayerDescription[] =>
    words(named(`ops.${name}`, { inbound: { args, kwargs: {} } }));
  const rescaling = (scale: unknown, offset: unknown): LayerDescription[] => [named('Rescaling', { scale, offset })];
  assert.deepEqual(lambda('math.truediv', 'in', 0, 0, { y: 4, name: null }), rescaling(0.25, 0));
  assert.deepEqual(lambda('math.subtract', '_CONSTANT_VALUE', -1, 1, { y: ['in', 0, 0] }), rescaling(-1, 1));
  assert.deepEqual(
    lambda('nn.bias_add', 'in', 0, 0, { bias: [1, 2, 3], data_format: 'NHWC' }),
    rescaling(1, [1, 2, 3]),
  );
  assert.deepEqual(operation('Subtract', tensor, 1), rescaling(1, -1));
  assert.deepEqual(operation('Multiply', 2, tensor), rescaling(2, 0));
  const constant = (value: unknown): object => ({ class_name: '__tensor__', config: { value, dtype: 'float32' } });
  assert.deepEqual(operation('Add', tensor, constant([[[[1, 2, 3]]]])), rescaling(1, [1, 2, 3]));
  assert.deepEqual(operation('TrueDivide', tensor, constant([2, 4, 8])), rescaling([0.5, 0.25, 0.125], 0));
  assert.deepEqual(operation('Negative', tensor), rescaling(-1, 0));
  assert.deepEqual(lambda('cast', 'in', 0, 0, { dtype: 'float32' }), []);
  assert.deepEqual(lambda('nn.relu', 'in', 0, 0, { name: null }), [named('Activation', { activation: 'relu' })]);
  const colours = [{ class_name: '__ellipsis__' }, { start: null, stop: null, step: -1 }];
  const sliced = { function: '__operators__.getitem', inbound: ['in', 0, 0, { slice_spec: colours }] };
  assert.deepEqual(words(named('SlicingOpLambda', sliced)), [named('ReverseChannels')]);
  const slice = { class_name: '__slice__', config: { start: null, stop: null, step: -1 } };
  assert.deepEqual(operation('GetItem', tensor, [{ class_name: '__ellipsis__', config: {} }, slice]), [
    named('ReverseChannels'),
  ]);
  const add = inTfjsWords(named('ops.Add', { inbound: { args: [tensor, tensor] } }), [[2], [2]], 'model.h5', 3);
  assert.deepEqual(add, [named('Add')]);
});

test('colours that are taken out and stacked in reverse are one layer', () => {
  const tensor = (name: string, channels = 3): object => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, 2, 2, channels], keras_history: [name, 0, 0] },
  });
  const stacked = (order: number[], channels = 3): NetworkNode[] => [
    { class_name: 'InputLayer', config: { name: 'in' }, inputs: [] },
    ...order.map((colour) => ({
      class_name: 'ops.GetItem',
      config: {
        name: `get_item_${colour}`,
        inbound: { args: [tensor('in', channels), [{ class_name: '__ellipsis__', config: {} }, colour]] },
      },
      inputs: ['in'],
    })),
    { class_name: 'ops.Stack', config: { name: 'stack', axis: -1 }, inputs: order.map((c) => `get_item_${c}`) },
  ];
  const [input] = stacked([]) as [NetworkNode];
  const reversed = { class_name: 'ReverseChannels', config: { name: 'stack' }, inputs: ['in'] };
  assert.deepEqual(withReversedColours(stacked([2, 1, 0])), [input, reversed]);
  for (const other of [stacked([2, 0, 1]), stacked([2, 1]), stacked([2, 1, 0], 4)]) {
    assert.deepEqual(withReversedColours(other), other);
  }
});

test('channels that come first are brought behind, and before again where the order counts', () => {
  const first = { data_format: 'channels_first' };
  const node = (class_name: string, name: string, config: object, ...inputs: string[]): NetworkNode => ({
    class_name,
    config: { name, ...config },
    inputs,
  });
  const nodes = toChannelsLast([
    node('InputLayer', 'in', { batch_shape: [null, 3, 8, 6] }),
    node('Conv2D', 'conv', { filters: 4, ...first }, 'in'),
    node('BatchNormalization', 'norm', { axis: 1 }, 'conv'),
    node('Softmax', 'rows', { axis: -2 }, 'norm'),
    node('Add', 'add', {}, 'norm', 'rows'),
    node('PReLU', 'prelu', { shared_axes: [2, 3] }, 'add'),
    node('MaxPooling2D', 'pool', { pool_size: [2, 2], ...first }, 'prelu'),
    node('Flatten', 'flatten', { data_format: 'channels_last' }, 'pool'),
    node('Dense', 'dense', { units: 2 }, 'flatten'),
  ]);
  const last = { data_format: 'channels_last' };
  assert.deepEqual(nodes, [
    node('InputLayer', 'in', { batch_shape: [null, 8, 6, 3] }),
    node('Conv2D', 'conv', { filters: 4, ...last }, 'in'),
    node('BatchNormalization', 'norm', { axis: 3 }, 'conv'),
    node('Softmax', 'rows', { axis: 1 }, 'norm'),
    node('Add', 'add', {}, 'norm', 'rows'),
    node('Permute', 'add/channels-first', { dims: [3, 1, 2] }, 'add'),
    node('PReLU', 'prelu', { shared_axes: [2, 3] }, 'add/channels-first'),
    node('Permute', 'prelu/channels-last', { dims: [2, 3, 1] }, 'prelu'),
    node('MaxPooling2D', 'pool', { pool_size: [2, 2], ...last }, 'prelu/channels-last'),
    node('Permute', 'pool/channels-first', { dims: [3, 1, 2] }, 'pool'),
    node('Flatten', 'flatten', { data_format: 'channels_last' }, 'pool/channels-first'),
    node('Dense', 'dense', { units: 2 }, 'flatten'),
  ]);
  assert.equal(toChannelsLast(nodes), nodes);
});
