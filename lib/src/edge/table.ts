import { DescentError } from '../errors';
import { roundNumber } from '../figures/chart/round';
import { escapeHtml } from './html';

/** A row of a table: the cells by the names of their columns. Undefined is an empty one. */
export type TableRow = Record<string, string | number | undefined>;

/** The columns are those of the first row; numbers are rounded to four digits. */
function cellsOf(rows: readonly TableRow[]): { columns: string[]; cells: string[][] } {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) throw new DescentError('a table needs at least one row with one column');
  const text = (cell: TableRow[string]): string => String(typeof cell === 'number' ? roundNumber(cell) : (cell ?? ''));
  return { columns, cells: rows.map((row) => columns.map((column) => text(row[column]))) };
}

/** Rows as lines of text, the columns one below the other. */
export function textTable(rows: readonly TableRow[]): string {
  const { columns, cells } = cellsOf(rows);
  const lines = [columns, ...cells];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Rows as a table of HTML: the first column names its row. */
export function htmlTable(rows: readonly TableRow[]): string {
  const { columns, cells } = cellsOf(rows);
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column.trim())}</th>`);
  const body = cells.map(([name, ...rest]) => [
    `<th scope="row">${escapeHtml(name!)}</th>`,
    ...rest.map((cell) => `<td>${escapeHtml(cell)}</td>`),
  ]);
  const row = (line: string[]): string => `<tr>${line.join('')}</tr>`;
  return `<table>\n<thead>${row(head)}</thead>\n<tbody>\n${body.map(row).join('\n')}\n</tbody>\n</table>`;
}
