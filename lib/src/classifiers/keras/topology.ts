import { DescentError } from '../../errors';
import { tf } from '../../tf';
import { computing, isIdle, isObject, type LayerDescription } from '../layers';
import { inputOf, layersOf, NetworkPlan } from '../plan';

/** A model of Keras as tfjs reads it. */
export interface ImportedTopology {
  /** What goes into model.json. */
  topology: object;
  /** The shapes of its layers and weights. */
  plan: NetworkPlan;
  /** What it multiplies its pixels by before any weights do; 1 where it takes them as they come. */
  scale: number;
}

/** Layers that do something in training alone. */
const IN_TRAINING = [
  'SpatialDropout1D',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'ActivityRegularization',
  'RandomFlip',
  'RandomRotation',
  'RandomZoom',
  'RandomTranslation',
  'RandomContrast',
  'RandomBrightness',
  'RandomHeight',
  'RandomWidth',
];

/**
 * Turns Keras 2's description of a model into one that tfjs reads, and that computes the same.
 *
 * @param source what the description comes from, for errors
 * @throws DescentError for a model that is not Sequential, a layer that tfjs does not have, or an option of one
 */
export function kerasTopology(description: unknown, source: string): ImportedTopology {
  const kind = isObject(description) ? description['class_name'] : undefined;
  if (kind === 'Functional' || kind === 'Model') {
    throw new DescentError(
      `${source} holds a model of Keras' functional kind, and only Sequential ones can be ` +
        'imported, one layer after the other: where its layers stand so, save keras.Sequential(model.layers)',
    );
  }
  const found = layersOf(description, source);
  const { name = 'sequential', build_input_shape: built } = (description as LayerDescription).config;
  const plan: NetworkPlan = new NetworkPlan(inputOf(found, source, built), source);
  const layers: LayerDescription[] = [];
  let scale = 1;
  for (const layer of found) {
    const own = rewritten(layer, plan.shape);
    if (own === undefined) continue;
    plan.add(own);
    const { class_name, config } = own;
    const isInput = class_name === 'InputLayer';
    if (layers.length === 0) layers.push(inputLayer(`${String(config['name'])}${isInput ? '' : '_input'}`, plan.input));
    if (!isInput) layers.push({ class_name, config: { ...computing(own), ...ofTraining(own) } });
    if (class_name === 'Rescaling' && plan.parameters === 0) {
      scale *= Math.max(...[config['scale']].flat().map((factor) => Math.abs(Number(factor))));
    }
  }
  return { topology: { class_name: 'Sequential', config: { name, layers } }, plan, scale };
}

const inputLayer = (name: string, shape: readonly number[]): LayerDescription => ({
  class_name: 'InputLayer',
  config: { batch_input_shape: [null, ...shape], dtype: 'float32', name },
});

/** A layer in tfjs' words, where Keras has others for the same; undefined where it does nothing in a prediction. */
function rewritten(layer: unknown, shape: readonly number[]): unknown {
  if (!isObject(layer) || !isObject(layer['config'])) return layer;
  const kind = layer['class_name'] as string;
  if (IN_TRAINING.includes(kind) || (kind === 'Flatten' && shape.length === 1)) return undefined;
  const config = Object.fromEntries(Object.entries(layer['config']).map(([key, value]) => [key, plain(key, value)]));
  const as = (class_name: string, options: object): object => ({
    class_name,
    config: { name: config['name'], ...options },
  });
  const { negative_slope: slope = 0, threshold = 0, max_value: most = null, height, width } = config;
  if (kind === 'ReLU' && most === null) {
    // tfjs' own knows no slope and no threshold
    if (threshold === 0 && slope !== 0) return as('LeakyReLU', { alpha: slope });
    if (threshold !== 0 && slope === 0) return as('ThresholdedReLU', { theta: threshold });
  }
  const [rows, columns] = [shape[0]! - Number(height), shape[1]! - Number(width)];
  if (kind === 'CenterCrop' && rows >= 0 && columns >= 0) {
    return as('Cropping2D', { cropping: [rows, columns].map((rest) => [Math.floor(rest / 2), Math.ceil(rest / 2)]) });
  }
  return { ...layer, config };
}

/** An option in Keras' plainest words: of one axis the number, of NumPy's numbers the number. */
function plain(key: string, value: unknown): unknown {
  if (key === 'axis' && Array.isArray(value) && value.length === 1) return value[0] as unknown;
  return isObject(value) && value['type'] === 'ndarray' ? value['value'] : value;
}

/** What only training needs, as far as tfjs knows it; the rest goes. */
function ofTraining({ class_name: kind, config }: LayerDescription): Record<string, unknown> {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    // tfjs takes no activity regulariser, and of a separable convolution only those of its two parts.
    const refused = key.startsWith('activity_') || (kind === 'SeparableConv2D' && key.startsWith('kernel_'));
    if (!isIdle(key) || refused || !isObject(value) || !isObject(value['config'])) continue;
    const numbers = Object.fromEntries(Object.entries(value['config']).filter(([, held]) => !isObject(held)));
    const [class_name, more] = ['L1', 'L2'].includes(value['class_name'] as string)
      ? ['L1L2', { l1: 0, l2: 0 }]
      : [value['class_name'] as string, {}];
    if (Object.hasOwn(known, class_name)) kept[key] = { class_name, config: { ...more, ...numbers } };
  }
  return kept;
}
