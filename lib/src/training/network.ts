import { tf } from '../tf';
import { buildCatsDogs } from '../classifiers/cats-dogs';
import { deriveSeed } from './seeds';

/** The article's network for photos [B, 128, 128, 3], for as many classes as asked, with weights that `seed` draws. */
export function buildNetwork(classes: number, seed: number): tf.Sequential {
  const model = buildCatsDogs(deriveSeed(seed, 0));
  if (classes === 2) return model;
  const { name } = model.layers.at(-1)!;
  model.pop();
  const kernelInitializer = tf.initializers.glorotUniform({ seed: deriveSeed(seed, 1) });
  model.add(tf.layers.dense({ name, units: classes, activation: 'softmax', kernelInitializer }));
  return model;
}
