import { tf } from '../tf';
import { biasClip, frozenLayer, type Clip, type FrozenLayer } from './frozen-layer';
import type { LayerConfig } from './layer-config';
import { maxPool } from './max-pool';
import type { Border, Step } from './step';

/** A value on its way through the network: what a step gives, and what is still to be done to each channel of that. */
export interface Value {
  step: Step;
  /** First it is added. */
  bias?: tf.Tensor1D;
  /** Then all is clipped. */
  clip: Clip;
  /** Then the channels are multiplied and added to. */
  affine?: Affine;
}

/** Times scale, plus offset, for each channel. */
interface Affine {
  scale: tf.Tensor1D;
  offset: tf.Tensor1D;
}

/** The pixels, from 0 to 1, are to be brought to the network's range. */
export function pixels(channels: number, [low, high]: readonly [number, number]): Value {
  const step: Step = { inputs: [], make: () => (x) => x };
  return { step, clip: 'linear', affine: { scale: tf.fill([channels], high - low), offset: tf.fill([channels], low) } };
}

/** A layer with its configuration, which may have lost its activation. */
interface Folded {
  layer: tf.layers.Layer;
  config: LayerConfig;
  /** The layer's activation, if it can wait. */
  clip: Clip;
}

/** What a kind of layer makes of a value; nothing where only tfjs' own layer will do. */
type Rule = (value: Value, folded: Folded) => Value | undefined;

/**
 * What a layer makes of its inputs, with as little left to compute as can be; `freeze` says how.
 *
 * @param bare whether the layer's activation is left off: logits are what stands before the last one
 */
export function fold(layer: tf.layers.Layer, values: Value[], bare: boolean): Value {
  const kind = layer.getClassName();
  const config = layer.getConfig() as unknown as LayerConfig;
  if (bare) config.activation = 'linear';
  if (bare && kind === 'Softmax') return values[0]!;
  const { activation = 'linear', dataFormat = 'channelsLast' } = config;
  if (isClip(activation) && dataFormat === 'channelsLast') {
    const folded = { layer, config, clip: activation };
    const value = kind === 'Add' ? sum(values, folded) : RULES[kind]?.(values[0]!, folded);
    if (value) return value;
  }
  return asItIs(values, layer, config);
}

const isClip = (activation: string): activation is Clip => ['linear', 'relu', 'relu6'].includes(activation);

const RULES: Record<string, Rule> = {
  Dropout: (value) => value,
  Activation: (value, { clip }) => clipped(value, clip),
  ReLU: (value, { config }) => {
    const { maxValue } = config as { maxValue?: number | null };
    return [undefined, null, 6].includes(maxValue) ? clipped(value, maxValue ? 'relu6' : 'relu') : undefined;
  },
  BatchNormalization: (value, { layer, config }) => {
    const { rank } = layer.input as tf.SymbolicTensor;
    return [-1, rank - 1].includes(config.axis) ? scaled(value, normalisation(layer, config)) : undefined;
  },
  Rescaling: (value, { layer, config }) => {
    const { scale, offset } = config as unknown as Record<'scale' | 'offset', number | number[]>;
    const channels = (layer.input as tf.SymbolicTensor).shape.at(-1)!;
    const each = (x: number | number[]): tf.Tensor1D => tf.zeros<tf.Rank.R1>([channels]).add<tf.Tensor1D>(x);
    return scaled(value, { scale: each(scale), offset: each(offset) });
  },
  Dense: (value, folded) =>
    (folded.layer.input as tf.SymbolicTensor).rank === 2 ? weighted(value, folded, 'Dense') : undefined,
  Conv2D: (value, folded) => weighted(value, folded, 'Conv2D'),
  DepthwiseConv2D: (value, folded) =>
    isUndilated(folded.config) ? weighted(value, folded, 'DepthwiseConv2D') : undefined,
  SeparableConv2D: (value, { layer, config, clip }) => {
    if (!isUndilated(config)) return undefined;
    const [depthwise, pointwise, ...bias] = layer.getWeights();
    const deep = withWeights(value, config, 'DepthwiseConv2D', [depthwise!], 'linear');
    return withWeights(deep, { ...config, strides: [1, 1] }, 'Conv2D', [pointwise!, ...bias], clip);
  },
  ZeroPadding2D: padded,
  MaxPooling2D: (value, { config: { poolSize, strides, padding } }) => {
    const falls = value.affine?.scale.lessEqual(0).any().dataSync()[0];
    return then(falls ? settle(value) : value, (x) => maxPool(x as tf.Tensor4D, poolSize, strides, padding));
  },
  AveragePooling2D: (value, { config: { poolSize, strides, padding } }) =>
    // A mean at the border is one of fewer numbers, and tfjs' gradient of it is not known to be exact.
    padding === 'valid'
      ? then(unclipped(value), (x) => tf.avgPool(x as tf.Tensor4D, poolSize, strides, padding))
      : undefined,
  GlobalAveragePooling2D: (value) => then(unclipped(value), (x) => x.mean([1, 2])),
  Flatten: (value, { layer }) => {
    const [channels, values] = [layer.input, layer.output].map((x) => (x as tf.SymbolicTensor).shape.at(-1)!);
    const { step, clip, affine } = activate(value);
    const tile = (x: tf.Tensor1D): tf.Tensor1D => x.tile([values! / channels!]);
    const tiled = affine && { scale: tile(affine.scale), offset: tile(affine.offset) };
    return then({ step, clip, affine: tiled }, (x) => x.reshape([x.shape[0], values!]));
  },
};

const isUndilated = ({ dilationRate }: LayerConfig): boolean => [dilationRate].flat().every((rate) => rate === 1);

/** The value behind one more operation, which takes what is still to be done to it as it finds it. */
const then = ({ step, ...left }: Value, run: (x: tf.Tensor) => tf.Tensor): Value => ({
  step: { inputs: [step], make: () => run },
  ...left,
});

function normalisation(layer: tf.layers.Layer, { epsilon, scale, center }: LayerConfig): Affine {
  const weights = layer.getWeights() as tf.Tensor1D[];
  const gamma = scale ? weights.shift()! : tf.scalar(1);
  const beta = center ? weights.shift()! : tf.scalar(0);
  const [mean, variance] = weights as [tf.Tensor1D, tf.Tensor1D];
  const factor = variance.add(epsilon).rsqrt().mul<tf.Tensor1D>(gamma);
  return { scale: factor, offset: beta.sub<tf.Tensor1D>(mean.mul(factor)) };
}

function scaled(value: Value, { scale, offset }: Affine): Value {
  const { layer } = value.step;
  if (layer && value.clip === 'linear') {
    // for each channel of the result; a depthwise convolution has them on two axes
    const kernel = layer.kernel.mul(scale.reshape(layer.kernel.shape.slice(-outputAxes(layer))));
    const step = ofWeights(value.step.inputs, { ...layer, kernel });
    return { ...value, step, bias: value.bias ? value.bias.mul<tf.Tensor1D>(scale).add<tf.Tensor1D>(offset) : offset };
  }
  const { affine } = value;
  return {
    ...value,
    affine: affine
      ? { scale: affine.scale.mul(scale), offset: affine.offset.mul<tf.Tensor1D>(scale).add(offset) }
      : { scale, offset },
  };
}

/** A layer of weights that can still change. */
const ofWeights = (inputs: Step[], layer: FrozenLayer): Step => ({
  inputs,
  layer,
  make: (keep) => frozenLayer(layer, keep),
});

const outputAxes = ({ kind }: Pick<FrozenLayer, 'kind'>): number => (kind === 'DepthwiseConv2D' ? 2 : 1);

function clipped(value: Value, clip: Clip): Value {
  if (clip === 'linear') return value;
  return { ...(value.affine || value.clip !== 'linear' ? settle(value) : value), clip };
}

const weighted = (value: Value, { layer, config, clip }: Folded, kind: FrozenLayer['kind']): Value =>
  withWeights(value, config, kind, layer.getWeights(), clip);

/** A layer of weights is linear: the scale and the offset before it can go into them. */
function withWeights(
  value: Value,
  { strides = [1, 1], padding = 'valid', dilationRate = [1, 1] }: Partial<LayerConfig>,
  kind: FrozenLayer['kind'],
  [kernel, bias]: tf.Tensor[],
  clip: Clip,
): Value {
  let { step, affine } = activate(value);
  const layer: FrozenLayer = { kind, kernel: kernel!, clip: 'linear', strides, padding, dilationRate };
  if (step.border && padding === 'valid' && isSame(step.border, layer)) {
    layer.padding = 'same';
    step = step.inputs[0]!;
  }
  // Behind the offset a padded border would still be zero: no weights can take that in.
  if (layer.padding === 'same' && hasOffset(affine)) ({ step, affine } = settle({ step, affine, clip: 'linear' }));
  if (affine) {
    const inner = kernel!.shape.slice(0, -outputAxes(layer)).map((_, axis) => axis);
    const shift = kernel!
      .mul(affine.offset.reshape([-1, 1]))
      .sum(inner)
      .reshape<tf.Tensor1D>([-1]);
    bias = bias ? bias.add(shift) : shift;
    layer.kernel = kernel!.mul(affine.scale.reshape([-1, 1]));
  }
  return { step: ofWeights([step], layer), bias: bias as tf.Tensor1D | undefined, clip };
}

const hasOffset = (affine?: Affine): boolean => !!affine?.offset.notEqual(0).any().dataSync()[0];

/** Zeros around a picture stay zero under a multiplication, but not under an addition. */
function padded(value: Value, { layer, config }: Folded): Value {
  const { padding } = config as unknown as Border;
  const [, height, width] = (layer.input as tf.SymbolicTensor).shape as [null, number, number];
  const activated = activate(value);
  const { step, ...left } = hasOffset(activated.affine) ? settle(activated) : activated;
  const run = (x: tf.Tensor): tf.Tensor => tf.pad(x, [[0, 0], ...padding, [0, 0]]);
  return { step: { inputs: [step], make: () => run, border: { size: [height, width], padding } }, ...left };
}

/** Whether a border is what a convolution would add by itself. */
function isSame({ size, padding }: Border, { kernel, strides }: FrozenLayer): boolean {
  return padding.every(([before, after], i) => {
    const [side, stride] = [size[i]!, strides[i]!];
    const missing = Math.max(0, (Math.ceil(side / stride) - 1) * stride + kernel.shape[i]! - side);
    return before === Math.floor(missing / 2) && after === Math.ceil(missing / 2);
  });
}

/** Biases can wait until after a sum, and are one then. */
function sum(values: Value[], { layer }: Folded): Value | undefined {
  const [shape, ...others] = (layer.input as tf.SymbolicTensor[]).map((x) => String(x.shape));
  if (others.some((other) => other !== shape)) return undefined;
  const addends = values.map((value) => (value.clip === 'linear' && !value.affine ? value : settle(value)));
  const biases = addends.flatMap(({ bias }) => bias ?? []);
  const run = (...xs: tf.Tensor[]): tf.Tensor => xs.reduce((total, x) => total.add(x));
  return {
    step: { inputs: addends.map(({ step }) => step), make: () => run },
    bias: biases.length ? biases.reduce((total, bias) => total.add<tf.Tensor1D>(bias)) : undefined,
    clip: 'linear',
  };
}

/** Any other layer runs as it is, on a copy of its weights. */
function asItIs(values: Value[], layer: tf.layers.Layer, config: LayerConfig): Value {
  const make: Step['make'] = (keep) => {
    // tfjs leaves it out of the configuration of a separable convolution.
    const { depthMultiplier } = layer as unknown as { depthMultiplier?: number };
    const options = { ...config, ...(depthMultiplier !== undefined && { depthMultiplier }) };
    const copy = new (layer.constructor as new (config: object) => tf.layers.Layer)(options);
    const { input } = layer;
    copy.build(Array.isArray(input) ? input.map(({ shape }) => shape) : input.shape);
    copy.weights.forEach(keep); // the copy itself tfjs refuses to dispose: it is part of no model
    copy.setWeights(layer.getWeights());
    return (...xs) => copy.apply(xs.length > 1 ? xs : xs[0]!) as tf.Tensor;
  };
  return { step: { inputs: values.map((value) => settle(value).step), make }, clip: 'linear' };
}

/** The value with its bias and activation computed. */
function activate({ step, bias, clip, affine }: Value): Value {
  const { inputs, layer } = step;
  const make: Step['make'] | undefined = layer
    ? (keep) => frozenLayer({ ...layer, bias, clip }, keep)
    : bias || clip !== 'linear'
      ? (keep) => biasClip(bias && keep(bias.clone()), clip)
      : undefined;
  return { step: make ? { inputs: layer ? inputs : [step], make } : step, clip: 'linear', affine };
}

/** The value without an activation to come: a mean is none of clipped numbers. */
const unclipped = (value: Value): Value => (value.clip === 'linear' ? value : activate(value));

/** The value with nothing left to be done to it. */
export function settle(value: Value): Value {
  const { step, affine } = activate(value);
  if (!affine) return { step, clip: 'linear' };
  const make: Step['make'] = (keep) => {
    const [scale, offset] = [keep(affine.scale.clone()), keep(affine.offset.clone())];
    return (x) => x.mul(scale).add(offset);
  };
  return { step: { inputs: [step], make }, clip: 'linear' };
}
