import { compare } from './aggregate';
import type { Column } from './column';
import { DataType, type Value } from './data-type';
import { held } from './parse';

type Whole = number | bigint;

/** Rounded to the lesser whole number, as polars divides whole numbers. */
const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);

/** What numbers come to: floats, and whole numbers exactly, null where there is no answer. */
const ARITHMETIC = {
  add: { float: (a: number, b: number) => a + b, whole: (a: bigint, b: bigint) => a + b },
  sub: { float: (a: number, b: number) => a - b, whole: (a: bigint, b: bigint) => a - b },
  mul: { float: (a: number, b: number) => a * b, whole: (a: bigint, b: bigint) => a * b },
  div: { float: (a: number, b: number) => a / b, whole: (a: bigint, b: bigint) => (b === 0n ? null : floorDiv(a, b)) },
  rem: {
    float: (a: number, b: number) => a - b * Math.floor(a / b),
    whole: (a: bigint, b: bigint) => (b === 0n ? null : a - b * floorDiv(a, b)),
  },
};

/** Whether two cells compare so, by their order: less than 0, 0 or more. */
const COMPARISONS = {
  eq: (order: number) => order === 0,
  neq: (order: number) => order !== 0,
  gt: (order: number) => order > 0,
  gtEq: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  ltEq: (order: number) => order <= 0,
};

/** Logic of three values: null is unknown. */
const LOGIC = {
  and: (a: Value, b: Value) => (a === false || b === false ? false : a === null || b === null ? null : true),
  or: (a: Value, b: Value) => (a === true || b === true ? true : a === null || b === null ? null : false),
};

/** The cells of two columns side by side; a column of one cell stands beside each of the other's. */
function pairs(a: Column, b: Column): [Value, Value][] {
  const height = a.cells.length === 1 ? b.cells.length : a.cells.length;
  if (b.cells.length !== 1 && b.cells.length !== height) {
    throw new Error(
      'cannot do arithmetic operation on series of different lengths: ' + `got ${a.cells.length} and ${b.cells.length}`,
    );
  }
  const at = ({ cells }: Column, i: number): Value => cells[cells.length === 1 ? 0 : i]!;
  return Array.from({ length: height }, (_, i) => [at(a, i), at(b, i)]);
}

const both =
  (work: (a: never, b: never) => Value) =>
  ([a, b]: [Value, Value]) =>
    a === null || b === null ? null : work(a as never, b as never);

/** One column calculated with another. Texts can only be added. */
export function calculate(name: keyof typeof ARITHMETIC, a: Column, b: Column): Column {
  const { float, whole } = ARITHMETIC[name];
  if (name === 'add' && a.dtype.variant === 'String' && b.dtype.variant === 'String') {
    return { name: a.name, cells: pairs(a, b).map(both((x: string, y: string) => x + y)), dtype: a.dtype };
  }
  if (!a.dtype.isNumeric || !b.dtype.isNumeric) {
    throw new Error(`${name} operation not supported for dtypes \`${a.dtype.short}\` and \`${b.dtype.short}\``);
  }
  if (a.dtype.isWhole && b.dtype.isWhole) {
    const dtype = a.dtype.equals(b.dtype) ? a.dtype : DataType.Int64;
    const exact = both((x: Whole, y: Whole) => {
      const value = whole(BigInt(x), BigInt(y));
      return value === null ? null : held(BigInt.asIntN(64, value), dtype);
    });
    return { name: a.name, cells: pairs(a, b).map(exact), dtype };
  }
  const single = a.dtype.variant === 'Float32' && b.dtype.variant === 'Float32';
  const cells = pairs(a, b).map(
    both((x: Whole, y: Whole) => (single ? Math.fround : Number)(float(Number(x), Number(y)))),
  );
  return { name: a.name, cells, dtype: single ? DataType.Float32 : DataType.Float64 };
}

/** Which cells of a column compare so with those of another. */
export function comparison(name: keyof typeof COMPARISONS, a: Column, b: Column): Column {
  if (a.dtype.isNumeric !== b.dtype.isNumeric || (!a.dtype.isNumeric && !a.dtype.equals(b.dtype))) {
    throw new Error(`cannot compare \`${a.dtype.short}\` with \`${b.dtype.short}\``);
  }
  const holds = both((x: never, y: never) => COMPARISONS[name](compare(x, y)));
  return { name: a.name, cells: pairs(a, b).map(holds), dtype: DataType.Bool };
}

/** Columns of flags combined. */
export function logic(name: keyof typeof LOGIC, a: Column, b: Column): Column {
  for (const { dtype } of [a, b]) {
    if (dtype.variant !== 'Bool') throw new Error(`\`${name}\` needs columns of flags, not of \`${dtype.short}\``);
  }
  return { name: a.name, cells: pairs(a, b).map(([x, y]) => LOGIC[name](x, y)), dtype: DataType.Bool };
}

/** The rows in order of some columns, the first that differs decides. Missing cells come first, or last. */
export function orderOf(columns: readonly Column[], descending: boolean, nullsLast = false): number[] {
  const height = columns[0]?.cells.length ?? 0;
  return Array.from({ length: height }, (_, i) => i).sort((i, j) => {
    for (const { cells } of columns) {
      const [a, b] = [cells[i]!, cells[j]!];
      const order = compare(a, b);
      if (order === 0) continue;
      if (a === null || b === null) return nullsLast ? -order : order;
      return descending ? -order : order;
    }
    return 0;
  });
}
