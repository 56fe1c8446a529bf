import { DescentError } from '../errors';
import type { PictureSize } from '../pictures';
import { tf } from '../tf';
import { freeze } from './freeze';
import type { ModelCard } from './model-card';
import { isFinite } from './model-folder';
import { reason } from './plan';
import { formOf, readEnd, type Reading } from './reading';

/** A network that tells what a picture shows, with frozen weights: what an attack attacks. */
export interface Classifier {
  /** The network's name. */
  readonly name: string;
  /** The classes in the order of the logits, e.g. ['cat', 'dog']. */
  readonly classes: readonly string[];
  /** The size of the pictures that it takes; 1 channel is grey, 3 are red, green and blue. */
  readonly input: PictureSize;
  /** How the answers are read off the logits. Default: by a softmax. */
  readonly reading?: Reading;
  /**
   * The logits [B, classes] of images [B, height, width, channels], pixels from 0 to 1: what stands before the softmax,
   * or what `Reading` says.
   * The network's own scaling of the pixels happens inside. Differentiable with respect to the images.
   */
  logits(images: tf.Tensor4D): tf.Tensor2D;
  /** The probabilities [B, classes] of the same: the softmax of the logits or, if so read, the sigmoid of each. */
  probabilities(images: tf.Tensor4D): tf.Tensor2D;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * The classifier that a model makes. The model stays the caller's; training it on leaves the classifier as it is.
 *
 * @throws DescentError for a model whose end tells no classes apart, such as a softmax of one output
 */
export function classifierOf(model: tf.LayersModel, card: ModelCard): Classifier {
  const {
    name,
    classes,
    input: { range, ...input },
  } = card;
  const { reading, layer } = readEnd(model, name);
  const network = freeze(model, range, layer);
  const answers = answering((images) => network.apply(images), reading);
  return { name, classes, input, ...answers, dispose: () => network.dispose() };
}

/** What a network answers, by what stands before its end. */
export function answering(
  apply: (images: tf.Tensor4D) => tf.Tensor2D,
  reading: Reading,
): Pick<Classifier, 'reading' | 'logits' | 'probabilities'> {
  const logits = (images: tf.Tensor4D): tf.Tensor2D =>
    tf.tidy(() => {
      const values = apply(images);
      const scores = reading === 'tanh' || reading === 'tanhs' ? values.mul<tf.Tensor2D>(2) : values;
      // One sigmoid output z is a softmax over the logits [0, z]: exp z / (exp 0 + exp z) = 1 / (1 + exp -z).
      return scores.shape[1] === 1 ? tf.concat([tf.zerosLike(scores), scores], 1) : scores;
    });
  const probabilities = (images: tf.Tensor4D): tf.Tensor2D =>
    tf.tidy(() => logits(images)[formOf(reading).probabilities]());
  return { reading, logits, probabilities };
}

/**
 * The classifier of a model out of a file: it is run once, on a grey picture, so that one that cannot be used is told
 * before anything is done with it.
 *
 * @param source the file, for errors
 * @throws DescentError where it cannot be run, or gives no finite numbers
 */
export function tried(make: () => Classifier, source: string): Classifier {
  let classifier: Classifier | undefined;
  try {
    const made = (classifier = make());
    const { height, width, channels } = made.input;
    if (!tf.tidy(() => isFinite(made.logits(tf.fill([1, height, width, channels], 0.5))))) {
      throw new DescentError(`${made.name} answers even a grey picture with numbers that are not finite`);
    }
    return made;
  } catch (error) {
    // what tfjs throws here is about the model
    classifier?.dispose();
    throw new DescentError(`${source} holds a model that cannot be used: ${reason(error)}`, { cause: error });
  }
}
