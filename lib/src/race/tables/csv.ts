import { readFrame, recordsOf } from '../../data/frame';
import { writeFileAtomically } from '../../data/files';

/** A table's cell. Undefined is an empty one. */
export type Cell = string | number | undefined;

/** Writes rows as CSV, numbers to six digits. */
export function writeTable<C extends string>(path: string, columns: readonly C[], rows: Record<C, Cell>[]): void {
  const text = (cell: Cell): string => typeof cell === 'number' ? String(Number(cell.toPrecision(6))) : cell ?? '';
  const lines = rows.map((row) => columns.map((column) => text(row[column])).join(','));
  writeFileAtomically(path, [columns.join(','), ...lines, ''].join('\n'));
}

/** Reads what `writeTable` wrote: numbers as numbers, empty cells as undefined. */
export function readTable(path: string): Record<string, Cell>[] {
  const rows = recordsOf(readFrame(path)) as Record<string, string | null>[];
  const cell = (text: string | null): Cell => {
    if (text === null || text === '') return undefined;
    const value = Number(text);
    return Number.isNaN(value) ? text : value;
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, text]) => [column, cell(text)])));
}
