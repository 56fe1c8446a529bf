// Numbers on the command line, for commander: what it says names the option.
import { InvalidArgumentError } from 'commander';
import { Random } from 'descent-lab';

/** Takes an integer in a range; one that a double cannot hold would be another number. */
export const integer = (least: number, most = Number.MAX_SAFE_INTEGER) => (text: string): number => {
  const value = Number(text);
  if (/^\s*[+-]?\d+\s*$/.test(text) && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`An integer ${range} is needed.`);
};

/** Takes a seed: a larger one than the generator has bits for would give another's numbers. */
export const seed = integer(0, Random.LARGEST_SEED);
