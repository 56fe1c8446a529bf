// How a network wants its pixels, found in its description.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { NetworkNode } from '../lib/src/classifiers/flatten';
import { pixelConvention, type Adapted } from '../lib/src/classifiers/keras/conventions';

type Stage = [class_name: string, name: string, config?: object];
const INPUT = (shape: number[]): Stage => ['InputLayer', 'input_1', { batch_input_shape: [null, ...shape] }];
const COLOURS = INPUT([224, 224, 3]);
const CONV: Stage = ['Conv2D', 'conv2d', { filters: 8 }];

/** A network of these layers, one after the other. */
const chain = (...stages: Stage[]): NetworkNode[] =>
  stages.map(([class_name, name, config], i) => ({
    class_name,
    config: { name, ...config },
    inputs: i === 0 ? [] : [stages[i - 1]![1]],
  }));

const scaling = (scale: unknown, offset: unknown = 0): Stage => ['Rescaling', `by ${String(scale)}`, { scale, offset }];
const normalising = (mean: unknown, variance: unknown): Stage => ['Normalization', 'normalization', { mean, variance }];
const UNKNOWN = normalising(null, null);

/** What stands before the first weights, and the range of pixels that follows from it. */
const fronts: [what: string, front: Stage[], range: string, adapted?: Adapted][] = [
  ['nothing', [], '0,1'],
  ['a scaling of 1 / 255', [scaling(1 / 255)], '0,255'],
  ["MobileNetV3's own", [scaling(1 / 127.5, -1)], '0,255'],
  [
    'a scaling that is one of NumPy, as Keras 2 writes it',
    [scaling({ type: 'ndarray', value: [0.01, 0.01, 0.01] })],
    '0,255',
  ],
  ['the same of Keras 3', [scaling({ class_name: '__numpy__', config: { value: 0.01, dtype: 'float32' } })], '0,255'],
  ['one from 0 to 1', [scaling(2, -1)], '0,1'],
  ['one from -1 to 1', [scaling(0.5, 0.5)], '-1,1'],
  ['a centre of 128 first, behind it the scaling', [scaling(1, -128), scaling(1 / 128)], '0,255'],
  ['a centre of 128 alone', [scaling(1, -128)], '0,255'],
  ['a scaling up, and down again', [scaling(255), scaling(1 / 255)], '0,1'],
  ['augmentation and borders before it', [['RandomFlip', 'flip'], ['ZeroPadding2D', 'pad'], scaling(1 / 255)], '0,255'],
  ["ConvNeXt's normalisation", [normalising([123.675, 116.28, 103.53], [3410, 3263, 3292])], '0,255'],
  ['a normalisation of pixels from 0 to 1', [normalising([[[[0.5, 0.4, 0.4]]]], [[[[0.06, 0.06, 0.05]]]])], '0,1'],
  ['one that was adapted to pixels from 0 to 255', [UNKNOWN], '0,255', { mean: [120], variance: [4000] }],
  ['one that was adapted to pixels from -1 to 1', [UNKNOWN], '-1,1', { mean: [-0.1], variance: [0.3] }],
  ['one whose weights nobody knows', [UNKNOWN], '0,1'],
  ["EfficientNet's two, the second with weights", [scaling(1 / 255), UNKNOWN], '0,255'],
  ['weights', [['Dense', 'colours'], scaling(1 / 255)], '0,1'],
];
for (const [what, front, range, adapted] of fronts) {
  test(`pixels for a network that begins with ${what} are from ${range.replace(',', ' to ')}`, () => {
    const found = pixelConvention(chain(COLOURS, ...front, CONV), {}, (name) =>
      name === 'normalization' ? adapted : undefined,
    );
    assert.equal(found.range.join(), range);
    assert.equal(found.front.length, 0);
    assert.equal(found.note !== undefined, range !== '0,1', 'what was taken for granted is told');
  });
}

/** Some layers of Keras' applications, by their names in Keras 2.15 and 3.15, and their `preprocess_input`. */
const applications: [name: string, mode: 'tf' | 'caffe' | 'torch', layers: Stage[]][] = [
  [
    'VGG',
    'caffe',
    [
      ['Conv2D', 'block1_conv1', { filters: 64 }],
      ['Conv2D', 'block1_conv2'],
      ['Conv2D', 'block3_conv3'],
    ],
  ],
  [
    'ResNet',
    'caffe',
    [
      ['ZeroPadding2D', 'conv1_pad'],
      ['Conv2D', 'conv1_conv', { filters: 64 }],
      ['BatchNormalization', 'conv1_bn'],
      ['BatchNormalization', 'conv2_block1_1_bn'],
    ],
  ],
  [
    'ResNet V2',
    'tf',
    [
      ['ZeroPadding2D', 'conv1_pad'],
      ['Conv2D', 'conv1_conv', { filters: 64 }],
      ['BatchNormalization', 'conv2_block1_preact_bn'],
      ['BatchNormalization', 'conv2_block1_1_bn'],
    ],
  ],
  [
    'DenseNet',
    'torch',
    [
      ['ZeroPadding2D', 'zero_padding2d'],
      ['Conv2D', 'conv1/conv', { filters: 64 }],
      ['Concatenate', 'conv2_block1_concat'],
    ],
  ],
  [
    'DenseNet',
    'torch',
    [
      ['ZeroPadding2D', 'zero_padding2d'],
      ['Conv2D', 'conv1_conv', { filters: 64 }],
      ['BatchNormalization', 'conv1_bn'],
      ['Concatenate', 'conv2_block1_concat'],
    ],
  ],
  [
    'MobileNet',
    'tf',
    [
      ['Conv2D', 'conv1'],
      ['DepthwiseConv2D', 'conv_dw_1'],
      ['Conv2D', 'conv_pw_1'],
    ],
  ],
  [
    'MobileNetV2',
    'tf',
    [
      ['Conv2D', 'Conv1'],
      ['BatchNormalization', 'bn_Conv1'],
      ['DepthwiseConv2D', 'expanded_conv_depthwise'],
    ],
  ],
  [
    'MobileNetV3',
    'tf',
    [
      ['Conv2D', 'Conv'],
      ['DepthwiseConv2D', 'expanded_conv/depthwise'],
      ['Conv2D', 'expanded_conv_1/expand'],
    ],
  ],
  [
    'MobileNetV3',
    'tf',
    [
      ['Conv2D', 'conv'],
      ['DepthwiseConv2D', 'expanded_conv_depthwise'],
      ['Conv2D', 'expanded_conv_1_expand'],
    ],
  ],
  [
    'Xception',
    'tf',
    [
      ['Conv2D', 'block1_conv1'],
      ['BatchNormalization', 'block1_conv1_bn'],
      ['SeparableConv2D', 'block2_sepconv1'],
    ],
  ],
  [
    'InceptionV3',
    'tf',
    [
      ['Conv2D', 'conv2d_94'],
      ['Concatenate', 'mixed0'],
      ['Concatenate', 'mixed1'],
      ['Concatenate', 'mixed2'],
    ],
  ],
  [
    'InceptionResNetV2',
    'tf',
    [
      ['Conv2D', 'conv2d'],
      ['Concatenate', 'mixed_5b'],
      ['Conv2D', 'block35_1_conv'],
    ],
  ],
  [
    'NASNet',
    'tf',
    [
      ['Conv2D', 'stem_conv1'],
      ['BatchNormalization', 'stem_bn1'],
      ['Conv2D', 'reduction_conv_1_stem_1'],
    ],
  ],
];
/** What Keras' `preprocess_input` of each kind makes of the pixel (10, 100, 200). */
const preprocessed = {
  tf: [-0.9215686321258545, -0.21568626165390015, 0.5686274766921997],
  caffe: [96.06099700927734, -16.77899932861328, -113.68000030517578],
  torch: [-1.9466564655303955, -0.28501397371292114, 1.6813944578170776],
};

/** What a convention makes of a pixel from 0 to 255. */
function brought(pixel: number[], { range: [low, high], front }: ReturnType<typeof pixelConvention>): number[] {
  const at = (value: unknown, i: number): number =>
    Array.isArray(value) ? (value as number[])[i]! : (value as number);
  return front.reduce(
    (values, { class_name, config }) =>
      class_name === 'ReverseChannels'
        ? [...values].reverse()
        : values.map((value, i) => value * at(config['scale'], i) + at(config['offset'], i)),
    pixel.map((value) => low + ((high - low) * value) / 255),
  );
}

for (const [name, mode, layers] of applications) {
  const inner = layers.map(([kind, own, config]): Stage => [kind, `model/${name.toLowerCase()}/${own}`, config]);
  test(`${name} by itself or inside (${layers[0]![1]}): pixels as its preprocess_input makes them`, () => {
    for (const stages of [layers, inner]) {
      const found = pixelConvention(chain(COLOURS, ['RandomFlip', 'flip'], ...stages, ['Dense', 'predictions']), {});
      const values = brought([10, 100, 200], found);
      assert.ok(
        values.every((value, i) => Math.abs(value - preprocessed[mode][i]!) < 1e-4),
        `${values.join()} is not ${preprocessed[mode].join()}`,
      );
      assert.ok(found.note!.startsWith(`has the layers of Keras' ${name}: pixels are taken to be from `), found.note);
    }
    const scaled = pixelConvention(chain(COLOURS, scaling(1 / 255), ...layers), {});
    assert.deepEqual([scaled.range, scaled.front], [[0, 255], []], 'a scaling inside comes first');
    if (mode !== 'tf') {
      const grey = pixelConvention(chain(INPUT([48, 48, 1]), ...layers), {});
      assert.deepEqual(grey, { range: [0, 1], front: [] }, 'grey pictures have no blue, and no means of colours');
    }
  });
}

test('what only looks like an application is taken as any other network', () => {
  const vgg = applications[0]![2];
  const like: [what: string, stages: Stage[]][] = [
    ['names with more before them', vgg.map(([kind, name, config]): Stage => [kind, `my_${name}`, config])],
    ['a smaller one', [['Conv2D', 'block1_conv1', { filters: 32 }], ...vgg.slice(1)]],
    ['its first block', vgg.slice(0, 2)],
    ['a layer with weights before it', [['Conv2D', 'to_colours', { filters: 3 }], ...vgg]],
  ];
  for (const [what, stages] of like) {
    assert.deepEqual(pixelConvention(chain(COLOURS, ...stages), {}), { range: [0, 1], front: [] }, what);
  }
});

test('a model of Teachable Machine gets pixels from -1 to 1', () => {
  const { range, note } = pixelConvention(chain(COLOURS, CONV), { maker: 'teachable-machine' });
  assert.deepEqual(range, [-1, 1]);
  assert.match(note!, /^comes from Teachable Machine: .* from -1 to 1 \(the option range states them otherwise\)$/);
});

test('pixels that go two ways from the input are followed no further', () => {
  const [input, rescaling] = chain(COLOURS, scaling(1 / 255)) as [NetworkNode, NetworkNode];
  const other = { class_name: 'Conv2D', config: { name: 'other' }, inputs: ['input_1'] };
  assert.deepEqual(pixelConvention([input, rescaling, other], {}).range, [0, 1]);
});
