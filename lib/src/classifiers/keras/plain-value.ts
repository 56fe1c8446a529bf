import { isObject } from '../layers';

/** What stands in an array of NumPy or a tensor, as either version of Keras writes it down; anything else as it is. */
export function plainValue(held: unknown): unknown {
  if (!isObject(held)) return held;
  if (held['type'] === 'ndarray') return held['value'];
  const { class_name: kind, config } = held;
  return ['__numpy__', '__tensor__'].includes(kind as string) && isObject(config) ? config['value'] : held;
}
