import { DescentError } from '../../errors';
import { tf } from '../../tf';
import { computing, isIdle, isObject, type LayerDescription } from '../layers';
import { inputOf, layersOf, NetworkPlan } from '../plan';
import { inTfjsWords } from './words';

/** A model of Keras as tfjs reads it. */
export interface ImportedTopology {
  /** What goes into model.json. */
  topology: object;
  /** The shapes of its layers and weights. */
  plan: NetworkPlan;
  /** What it multiplies its pixels by before any weights do; 1 where it takes them as they come. */
  scale: number;
}

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
    const words = isLayer(layer) ? inTfjsWords(layer, [plan.shape], source) : [layer];
    for (const own of words) {
      plan.add(own);
      const { class_name, config } = own;
      const isInput = class_name === 'InputLayer';
      const front = `${String(config['name'])}${isInput ? '' : '_input'}`;
      if (layers.length === 0) layers.push(inputLayer(front, plan.input));
      if (!isInput) layers.push({ class_name, config: { ...computing(own), ...ofTraining(own) } });
      if (class_name === 'Rescaling' && plan.parameters === 0) {
        scale *= Math.max(...[config['scale']].flat().map((factor) => Math.abs(Number(factor))));
      }
    }
  }
  return { topology: { class_name: 'Sequential', config: { name, layers } }, plan, scale };
}

const isLayer = (value: unknown): value is LayerDescription => isObject(value) && isObject(value['config']);

const inputLayer = (name: string, shape: readonly number[]): LayerDescription => ({
  class_name: 'InputLayer',
  config: { batch_input_shape: [null, ...shape], dtype: 'float32', name },
});

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
