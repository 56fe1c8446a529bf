import { DataType, type Value } from './data-type';
import { cast, held } from './parse';

/** What a column comes to: one cell, and its type. */
interface Outcome {
  value: Value;
  dtype: DataType;
}

type Aggregate = (values: readonly Value[], dtype: DataType) => Outcome;

/** The numbers of a column, without those that are missing. A flag counts as 0 or 1. */
const numbersOf = (values: readonly Value[]): number[] =>
  values.filter((value) => value !== null && typeof value !== 'string').map(Number);

/** One that comes to a float; of texts, to nothing. */
const ofNumbers =
  (of: (numbers: number[]) => number | null): Aggregate =>
  (values, dtype) => ({
    value: of(numbersOf(values)),
    dtype: dtype.isNumeric || dtype.variant === 'Bool' ? floatFor(dtype) : dtype,
  });

const floatFor = (dtype: DataType): DataType => (dtype.variant === 'Float32' ? dtype : DataType.Float64);

/** The least of the cells by `order`, which compares two; NaN only where there is nothing else. */
const extreme =
  (order: (a: Value, b: Value) => number): Aggregate =>
  (values, dtype) => {
    const there = values.filter((value) => value !== null);
    const known = there.filter((value) => !Number.isNaN(value));
    if (known.length === 0) return { value: there[0] ?? null, dtype };
    return { value: known.reduce((best, value) => (order(value, best) < 0 ? value : best)), dtype };
  };

/** The order of cells of one type. Missing ones come first, NaN last. */
export function compare(a: Value, b: Value): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

const mean = (numbers: number[]): number | null =>
  numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

function variance(numbers: number[]): number | null {
  if (numbers.length < 2) return null;
  const middle = mean(numbers)!;
  return numbers.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (numbers.length - 1);
}

function median(numbers: number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = numbers.sort(compare);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2;
}

/** A sum or a product: of whole numbers exact, of flags the number that are true. */
const fold =
  (
    name: string,
    start: number,
    step: (a: number, b: number) => number,
    exact: (a: bigint, b: bigint) => bigint,
  ): Aggregate =>
  (values, dtype) => {
    if (dtype.variant === 'String') throw new Error(`\`${name}\` operation not supported for dtype \`str\``);
    if (dtype.isFloat) return { value: numbersOf(values).reduce(step, start), dtype };
    const type = dtype.variant === 'Bool' ? DataType.UInt32 : /8|16/.test(dtype.variant) ? DataType.Int64 : dtype;
    const whole = values.filter((value) => value !== null).map((value) => BigInt(value as number));
    const total = BigInt.asIntN(64, whole.reduce(exact, BigInt(start)));
    return { value: held(total, type), dtype: type };
  };

const count = (value: number): Outcome => ({ value, dtype: DataType.UInt32 });

/** How a column comes to one cell, by the names that frames, series and expressions share. */
export const aggregates = {
  count: (values) => count(values.filter((value) => value !== null).length),
  first: (values, dtype) => ({ value: values[0] ?? null, dtype }),
  last: (values, dtype) => ({ value: values.at(-1) ?? null, dtype }),
  max: extreme((a, b) => compare(b, a)),
  mean: ofNumbers(mean),
  median: ofNumbers(median),
  min: extreme(compare),
  nUnique: (values) => count(new Set(values).size),
  nullCount: (values) => count(values.filter((value) => value === null).length),
  product: fold(
    'product',
    1,
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  std: ofNumbers((numbers) => {
    const square = variance(numbers);
    return square === null ? null : Math.sqrt(square);
  }),
  sum: fold(
    'sum',
    0,
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  var: ofNumbers(variance),
} satisfies Record<string, Aggregate>;

/** The name of one of them. */
export type AggregateName = keyof typeof aggregates;

/** The cell that is nearest to a fraction of all that are there, from the least. */
export function quantile(values: readonly Value[], dtype: DataType, fraction: number): Value {
  const sorted = values.filter((value) => value !== null).sort(compare);
  return cast(sorted[Math.round(fraction * (sorted.length - 1))] ?? null, dtype, DataType.Float64);
}
