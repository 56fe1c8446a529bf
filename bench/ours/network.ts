// The article's network with the project's weights: forward pass, gradient of its input, attack, training, import.
import { attack, tf, classifiers, losses, optimizers, training } from 'descent-lab';
import { trainStep } from 'descent-lab/internal';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../places';
import { pictures } from './start';
import { plain, range, type Points, type Work } from './subject';

export const BATCHES = [1, 8, 32] as const;

async function perBatch(
  work: (classifier: classifiers.Classifier, images: tf.Tensor4D) => ReturnType<Work>,
): Promise<Points> {
  const classifier = await classifiers.loadClassifier(join(root, 'models', 'cats-dogs'));
  return Object.fromEntries(
    BATCHES.map((batch) => {
      const images = tf.tensor4d(pictures(batch), [batch, 128, 128, 3]);
      return [`batch ${batch}`, plain(() => work(classifier, images))];
    }),
  );
}

export const forwardPoints = (): Promise<Points> =>
  perBatch((classifier, images) => {
    const logits = classifier.logits(images);
    const values = logits.dataSync<'float32'>();
    logits.dispose();
    return values.reduce((sum, value, i) => (i % 2 === 0 ? sum + value : sum), 0);
  });

export const gradientPoints = (): Promise<Points> =>
  perBatch((classifier, images) => {
    const cats = range(images.shape[0]).map(() => 0);
    const gradient = tf.tidy(() =>
      tf.grad((x: tf.Tensor) => losses.logitMargin(classifier.logits(x as tf.Tensor4D), cats).sum())(images),
    );
    const value = gradient.dataSync()[(64 * 128 + 64) * 3];
    gradient.dispose();
    return value;
  });

/** The article's attack: four steps, with the answer and the picture after each. */
export const attackPoints = (): Promise<Points> =>
  perBatch(async (classifier, images) => {
    const [first] = await attack(classifier, images);
    return first!.answers.at(-1)![0];
  });

export function trainingPoints(batch = 32, steps = 8): Points {
  const model = training.buildNetwork(2, 1);
  const step = trainStep(model, optimizers.createOptimizer('adam'), [1, 1]);
  const labels = range(batch).map((i) => i % 2);
  const values = pictures(batch);
  return {
    [`${steps} steps`]: plain(() => {
      for (const seed of range(steps)) {
        const images = tf.tensor4d(values, [batch, 128, 128, 3]);
        step({ images, labels }, seed);
        images.dispose();
      }
    }),
  };
}

export function importPoints(scratch: string): Points {
  return {
    '13 million weights': plain(async () => {
      const folder = join(scratch, 'imported');
      rmSync(folder, { recursive: true, force: true });
      await classifiers.importModel(join(scratch, 'cats-dogs.h5'), folder, { architecture: 'cats-dogs' });
    }),
  };
}
