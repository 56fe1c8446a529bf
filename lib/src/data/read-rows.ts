import { DescentError } from '../errors';
import { readFrame } from './frame';
import { checkFields, entriesOf, type Kind, type Kinds } from './kinds';
import { unguarded } from './write-csv';

/** The table that is wanted. */
export interface RowsOf<T> {
  /** What it is, as a message says it: `history of a training`. */
  what: string;
  /** Its columns; those beyond are left out, and one whose kind is `optional` may be missing. */
  columns: Kinds<T>;
  /** What to do about a cell that is wrong. */
  remedy: string;
}

/**
 * Reads a table of this project's own from a CSV or Parquet file, every cell checked.
 * @throws DescentError naming the file, and the column and row where there is one
 */
export function readRows<T extends object>(path: string, { what, columns, remedy }: RowsOf<T>): T[] {
  const { names, column, headerLine } = readFrame(path);
  const isCsv = headerLine !== undefined;
  const cells = entriesOf(columns).flatMap(([name, kind]) => {
    if (!names.includes(name)) {
      if (kind.holds(undefined)) return [];
      throw new DescentError(`${path}: this is no ${what}: it has no column '${name}'`);
    }
    const own = column(names.indexOf(name)).toArray() as unknown[];
    return [[name, Array.from(own, (cell) => valueOf(cell, kind, isCsv))] as const];
  });
  const height = cells[0]?.[1].length ?? 0;
  if (height === 0) throw new DescentError(`${path}: this is no ${what}: it has no rows`);
  return Array.from({ length: height }, (_, i) =>
    checkFields(
      Object.fromEntries(cells.map(([name, own]) => [name, own[i] ?? null])),
      columns,
      cellError(path, i, remedy),
    ),
  );
}

/** Tells of a cell in the row with the index `i`. */
export const cellError =
  (path: string, i: number, remedy: string) =>
  (column: string, problem: string): DescentError =>
    new DescentError(
      `${path}: column '${column}', row ${i + 1}, ${problem} (row 1 is the first below the header): ${remedy}`,
    );

/** CSV has only texts, and an apostrophe before those that a spreadsheet would run. */
function valueOf(cell: unknown, kind: Kind<unknown>, isCsv: boolean): unknown {
  if (cell === null || cell === undefined || cell === '') return null;
  return typeof cell === 'string' ? kind.fromText(isCsv ? unguarded(cell) : cell) : cell;
}
