import { optimizerNames, type OptimizerHyper, type OptimizerName } from '../optimizers';
import type { objectives } from './objectives';
import type { Runner } from './race';

type Ground = keyof typeof objectives;

/**
 * Learning rates at which each optimiser gets where it can within some hundred steps, one row for each ground: near the
 * best of the landscape (notebook 04), but with a margin to where the run becomes wild.
 */
const RATES: Record<Ground, Record<OptimizerName, number>> = {
  beale: {
    sgd: 0.02,
    momentum: 0.002,
    nesterov: 0.002,
    adagrad: 1,
    adadelta: 1,
    rmsprop: 0.03,
    adam: 0.3,
    amsgrad: 0.3,
    adamax: 0.5,
    nadam: 0.3,
    adamw: 0.3,
    lion: 0.03,
    ftrl: 1,
  },
  saddle: {
    sgd: 0.1,
    momentum: 0.03,
    nesterov: 0.03,
    adagrad: 0.3,
    adadelta: 1,
    rmsprop: 0.03,
    adam: 0.1,
    amsgrad: 0.1,
    adamax: 0.1,
    nadam: 0.1,
    adamw: 0.1,
    lion: 0.03,
    ftrl: 0.3,
  },
  rosenbrock: {
    sgd: 0.003,
    momentum: 0.002,
    nesterov: 0.001,
    adagrad: 1,
    adadelta: 1,
    rmsprop: 0.03,
    adam: 0.3,
    amsgrad: 0.3,
    adamax: 0.5,
    nadam: 0.3,
    adamw: 0.3,
    lion: 0.02,
    ftrl: 1,
  },
  ravine: {
    sgd: 0.03,
    momentum: 0.01,
    nesterov: 0.01,
    adagrad: 0.5,
    adadelta: 1,
    rmsprop: 0.05,
    adam: 0.1,
    amsgrad: 0.1,
    adamax: 0.3,
    nadam: 0.2,
    adamw: 0.2,
    lion: 0.05,
    ftrl: 0.5,
  },
};

/** Adadelta's first steps are about the root of epsilon long: at Keras' 1e-7 it takes hundreds to get going. */
const ADADELTA_EPSILON = 1e-3;

/** An optimiser at a rate, with Keras' defaults but for adadelta's epsilon, which is 1e-3. */
export function atRate(optimizer: OptimizerName, learningRate: number): Runner<OptimizerName> {
  const hyper: OptimizerHyper = { learningRate };
  const patient = { ...hyper, epsilon: ADADELTA_EPSILON };
  return { optimizer, hyper: optimizer === 'adadelta' ? patient : hyper };
}

/** Optimisers with hyperparameters that suit one of the library's grounds. Default: all optimisers. */
export function suitableRunners(
  ground: Ground,
  optimizers: readonly OptimizerName[] = optimizerNames,
): Runner<OptimizerName>[] {
  return optimizers.map((optimizer) => atRate(optimizer, RATES[ground][optimizer]));
}
