import { answersTo, type Classifier } from '../classifiers';
import { decodePicture, encodePicture, type PictureFormat } from '../pictures';
import type { AdversarialExample } from './readings';

/** How an adversarial example fares in files. `own` and `survives` run parallel to the formats. */
export interface StoredExample {
  /** The network's answer to the untouched photo. */
  label: string;
  /** Whether the attack had success, before it was saved: else there is nothing to survive. */
  success: boolean;
  /** The probability of the untouched photo's answer, once saved and read back. */
  own: number[];
  /** Whether the answer is still another one. */
  survives: boolean[];
}

/** Saves what an attack made of each photo in each format, reads it back, and shows it to the network again. */
export const throughFiles = (
  classifier: Classifier,
  examples: readonly AdversarialExample[],
  formats: readonly PictureFormat[],
): Promise<StoredExample[]> =>
  Promise.all(
    examples.map(async ({ label, success, pictures }) => {
      const files = await Promise.all(
        formats.map(async (format) => {
          const content = await encodePicture(pictures.at(-1)!, classifier.input, format);
          return decodePicture(content, classifier.input);
        }),
      );
      const answers = answersTo(classifier, files);
      const place = classifier.classes.indexOf(label);
      return {
        label,
        success,
        own: answers.map(({ all }) => all[place]!),
        survives: answers.map((answer) => answer.label !== label),
      };
    }),
  );
