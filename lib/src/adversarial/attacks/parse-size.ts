import { DescentError } from '../../errors';

/** Reads a size as it is written on a command line: '0.01' or, since pixels come in 255 steps, '4/255'. */
export function parseSize(text: string, name = 'the size'): number {
  const [above = '', below = '1', ...rest] = text.split('/');
  const size = rest.length > 0 || above.trim() === '' || below.trim() === '' ? NaN : Number(above) / Number(below);
  if (!(size > 0 && Number.isFinite(size))) {
    throw new DescentError(`${name} must be a number above 0, such as 0.01 or 4/255, not '${text}'`);
  }
  return size;
}
