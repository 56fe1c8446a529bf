import { extname } from 'node:path';
import type { DataType } from 'nodejs-polars';
import { writeFileAtomically } from '../data/files';
import { parquetOf, polars } from '../data/frame';
import { csvOf } from '../data/write-csv';
import { DescentError } from '../errors';
import { SEAL_COLUMN, sealTable } from './sealed-table';

/** A row of a table: every row has the same columns. */
type Row = Record<string, string | number | boolean | null>;

/** Refuses a table that could not be written. @throws DescentError for a file name that ends in neither .parquet nor .csv */
export function checkTableName(path: string): void {
  if (!['.parquet', '.csv'].includes(extname(path)))
    throw new DescentError(`${path}: the table's name must end in .parquet or .csv`);
}

/**
 * Writes a table as Parquet or CSV, whichever the name says; the file is there whole or not at all.
 * @param sealed whether its sha256 stands in it, so that whoever reads it can tell damage
 */
export function writeTable(path: string, rows: readonly Row[], sealed = false): void {
  checkTableName(path);
  const columns = Object.keys(rows[0] ?? {});
  if (extname(path) === '.csv') {
    const cells = rows.map((row) => columns.map((column) => measured(column, row[column])));
    const csv = csvOf(
      [...columns, ...(sealed ? [SEAL_COLUMN] : [])],
      sealed ? cells.map((row) => [...row, '']) : cells,
    );
    return writeFileAtomically(path, sealed ? sealTable(Buffer.from(csv)) : csv);
  }
  const pl = polars();
  const table = parquetOf(
    columns.map((column) => {
      const values = rows.map((row) => row[column] ?? null);
      const known = values.find((value) => value !== null);
      return pl.Series(column, values, typeOf(pl, column, known));
    }),
  );
  writeFileAtomically(path, sealed ? sealTable(table) : table);
}

const WHOLE = ['index', 'n', 'shard', 'shards', 'rows'];

/** A measurement that comes out whole shows that it is one: 1.0. */
const measured = (column: string, value: Row[string] | undefined): Row[string] | undefined =>
  typeof value === 'number' && !WHOLE.includes(column) && Number.isInteger(value) ? value.toFixed(1) : value;

/** A column without a single value has no type of its own to be guessed: those that can be empty hold measurements. */
function typeOf(pl: ReturnType<typeof polars>, column: string, value: Row[string] | undefined): DataType {
  if (WHOLE.includes(column)) return pl.Int64;
  if (value === undefined || value === null || typeof value === 'number') return pl.Float64;
  return typeof value === 'boolean' ? pl.Bool : pl.Utf8;
}
