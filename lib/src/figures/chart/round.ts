import type { Json } from './figure';

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** One number to so many significant digits. */
export function roundNumber(value: number, digits = 4): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}

/**
 * A copy with every number rounded to `digits` significant digits, typed arrays made plain: what goes into a figure,
 * so that its JSON is small, the same on every machine, and an array where Plotly expects one.
 */
export function round<T extends Json | Numbers>(value: T, digits?: number): T extends Numbers ? number[] : T;
export function round(value: Json | Numbers, digits = 4): Json {
  if (typeof value === 'number') return roundNumber(value, digits);
  if (Array.isArray(value)) return value.map((item) => round(item, digits));
  if (ArrayBuffer.isView(value)) return Array.from(value, (item) => roundNumber(item, digits));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, round(item as Json, digits)]),
    );
  }
  return value;
}
