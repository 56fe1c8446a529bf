import type { LayerDescription } from '../layers';
import { activationName, activationLayer } from './activation-words';
import { isOperation, operationWords } from './operation-words';
import { plainValue } from './plain-value';

type Config = Record<string, unknown>;

/** Where a layer stands, and what wrote it down. */
interface Place {
  /** The shape of its first input, without the number of pictures at its front. */
  shape: readonly number[];
  keras: 2 | 3;
}

/** The layers in whose place another stands; undefined where the layer stays as it is. */
type Words = (config: Config, place: Place) => LayerDescription[] | undefined;

/** Layers that do something in training alone, or nothing at all. */
const IDLE = new RegExp(
  '^(SpatialDropout[123]D|Gaussian(Noise|Dropout)|AlphaDropout|ActivityRegularization|Identity|StochasticDepth|' +
    'Random(?!Crop$|FourierFeatures$)\\w+|AugMix|CutMix|MixUp|RandAugment)$',
);

/** Layers of ours that leave their activation to a layer behind. */
const WITHOUT_ACTIVATION = [
  'KerasConv',
  'DilatedDepthwiseConv2D',
  'DepthwiseConv1D',
  'SeparableConv1D',
  'Conv1DTranspose',
  'KerasConv2DTranspose',
];

const as = (class_name: string, { name }: Config, options: object): LayerDescription[] => [
  { class_name, config: { name, ...options } },
];
const is = (value: unknown, standard: number): boolean => [value].flat().every((each) => each === standard);

/** Of layers whose words differ from tfjs', or that tfjs computes otherwise. */
const WORDS: Record<string, Words> = {
  InputLayer: ({ batch_shape: shape, ...rest }) =>
    shape === undefined ? undefined : [{ class_name: 'InputLayer', config: { ...rest, batch_input_shape: shape } }],
  Flatten: (_, { shape }) => (shape.length === 1 ? [] : undefined),
  // Of a shape that is not all known tfjs has no size to check the next layer by.
  Reshape: (config, { shape }) => {
    const target = config['target_shape'];
    if (!Array.isArray(target) || !target.includes(-1)) return undefined;
    const known = target.reduce<number>((size, side) => (side === -1 ? size : size * Number(side)), 1);
    const rest = shape.reduce((size, side) => size * side, 1) / known;
    return as('Reshape', config, { target_shape: target.map((side) => (side === -1 ? rest : Number(side))) });
  },
  BatchNormalizationV1: (config) => [{ class_name: 'BatchNormalization', config }],
  BatchNormalizationV2: (config) => [{ class_name: 'BatchNormalization', config }],
  ReLU: reluWords,
  LeakyReLU: (config) =>
    config['negative_slope'] === undefined ? undefined : as('LeakyReLU', config, { alpha: config['negative_slope'] }),
  ELU: (config) => (is(config['alpha'] ?? 1, 1) ? undefined : as('KerasELU', config, { alpha: config['alpha'] })),
  Softmax: (config, { shape }) => {
    const axis = config['axis'] ?? -1;
    return is(axis, -1) || is(axis, shape.length) ? undefined : as('KerasSoftmax', config, { axis });
  },
  Conv1D: convolutionWords,
  Conv2D: convolutionWords,
  DepthwiseConv2D: (config) =>
    is(config['dilation_rate'] ?? 1, 1) ? undefined : [{ class_name: 'DilatedDepthwiseConv2D', config }],
  Conv2DTranspose: (config) =>
    (config['output_padding'] ?? null) === null ? undefined : [{ class_name: 'KerasConv2DTranspose', config }],
  CenterCrop: (config, { shape }) => {
    const { height, width } = config;
    const [rows, columns] = [shape[0]! - Number(height), shape[1]! - Number(width)];
    if (!(rows >= 0 && columns >= 0)) return as('KerasResizing', config, { height, width, crop_to_aspect_ratio: true });
    const cropping = [rows, columns].map((rest) => [Math.floor(rest / 2), Math.ceil(rest / 2)]);
    return as('Cropping2D', config, { cropping });
  },
  // Outside training Keras 2 resizes to that size; Keras 3 does so in some versions, and in others nothing.
  RandomCrop: (config, { shape, keras }) => {
    const { height, width } = config;
    if (height === shape[0] && width === shape[1]) return [];
    return keras === 2 ? as('KerasResizing', config, { height, width, crop_to_aspect_ratio: true }) : undefined;
  },
  Resizing: (config) => [{ class_name: 'KerasResizing', config }],
  UpSampling2D: (config, { shape }) => {
    const { interpolation = 'nearest', size } = config;
    if (interpolation === 'nearest' || !Array.isArray(size) || config['data_format'] === 'channels_first')
      return undefined;
    const [height, width] = [shape[0]! * Number(size[0]), shape[1]! * Number(size[1])];
    return as('KerasResizing', config, { height, width, interpolation });
  },
};
for (const sides of [1, 2, 3]) {
  for (const kind of [`GlobalAveragePooling${sides}D`, `GlobalMaxPooling${sides}D`]) {
    WORDS[kind] = (config, { shape }) => {
      const { keepdims, ...rest } = config;
      if (keepdims !== true) return undefined;
      const target_shape = [...Array.from({ length: sides }, () => 1), shape.at(-1)!];
      return [
        { class_name: kind, config: rest },
        { class_name: 'Reshape', config: { name: `${String(config['name'])}/keepdims`, target_shape } },
      ];
    };
  }
}

/** tfjs' own ReLU knows a highest value, but no slope and no threshold. */
function reluWords(config: Config): LayerDescription[] | undefined {
  const { negative_slope: slope = 0, threshold = 0, max_value: most = null } = config;
  if (slope === 0 && threshold === 0) return undefined;
  if (most === null && threshold === 0) return as('LeakyReLU', config, { alpha: slope });
  if (most === null && slope === 0) return as('ThresholdedReLU', config, { theta: threshold });
  return as('KerasReLU', config, { max_value: most, negative_slope: slope, threshold });
}

/** Convolutions that tfjs lacks, in groups or of what came before alone, or of which it has no gradient. */
function convolutionWords(config: Config, { shape }: Place): LayerDescription[] | undefined {
  const { groups = 1, padding, dilation_rate: rate = 1 } = config;
  const dilated = shape.length === 3 && !is(rate, 1);
  return groups === 1 && padding !== 'causal' && !dilated ? undefined : [{ class_name: 'KerasConv', config }];
}

/**
 * A layer of Keras in words that tfjs reads as Keras does.
 *
 * @param inputs the shapes of what it takes, each without the number of pictures at its front
 * @param source what the description comes from, for errors
 * @param keras the version of Keras that wrote it down: the two have some words in common for different things
 * @returns a chain of layers, the first of which has the layer's own name and all its weights; empty where the layer
 *   does nothing in a prediction. None of them is checked.
 * @throws DescentError for an operation, which Keras takes for a layer, that has no layer that computes the same
 */
export function inTfjsWords(
  layer: LayerDescription,
  inputs: readonly (readonly number[])[],
  source: string,
  keras: 2 | 3 = 2,
): LayerDescription[] {
  if (typeof layer.class_name !== 'string') return [layer];
  if (isOperation(layer)) return operationWords(layer, inputs, source);
  if (isCustom(layer)) return [layer];
  const { class_name: kind } = layer;
  if (IDLE.test(kind)) return [];
  const config = Object.fromEntries(Object.entries(layer.config).map(([key, value]) => [key, plain(key, value)]));
  const words = Object.hasOwn(WORDS, kind) ? WORDS[kind]!(config, { shape: inputs[0] ?? [], keras }) : undefined;
  const [first, ...others] = words ?? [{ class_name: kind, config }];
  if (!first) return [];
  return [...withActivation(first, inputs, source, keras), ...others];
}

/** Puts a layer's activation into words: its name where that is enough, else a layer of its own behind. */
function withActivation(
  layer: LayerDescription,
  inputs: readonly (readonly number[])[],
  source: string,
  keras: 2 | 3,
): LayerDescription[] {
  const { class_name, config } = layer;
  if (!Object.hasOwn(config, 'activation')) return [layer];
  const { activation: given, ...rest } = config;
  const name = activationName(given, keras);
  const alone = class_name === 'Activation';
  const inner = name === undefined ? activationLayer(given) : undefined;
  const behind = alone ? config['name'] : `${String(config['name'])}/activation`;
  if (inner) {
    const layers = inTfjsWords({ ...inner, config: { ...inner.config, name: behind } }, inputs, source, keras);
    return alone ? layers : [linear(class_name, rest), ...layers];
  }
  const activation = name ?? given;
  if (!WITHOUT_ACTIVATION.includes(class_name)) return [{ class_name, config: { ...rest, activation } }];
  if (activation === 'linear') return [{ class_name, config: rest }];
  return [
    { class_name, config: rest },
    { class_name: 'Activation', config: { name: behind, activation } },
  ];
}

const linear = (class_name: string, config: Config): LayerDescription => ({
  class_name,
  config: WITHOUT_ACTIVATION.includes(class_name) ? config : { ...config, activation: 'linear' },
});

/** Whether a layer is of somebody's own class: Keras 3 writes its own classes' names twice, or once. */
function isCustom(layer: LayerDescription & { registered_name?: unknown; module?: unknown }): boolean {
  const { class_name, registered_name: registered = null, module } = layer;
  const ofKeras = typeof module === 'string' && /^(tf_)?keras(\.|$)/.test(module);
  return registered !== null && !(registered === class_name && ofKeras);
}

/** An option in Keras' plainest words: of one axis the number, of NumPy's numbers the number. */
function plain(key: string, value: unknown): unknown {
  if (key === 'axis' && Array.isArray(value) && value.length === 1) return value[0] as unknown;
  return plainValue(value);
}
