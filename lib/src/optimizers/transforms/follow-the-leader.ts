import { memory, type Transform } from '../transform';

/** Ftrl's hyperparameters, named as in Keras; all but the first are 0 by default. */
export interface FtrlOptions {
  learningRatePower: number;
  initialAccumulatorValue: number;
  l1RegularizationStrength: number;
  l2RegularizationStrength: number;
  l2ShrinkageRegularizationStrength: number;
  beta: number;
}

/**
 * Ftrl (follow the regularised leader; McMahan et al. 2013): the variable is the exact minimum of all gradients so far,
 * taken as straight lines, plus a growing quadratic and the L1 and L2 terms, so the learning rate is part of it. With
 * L1 it makes exact zeros. Without any regularisation it is Adagrad with a pull to 0 in the first step.
 */
export const followTheLeader = (options: FtrlOptions): Transform =>
  memory({
    slots: { accumulator: options.initialAccumulatorValue, linear: 0 },
    update: (gradient, slots, { rate, value }) => {
      const { learningRatePower: power, l1RegularizationStrength: l1 } = options;
      const root = (n: typeof gradient): typeof gradient => (power === -0.5 ? n.sqrt() : n.pow(-power));
      const sum = slots.accumulator.add(gradient.square());
      const shrinkage = options.l2ShrinkageRegularizationStrength;
      const shrunk = shrinkage === 0 ? gradient : gradient.add(value.mul(2 * shrinkage));
      const growth = root(sum).sub(root(slots.accumulator)).div(rate);
      const linear = slots.linear.add(shrunk).sub(growth.mul(value));
      const l2 = options.l2RegularizationStrength + options.beta / (2 * rate);
      const quadratic = root(sum)
        .div(rate)
        .add(2 * l2);
      slots.accumulator.assign(sum);
      slots.linear.assign(linear);
      return value.sub(linear.clipByValue(-l1, l1).sub(linear).div(quadratic));
    },
  });
