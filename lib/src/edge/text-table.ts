import { roundNumber } from '../figures';

/** Rows as text in columns: the keys of the first row above, numbers to four digits, nothing for undefined. */
export function textTable(rows: readonly Record<string, string | number | undefined>[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const text = (cell: string | number | undefined): string =>
    cell === undefined ? '' : typeof cell === 'number' ? String(roundNumber(cell)) : cell;
  const table = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))];
  const widths = columns.map((_, i) => Math.max(...table.map((cells) => cells[i]!.length)));
  return table
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
