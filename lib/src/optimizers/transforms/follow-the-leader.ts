import type { LearningRate } from '../schedules';
import { memory, type Transform } from '../transform';

/** Ftrl's hyperparameters, named and filled as in Keras. */
export interface FtrlOptions {
  /** The chain's; may be left to who makes the optimiser. */
  learningRate?: LearningRate;
  /** The power of the sum of squares that divides the rate, 0 or less. Default: -0.5. */
  learningRatePower?: number;
  /** Where the sum of squares begins. Default: 0.1. */
  initialAccumulatorValue?: number;
  /** The weight of the sum of absolute values. Default: 0. */
  l1RegularizationStrength?: number;
  /** The weight of the sum of squares. Default: 0. */
  l2RegularizationStrength?: number;
  /** The weight of the squares in each gradient, and not in the whole. Default: 0. */
  l2ShrinkageRegularizationStrength?: number;
  /** Added to the L2 weight, over twice the rate. Default: 0. */
  beta?: number;
}

/**
 * Ftrl (follow the regularised leader; McMahan et al. 2013): the variable is the exact minimum of all gradients so far,
 * taken as straight lines, plus a growing quadratic and the L1 and L2 terms, so the learning rate is part of it. With
 * L1 it makes exact zeros. Without any regularisation it is Adagrad with a pull to 0 in the first step.
 */
export const followTheLeader = ({
  learningRate,
  learningRatePower: power = -0.5,
  initialAccumulatorValue = 0.1,
  l1RegularizationStrength: l1 = 0,
  l2RegularizationStrength = 0,
  l2ShrinkageRegularizationStrength: shrinkage = 0,
  beta = 0,
}: FtrlOptions = {}): Transform =>
  memory({
    learningRate,
    slots: { accumulator: initialAccumulatorValue, linear: 0 },
    update: (gradient, slots, { number, value }) => {
      const rate = number((step) => step.rate);
      const root = (n: typeof gradient): typeof gradient => (power === -0.5 ? n.sqrt() : n.pow(-power));
      const sum = slots.accumulator.add(gradient.square());
      const shrunk = shrinkage === 0 ? gradient : gradient.add(value.mul(2 * shrinkage));
      const growth = root(sum).sub(root(slots.accumulator)).div(rate);
      const linear = slots.linear.add(shrunk).sub(growth.mul(value));
      const twiceL2 = number((step) => 2 * l2RegularizationStrength + beta / step.rate);
      const quadratic = root(sum).div(rate).add(twiceL2);
      slots.accumulator.assign(sum);
      slots.linear.assign(linear);
      return value.sub(linear.clipByValue(-l1, l1).sub(linear).div(quadratic));
    },
  });
