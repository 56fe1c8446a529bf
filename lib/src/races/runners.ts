import { hyperparameters, optimizerNames, type OptimizerHyper, type OptimizerName } from '../optimizers';
import { makeOptimizer } from '../optimizers/create-optimizer';
import { type NamedOptimizer } from '../optimizers/load-optimizer';
import { DescentError } from '../errors';
import type { Runner } from './race';

/** What a command line says about all runners. */
export interface RunnerOptions {
  /** One learning rate for all. */
  learningRate?: number;
  /** `NAME.HYPER=VALUE` each; stronger than the common learning rate. */
  set?: readonly string[];
}

/**
 * Runners out of names and settings as on a command line.
 *
 * @param optimizers names, or what `loadOptimizer` has made of names and files
 * @throws DescentError for an unknown name or hyperparameter (it lists the known ones), a setting that is none, or two
 * optimisers of one name
 */
export function raceRunners(
  optimizers: readonly (string | NamedOptimizer)[],
  { learningRate, set = [] }: RunnerOptions = {},
): Runner[] {
  const byName = new Map<string, NamedOptimizer['optimizer']>();
  for (const each of optimizers) {
    const { name, optimizer } = typeof each === 'string' ? { name: each, optimizer: each as OptimizerName } : each;
    if ((byName.get(name) ?? optimizer) !== optimizer) {
      throw new DescentError(`two optimizers are called '${name}': give the file of one another name`);
    }
    byName.set(name, optimizer);
  }
  const names = [...byName.keys()];
  if (names.length === 0) throw new DescentError(`name at least one optimizer: ${optimizerNames.join(', ')}`);
  const settings = set.map(readSetting);
  const idle = settings.find(({ optimizer }) => !names.includes(optimizer));
  if (idle) {
    hyperparameters(idle.optimizer as OptimizerName); // an unknown name gets the list of all
    throw new DescentError(`'${idle.text}' sets an optimizer that does not run; running: ${names.join(', ')}`);
  }
  return [...byName].map(([name, optimizer]) => {
    const own = settings.filter(({ optimizer }) => optimizer === name).map(({ hyper, value }) => [hyper, value]);
    const hyper = {
      ...(learningRate !== undefined && { learningRate }),
      ...(Object.fromEntries(own) as OptimizerHyper),
    };
    makeOptimizer(optimizer, hyper).dispose(); // what is wrong with it is told before the race
    return { optimizer, hyper, ...(typeof optimizer === 'function' && { name }) };
  });
}

interface Setting {
  text: string;
  optimizer: string;
  hyper: string;
  value: number | boolean;
}

function readSetting(text: string): Setting {
  const [, optimizer, hyper, value] = /^\s*([\w-]+)\.(\w+)\s*=\s*(\S+)\s*$/.exec(text) ?? [];
  if (!optimizer || !hyper || !value) {
    throw new DescentError(`'${text}' is not NAME.HYPER=VALUE, such as adam.beta1=0.8`);
  }
  if (value === 'true' || value === 'false') return { text, optimizer, hyper, value: value === 'true' };
  if (Number.isFinite(Number(value))) return { text, optimizer, hyper, value: Number(value) };
  throw new DescentError(`'${text}': the value must be a number, true or false, not '${value}'`);
}
