import { DescentError } from '../errors';

/** A part of an evaluation: the `index`-th of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** Reads a part written as `2/8`. @throws DescentError for anything else */
export function parseShard(text: string): Shard {
  const [index, count] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number) as [number?, number?];
  if (!index || !count || index > count || !Number.isSafeInteger(count))
    throw new DescentError(`--shard takes a part such as 2/8, from 1/8 to 8/8, not '${text}'`);
  return { index, count };
}
