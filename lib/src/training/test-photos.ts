import { tf } from '../tf';
import type { Interruption } from '../descent/interrupt';
import { classifierOf, type ModelCard } from '../classifiers';
import { stackPhotos, type PhotoSet } from './photo-set';

/** How a network does on photos: mean cross-entropy in nats, the part that it gets right, and that of each class. */
export interface TestResult {
  /** The mean cross-entropy, in nats. */
  loss: number;
  /** The share of photos named rightly, 0 to 1. */
  accuracy: number;
  /** The same share for each class. */
  perClass: number[];
}

/** Photos that are looked at together; more save no time. */
const BATCH = 32;

/** Tries a model, as it is in use, on photos. */
export async function testPhotos(
  model: tf.Sequential,
  card: ModelCard,
  photos: PhotoSet,
  interruption: Interruption,
): Promise<TestResult> {
  const classifier = classifierOf(model, card);
  const [right, all] = [card.classes.map(() => 0), card.classes.map(() => 0)];
  let loss = 0;
  for (let start = 0; start < photos.labels.length; start += BATCH) {
    const labels = photos.labels.slice(start, start + BATCH);
    const logProbabilities = tf.tidy(() =>
      classifier
        .logits(
          stackPhotos(
            photos,
            labels.map((_, i) => start + i),
            card.input,
          ),
        )
        .logSoftmax(),
    );
    logProbabilities.arraySync().forEach((row, i) => {
      const label = labels[i]!;
      loss -= row[label]!;
      all[label]!++;
      if (row[label] === Math.max(...row)) right[label]!++;
    });
    logProbabilities.dispose();
    await interruption.turn();
  }
  classifier.dispose();
  const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
  return { loss: loss / sum(all), accuracy: sum(right) / sum(all), perClass: right.map((count, i) => count / all[i]!) };
}
