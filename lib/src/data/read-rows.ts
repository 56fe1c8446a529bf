import type { Series } from 'nodejs-polars';
import { DescentError } from '../errors';
import { readFrame } from './frame';
import { checkFields, entriesOf, type Kind, type Kinds } from './kinds';

/** The table that is wanted. */
export interface RowsOf<T> {
  /** What it is, as a message says it: `history of a training`. */
  what: string;
  /** Its columns; those beyond are left out. */
  columns: Kinds<T>;
  /** What to do about a cell that is wrong. */
  remedy: string;
}

/**
 * Reads a table of this project's own from a CSV or Parquet file, every cell checked.
 * @throws DescentError naming the file, and the column and row where there is one
 */
export function readRows<T extends object>(path: string, { what, columns, remedy }: RowsOf<T>): T[] {
  // polars gives out a column before a property of its own of that name, so nothing else is asked of the frame
  const frame = readFrame(path, { guarded: true }) as unknown as Record<string, Series>;
  const there = Reflect.ownKeys(frame);
  const cells = entriesOf(columns).map(([name, kind]) => {
    if (!there.includes(name)) throw new DescentError(`${path}: this is no ${what}: it has no column '${name}'`);
    return [name, Array.from(frame[name]!.toArray(), (cell: unknown) => valueOf(cell, kind))] as const;
  });
  const height = cells[0]?.[1].length ?? 0;
  if (height === 0) throw new DescentError(`${path}: this is no ${what}: it has no rows`);
  return Array.from({ length: height }, (_, i) =>
    checkFields(Object.fromEntries(cells.map(([name, own]) => [name, own[i]])), columns, cellError(path, i, remedy)));
}

/** Tells of a cell in the row with the index `i`. */
export const cellError = (path: string, i: number, remedy: string) => (column: string, problem: string): DescentError =>
  new DescentError(`${path}: column '${column}', row ${i + 1}, ${problem} (row 1 is the first below the header): ${remedy}`);

/** CSV has only texts. */
function valueOf(cell: unknown, kind: Kind<unknown>): unknown {
  if (cell === null || cell === undefined || cell === '') return null;
  return typeof cell === 'string' ? kind.fromText(cell) : cell;
}
