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

/** Takes two finite numbers with a comma between, such as the example. */
export const pair =
  (example: string, inOrder = false) =>
  (text: string): [number, number] => {
    const [first, second, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
    const both = rest.length === 0 && Number.isFinite(first) && Number.isFinite(second);
    if (both && !(inOrder && first! >= second!)) return [first!, second!];
    throw new InvalidArgumentError(`Two numbers are needed${inOrder ? ', the smaller first' : ''}: ${example}.`);
  };

/** A part of 1 as a reader is told it. */
export const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

/** The longest time that an option may name, in seconds: a week, which timers can count in milliseconds. */
export const LONGEST = 604_800;

/** Takes a seed: a larger one than the generator has bits for would give another's numbers. */
export const seed = integer(0, Random.LARGEST_SEED);
