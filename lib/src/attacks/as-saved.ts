import { answersTo, type Classifier } from '../classifiers';
import { roundToBytes } from '../pictures';
import { measureChange } from './measure';
import { hasSuccess, type AdversarialExample } from './readings';

/** How many times larger a change is made, one after the other, until it survives the rounding. */
const STRETCHES = [1, 1.1, 1.25, 1.5, 2, 3];

/**
 * The adversarial examples as files with 8 bits a channel hold them: their last picture rounded, their last step measured
 * on it.
 * Rounding may undo a change as small as DeepFool's; with `stretch` it is then made larger, as little as it takes, up
 * to three times.
 */
export function asSaved(
  classifier: Classifier,
  examples: readonly AdversarialExample[],
  { target, stretch = false }: { target?: string; stretch?: boolean } = {},
): AdversarialExample[] {
  const saved: AdversarialExample[] = [];
  for (const factor of stretch ? STRETCHES : [1]) {
    const left = examples.map((_, i) => i).filter((i) => !saved[i] || (examples[i]!.success && !saved[i].success));
    if (left.length === 0) break;
    const pictures = left.map((i) => {
      const [original, last] = [examples[i]!.pictures[0]!, examples[i]!.pictures.at(-1)!];
      return roundToBytes(original.map((value, k) => value + factor * (last[k]! - value)));
    });
    answersTo(classifier, pictures).forEach(({ all, ...answer }, k) => {
      const { steps, answers, pictures: before, ...example } = examples[left[k]!]!;
      const picture = pictures[k]!;
      const last = { ...steps.at(-1)!, ...answer, ...measureChange(before[0]!, picture) };
      const replaced = {
        ...example,
        steps: [...steps.slice(0, -1), last],
        answers: [...answers.slice(0, -1), all],
        pictures: [...before.slice(0, -1), picture],
      };
      saved[left[k]!] = { ...replaced, success: hasSuccess(replaced, target) };
    });
  }
  return saved;
}
