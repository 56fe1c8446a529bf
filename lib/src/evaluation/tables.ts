import { extname } from 'node:path';
import type { DataType } from 'nodejs-polars';
import { readBytes, writeFileAtomically } from '../data/files';
import { parquetOf, polars } from '../data/frame';
import { atLeast, between, optional, orNone, whole, type Kinds } from '../data/kinds';
import { readRows } from '../data/read-rows';
import { isSealed, SEAL, seal } from '../data/seal';
import { csvOf } from '../data/write-csv';
import { DescentError } from '../errors';
import { attackKind } from './attack-spec';
import type { EvaluationRow } from './tally';

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

const WHOLE = ['index', 'n', 'tried', 'shard', 'shards', 'rows'];

/** A measurement that comes out whole shows that it is one: 1.0. */
const measured = (column: string, value: Row[string] | undefined): Row[string] | undefined =>
  typeof value === 'number' && !WHOLE.includes(column) && Number.isInteger(value) ? value.toFixed(1) : value;

/** A column without a single value has no type of its own to be guessed: those that can be empty hold measurements. */
function typeOf(pl: ReturnType<typeof polars>, column: string, value: Row[string] | undefined): DataType {
  if (WHOLE.includes(column)) return pl.Int64;
  if (value === undefined || value === null || typeof value === 'number') return pl.Float64;
  return typeof value === 'boolean' ? pl.Bool : pl.Utf8;
}

/** The column of a CSV file that the seal stands in; a Parquet file needs none. */
const SEAL_COLUMN = 'sha256';

/**
 * A table with the sha256 of its other bytes in it, so that it is still a table to everybody: in a CSV file that ends with
 * an empty column, the last cell; in a Parquet file the bytes before the footer, which no column points to.
 */
function sealTable(table: Buffer): Buffer {
  const at = endOfData(table);
  const bytes = Buffer.concat([table.subarray(0, at), Buffer.alloc(SEAL), table.subarray(at)]);
  seal(bytes, at);
  return bytes;
}

/** Whether a table is as it was sealed. @throws DescentError when it cannot be read */
export function isSealedTable(path: string): boolean {
  const table = readBytes(path);
  return isSealed(table, endOfData(table) - SEAL);
}

function endOfData(table: Buffer): number {
  const isParquet = table.length >= 12 && table.toString('latin1', 0, 4) === 'PAR1';
  return table.length - (isParquet ? 8 + table.readUInt32LE(table.length - 8) : 1); // behind the footer stand its length and PAR1
}

const rate = between(0, 1);
const COLUMNS: Kinds<EvaluationRow> = {
  attack: attackKind,
  epsilon: rate,
  n: whole(0),
  accuracy: rate,
  success: orNone(rate),
  low: rate,
  high: rate,
  linf: orNone(rate),
  l2: orNone(atLeast(0)),
  psnr: orNone(atLeast(0)),
  transfer: orNone(rate),
  tried: optional(whole(0)),
};

/**
 * Reads the table that `npm run evaluate` wrote: a row an attack and size.
 *
 * @throws DescentError for a file that is no such table, naming the row and column that are wrong
 */
export const readEvaluation = (path: string): EvaluationRow[] =>
  readRows(path, { what: 'table of npm run evaluate', columns: COLUMNS, remedy: 'make the table anew' });
