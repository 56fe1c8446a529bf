import { DescentError } from '../errors';
import { tf } from '../tf';
import { stackPictures } from '../pictures';
import type { Classifier } from './classifier';

/** What a network answers to a picture. */
export interface Answer {
  /** The most probable class; of equals the first. */
  label: string;
  /** Its probability, 0 to 1. */
  probability: number;
  /** The probabilities of all classes, in the classifier's order; their sum is 1 but for sigmoids. */
  all: number[];
}

/**
 * The answers in a classifier's logits [photos, classes], row by row, computed in double precision.
 * @throws DescentError where they are not finite
 */
export function readAnswers(
  logits: Float32Array,
  { name, classes, reading }: Pick<Classifier, 'name' | 'classes' | 'reading'>,
): Answer[] {
  if (!logits.every(Number.isFinite)) throw new DescentError(`${name} answers with numbers that are not finite`);
  return Array.from({ length: logits.length / classes.length }, (_, photo) => {
    const row = logits.subarray(photo * classes.length, (photo + 1) * classes.length);
    const highest = Math.max(...row);
    const powers = Array.from(row, (logit) => Math.exp(logit - highest));
    const total = powers.reduce((sum, power) => sum + power);
    const all =
      reading === 'sigmoids'
        ? Array.from(row, (logit) => 1 / (1 + Math.exp(-logit)))
        : powers.map((power) => power / total);
    const winner = row.indexOf(highest);
    return { label: classes[winner]!, probability: all[winner]!, all };
  });
}

/** What the network answers to pictures, pixels row by row from 0 to 1. */
export function answersTo(classifier: Classifier, pictures: readonly ArrayLike<number>[]): Answer[] {
  const logits = tf.tidy(() => classifier.logits(stackPictures(pictures, classifier.input)));
  const values = logits.dataSync<'float32'>();
  logits.dispose();
  return readAnswers(values, classifier);
}

/** What `classify` adds to a picture: what the network answers to it. */
export interface Classification extends Omit<Answer, 'all'> {
  /** The probabilities of all classes, in the classifier's order. */
  probabilities: number[];
}

/**
 * The same pictures, each with what the network answers to it.
 * @example
 * const classifier = await classifiers.loadClassifier('../models/cats-dogs');
 * const photos = await pictures.readPhotos('../data/photos', classifier.input);
 * console.log(classifiers.classify(classifier, photos).map(({ label }) => label)); // => [ 'cat', 'cat', 'cat', 'dog', 'dog' ]
 */
export const classify = <P extends { pixels: ArrayLike<number> }>(
  classifier: Classifier,
  photos: readonly P[],
): (P & Classification)[] => {
  const answers = answersTo(
    classifier,
    photos.map(({ pixels }) => pixels),
  );
  return photos.map((photo, i) => {
    const { label, probability, all } = answers[i]!;
    return { ...photo, label, probability, probabilities: all };
  });
};
