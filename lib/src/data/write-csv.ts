/** A table's cell; null and undefined are empty. */
export type CsvCell = string | number | boolean | null | undefined;

/** What a spreadsheet takes for a formula, and what it may drop in front of one. A number is none. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Whether a text is one, or would be without the apostrophes before it. */
const isFormula = (text: string): boolean => FORMULA.test(text.replace(/^'+/, ''));

/** A text with an apostrophe before it where a spreadsheet would run it: that makes it a text there. */
const guarded = (text: string): string => (isFormula(text) && !NUMBER.test(text) ? `'${text}` : text);

/** The text that was guarded. */
export const unguarded = (text: string): string => (text.startsWith("'") && isFormula(text) ? text.slice(1) : text);

function csvCell(cell: CsvCell): string {
  if (typeof cell !== 'string') return String(cell ?? '');
  const text = guarded(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row, its line end included. */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(csvCell).join(',')}\n`;

/**
 * A table as CSV (RFC 4180, with the line ends of a text file). No text of it is run by a spreadsheet that opens it;
 * whoever reads one of ours gets the texts as they were by `unguarded`.
 */
export const csvOf = (columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [columns, ...rows].map(csvLine).join('');
