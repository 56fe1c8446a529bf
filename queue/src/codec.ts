import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Numbers that JSON has no word for. */
const special = new Map(
  [NaN, Infinity, -Infinity, -0].map((value) => [Object.is(value, -0) ? '-0' : String(value), value]),
);

/** A result as text that travels: every number arrives with the bits that it had; trials shrink to a tenth. */
export function encode(result: unknown): string {
  const json = JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? { '#': Object.is(value, -0) ? '-0' : String(value) }
      : value,
  );
  return deflateRawSync(json).toString('base64');
}

/** The result that `encode` was given. @param limit the most bytes that it may unpack to */
export function decode(text: string, limit = 256e6): unknown {
  const json = inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: limit }).toString();
  return JSON.parse(json, (_, value: unknown) =>
    value !== null && typeof value === 'object' && '#' in value ? special.get(String(value['#'])) : value,
  );
}
