import { extname } from 'node:path';
import type { DataType } from 'nodejs-polars';
import { writeFileAtomically } from '../../data/files';
import { frameBytes, polars } from '../../data/frame';
import { DescentError } from '../../errors';

/** A row of a table: every row has the same columns. */
type Row = Record<string, string | number | boolean | null>;

/** Refuses a table that could not be written. @throws DescentError for a file name that ends in neither .parquet nor .csv */
export function checkTableName(path: string): void {
  if (!['.parquet', '.csv'].includes(extname(path))) throw new DescentError(
    `${path}: the table's name must end in .parquet or .csv`);
}

/** Writes a table as Parquet or CSV, whichever the name says; the file is there whole or not at all. */
export function writeTable(path: string, rows: readonly Row[]): void {
  checkTableName(path);
  const pl = polars();
  const columns = Object.keys(rows[0] ?? {});
  const series = columns.map((column) => {
    const values = rows.map((row) => row[column] ?? null);
    const known = values.find((value) => value !== null);
    return pl.Series(column, values, typeOf(pl, column, known));
  });
  writeFileAtomically(path, frameBytes(series, extname(path) === '.csv' ? 'csv' : 'parquet'));
}

const WHOLE = ['index', 'n', 'shard', 'shards', 'rows'];

/** A column without a single value has no type of its own to be guessed: those that can be empty hold measurements. */
function typeOf(pl: ReturnType<typeof polars>, column: string, value: Row[string] | undefined): DataType {
  if (WHOLE.includes(column)) return pl.Int64;
  if (value === undefined || value === null || typeof value === 'number') return pl.Float64;
  return typeof value === 'boolean' ? pl.Bool : pl.Utf8;
}
