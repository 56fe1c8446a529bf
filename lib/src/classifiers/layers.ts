import { DescentError } from '../errors';
import { ownActivations } from './own-layers';

/** A layer as Keras and tfjs write it down. */
export interface LayerDescription {
  class_name: string;
  config: Record<string, unknown>;
}

/** What a layer's option may hold. */
interface Option {
  holds: Check;
  wanted: string;
  needed?: boolean;
  remedy?: string;
}
type Options = Record<string, Option>;
type Check = (value: unknown) => boolean;

/** Whether something that came out of a file has keys to look at. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Whether it counts something: a whole number above 0. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
/** Whether it can be a layer's input, without the number of pictures at its front. */
export const isSize = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isCount);

const list =
  (holds: Check, length?: number): Check =>
  (value) =>
    Array.isArray(value) && value.length === (length ?? value.length) && value.every(holds);
const either =
  (...kinds: Check[]): Check =>
  (value) =>
    kinds.some((holds) => holds(value));
const isIndex: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

const anything: Option = { holds: () => true, wanted: 'anything' };
const count: Option = { holds: isCount, wanted: 'a whole number above 0' };
const number: Option = { holds: Number.isFinite, wanted: 'a number' };
const flag: Option = { holds: (value) => typeof value === 'boolean', wanted: 'true or false' };
const axes: Option = { holds: either(Number.isSafeInteger, list(Number.isSafeInteger)), wanted: 'one axis or more' };
const sizes = (length: number): Option => ({
  holds: either(isCount, list(isCount, length)),
  wanted: `${length} whole numbers above 0`,
});
const offsets = (length: number): Option => ({
  holds: either(isIndex, list(isIndex, length)),
  wanted: `${length} whole numbers`,
});
const edges = (sides: number): Option => ({
  holds: either(isIndex, list(isIndex, Math.max(sides, 2)), list(list(isIndex, 2), sides)),
  wanted: `${sides} pairs of whole numbers`,
});
const only = (value: unknown, ...others: unknown[]): Option => {
  const texts = [value, ...others].map((each) => JSON.stringify(each));
  return { holds: (held) => texts.includes(JSON.stringify(held)), wanted: texts.join(' or ') };
};
const needed = (option: Option): Option => ({ ...option, needed: true });
const orNull = (option: Option): Option => ({ ...option, holds: (value) => value === null || option.holds(value) });

/** The activations that tfjs and Keras know by one name and compute alike, `hard_sigmoid` as Keras 2 does; and ours. */
const ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'gelu',
  'mish',
  'swish',
  'softplus',
  'softsign',
  'tanh',
  'sigmoid',
  'hard_sigmoid',
  'softmax',
  'log_softmax',
  ...ownActivations,
];
const activation: Option = {
  holds: (value) => ACTIVATIONS.includes(value as string),
  wanted: 'one that tfjs knows',
  remedy: 'make the model with "linear" there, and a layer of its own for the activation, such as LeakyReLU, behind',
};

const factors: Option = {
  holds: either(Number.isFinite, list(Number.isFinite)),
  wanted: 'a number, or one for each channel',
};

const data_format = only('channels_last');
const padding = only('valid', 'same');
const convolution = (sides: number): Options => ({
  kernel_size: needed(sizes(sides)),
  strides: sizes(sides),
  padding,
  data_format,
  dilation_rate: sizes(sides),
  groups: only(1),
  activation,
  use_bias: flag,
});
const filters = needed(count);
const either1or2: Option = {
  holds: (value) => sizes(1).holds(value) || sizes(2).holds(value),
  wanted: '1 or 2 whole numbers above 0',
};
const pooling = (sides: number): Options => ({
  pool_size: sizes(sides),
  strides: orNull(sizes(sides)),
  padding,
  data_format,
});
const one: Option = { holds: Number.isSafeInteger, wanted: 'one number' };
/** Numbers, in lists as deep as they come. */
const areNumbers: Check = (value) => (Array.isArray(value) ? value.every(areNumbers) : Number.isFinite(value));
const statistics: Option = { holds: either((value) => value === null, areNumbers), wanted: 'numbers' };
const global = { data_format, keepdims: only(false) };
const normalisation = { axis: axes, epsilon: number, center: flag, scale: flag };
const padded = (sides: number): Options => ({ padding: edges(sides), data_format });
const cropped = (sides: number): Options => ({ cropping: needed(edges(sides)), data_format });
/** A convolution of ours: its activation is a layer behind. */
const bare = (sides: number): Options => ({ ...convolution(sides), activation: only('linear') });
const undilated = (sides: number): Option =>
  only(
    Array.from({ length: sides }, () => 1),
    1,
  );

/**
 * The layers that can be taken, and the options of each: what tfjs computes from them is what Keras computes,
 * compared layer by layer. An option that is not here tfjs would pass over in silence.
 */
const LAYERS: Record<string, Options> = {
  InputLayer: { sparse: only(false), ragged: only(false), optional: only(false) },
  Dense: { units: needed(count), activation, use_bias: flag },
  Conv1D: { filters, ...convolution(1) },
  Conv2D: { filters, ...convolution(2) },
  Conv3D: { filters, ...convolution(3) },
  Conv2DTranspose: { filters, ...convolution(2), dilation_rate: undilated(2), output_padding: only(null) },
  Conv3DTranspose: { filters, ...convolution(3), dilation_rate: undilated(3), output_padding: only(null) },
  KerasConv2DTranspose: { filters, ...bare(2), dilation_rate: undilated(2), output_padding: needed(offsets(2)) },
  Conv1DTranspose: { filters, ...bare(1), dilation_rate: undilated(1), output_padding: orNull(offsets(1)) },
  KerasConv: {
    filters,
    ...bare(2),
    kernel_size: needed(either1or2),
    strides: either1or2,
    dilation_rate: either1or2,
    padding: only('valid', 'same', 'causal'),
    groups: count,
  },
  DepthwiseConv1D: { ...bare(1), depth_multiplier: count },
  DepthwiseConv2D: { ...convolution(2), dilation_rate: undilated(2), depth_multiplier: count },
  DilatedDepthwiseConv2D: { ...bare(2), depth_multiplier: count },
  SeparableConv1D: { filters, ...bare(1), depth_multiplier: count },
  SeparableConv2D: { filters, ...convolution(2), depth_multiplier: count },
  BatchNormalization: {
    ...normalisation,
    axis: one,
    momentum: number,
    fused: anything,
    renorm: only(false),
    renorm_clipping: anything,
    renorm_momentum: anything,
    virtual_batch_size: only(null),
    synchronized: anything,
  },
  LayerNormalization: { ...normalisation, rms_scaling: only(false) },
  GroupNormalization: {
    ...normalisation,
    axis: one,
    groups: needed({ ...count, holds: either(isCount, (value) => value === -1) }),
  },
  RMSNormalization: { axis: only(-1), epsilon: number },
  UnitNormalization: { axis: axes },
  LayerScale: { projection_dim: needed(count), init_values: number },
  Normalization: { axis: orNull(axes), mean: statistics, variance: statistics, invert: flag },
  Activation: { activation: needed(activation) },
  KerasReLU: { max_value: orNull(number), negative_slope: number, threshold: number },
  ReLU: { max_value: orNull(number), negative_slope: only(0), threshold: only(0) },
  LeakyReLU: { alpha: number },
  PReLU: { shared_axes: orNull({ holds: list(isCount), wanted: 'a list of axes' }) },
  ELU: { alpha: only(1) },
  KerasELU: { alpha: needed(number) },
  ThresholdedReLU: { theta: number },
  Softmax: { axis: needed(axes) },
  KerasSoftmax: { axis: needed(axes) },
  Dropout: { rate: number, noise_shape: anything, seed: anything },
  Flatten: { data_format },
  Reshape: { target_shape: needed({ holds: list((side) => isCount(side) || side === -1), wanted: 'a shape' }) },
  Permute: { dims: needed({ holds: list(isCount), wanted: 'a list of axes' }) },
  RepeatVector: { n: needed(count) },
  ZeroPadding1D: padded(1),
  ZeroPadding2D: padded(2),
  ZeroPadding3D: padded(3),
  Cropping1D: cropped(1),
  Cropping2D: cropped(2),
  Cropping3D: cropped(3),
  UpSampling1D: { size: sizes(1) },
  UpSampling2D: {
    size: { holds: list(isCount, 2), wanted: '2 whole numbers above 0' },
    data_format,
    interpolation: only('nearest'),
  },
  UpSampling3D: { size: sizes(3), data_format },
  KerasResizing: {
    height: needed(count),
    width: needed(count),
    interpolation: only('bilinear', 'nearest', 'bicubic', 'area', 'lanczos3', 'lanczos5', 'gaussian', 'mitchellcubic'),
    antialias: flag,
    crop_to_aspect_ratio: flag,
    pad_to_aspect_ratio: flag,
    fill_mode: only('constant'),
    fill_value: number,
    data_format,
  },
  ReverseChannels: {},
  Rescaling: { scale: needed(factors), offset: factors },
  MaxPooling1D: pooling(1),
  MaxPooling2D: pooling(2),
  MaxPooling3D: pooling(3),
  AveragePooling1D: pooling(1),
  AveragePooling2D: pooling(2),
  AveragePooling3D: pooling(3),
  GlobalMaxPooling1D: global,
  GlobalMaxPooling2D: global,
  GlobalAveragePooling1D: global,
  GlobalAveragePooling2D: global,
  GlobalMaxPooling3D: global,
  GlobalAveragePooling3D: global,
  Add: {},
  Subtract: {},
  Multiply: {},
  Average: {},
  Maximum: {},
  Minimum: {},
  Concatenate: { axis: one },
  Dot: { axes: needed(axes), normalize: flag },
};

/** What every layer may have, and what does nothing once a network is trained. */
const COMMON: Options = {
  name: needed({ holds: (value) => typeof value === 'string' && value !== '', wanted: 'a name' }),
  trainable: flag,
  dtype: anything,
  dynamic: anything,
  autocast: anything,
  batch_input_shape: anything,
};
/** Options that only training needs. */
export const isIdle = (key: string): boolean => /_(initializer|regularizer|constraint)$/.test(key);

/** What to do about layers that others stand in for, or that need not be there. */
const REMEDIES: Record<string, string> = {
  RandomCrop: 'make the model without it, for pictures of that size: photos are brought to the size of the network',
  Masking: 'make the model without it: a picture has no places to leave out',
  Lambda: 'make the model with a layer that computes the same in its place, such as Rescaling',
};
const REMEDY = 'make the model in Keras with other layers, give it the weights by set_weights, and save that';

/**
 * Checks that a layer is one of those that can be taken, and that each of its options is known and has a value that
 * tfjs reads as Keras does.
 *
 * @param source what the description comes from, for errors
 * @throws DescentError naming the layer, the option and a remedy
 */
export function checkLayer(value: unknown, source: string): asserts value is LayerDescription {
  if (!isObject(value) || typeof value['class_name'] !== 'string' || !isObject(value['config'])) {
    throw new DescentError(`${source} describes no network: ${shorten(value)} stands where a layer should`);
  }
  const { class_name: kind, config } = value as unknown as LayerDescription;
  const custom = value['registered_name'] ?? null;
  const told = tellLayer(config['name'], custom ?? kind, source);
  if (!Object.hasOwn(LAYERS, kind) || custom !== null) {
    throw new DescentError(`${told} cannot be imported: ${Object.hasOwn(REMEDIES, kind) ? REMEDIES[kind] : REMEDY}`);
  }
  const options = { ...COMMON, ...LAYERS[kind] };
  for (const [key, held] of Object.entries(config)) {
    const option = Object.hasOwn(options, key) ? options[key] : undefined;
    if (isIdle(key) || option?.holds(held) || (!option && held === null)) continue;
    throw new DescentError(
      `${told} has ${shorten(key, '')} = ${shorten(held)}, and ` +
        `${option ? `needed is ${option.wanted}` : 'that option cannot be imported'}: ${option?.remedy ?? REMEDY}`,
    );
  }
  for (const [key, { needed: must, wanted }] of Object.entries(options)) {
    if (must && !Object.hasOwn(config, key)) throw new DescentError(`${told} lacks its ${key}, ${wanted}`);
  }
}

/** Of a layer that `checkLayer` has seen, the options that say something of what it computes. */
export function computing({ class_name: kind, config }: LayerDescription): Record<string, unknown> {
  const options = { ...COMMON, ...LAYERS[kind] };
  return Object.fromEntries(
    Object.entries(config).filter(([key]) => Object.hasOwn(options, key) && options[key] !== anything),
  );
}

/** A layer, as errors call it. */
export const tellLayer = (name: unknown, kind: unknown, source: string): string =>
  `the layer ${shorten(name, "'")} (${shorten(kind, '')}) of ${source}`;

/** A value out of a file in a few words and one line. */
export function shorten(value: unknown, quote = '"'): string {
  const text = typeof value === 'string' ? `${quote}${value}${quote}` : (JSON.stringify(value) ?? 'nothing');
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
