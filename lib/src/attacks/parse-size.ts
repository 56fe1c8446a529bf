import { DescentError } from '../errors';

/**
 * Reads a size as it is written on a command line: '0.01' or, since pixels come in 255 steps, '4/255'.
 * @param most the largest that makes sense: 1 for a change of a value, since pixels are from 0 to 1; none for a length
 */
export function parseSize(text: string, name = 'the size', most = Infinity): number {
  const [above = '', below = '1', ...rest] = text.split('/');
  const decimal = /^\s*\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i; // Number takes 0x1 too, and blanks for 0
  const size = rest.length === 0 && decimal.test(above) && decimal.test(below) ? Number(above) / Number(below) : NaN;
  if (!(size > 0 && Number.isFinite(size))) {
    throw new DescentError(`${name} must be a number above 0, such as 0.01 or 4/255, not '${text}'`);
  }
  if (size > most) {
    throw new DescentError(`${name} can be at most ${most}, since pixels are from 0 to 1, not '${text}'`);
  }
  return size;
}
