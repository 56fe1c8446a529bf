import type { DataFrame, Series } from 'nodejs-polars';
import { DescentError } from '../errors';
import { readFrame } from './frame';
import { toNumbers, toTexts } from './numbers';

/** Which column of a file to read: its name there, and how to read it. */
export interface ColumnRequest {
  /** The name in the file's header; spaces around it do not matter, here or there. */
  column: string;
  /** The unit of its values, for axis titles: `in`, `lb`. */
  unit?: string;
  /** Default: `number`. */
  type?: 'number' | 'text';
  /** Whether all values may be the same, which no line can be fitted to. Default: false for numbers. */
  constant?: boolean;
}

/** One column of a table, as plain values. */
export interface Column<T = number> {
  /** The column's name in the file. */
  name: string;
  /** Its unit, as the caller gave it. */
  unit?: string;
  /** One entry for each row that was kept. */
  values: T[];
}

/** What `readColumns` returns. */
export interface Table<C extends Record<string, ColumnRequest>> {
  /** The file. */
  path: string;
  /** The number of values in each column. */
  rows: number;
  /** The rows left out because one of the requested values is missing; row 1 is the first below the header. */
  dropped: number[];
  /** One sentence about rows and dropped rows. */
  summary: string;
  /** The columns, by the names that the caller gave them. */
  columns: { [K in keyof C]: Column<C[K] extends { type: 'text' } ? string : number> };
}

/**
 * Reads columns of a CSV or Parquet file by name, through polars. Rows in which one of them is missing are left out and
 * reported; blank lines do not count as rows.
 *
 * @example
 * const table = readColumns('../data/height-weight.csv', { height: { column: 'Height', unit: 'in' } });
 * console.log(table.summary, table.columns.height.values.length); // => 150 rows, none left out 150
 *
 * @throws DescentError naming the file, and the column and row where there is one: no such file, no CSV, no such column,
 * text or NaN or infinity where a number belongs, no rows, only one row, a constant column.
 */
export function readColumns<const C extends Record<string, ColumnRequest>>(path: string, requests: C): Table<C> {
  const frame = readFrame(path);
  const entries = Object.entries<ColumnRequest>(requests);
  const cells = entries.map(([, request]) => {
    const series = pick(path, frame, request.column);
    return request.type === 'text' ? toTexts(series) : toNumbers(path, series);
  });

  const dropped: number[] = [];
  const kept: number[] = [];
  for (let i = 0; i < frame.height; i++) {
    if (cells.every((column) => column[i] !== null)) kept.push(i);
    else if (!frame.row(i).every((cell) => cell === null)) dropped.push(i + 1);
  }

  const loose = entries.every(([, request]) => request.type === 'text' || request.constant);
  checkCount(path, kept.length, dropped.length, loose ? 1 : 2);
  const columns = Object.fromEntries(entries.map(([key, request], c) => {
    const values = kept.map((i) => cells[c]![i] as number | string);
    if (request.type !== 'text' && !request.constant) checkVaries(path, request.column, values);
    return [key, { name: request.column.trim(), unit: request.unit, values }];
  })) as unknown as Table<C>['columns'];
  return { path, rows: kept.length, dropped, columns, summary: summarise(kept.length, dropped) };
}

/** The column of that name, spaces around it ignored. */
function pick(path: string, frame: DataFrame, name: string): Series {
  const matches = frame.columns.filter((column) => column.trim() === name.trim());
  // polars renames a second 'Height' to 'Height_duplicated_0'
  if (matches.length > 1 || frame.columns.includes(`${matches[0]}_duplicated_0`)) {
    throw new DescentError(`${path}: two columns are called '${name.trim()}'; rename one`);
  }
  if (matches[0] === undefined) {
    const there = frame.columns.slice(0, 30).map((column) => `'${column.trim()}'`).join(', ');
    throw new DescentError(`${path}: there is no column '${name.trim()}'; there are: ${there}`);
  }
  return frame.getColumn(matches[0]);
}

function checkCount(path: string, count: number, dropped: number, needed: number): void {
  if (count >= needed) return;
  const without = dropped > 0 ? ` (${dropped} left out: a value is missing)` : '';
  if (count === 0) throw new DescentError(`${path}: there are no rows${without}`);
  throw new DescentError(`${path}: there is only one row${without}; at least two are needed`);
}

function checkVaries(path: string, column: string, values: unknown[]): void {
  if (values.some((value) => value !== values[0])) return;
  throw new DescentError(`${path}: column '${column.trim()}' is constant: it is ${String(values[0])} in all ` +
    `${values.length} rows`);
}

function summarise(rows: number, dropped: number[]): string {
  if (dropped.length === 0) return `${rows} rows, none left out`;
  const some = dropped.slice(0, 5).join(', ') + (dropped.length > 5 ? ', ...' : '');
  return `${rows} rows; ${dropped.length} left out because a value is missing (row ${some})`;
}
