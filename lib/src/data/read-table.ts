import { readFrame, recordsOf } from './frame';
import { unguarded } from './write-csv';

/** A table's cell. Undefined is an empty one. */
export type Cell = string | number | undefined;

/** Reads a CSV file: numbers as numbers, empty cells as undefined. */
export function readTable(path: string): Record<string, Cell>[] {
  const rows = recordsOf(readFrame(path)) as Record<string, string | null>[];
  const cell = (text: string | null): Cell => {
    if (text === null || text === '') return undefined;
    const value = Number(text);
    return Number.isNaN(value) ? unguarded(text) : value;
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, text]) => [column, cell(text)])));
}
