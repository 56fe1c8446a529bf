// What stands in for nodejs-polars in a page: the part of it that the library needs and that tables in cells use most.
// It reads, calculates and prints as nodejs-polars does; what it has not, it refuses by name.
import { readFileSync } from 'node:fs';
import { readCsv, type ReadCsvOptions } from './polars/csv';
import { DataType, type Value } from './polars/data-type';
import { cols as columnsOf, lit as valueOf } from './polars/expression';
import { concatOf, Frame, frameOf, frameOfRecords } from './polars/frame';
import { facing, inside } from './polars/held';
import { refuse } from './polars/missing';
import { readParquet as columnsOfParquet } from './polars/parquet';
import { Series as SeriesClass, seriesOf } from './polars/series';

export { DataType };

/** The types of cells. */
export const {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  UInt8,
  UInt16,
  UInt32,
  UInt64,
  Float32,
  Float64,
  String,
  Utf8,
  Date,
  Datetime,
} = DataType;

/** A table of columns by their names, of a list of columns or rows, or of records. */
export const DataFrame = Object.assign(facing(frameOf), {
  isDataFrame: (value: unknown): boolean => inside(value) instanceof Frame,
});

/** A column of values, with a name or without one, of the type that the first of them tells or of a given one. */
export const Series = Object.assign(
  facing((name: string | ArrayLike<unknown>, values?: ArrayLike<unknown>, dtype?: DataType) =>
    typeof name === 'string' ? seriesOf(name, values ?? [], dtype) : seriesOf('', name),
  ),
  { isSeries: (value: unknown): boolean => inside(value) instanceof SeriesClass },
);

/** Reads a CSV file: a text, bytes, or the path of a file whose name ends in .csv or .tsv. */
export const readCSV = facing(
  (pathOrBody: unknown, options?: ReadCsvOptions) => new Frame(readCsv(pathOrBody, options)),
);

/** Reads a Parquet file: bytes, or the path of a file. */
export const readParquet = facing((pathOrBody: string | Uint8Array) => {
  if (typeof pathOrBody !== 'string') return new Frame(columnsOfParquet(pathOrBody));
  const bytes = readFileSync(pathOrBody);
  try {
    return new Frame(columnsOfParquet(bytes));
  } catch (error) {
    throw new Error(`${pathOrBody}: ${(error as Error).message}`, { cause: error });
  }
});

/** A table of records. */
export const readRecords = facing(frameOfRecords);

/** Tables one below the other. */
export const concat = facing(concatOf);

/** The columns of a frame by their names, to be calculated with: `pl.col('x').gt(3)`. */
export const cols = facing(columnsOf);

/** One column of a frame; '*' is all of them. */
export const col = facing((name: string) => columnsOf(name));

/** All columns of a frame. */
export const all = facing(() => columnsOf('*'));

/** One value for all rows, to be calculated with. */
export const lit = facing((value: Value) => valueOf(value));

const names = {
  ...{ all, col, cols, concat, DataFrame, DataType, lit, readCSV, readParquet, readRecords, Series },
  ...{ Bool, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float32, Float64, String, Utf8, Date, Datetime },
};

export default new Proxy(names, {
  get(_, name) {
    if (typeof name === 'string' && !(name in names)) refuse('module', name, Object.keys(names));
    return Reflect.get(names, name) as unknown;
  },
});
