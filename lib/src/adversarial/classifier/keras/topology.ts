import { DescentError } from '../../../errors';
import { tf } from '../../../tf';

/** A model or layer as Keras writes it down. */
interface KerasObject { class_name: string; config: Record<string, unknown> }

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * Turns Keras 2's description of a model into one that tfjs reads.
 *
 * @param source what the description comes from, for errors
 * @throws DescentError for a model that is not Sequential, a layer that tfjs does not have, or an option of one
 */
export function kerasTopology(description: unknown, source: string): KerasObject {
  const { class_name: kind, config } = description as KerasObject;
  if (kind !== 'Sequential') {
    throw new DescentError(`${source} holds a ${kind} model, ` +
      'but only Sequential models, one layer after the other, can be imported');
  }
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  const layers = config['layers'] as KerasObject[];
  for (const { class_name: layer, config: options } of layers) {
    const name = String(options['name']);
    if (!(layer in known)) {
      throw new DescentError(`the layer '${name}' of ${source} is a ${layer}, which tfjs does not have`);
    }
    if (Number(options['groups'] ?? 1) !== 1) {
      throw new DescentError(`the layer '${name}' of ${source} has groups = ${String(options['groups'])}; ` +
        `the ${layer} of tfjs knows only groups = 1`);
    }
  }
  return { class_name: kind, config: { name: config['name'], layers: layers.map(adapt) } };
}

/** Keras 2's newer ways of writing, in the older way that tfjs reads. */
function adapt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(adapt);
  if (!isObject(value)) return value;
  if (value['class_name'] === 'L1' || value['class_name'] === 'L2') {
    return { class_name: 'L1L2', config: { l1: 0, l2: 0, ...value['config'] as object } };
  }
  const kept = Object.entries(value).filter(([key]) => !['module', 'registered_name', 'build_config'].includes(key));
  return Object.fromEntries(kept.map(([key, entry]) =>
    [key, key === 'axis' && Array.isArray(entry) && entry.length === 1 ? entry[0] as unknown : adapt(entry)]));
}

/** Builds the model with all weights zero, whatever its initialisers: they are to be set, and drawing takes long. */
export async function buildWithZeros(topology: KerasObject, source: string): Promise<tf.Sequential> {
  const zeroed = JSON.parse(JSON.stringify(topology), (key, value: unknown) =>
    (key.endsWith('_initializer') ? { class_name: 'Zeros', config: {} } : value)) as KerasObject;
  try {
    return await tf.models.modelFromJSON(zeroed as never) as tf.Sequential;
  } catch (error) {
    const [reason] = (error as Error).message.split(/ This may be due to|\n/); // after that comes general advice
    throw new DescentError(`tfjs cannot build the model that ${source} describes: ${reason}`);
  }
}
