import { extname } from 'node:path';
import type { DataType } from 'nodejs-polars';
import { writeFileAtomically } from '../../data/files';
import { polars, readFrame } from '../../data/frame';
import { DescentError } from '../../errors';
import type { Trial } from './trial';

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
  const frame = pl.DataFrame(columns.map((column) => {
    const values = rows.map((row) => row[column] ?? null);
    const known = values.find((value) => value !== null);
    return pl.Series(column, values, typeOf(pl, column, known));
  }));
  writeFileAtomically(path, extname(path) === '.csv' ? frame.writeCSV() : frame.writeParquet());
}

/** A column without a single value has no type of its own to be guessed: those that can be empty hold measurements. */
function typeOf(pl: ReturnType<typeof polars>, column: string, value: Row[string] | undefined): DataType {
  if (WHOLE.includes(column)) return pl.Int64;
  if (value === undefined || value === null || typeof value === 'number') return pl.Float64;
  return typeof value === 'boolean' ? pl.Bool : pl.Utf8;
}

/** What a part of an evaluation, made with --shard, says of itself in every row. */
export interface PartRow extends Trial { run: string; shard: number; shards: number }

const WHOLE = ['index', 'n', 'shard', 'shards'];
const NUMBERS = ['index', 'epsilon', 'linf', 'l2', 'psnr', 'shard', 'shards'];
const BOOLEANS = ['flipped', 'transfer'];
const TEXTS = ['photo', 'truth', 'label', 'attack', 'run'];

/** Reads a part that `--shard` wrote. @throws DescentError for a table that is none */
export function readPart(path: string): PartRow[] {
  const rows = readFrame(path).toRecords() as Record<string, string | number | boolean | null>[];
  const missing = [...NUMBERS, ...BOOLEANS, ...TEXTS].find((column) => !(column in (rows[0] ?? {})));
  if (missing !== undefined) {
    throw new DescentError(`${path}: this is no part of an evaluation (--shard writes them): it has no column ` +
      `'${missing}'`);
  }
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => {
    if (value === null || value === '') return [column, null];
    if (NUMBERS.includes(column)) return [column, Number(value)];
    return [column, BOOLEANS.includes(column) ? String(value) === 'true' : String(value)];
  })) as unknown as PartRow);
}
