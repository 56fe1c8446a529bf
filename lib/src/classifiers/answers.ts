import { DescentError } from '../errors';
import { tf } from '../tf';
import { stackPictures } from '../pictures';
import type { Classifier } from './classifier';
import { formOf } from './reading';

/** What a network answers to a picture. */
export interface Answer {
  /** The most probable class; of equals the first. */
  label: string;
  /** Its probability, 0 to 1. */
  probability: number;
  /** The probabilities of all classes, in the classifier's order; their sum is 1 but for sigmoids and tanhs. */
  all: number[];
  /** What the model itself puts out, as Keras prints it: probabilities or scores, of two classes perhaps one number. */
  outputs: number[];
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
function softmax(row: readonly number[]): number[] {
  const highest = Math.max(...row);
  const powers = row.map((logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power);
  return powers.map((power) => power / total);
}

/**
 * The answers in a classifier's logits [photos, classes], row by row, computed in double precision.
 * @throws DescentError where they are not finite
 */
export function readAnswers(
  logits: Float32Array,
  { name, classes, reading }: Pick<Classifier, 'name' | 'classes' | 'reading'>,
): Answer[] {
  const { single, probabilities, score } = formOf(reading);
  if (!logits.every(Number.isFinite)) throw new DescentError(`${name} answers with numbers that are not finite`);
  return Array.from({ length: logits.length / classes.length }, (_, photo) => {
    const row = Array.from(logits.subarray(photo * classes.length, (photo + 1) * classes.length));
    const all = probabilities === 'sigmoid' ? row.map(sigmoid) : softmax(row);
    const outputs = score ? (single ? [row[1]! - row[0]!] : row).map(score) : single ? [all[1]!] : all;
    const winner = row.indexOf(Math.max(...row));
    return { label: classes[winner]!, probability: all[winner]!, all, outputs };
  });
}

/** What the network answers to pictures, pixels row by row from 0 to 1. */
export function answersTo(classifier: Classifier, pictures: readonly ArrayLike<number>[]): Answer[] {
  const logits = tf.tidy(() => classifier.logits(stackPictures(pictures, classifier.input)));
  const values = logits.dataSync<'float32'>();
  logits.dispose();
  return readAnswers(values, classifier);
}

/** An answer in words: `dog 98.4 %`, and of a network that gives no probabilities, with its own number, `dog, score 3.21`. */
export function answerText(
  { label, probability, outputs }: Pick<Answer, 'label' | 'probability' | 'outputs'>,
  { classes, reading }: Pick<Classifier, 'classes' | 'reading'>,
): string {
  const { single, score } = formOf(reading);
  if (!score) return `${label} ${(100 * probability).toFixed(1)} %`;
  return `${label}, score ${Number(outputs[single ? 0 : classes.indexOf(label)]!.toPrecision(4))}`;
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
    const { all, ...answer } = answers[i]!;
    return { ...photo, ...answer, probabilities: all };
  });
};
