import { DataType, type Value } from './data-type';

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NAMED = /^([+-]?)(?:(nan)|inf|infinity)$/i;
const WHOLE = /^[+-]?\d+$/;

/** The number that a text is, as polars reads it: spaces around it make it none. */
export function toFloat(text: string): number | null {
  if (FLOAT.test(text)) return Number(text);
  const named = NAMED.exec(text);
  if (!named) return null;
  return named[2] ? NaN : named[1] === '-' ? -Infinity : Infinity;
}

/** The whole number that a text is; null where it is none, or too large for its type. */
export const toWhole = (text: string, type: DataType): number | bigint | null =>
  WHOLE.test(text) ? held(BigInt(text.replace(/^\+/, '')), type) : null;

/** A whole number as it is kept; null where it is too large for its type. */
export function held(value: bigint, type: DataType): number | bigint | null {
  const [least, most] = type.range;
  if (value < least || value > most) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A cell of one type as one of another; null where it cannot be one. */
export function cast(value: Value, from: DataType, to: DataType): Value {
  if (value === null || from.equals(to)) return value;
  if (to.variant === 'String') return typeof value === 'number' && from.isFloat ? floatText(value) : String(value);
  if (typeof value === 'string')
    return to.isFloat ? rounded(toFloat(value), to) : to.isWhole ? toWhole(value, to) : null;
  if (value instanceof Date) return to.variant === 'Datetime' ? value : null;
  if (to.variant === 'Bool') return Boolean(value);
  if (to.isFloat) return rounded(Number(value), to);
  if (!to.isWhole) return null;
  const whole = typeof value === 'number' ? Math.trunc(value) : value;
  return typeof whole === 'number' && !Number.isFinite(whole) ? null : held(BigInt(whole), to);
}

/** A number as a column of its type holds it. */
const rounded = (value: number | null, type: DataType): number | null =>
  value !== null && type.variant === 'Float32' ? Math.fround(value) : value;

/** A float as polars writes it to a file: the fewest digits that tell it from all others, and a point. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value !== 0 && (power < -5 || power > 15)) return `${digits}e${power < 0 ? '' : '+'}${power}`;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
