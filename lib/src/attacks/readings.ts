import { DescentError } from '../errors';
import type { tf } from '../tf';
import type { Classifier } from '../classifiers';
import { readAnswers, type Answer } from '../classifiers/answers';
import { measureChange, type ChangeSize } from './measure';

/** A photo after so many steps: the network's answer and the size of the change. */
export interface AttackStep extends ChangeSize {
  /** The number of steps made; 0 is the untouched photo. */
  step: number;
  /** The class that the network answers. */
  label: string;
  /** Its probability, 0 to 1. */
  probability: number;
  /** What the model itself puts out, as Keras prints it: see `Answer`. */
  outputs: number[];
}

/** What an attack made of one photo. `steps`, `answers` and `pictures` run in parallel. */
export interface AdversarialExample {
  /** The network's answer to the untouched photo. */
  label: string;
  /** Whether the answer is another one in the end: the target, where there is one. */
  success: boolean;
  /** The untouched photo first, then the photo after each step. */
  steps: AttackStep[];
  /** The probabilities of all classes, in the classifier's order, after each step. */
  answers: number[][];
  /** The pixels after each step: [height, width, channels] row by row, 0 to 1. */
  pictures: Float32Array[];
}

/** Follows a batch of photos through an attack: what the network answered and how far each has changed. */
export class Readings {
  readonly examples: AdversarialExample[] = [];
  private answers: Answer[] = [];
  private own: number[] | undefined;
  private readonly targetIndex: number | undefined;

  constructor(
    private readonly classifier: Pick<Classifier, 'name' | 'classes' | 'reading'>,
    private readonly originals: Float32Array,
    private readonly photos: number,
    private readonly target?: string,
  ) {
    this.targetIndex = target === undefined ? undefined : targetIndex(classifier.classes, target);
  }

  /** Takes in the logits [photos, classes] of the state at hand; the first are the untouched photos'. */
  see(logits: tf.Tensor2D): void {
    this.answers = readAnswers(logits.dataSync<'float32'>(), this.classifier);
    this.own ??= this.answers.map(({ label }) => this.classifier.classes.indexOf(label));
  }

  /** The class that each photo's loss is about: the target, or the network's first answer. */
  get references(): number[] {
    return this.own!.map((own) => this.targetIndex ?? own);
  }

  /** Writes down the state at hand, whose logits were seen last; not for photos that are `left` alone. */
  take(step: number, pixels: Float32Array, left: (photo: number) => boolean): void {
    const size = pixels.length / this.photos;
    for (let photo = 0; photo < this.photos; photo++) {
      if (left(photo)) continue;
      const picture = pixels.subarray(photo * size, (photo + 1) * size);
      const { label, probability, all, outputs } = this.answers[photo]!;
      const example = (this.examples[photo] ??= { label, success: false, steps: [], answers: [], pictures: [] });
      const change = measureChange(this.originals.subarray(photo * size, (photo + 1) * size), picture);
      example.steps.push({ step, label, probability, outputs, ...change });
      example.answers.push(all);
      example.pictures.push(picture);
      example.success = hasSuccess(example, this.target);
    }
  }
}

/** The target's place among the classes. @throws DescentError that lists the classes, when it is none */
export function targetIndex(classes: readonly string[], target: string): number {
  const index = classes.indexOf(target);
  if (index < 0) {
    throw new DescentError(`the target '${target}' is none of this classifier's classes: ${classes.join(', ')}`);
  }
  return index;
}

/** Whether the last answer differs from the first, and is the target where there is one. */
export function hasSuccess({ label, steps }: AdversarialExample, target?: string): boolean {
  const last = steps.at(-1)!.label;
  return last !== label && (target === undefined || last === target);
}
