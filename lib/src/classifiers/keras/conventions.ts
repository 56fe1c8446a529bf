import type { NetworkNode } from '../flatten';
import type { LayerDescription } from '../layers';
import type { ModelFile } from './model-file';
import { plainValue } from './plain-value';

/** How a network wants its pixels. */
export interface PixelConvention {
  /** The values that black and white have at its input, or before what is put in front of it. */
  range: readonly [number, number];
  /** The layers to put in front of it. */
  front: LayerDescription[];
  /** What was taken for granted and by which sign; a sentence whose subject is the network. */
  note?: string;
}

/** What a Normalization layer subtracts, and the square of what it divides by. */
export interface Adapted {
  mean: readonly number[];
  variance: readonly number[];
}

/** How far a network scales its pixels at its front, and what stands behind that. */
interface Front {
  /** For each channel, or one for all. */
  scale: readonly number[];
  offset: readonly number[];
  /** Whether any layer scales. */
  scaled: boolean;
  /** The first layer that does more. */
  first?: NetworkNode;
}

/** Layers before the first weights that leave pixels in the range in which they are. */
const STILL = new RegExp(
  '^(InputLayer|Identity|(Spatial|Gaussian|)Dropout(2D)?|GaussianNoise|Random\\w+|ReverseChannels|Resizing|CenterCrop' +
    '|(ZeroPadding|Cropping|UpSampling|MaxPooling|AveragePooling)2D|Reshape|Permute|Flatten)$',
);

/** Of the numbers of two lists, where one number stands for as many as it takes. */
function pairwise(a: readonly number[], b: readonly number[], make: (a: number, b: number) => number): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => make(a[i % a.length]!, b[i % b.length]!));
}

/** One number or a list of any depth, also in either Keras' words for an array of NumPy's. */
const numbers = (value: unknown): number[] => [plainValue(value)].flat(Infinity).map(Number);

/** What a layer multiplies its input by and adds to that; undefined where it does more or where that is not known. */
function scaling(
  { class_name: kind, config }: NetworkNode,
  adapted: Adapted | undefined,
): { scale: number[]; offset: number[] } | undefined {
  if (kind === 'Rescaling') return { scale: numbers(config['scale']), offset: numbers(config['offset'] ?? 0) };
  if (kind !== 'Normalization' || config['invert']) return undefined;
  const mean = config['mean'] ?? adapted?.mean;
  const variance = config['variance'] ?? adapted?.variance;
  if (mean === undefined || variance === undefined) return undefined;
  const scale = numbers(variance).map((square) => 1 / Math.max(Math.sqrt(square), 1e-7));
  return { scale, offset: pairwise(numbers(mean), scale, (centre, factor) => -centre * factor) };
}

/** Follows the pixels from the input as long as there is one way. */
function frontOf(nodes: readonly NetworkNode[], adapted: (name: string) => Adapted | undefined): Front {
  const front: Front = { scale: [1], offset: [0], scaled: false };
  let node = nodes.find(({ inputs }) => inputs.length === 0);
  while (node) {
    const own = scaling(node, adapted(String(node.config['name'])));
    if (own) {
      front.offset = pairwise(
        pairwise(front.offset, own.scale, (a, b) => a * b),
        own.offset,
        (a, b) => a + b,
      );
      front.scale = pairwise(front.scale, own.scale, (a, b) => a * b);
      front.scaled = true;
    } else if (!STILL.test(node.class_name)) {
      return { ...front, first: node };
    }
    const { name } = node.config;
    const next = nodes.filter(({ inputs }) => inputs.includes(name as string));
    node = next.length === 1 && next[0]!.inputs.length === 1 ? next[0] : undefined;
  }
  return front;
}

/** Less than this at the front brings pixels from 0 to 255 down. */
const SCALES_DOWN = 0.1;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value) / values.length;

/** The range of pixels that are scaled so: by how far, and by which value becomes 0. */
function rangeOf({ scale, offset }: Front): readonly [number, number] {
  const zero = mean(pairwise(offset, scale, (shift, factor) => -shift / factor));
  if (Math.max(...scale.map(Math.abs)) < SCALES_DOWN || zero > 1.5) return [0, 255];
  return zero < 0 ? [-1, 1] : [0, 1];
}

/** How Keras' `preprocess_input` brings pixels to a network of its applications, by its names for that. */
const MODES = {
  tf: { range: [-1, 1], front: [], told: 'pixels are taken to be from -1 to 1' },
  caffe: {
    range: [0, 255],
    front: [
      { class_name: 'ReverseChannels', config: { name: 'blue_first' } },
      { class_name: 'Rescaling', config: { name: 'less_means', scale: 1, offset: [-103.939, -116.779, -123.68] } },
    ],
    told: "pixels are taken to be from 0 to 255, blue first, less ImageNet's means",
  },
  torch: {
    range: [0, 1],
    front: [
      {
        class_name: 'Rescaling',
        config: {
          name: 'standardised',
          scale: [1 / 0.229, 1 / 0.224, 1 / 0.225],
          offset: [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225],
        },
      },
    ],
    told: "pixels are taken to be from 0 to 1, less ImageNet's means and divided by its deviations",
  },
} as const;

/** Keras' applications that do not scale by themselves. */
const APPLICATIONS: readonly {
  name: string;
  mode: keyof typeof MODES;
  /** Patterns of the names of layers, all of which it has; the first is the first with weights. */
  layers: readonly [string, ...string[]];
  /** Of the first layer, where others give theirs the same names. */
  filters?: number;
}[] = [
  { name: 'VGG', mode: 'caffe', layers: ['block1_conv1', 'block1_conv2', 'block3_conv3'], filters: 64 },
  { name: 'Xception', mode: 'tf', layers: ['block1_conv1', 'block1_conv1_bn', 'block2_sepconv1'] },
  { name: 'ResNet V2', mode: 'tf', layers: ['conv1_conv', 'conv2_block1_preact_bn'] },
  { name: 'DenseNet', mode: 'torch', layers: ['conv1[/_]conv', 'conv2_block1_concat'], filters: 64 },
  { name: 'ResNet', mode: 'caffe', layers: ['conv1_conv', 'conv1_bn', 'conv2_block1_1_bn'], filters: 64 },
  { name: 'ResNet', mode: 'caffe', layers: ['conv1', 'bn_conv1', 'res2a_branch2a'], filters: 64 },
  { name: 'MobileNet', mode: 'tf', layers: ['conv1', 'conv_dw_1', 'conv_pw_1'] },
  { name: 'MobileNetV2', mode: 'tf', layers: ['Conv1', 'bn_Conv1', 'expanded_conv_depthwise'] },
  { name: 'MobileNetV3', mode: 'tf', layers: ['[Cc]onv', 'expanded_conv[/_]depthwise', 'expanded_conv_1[/_]expand'] },
  { name: 'InceptionV3', mode: 'tf', layers: ['conv2d(_\\d+)?', 'mixed0', 'mixed1', 'mixed2'] },
  { name: 'InceptionResNetV2', mode: 'tf', layers: ['conv2d(_\\d+)?', 'mixed_5b', 'block35_1_conv'] },
  { name: 'NASNet', mode: 'tf', layers: ['stem_conv1', 'stem_bn1', 'reduction_conv_1_stem_1'] },
];

const isCalled = ({ config }: NetworkNode, pattern: string): boolean =>
  new RegExp(`(^|/)${pattern}$`).test(String(config['name']));

/** Whether pictures have three colours, the last axis. */
const isColoured = (nodes: readonly NetworkNode[]): boolean =>
  nodes.some(({ class_name, config }) => {
    const shape = config['batch_input_shape'] ?? config['batch_shape'];
    return class_name === 'InputLayer' && Array.isArray(shape) && shape.length === 4 && shape[3] === 3;
  });

/**
 * How a network wants its pixels, by what is found in it: by the layers that scale them at its front; else, by the names of
 * its layers, as one of Keras' applications, which want theirs as `preprocess_input` makes them; else from 0 to 1.
 * Where the range is stated, none of this holds, nor is anything put in front.
 *
 * @param nodes the network in Keras' words, where an operation that multiplies or adds is a Rescaling
 * @param adapted what stands in the weights of a Normalization of that name: needed for one that was adapted to data
 */
export function pixelConvention(
  nodes: readonly NetworkNode[],
  { maker }: Pick<ModelFile, 'maker'>,
  adapted: (name: string) => Adapted | undefined = () => undefined,
): PixelConvention {
  const otherwise = '(the option range states them otherwise)';
  const front = frontOf(nodes, adapted);
  if (front.scaled) {
    const range = rangeOf(front);
    const factor = Math.max(...front.scale.map(Math.abs)).toPrecision(3);
    const note = `scales its pixels by itself, times ${factor}: they are taken to be from ${range.join(' to ')} ${otherwise}`;
    return { range, front: [], ...(range.join() !== '0,1' && { note }) };
  }
  if (maker === 'teachable-machine') {
    return { range: [-1, 1], front: [], note: `comes from Teachable Machine: ${MODES.tf.told} ${otherwise}` };
  }
  const { first } = front;
  const known = APPLICATIONS.find(
    ({ mode, layers: [begin, ...others], filters }) =>
      first &&
      isCalled(first, begin) &&
      (filters === undefined || first.config['filters'] === filters) &&
      others.every((pattern) => nodes.some((node) => isCalled(node, pattern))) &&
      (mode === 'tf' || isColoured(nodes)),
  );
  if (!known) return { range: [0, 1], front: [] };
  const { range, front: layers, told } = MODES[known.mode];
  return {
    range,
    front: layers.map(({ class_name, config }) => ({ class_name, config: { ...config } })),
    note: `has the layers of Keras' ${known.name}: ${told} ${otherwise}`,
  };
}
