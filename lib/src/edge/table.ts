import { roundNumber } from '../figures/chart/round';
import { escapeHtml } from './html';

/** A row of a table: the cells by the names of their columns. Undefined is an empty one. */
export type TableRow = Record<string, string | number | undefined>;

/** The columns are those of the first row; numbers are rounded to four digits. */
function cellsOf(rows: readonly TableRow[]): { columns: string[]; cells: string[][] } {
  const columns = Object.keys(rows[0] ?? {});
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

/** Rows as a table of HTML: the first column names its row, numbers end where those above them do. */
export function htmlTable(rows: readonly TableRow[]): string {
  const { columns, cells } = cellsOf(rows);
  const right = (i: number): string =>
    rows.some((row) => typeof row[columns[i]!] === 'number') ? ' align="right"' : '';
  const head = columns.map((column, i) => `<th scope="col"${right(i)}>${escapeHtml(column.trim())}</th>`);
  const body = cells.map((line) =>
    line.map((cell, i) =>
      i === 0 ? `<th scope="row"${right(i)}>${escapeHtml(cell)}</th>` : `<td${right(i)}>${escapeHtml(cell)}</td>`,
    ),
  );
  const row = (line: string[]): string => `<tr>${line.join('')}</tr>`;
  return `<table>\n<thead>${row(head)}</thead>\n<tbody>\n${body.map(row).join('\n')}\n</tbody>\n</table>`;
}
