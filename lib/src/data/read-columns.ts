import { DescentError } from '../errors';
import type { TableOptions } from './csv';
import { readFrame, type Cell, type Frame } from './frame';
import { shorten, toNumbers, toTexts } from './numbers';

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
 * Reads columns of a CSV or Parquet file by name, through polars. A CSV file may have commas, tabs or semicolons, and
 * either may be packed with gzip. Rows in which one of the columns is missing are left out and reported; missing is
 * what pandas takes for it: an empty cell, `NA`, `NaN`, `null` and the like. Blank lines do not count as rows.
 *
 * @example
 * const table = readColumns('../data/height-weight.csv', { height: { column: 'Height', unit: 'in' } });
 * console.log(table.summary, table.columns.height.values.length); // => 150 rows, none left out 150
 *
 * @throws DescentError naming the file, and the column and row where there is one: no such file, no CSV, no such column,
 * text or infinity where a number belongs, no rows, only one row, a constant column.
 */
export function readColumns<const C extends Record<string, ColumnRequest>>(
  path: string,
  requests: C,
  options: TableOptions = {},
): Table<C> {
  const frame = readFrame(path, options);
  const entries = Object.entries<ColumnRequest>(requests);
  const cells = entries.map(([, request]) => {
    const column = frame.column(find(path, frame, request.column));
    return request.type === 'text' ? toTexts(column, options) : toNumbers(path, request.column, column, options);
  });

  const dropped: number[] = [];
  const kept: number[] = [];
  for (let i = 0; i < frame.rows; i++) {
    if (cells.every((column) => column[i] !== null)) kept.push(i);
    else if (!frame.row(i).every(isBlank)) dropped.push(i + 1);
  }

  const loose = entries.every(([, request]) => request.type === 'text' || request.constant);
  checkCount(path, kept.length, dropped.length, loose ? 1 : 2);
  const columns = Object.fromEntries(
    entries.map(([key, request], c) => {
      const values = kept.map((i) => cells[c]![i] as number | string);
      if (request.type !== 'text' && !request.constant) checkVaries(path, request.column, values);
      return [key, { name: request.column.trim(), unit: request.unit, values }];
    }),
  ) as unknown as Table<C>['columns'];
  return { path, rows: kept.length, dropped, columns, summary: summarise(kept.length, dropped) };
}

/** Whether nothing but spaces stands in a cell. */
const isBlank = (cell: Cell): boolean => cell === null || (typeof cell === 'string' && cell.trim() === '');

/** Which column is called so, spaces around it ignored. */
function find(path: string, frame: Frame, asked: string): number {
  const name = asked.trim(),
    names = frame.names.map((one) => one.trim());
  const at = names.indexOf(name);
  if (at !== names.lastIndexOf(name)) throw new DescentError(`${path}: two columns are called '${name}'; rename one`);
  if (at >= 0) return at;
  const there = names
    .slice(0, 30)
    .map((one) => `'${shorten(one)}'`)
    .join(', ');
  throw new DescentError(`${path}: there is no column '${name}'; there are: ${there}${whereIs(name, frame)}`);
}

/** Where a name stands that is no column's: below a title, or between separators that were not taken for such. */
function whereIs(name: string, { names, rows, row, headerLine }: Frame): string {
  if (headerLine === undefined) return '';
  for (let i = 0; i < Math.min(50, rows); i++) {
    if (!row(i).some((cell) => cell !== null && String(cell).trim() === name)) continue;
    return `; it stands in line ${headerLine + i + 1}: if that is the header, pass --skip-rows ${headerLine + i}`;
  }
  const separator = [';', '\t', '|', ' '].find((one) =>
    names.some((text) => text.split(one).some((piece) => piece.trim() === name)),
  );
  if (separator === undefined) return '';
  const separates = separator === ' ' ? 'spaces separate' : `'${separator}' separates`;
  return `; if ${separates} the columns, pass --separator '${separator}'`;
}

function checkCount(path: string, count: number, dropped: number, needed: number): void {
  if (count >= needed) return;
  const without = dropped > 0 ? ` (${dropped} left out: a value is missing)` : '';
  if (count === 0) throw new DescentError(`${path}: there are no rows${without}`);
  throw new DescentError(`${path}: there is only one row${without}; at least two are needed`);
}

function checkVaries(path: string, column: string, values: unknown[]): void {
  if (values.some((value) => value !== values[0])) return;
  throw new DescentError(
    `${path}: column '${column.trim()}' is constant: it is ${String(values[0])} in all ` + `${values.length} rows`,
  );
}

function summarise(rows: number, dropped: number[]): string {
  if (dropped.length === 0) return `${rows} rows, none left out`;
  const some = dropped.slice(0, 5).join(', ') + (dropped.length > 5 ? ', ...' : '');
  return `${rows} rows; ${dropped.length} left out because a value is missing (row ${some})`;
}
