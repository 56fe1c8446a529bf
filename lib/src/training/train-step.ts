import type { DescentOptimizer } from '../optimizers/descent-optimizer';
import { tf } from '../tf';
import { trainingPass } from './training-pass';

/** A batch to learn from. Images [B, height, width, channels] with pixels from 0 to 1. */
export interface Batch {
  /** Photos, [n, height, width, channels], values from 0 to 1. */
  images: tf.Tensor4D;
  /** Each photo's class, [n], counted from 0. */
  labels: readonly number[];
}

/** A batch's loss before its step, and how many of its photos were classified right. */
export interface StepResult {
  /** The mean cross-entropy of the batch, in nats. */
  loss: number;
  /** How many of its photos were named rightly. */
  right: number;
}

/**
 * Makes the function that takes one step down the mean cross-entropy of a batch.
 *
 * @param classWeights how much a photo of each class counts
 */
export function trainStep(
  model: tf.Sequential,
  optimizer: DescentOptimizer,
  classWeights: readonly number[],
): (batch: Batch, seed: number) => StepResult {
  const pass = trainingPass(model);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  return ({ images, labels }, seed) => {
    const result: StepResult = { loss: 0, right: 0 };
    tf.tidy(() => {
      const truth = tf.oneHot(tf.tensor1d([...labels], 'int32'), classWeights.length);
      const counts = tf.tensor1d(labels.map((label) => classWeights[label]!));
      let answers: tf.Tensor | undefined;
      const { value, grads } = tf.variableGrads(() => {
        const logits = pass(images, { seed });
        answers = tf.keep(logits.argMax(1));
        return tf.losses.softmaxCrossEntropy(truth, logits, counts);
      }, variables);
      optimizer.applyGradients(grads);
      result.loss = value.dataSync()[0]!;
      const told = answers!.dataSync();
      result.right = labels.filter((label, i) => told[i] === label).length;
      answers!.dispose();
    });
    return result;
  };
}

/** Weights that let every class count the same in total, however many photos it has; 1 for classes of one size. */
export function balancedWeights(labels: readonly number[], classes: number): number[] {
  const sizes = Array.from({ length: classes }, (_, label) => labels.filter((own) => own === label).length);
  return sizes.map((size) => labels.length / (classes * size));
}
