import { tf } from '../tf';
import type { PictureSize } from '../pictures';
import { stackPhotos, type PhotoSet } from './photo-set';
import { trainingPass } from './training-pass';

/** A tf.layers weight as what it is: a variable. */
const variable = (layer: tf.layers.Layer, i: number): tf.Variable => layer.weights[i]!.read() as tf.Variable;

/**
 * Sets every batch normalisation's mean and variance to those of the photos as they are. Running averages, which Keras
 * takes, lag behind weights that change, and they saw photos that were varied and the dropout of the layers before:
 * after some hundred steps a network that learned well can still answer with them no better than a coin.
 *
 * @param places which photos of the set; a thousand are plenty
 */
export function reestimateStatistics(
  model: tf.Sequential,
  photos: PhotoSet,
  places: readonly number[],
  size: PictureSize,
  batch: number,
): void {
  const pass = trainingPass(model);
  const sums = new Map<tf.layers.Layer, { mean: tf.Variable; square: tf.Variable }>();
  const batches = Math.max(1, Math.floor(places.length / batch)); // whole batches, which weigh the same
  for (let i = 0; i < batches; i++) {
    tf.tidy(() => {
      pass(stackPhotos(photos, places.slice(i * batch, (i + 1) * batch), size), {
        onStatistics: ({ layer, mean, variance }) => {
          if (!sums.has(layer)) {
            sums.set(layer, {
              mean: tf.variable(tf.zerosLike(mean), false),
              square: tf.variable(tf.zerosLike(mean), false),
            });
          }
          const sum = sums.get(layer)!;
          sum.mean.assign(sum.mean.add(mean));
          sum.square.assign(sum.square.add(variance.add(mean.square()))); // the mean of x squared
        },
      });
    });
  }
  for (const [layer, { mean, square }] of sums) {
    tf.tidy(() => {
      const average = mean.div(batches);
      variable(layer, 2).assign(average);
      variable(layer, 3).assign(square.div(batches).sub(average.square()).relu());
    });
    tf.dispose([mean, square]);
  }
}
