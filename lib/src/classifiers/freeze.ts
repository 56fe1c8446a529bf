import { tf } from '../tf';
import { Freezer } from './freezer';

/** A network whose weights do not change any more. */
export interface Frozen {
  /** The logits [B, outputs]: what stands before the last activation. Differentiable in the images. */
  apply(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/**
 * Copies a model into a form that is fast to run and to differentiate with respect to its input. Two facts, both exact
 * but for rounding, save most of the passes over the activations:
 *
 * - with frozen weights a batch normalisation is a multiplication and an addition for each channel, and so is bringing
 *   the pixels to the network's range: the weights of the next layer can take them in;
 * - the largest of some numbers stays the largest under a function that does not fall: bias, relu and a normalisation
 *   with positive scales can wait until after a max pooling, when a quarter of the data is left.
 *
 * @param range the values that black and white have at the network's input
 * @param end the layer whose activation is left off, with no other behind it
 */
export function freeze(model: tf.Sequential, range: readonly [number, number], end: tf.layers.Layer): Frozen {
  const freezer = new Freezer();
  const dispose = (): void => freezer.kept.forEach((part) => part.dispose());
  try {
    tf.tidy(() => {
      freezer.begin(model.inputs[0]!.shape.at(-1)!, range);
      for (const layer of model.layers) freezer.add(layer, layer === end);
      freezer.activate();
      freezer.settle();
    });
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    apply: (images) => tf.tidy(() => freezer.stages.reduce<tf.Tensor>((x, stage) => stage(x), images) as tf.Tensor2D),
    dispose,
  };
}
