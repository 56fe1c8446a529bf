import { DataType, type Value } from './data-type';

/** Cells of one type under a name. */
export interface Column {
  readonly name: string;
  readonly cells: readonly Value[];
  readonly dtype: DataType;
}

/** A cell as readers get it: as nodejs-polars does, 64 bits that have no sign as a bigint, those that have as a number. */
export function cellOf(value: Value, { variant }: DataType): Value {
  if (value !== null && variant === 'UInt64') return BigInt(value as number);
  return variant === 'Int64' && value !== null ? Number(value) : value;
}

type TypedArray = ArrayLike<number | bigint>;

/** The typed array for the cells of each type that has one. */
const ARRAYS: Record<string, { from: (cells: Iterable<never>) => TypedArray }> = {
  Int8: Int8Array,
  Int16: Int16Array,
  Int32: Int32Array,
  Int64: BigInt64Array,
  UInt8: Uint8Array,
  UInt16: Uint16Array,
  UInt32: Uint32Array,
  UInt64: BigUint64Array,
  Float32: Float32Array,
  Float64: Float64Array,
};

/** A column's cells as a typed array. */
export function typedArrayOf({ cells, dtype }: Column): TypedArray {
  if (cells.includes(null)) throw new Error('data contains nulls, unable to convert to TypedArray');
  const array = ARRAYS[dtype.variant];
  if (!array) throw new Error(`a column of the type ${dtype.variant} has no typed array`);
  return array.from((dtype.variant.endsWith('Int64') ? cells.map((cell) => BigInt(cell as number)) : cells) as never[]);
}

/** The type of a typed array's elements; undefined for what is none. */
export const elementTypeOf = (values: unknown): DataType | undefined =>
  ArrayBuffer.isView(values)
    ? DataType.named(
        values.constructor.name
          .replace(/Array$|Clamped/g, '')
          .replace('Uint', 'UInt')
          .replace('Big', ''),
      )
    : undefined;

/** Tells of a column that is not there. */
export const notFound = (name: string, names: readonly string[]): Error =>
  new Error(
    `not found: unable to find column "${name}"; valid columns: ${JSON.stringify(names).replaceAll('","', '", "')}`,
  );
