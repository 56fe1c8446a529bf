import type { DataFrame, Series } from 'nodejs-polars';
import { DescentError } from '../errors';
import { optional } from '../optional';
import { explainRefusal, findTable, withRowNames, type TableOptions } from './csv';
import { readBytes } from './files';
import { unpack } from './formats';

/** A table that was read. Columns and rows count from 0. */
export interface Frame {
  /** The columns' names, as they stand in the file. */
  names: string[];
  /** How many rows there are, blank ones among them. */
  rows: number;
  /** A row's cells; those of a CSV file are texts. */
  row: (index: number) => Cell[];
  /** A column's cells. */
  column: (index: number) => Series;
  /** The line of a CSV file that its header stands in, from 1. */
  headerLine?: number;
}

/** A cell of a table. */
export type Cell = string | number | boolean | null;

/** nodejs-polars, loaded at the first use. @throws DescentError where it is not installed */
export const polars = (): typeof import('nodejs-polars') =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  optional('nodejs-polars', 'reads tables', () => require('nodejs-polars') as typeof import('nodejs-polars'));

/** Loaded at the first use: hyparquet is for Parquet files alone. */
const headers = (): typeof import('./parquet-headers') =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require('./parquet-headers') as typeof import('./parquet-headers');

/**
 * Reads a CSV file (every cell as text) or a Parquet file, packed with gzip or not; which of them it is, its first
 * bytes tell.
 */
export function readFrame(path: string, options: TableOptions = {}): Frame {
  const bytes = unpack(path, readBytes(path));
  if (bytes.subarray(0, 4).toString('latin1') === 'PAR1') {
    try {
      headers().checkParquet(bytes);
      return frameOf(polars().readParquet(bytes));
    } catch (error) {
      throw notReadable(path, 'Parquet', error);
    }
  }
  return readCsv(path, bytes, options);
}

/** A table's rows, as objects. */
export const recordsOf = ({ names, rows, row }: Frame): Record<string, Cell>[] =>
  Array.from({ length: rows }, (_, i) => {
    const cells = row(i);
    return Object.fromEntries(names.map((name, c) => [name, cells[c]!]));
  });

/** Columns, plain or of a type, as a Parquet file. */
export const parquetOf = (columns: Series[] | { [name: string]: readonly number[] }): Buffer =>
  polars().DataFrame(columns).writeParquet();

/**
 * A frame of polars as a table. Such a frame is a proxy, whose columns come before its own properties: `frame.height`
 * is the column `height` where there is one. So its columns are taken from the proxy's keys, which are nothing else, and
 * called by other names before anything is asked of it; and no other file touches a frame.
 */
function frameOf(frame: DataFrame): Frame {
  const names = Reflect.ownKeys(frame) as string[];
  frame.columns = names.map((_, i) => `column_${i}`);
  return {
    names,
    rows: frame.height,
    row: (i) => frame.row(i) as Cell[],
    column: (i) => frame.getColumn(`column_${i}`),
  };
}

function readCsv(path: string, bytes: Buffer, options: TableOptions): Frame {
  const { body, separator, headerLine } = findTable(path, bytes, options);
  // Without a header, so that names may be empty or there twice; and polars cuts long rows in silence otherwise.
  const parse = (text: Buffer): Frame =>
    frameOf(
      polars().readCSV(text, { sep: separator, hasHeader: false, inferSchemaLength: 0, truncateRaggedLines: false }),
    );
  const { rows, row, column } = ((): Frame => {
    try {
      return parse(body);
    } catch (error) {
      if (error instanceof DescentError) throw error;
      const named = withRowNames(body, separator);
      if (!named) throw explainRefusal(path, body, separator, headerLine) ?? notReadable(path, 'CSV', error);
      try {
        return parse(named);
      } catch (refusal) {
        throw notReadable(path, 'CSV', refusal);
      }
    }
  })();

  return {
    names: row(0).map((name) => (name ?? '') as string),
    rows: rows - 1,
    headerLine,
    row: (i) => row(i + 1),
    column: (i) => column(i).slice(1, rows - 1),
  };
}

function notReadable(path: string, format: string, error: unknown): DescentError {
  if (error instanceof DescentError) return error;
  const reason = String((error as Error).message).trim();
  const known = /original error: ```([^`]*?)`*$/i.exec(reason)?.[1] ?? reason.split('\n', 1)[0];
  return new DescentError(`${path}: this is no readable ${format} file (${known?.trim().replace(/\s+/g, ' ')})`);
}
