import type { LearningRate } from '../schedules';
import { memory, type Transform } from '../transform';

/**
 * Multiplies by the learning rate of the step.
 * @param learningRate the chain's: a number, a schedule or a schedule's description; may be left to who makes the optimiser
 */
export const scaleByLearningRate = (learningRate?: LearningRate): Transform => ({
  learningRate,
  factor: ({ rate }) => rate,
});

/** Keeps the sign alone: every element moves by the same amount, as in the sign attack. */
export const scaleBySign = (): Transform => memory({ slots: {}, update: (update) => update.sign() });

/**
 * Takes out what averages that start at zero lack in the first steps: 1 - beta1^t of the first moment and 1 - beta2^t
 * of the second, whose root divides.
 */
export const correctBias = ({ beta1, beta2 }: { beta1: number; beta2?: number }): Transform => ({
  factor: ({ iteration }) => (beta2 === undefined ? 1 : Math.sqrt(1 - beta2 ** iteration)) / (1 - beta1 ** iteration),
});
