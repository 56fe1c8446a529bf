import type { Classifier } from '../classifiers';
import { tf } from '../tf';
import { Readings, type AdversarialExample } from './readings';

/**
 * What an attack of your own made of a photo, read as `attack` reads its own: the network's answer to each state, and the
 * size of the change.
 *
 * @param states the untouched photo, and the photo after each step, [1, height, width, channels]; the caller's to dispose
 * @example
 * const classifier = await classifiers.loadClassifier('../models/cats-dogs');
 * const [{ image }] = await pictures.readPhotos('../data/photos', classifier.input);
 * const { steps } = attacks.exampleOf(classifier, [image, image.sub(0.01)]);
 * console.log(steps.map(({ label, linf }) => `${label} ${linf.toFixed(2)}`)); // => [ 'cat 0.00', 'cat 0.01' ]
 */
export function exampleOf(classifier: Classifier, states: readonly tf.Tensor4D[]): AdversarialExample {
  const pixels = states.map((state) => state.dataSync<'float32'>());
  const readings = new Readings(classifier, pixels[0]!, 1);
  states.forEach((state, step) => {
    tf.tidy(() => readings.see(classifier.logits(state)));
    readings.take(step, pixels[step]!, () => false);
  });
  return readings.examples[0]!;
}
