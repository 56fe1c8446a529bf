// Numbers on the command line, for commander: what it says names the option.
import { InvalidArgumentError } from 'commander';
import { Random } from 'descent-lab';

/** Takes an integer in a range, which is one that memory and timers can bear. */
export const integer =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\s*[+-]?\d+\s*$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`An integer from ${least} to ${most} is needed.`);
  };

/** Takes a number above 0. */
export const positive =
  (most = Number.MAX_VALUE) =>
  (text: string): number => {
    const value = Number(text);
    if (value > 0 && value <= most) return value;
    throw new InvalidArgumentError(
      `A positive number${most < Number.MAX_VALUE ? ` of at most ${most}` : ''} is needed.`,
    );
  };

/** The longest time that an option may name, in seconds: a week, which timers can count in milliseconds. */
export const LONGEST = 604_800;

/** Takes a seed: a larger one than the generator has bits for would give another's numbers. */
export const seed = integer(0, Random.LARGEST_SEED);
