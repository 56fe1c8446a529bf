import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { DataFrame, Series } from 'nodejs-polars';
import { DescentError } from '../errors';
import { optional } from '../optional';
import { readFailure } from './files';
import { unguarded } from './write-csv';

/** nodejs-polars, loaded at the first use. @throws DescentError where it is not installed */
export const polars = (): typeof import('nodejs-polars') =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  optional('nodejs-polars', 'reads tables', () => require('nodejs-polars') as typeof import('nodejs-polars'));

/**
 * Reads a CSV file (every cell as text) or a Parquet file; which of the two it is, its first bytes tell.
 * @param options.guarded whether a CSV file is one of ours, where an apostrophe guards what looks like a formula
 */
export function readFrame(path: string, options: { guarded?: boolean } = {}): DataFrame {
  const bytes = readBytes(path);
  if (bytes.subarray(0, 4).toString('latin1') === 'PAR1') return parse(path, 'Parquet', () => polars().readParquet(bytes));
  refuseOtherFormats(path, bytes);
  try {
    // polars cuts long rows in silence otherwise
    const frame = polars().readCSV(bytes, { inferSchemaLength: 0, truncateRaggedLines: false });
    return options.guarded ? withoutGuards(frame) : frame;
  } catch (error) {
    const long = firstLongRow(bytes.toString());
    if (!long) throw notReadable(path, 'CSV', error);
    throw new DescentError(`${path}: row ${long.row} has ${long.cells} cells where the header has ${long.columns}; ` +
      'a number with a decimal comma, or a text with a comma in it, needs quotes');
  }
}

function withoutGuards(frame: DataFrame): DataFrame {
  const { DataFrame, Series, Utf8 } = polars();
  const plain = (cells: Series): (string | null)[] => (cells.toArray() as (string | null)[])
    .map((cell) => (cell === null ? null : unguarded(cell)));
  return DataFrame(frame.getColumns().map((cells) => Series(cells.name, plain(cells), Utf8)));
}

/** What is in a file. @throws DescentError naming it and the reason */
export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}

function refuseOtherFormats(path: string, bytes: Buffer): void {
  const refuse = (what: string, remedy: string): never => {
    throw new DescentError(`${path}: ${what}; ${remedy}`);
  };
  const needed = 'a CSV or Parquet file is needed';
  if (bytes.length === 0) refuse('the file is empty', needed);
  const start = bytes.subarray(0, 4).toString('latin1');
  if (start.startsWith('PK')) refuse('this is a zip or Excel file', 'export the sheet as CSV');
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) refuse('this is UTF-16 text', 'save it as UTF-8');
  if (bytes.includes(0)) refuse('this is a binary file', needed);
  if (!isUtf8(bytes)) refuse('this is not UTF-8 text', 'save it as UTF-8');
  const lines = bytes.subarray(0, 65536).toString().replace(/^\ufeff/, '').trimStart();
  if (lines.startsWith('<')) refuse('this is an HTML or XML page, no CSV', needed);
  if (/^[[{]/.test(lines)) refuse('this looks like JSON, no CSV', needed);
  const header = lines.split(/\r?\n/, 1)[0] ?? '';
  for (const [name, separator] of [['semicolons', ';'], ['tabs', '\t']] as const) {
    if (!header.includes(',') && header.includes(separator)) {
      refuse(`its columns are separated by ${name}`, 'save it with commas, and with points in the numbers');
    }
  }
}

function parse(path: string, format: string, read: () => DataFrame): DataFrame {
  try {
    return read();
  } catch (error) {
    throw notReadable(path, format, error);
  }
}

function notReadable(path: string, format: string, error: unknown): DescentError {
  if (error instanceof DescentError) return error;
  const reason = String((error as Error).message).trim();
  const known = /original error: ```([^`]*?)`*$/i.exec(reason)?.[1] ?? reason.split('\n', 1)[0];
  return new DescentError(`${path}: this is no readable ${format} file (${known?.trim()})`);
}

/** The first row with more cells than the header has: polars says that there is one, but not which. */
function firstLongRow(text: string): { row: number; cells: number; columns: number } | undefined {
  let quoted = false, cells = 1, columns = 0, row = 0;
  for (const character of text.trimStart() + '\n') {
    if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) cells++;
    else if (character === '\n' && !quoted) {
      if (row === 0) columns = cells;
      else if (cells > columns) return { row, cells, columns };
      cells = 1;
      row++;
    }
  }
  return undefined;
}
