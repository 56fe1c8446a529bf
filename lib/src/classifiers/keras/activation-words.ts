import { isObject, type LayerDescription } from '../layers';

/** Other names of activations. */
const ALIASES: Record<string, string> = {
  silu: 'swish',
  hard_swish: 'hard_silu',
  softmax_v2: 'softmax',
  log_softmax_v2: 'log_softmax',
  gelu_v2: 'gelu',
  exp: 'exponential',
};

/** Whether it is a function of Keras' or TensorFlow's own: somebody's own are registered in a package, `mine>f`. */
const isOfKeras = ({ class_name: kind, registered_name: registered }: Record<string, unknown>): boolean =>
  kind === 'function' && !(typeof registered === 'string' && registered.includes('>'));

/**
 * An activation's name, as tfjs knows it; undefined where Keras writes it down otherwise than by a name.
 *
 * @param value the name, or the function as Keras describes it
 */
export function activationName(value: unknown, keras: 2 | 3): string | undefined {
  if (value === null) return 'linear';
  const given = isObject(value) && isOfKeras(value) ? value['config'] : value;
  if (typeof given !== 'string') return undefined;
  const name = ALIASES[given] ?? given;
  // Keras 2's is 0.2 x + 0.5, and Keras 3's x / 6 + 0.5
  return keras === 3 && name === 'hard_sigmoid' ? 'keras_3_hard_sigmoid' : name;
}

/** The layer that an activation is, where it is one. */
export function activationLayer(value: unknown): LayerDescription | undefined {
  if (!isObject(value) || typeof value['class_name'] !== 'string' || !isObject(value['config'])) return undefined;
  return value as unknown as LayerDescription;
}
