import { tf } from '../../tf';
import { freeze } from './freeze';
import type { ModelCard } from './model-card';
import { openModel } from './model-folder';

/** A network that tells what a picture shows, with frozen weights: what an attack attacks. */
export interface Classifier {
  /** The network's name. */
  readonly name: string;
  /** The classes in the order of the logits, e.g. ['cat', 'dog']. */
  readonly classes: readonly string[];
  /** The size of the pictures that it takes; 1 channel is grey, 3 are red, green and blue. */
  readonly input: { height: number; width: number; channels: 1 | 3 };
  /**
   * The logits [B, classes] of images [B, height, width, channels], pixels from 0 to 1: what stands before the softmax.
   * The network's own scaling of the pixels happens inside. Differentiable with respect to the images.
   */
  logits(images: tf.Tensor4D): tf.Tensor2D;
  /** The probabilities [B, classes] of the same: the softmax of the logits. */
  probabilities(images: tf.Tensor4D): tf.Tensor2D;
  /** Frees the weights. */
  dispose(): void;
}

/** The classifier that a model makes. The model stays the caller's; training it on leaves the classifier as it is. */
export function classifierOf(model: tf.Sequential, card: ModelCard): Classifier {
  const { name, classes, input: { range, ...input } } = card;
  const network = freeze(model, range);
  const logits = (images: tf.Tensor4D): tf.Tensor2D => tf.tidy(() => {
    const scores = network.apply(images);
    // One sigmoid output z is a softmax over the logits [0, z]: exp z / (exp 0 + exp z) = 1 / (1 + exp -z).
    return scores.shape[1] === 1 ? tf.concat([tf.zerosLike(scores), scores], 1) : scores;
  });
  return { name, classes, input, logits, probabilities: (images) => tf.tidy(() => logits(images).softmax()),
    dispose: () => network.dispose() };
}

/**
 * Loads the classifier in a model folder, such as models/cats-dogs.
 *
 * @throws DescentError for a folder that holds no model, and for weights whose sha256 is not the stated one
 * @example
 * const classifier = await loadClassifier('../models/cats-dogs');
 * const photo = await readPhoto('../data/photos/cat-kitten.jpg', classifier.input);
 * const [[cat, dog]] = classifier.probabilities(stackPictures([photo], classifier.input)).arraySync();
 * console.log(cat > dog); // => true
 */
export async function loadClassifier(folder: string): Promise<Classifier> {
  const { model, card } = await openModel(folder);
  const classifier = classifierOf(model, card);
  model.dispose();
  return classifier;
}
