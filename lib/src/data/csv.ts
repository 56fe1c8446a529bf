import { DescentError } from '../errors';

/** How to read a table that says too little itself. The names are those of pandas' `read_csv` and of `npm run fit`. */
export interface TableOptions {
  /** Lines above the header to leave out: a title, comments. Default: 0. */
  skipRows?: number;
  /** What stands between two cells: one ASCII character. Default: the commas, tabs or semicolons of the header. */
  separator?: string;
  /** What stands before a number's fraction in a text. Default: '.'. */
  decimal?: '.' | ',';
  /** Cells that stand for a missing value, besides those that always do: '?', '-999'. */
  naValues?: readonly string[];
}

const LINE = 0x0a,
  RETURN = 0x0d,
  QUOTE = 0x22;

/**
 * Where in a CSV file its table is, `body`, with the header first; its separator; and the line that the header stands
 * in, from 1. Lines end with a line feed, or with a carriage return alone, as on old Macs.
 */
export function findTable(
  path: string,
  bytes: Buffer,
  { skipRows = 0, separator }: TableOptions,
): { body: Buffer; separator: string; headerLine: number } {
  if (!Number.isInteger(skipRows) || skipRows < 0) {
    throw new DescentError(`${path}: the number of lines to skip must be an integer of 0 or more, not ${skipRows}`);
  }
  if ((separator !== undefined && !/^[\t\x20-\x7e]$/.test(separator)) || separator === '"') {
    throw new DescentError(`${path}: a separator is one ASCII character and no quote, not '${separator}'`);
  }
  if (bytes.includes(RETURN) && !bytes.includes(LINE)) bytes = Buffer.from(bytes.map((b) => (b === RETURN ? LINE : b)));
  let at = bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0,
    headerLine = 1;
  for (; at < bytes.length; headerLine++) {
    const end = bytes.indexOf(LINE, at) + 1 || bytes.length;
    if (headerLine > skipRows && !isBlank(bytes, at, end)) break;
    at = end;
  }
  const body = bytes.subarray(at);
  if (body.length === 0) {
    const skipped = skipRows > 0 ? ` below the ${skipRows} lines to skip` : '';
    throw new DescentError(`${path}: there is nothing in it${skipped}`);
  }
  return { body, separator: separator ?? separatorOf(path, body), headerLine };
}

/** Whether a line holds nothing but spaces, as far as one looks. */
const isBlank = (bytes: Buffer, start: number, end: number): boolean =>
  bytes.toString('utf8', start, Math.min(end, start + 1000)).trim() === '';

const NAMES = { ',': 'commas', '\t': 'tabs', ';': 'semicolons' };

/** The header's separator; where it has none, it may be a title, and the lines below it tell. */
function separatorOf(path: string, body: Buffer): string {
  const [header = '', ...below] = body
    .toString('utf8', 0, 65536)
    .replace(/"[^"]*"/g, '')
    .split('\n', 10);
  const inside = (lines: string[]): keyof typeof NAMES | undefined =>
    (Object.keys(NAMES) as (keyof typeof NAMES)[]).find((separator) => lines.some((line) => line.includes(separator)));
  const found = inside([header]) ?? inside(below) ?? ',';
  const row = below.find((line) => line.trim() !== '');
  if (row !== undefined && header.includes(found) && !row.includes(found) && found !== ',') {
    throw new DescentError(
      `${path}: the names in its header stand between ${NAMES[found]}, the cells below it do ` +
        'not: save it with commas',
    );
  }
  return found;
}

/** How many cells each line has; 0 for a blank one. A line break in quotes ends none. */
function cellCounts(body: Buffer, separator: string): number[] {
  const between = separator.charCodeAt(0),
    counts: number[] = [];
  let quoted = false,
    cells = 1,
    start = 0;
  for (let at = 0; at <= body.length; at++) {
    const byte = at < body.length ? body[at] : quoted ? undefined : LINE;
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === between && !quoted) cells++;
    else if (byte === LINE && !quoted) {
      counts.push(isBlank(body, start, at) ? 0 : cells);
      [cells, start] = [1, at + 1];
    }
  }
  return counts;
}

/** The first lines, without what is in quotes. */
const firstLines = (body: Buffer, separator: string): string[][] =>
  body
    .toString('utf8', 0, 65536)
    .replace(/"[^"]*"/g, '""')
    .split('\n', 100)
    .map((line) => line.split(separator).map((cell) => cell.trim()));

const isNumber = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell));

/**
 * The table with a name, an empty one, for the row names that R writes in front of each row: its header has one cell
 * less than every row. Undefined for any other table.
 */
export function withRowNames(body: Buffer, separator: string): Buffer | undefined {
  const [header = 0, ...rows] = cellCounts(body, separator);
  const name = firstLines(body, separator)[1]?.[0] ?? '';
  const longer = rows.length > 0 && rows.every((cells) => cells === 0 || cells === header + 1);
  return header > 1 && longer && !isNumber(name) ? Buffer.concat([Buffer.from(separator), body]) : undefined;
}

/** Why rows have more cells than the first line, and what to do; undefined where none has. */
export function explainRefusal(
  path: string,
  body: Buffer,
  separator: string,
  headerLine: number,
): DescentError | undefined {
  const [header = 0, ...rows] = cellCounts(body, separator);
  const long = rows.findIndex((cells) => cells > header);
  if (long < 0) return undefined;
  const cells = rows[long]!;
  const below = firstLines(body, separator)[long + 1];
  if (header < 2 || (below && !below.some(isNumber))) {
    // what stands there is the header
    const lines = headerLine + long;
    const [are, them] = lines === 1 ? ['line 1 is', 'it'] : [`lines 1 to ${lines} are`, 'them'];
    return new DescentError(
      `${path}: ${are} no header, but a title or a comment: remove ${them}, ` + `or pass --skip-rows ${lines}`,
    );
  }
  return new DescentError(
    `${path}: row ${long + 1} has ${cells} cells where the header has ${header}; ` +
      'a number with a decimal comma, or a text with a comma in it, needs quotes',
  );
}
