import { readFrame, recordsOf } from '../../data/frame';
import { writeFileAtomically } from '../../data/files';
import { csvOf, unguarded } from '../../data/write-csv';

/** A table's cell. Undefined is an empty one. */
export type Cell = string | number | undefined;

/** Writes rows as CSV, numbers to six digits. */
export function writeTable<C extends string>(path: string, columns: readonly C[], rows: Record<C, Cell>[]): void {
  const short = (cell: Cell): Cell => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell);
  writeFileAtomically(
    path,
    csvOf(
      columns,
      rows.map((row) => columns.map((column) => short(row[column]))),
    ),
  );
}

/** Reads what `writeTable` wrote: numbers as numbers, empty cells as undefined. */
export function readTable(path: string): Record<string, Cell>[] {
  const rows = recordsOf(readFrame(path)) as Record<string, string | null>[];
  const cell = (text: string | null): Cell => {
    if (text === null || text === '') return undefined;
    const value = Number(text);
    return Number.isNaN(value) ? unguarded(text) : value;
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, text]) => [column, cell(text)])));
}
