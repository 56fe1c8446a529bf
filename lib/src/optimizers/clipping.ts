import { DescentError } from '../errors';
import type { Transform } from './transform';
import { clipByGlobalNorm, clipByNorm, clipByValue } from './transforms/clip';

/** How gradients are kept from being too large: at most one of Keras' three ways. */
export interface Clipping {
  /** Every element is kept between -clipvalue and clipvalue. */
  clipvalue?: number;
  /** Each gradient whose Euclidean norm is larger than this is scaled down to it. */
  clipnorm?: number;
  /** All gradients are scaled down together when their common norm is larger than this: the direction stays. */
  globalClipnorm?: number;
}

const WAYS = { clipvalue: clipByValue, clipnorm: clipByNorm, globalClipnorm: clipByGlobalNorm };

/** The clipping that the options ask for: the first link of a chain, or none. */
export function clipping(options: Clipping): Transform[] {
  const asked = (Object.keys(WAYS) as (keyof Clipping)[]).filter((name) => options[name] !== undefined);
  for (const name of asked) {
    if (!(options[name]! > 0)) throw new DescentError(`${name} must be a number above 0, not ${options[name]}`);
  }
  if (asked.length > 1) throw new DescentError(`set only one of ${asked.join(' and ')}`);
  return asked.map((name) => WAYS[name](options[name]!));
}
