import { inspect } from 'node:util';
import { DescentError } from '../errors';

/** What may be set on every optimiser. */
const COMMON = ['learningRate', 'weightDecay', 'clipvalue', 'clipnorm', 'globalClipnorm'];

/** Ranges of the hyperparameters, beyond being a finite number: what lies outside makes no step, or NaN. */
const ranges: { [name: string]: [holds: (value: number) => boolean, sentence: string] } = {
  learningRate: [(value) => value > 0, 'above 0'],
  momentum: [(value) => value >= 0 && value <= 1, 'from 0 to 1'],
  rho: [(value) => value >= 0 && value < 1, 'from 0 to below 1'],
  beta1: [(value) => value >= 0 && value < 1, 'from 0 to below 1'],
  beta2: [(value) => value >= 0 && value < 1, 'from 0 to below 1'],
  learningRatePower: [(value) => value <= 0, '0 or less'],
};
const atLeastZero: [(value: number) => boolean, string] = [(value) => value >= 0, '0 or more'];

/** Throws an error that names the first hyperparameter that the optimiser does not have or that is out of range. */
export function checkHyper(optimizer: string, defaults: Record<string, unknown>, hyper: Record<string, unknown>): void {
  const known = [...new Set([...Object.keys(defaults), ...COMMON])];
  for (const [name, value] of Object.entries(hyper)) {
    if (!known.includes(name)) {
      throw new DescentError(`${optimizer} has no hyperparameter '${name}'; it has: ${known.join(', ')}`);
    }
    if (value === undefined) continue;
    if (name === 'learningRate' && typeof value === 'function') continue;
    if (typeof defaults[name] === 'boolean') {
      if (typeof value === 'boolean') continue;
      throw new DescentError(`${optimizer}.${name} must be true or false, not ${inspect(value)}`);
    }
    const [holds, sentence] = ranges[name] ?? atLeastZero;
    if (typeof value !== 'number' || !Number.isFinite(value) || !holds(value)) {
      throw new DescentError(`${optimizer}.${name} must be a number ${sentence}, not ${inspect(value)}`);
    }
  }
}
