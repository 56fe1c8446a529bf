import { dirname, join } from 'node:path';
import { tf } from 'descent-lab';
import { importModel, loadClassifier, type Classifier } from '../../lib/src/classifiers';
import { formOf } from '../../lib/src/classifiers/reading';
import type { ReferenceModel } from './reference-models';

/** What the model itself puts out, as Keras prints it. */
function outputsOf(classifier: Classifier, images: tf.Tensor4D): tf.Tensor2D {
  const { reading } = classifier;
  const { single, probabilities, score } = formOf(reading);
  const classes = classifier.logits(images);
  const row = single ? classes.slice([0, 1]).sub<tf.Tensor2D>(classes.slice([0, 0], [-1, 1])) : classes;
  if (score) return reading!.startsWith('tanh') ? row.div<tf.Tensor2D>(2).tanh() : row;
  return single || probabilities === 'sigmoid' ? row.sigmoid() : row.softmax();
}

/** What a model, imported into a new `folder`, says of its picture, and the gradient there of the sum that the reference is of. */
export async function answersOf(
  model: ReferenceModel,
  folder: string,
): Promise<{ output: Float32Array; gradient: Float32Array }> {
  const [rows, columns] = model.input ?? [];
  const times = model.times ?? 1;
  await importModel(model.path, folder, {
    range: [0, times],
    ...(model.name.startsWith('weights') && { architecture: join(dirname(model.path), `${model.name}.json`) }),
    ...(model.name.startsWith('input-any-size') && { size: [rows!, columns!] as const }),
  });
  const classifier = await loadClassifier(folder);
  const { height, width, channels } = classifier.input;
  // Where the channels of Keras' picture come first, ours come last.
  const first = model.name.startsWith('channels-first');
  const lasting = (x: tf.Tensor): tf.Tensor4D => (first ? x.transpose<tf.Tensor4D>([0, 2, 3, 1]) : (x as tf.Tensor4D));
  const shape: [number, number, number, number] = first ? [1, channels, height, width] : [1, height, width, channels];
  const loss = (pixels: tf.Tensor): tf.Scalar => {
    const y = outputsOf(classifier, lasting(pixels.div(times)));
    return y.mul(tf.tensor1d(Array.from({ length: y.size }, (_, i) => 0.3 + Math.cos(i)))).sum();
  };
  const picture = tf.tensor4d(model.picture, shape);
  const [output, gradient] = tf.tidy(() => [
    outputsOf(classifier, lasting(picture.div(times))).dataSync<'float32'>(),
    tf.grad(loss)(picture).dataSync<'float32'>(),
  ]);
  picture.dispose();
  classifier.dispose();
  return { output, gradient };
}

/** The largest number, whatever its sign. */
export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The largest difference between numbers in the same places; `expected` may be the first of them alone. */
export const apart = (found: ArrayLike<number>, expected: readonly number[]): number =>
  largest(expected.map((value, i) => value - found[i]!));

export const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
