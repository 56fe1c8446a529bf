import { tf } from '../../tf';
import { isIdle, isObject, type LayerDescription } from '../layers';

/** What only training needs, as far as tfjs knows it; the rest goes. */
export function ofTraining({ class_name: kind, config }: LayerDescription): Record<string, unknown> {
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
