import { readFileSync } from 'node:fs';
import { parse } from 'node:path';
import { DescentError } from '../../errors';
import { notFound } from './column';
import { DataType, type Value } from './data-type';
import { CsvLines } from './lines';
import { floatText, toFloat, toWhole } from './parse';
import { Series } from './series';

/** How to read a CSV file: the part of nodejs-polars' options that there is here. */
export interface ReadCsvOptions {
  /** What stands between two cells. Default: ','. */
  sep?: string;
  /** Whether the first line has the columns' names. Default: true. */
  hasHeader?: boolean;
  /** How many rows tell the columns' types; 0 or null: all are texts. Default: 100. */
  inferSchemaLength?: number | null;
  /** Types that are known, by the columns' names. */
  dtypes?: Record<string, DataType>;
  /** The columns to read. Default: all. */
  columns?: readonly string[];
  /** Lines to leave out above the header. Default: 0. */
  skipRows?: number;
  /** The most rows to read. Default: all. */
  nRows?: number;
  /** Cells that stand for a missing value. */
  nullValues?: string | readonly string[];
  /** Whether the cells of a row that has too many are left out. Default: true. */
  truncateRaggedLines?: boolean;
}

/** Those that change nothing here: how much is read at a time, and by how many. */
const WITHOUT_EFFECT = ['batchSize', 'chunkSize', 'lowMemory', 'numThreads', 'rechunk'];
const KNOWN = [
  ...['sep', 'hasHeader', 'inferSchemaLength', 'dtypes', 'columns', 'skipRows', 'nRows', 'nullValues'],
  'truncateRaggedLines',
];

/** The columns of a CSV file: of its text, its bytes, or of a file whose name ends in .csv or .tsv. */
export function readCsv(pathOrBody: unknown, options: ReadCsvOptions = {}): Series[] {
  for (const name of Object.keys(options)) {
    if (KNOWN.includes(name) || WITHOUT_EFFECT.includes(name)) continue;
    throw new DescentError(`readCSV has no option ${name} in a page; there are: ${KNOWN.join(', ')}`);
  }
  const all = columnsOf(textOf(pathOrBody), options);
  const names = all.map(({ name }) => name);
  const unknown = options.columns?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw notFound(unknown, names);
  return options.columns ? all.filter(({ name }) => options.columns!.includes(name)) : all;
}

function textOf(pathOrBody: unknown): string {
  const body = typeof pathOrBody === 'string' && isPath(pathOrBody) ? readFileSync(pathOrBody) : pathOrBody;
  if (typeof body === 'string') return body.replace(/^\ufeff/, '');
  if (!(body instanceof Uint8Array)) throw new Error('must supply either a path or body');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Error('invalid utf-8 sequence');
  }
}

function isPath(text: string): boolean {
  const { name, ext } = parse(text);
  return name !== '' && ['.csv', '.tsv'].includes(ext);
}

function columnsOf(text: string, options: ReadCsvOptions): Series[] {
  const { sep = ',', hasHeader = true, skipRows = 0, nRows = Infinity, truncateRaggedLines = true } = options;
  const lines = new CsvLines(text, sep, hasHeader ? /^[\r\n]*/.exec(text)![0].length : 0);
  for (let i = 0; i < skipRows; i++) lines.skip();
  if (lines.ended) throw new Error('no data: empty CSV');
  const start = lines.at;
  const header = cellsOf(lines.skip(), sep).map(unquoted);
  if (!hasHeader) lines.at = start;
  const nulls = new Set([options.nullValues ?? []].flat());
  const types = typesOf(new CsvLines(text, sep, lines.at), sep, nulls, options.inferSchemaLength);
  const names = hasHeader
    ? distinct(header)
    : Array.from({ length: Math.max(header.length, types.length) }, (_, c) => `column_${c + 1}`);
  const columns = names.map((name, c) => {
    const dtype = options.dtypes?.[name] ?? types[c] ?? DataType.String;
    return { name, dtype, cells: [] as Value[] };
  });

  const body = lines.at;
  for (let row = 0; row < nRows && !lines.ended; row++) {
    const { cells, starts, longer } = lines.next(columns.length);
    if (longer && !truncateRaggedLines) {
      throw new Error("found more fields than defined in 'Schema'\n\nConsider setting 'truncate_ragged_lines=true'.");
    }
    columns.forEach(({ name, dtype, cells: column }, c) => {
      const cell = (cells[c] ?? '').replace(/\r$/, '');
      const value = nulls.has(unquoted(cell)) ? null : valueOf(cell, dtype);
      if (value === undefined) throw badQuotes(cell, name, c, text.slice(body, starts[c]));
      column.push(value);
    });
  }
  return columns.map(({ name, cells, dtype }) => new Series(name, cells, dtype));
}

/** The cells of a line that stands alone. */
const cellsOf = (line: string, sep: string): string[] => new CsvLines(line.replace(/\r$/, ''), sep).next().cells;

/** Names of which none is there twice. */
function distinct(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before === 0 ? name : `${name}_duplicated_${before - 1}`;
  });
}

const BOOLEAN = /^(true|false)$/i;
const FLOAT = /^[-+]?((\d*\.\d+)([eE][-+]?\d+)?|inf|NaN|(\d+)[eE][-+]?\d+|\d+\.)$/;
const WHOLE = /^-?\d+$/;

/** The type of each column, as the first `most` rows tell it; as many as the longest of them has. */
function typesOf(lines: CsvLines, sep: string, nulls: ReadonlySet<string>, most: number | null = 100): DataType[] {
  const seen: Set<DataType>[] = [];
  for (let i = 0; i < (most ?? 0) && !lines.ended; i++) {
    cellsOf(lines.skip(), sep).forEach((cell, c) => {
      const types = (seen[c] ??= new Set());
      const text = unquoted(cell);
      if (cell !== '' && !nulls.has(text)) types.add(typeOf(text));
    });
  }
  return seen.map((types) => {
    if (types.size === 1) return [...types][0]!;
    const numbers = types.size === 2 && types.has(DataType.Int64) && types.has(DataType.Float64);
    return numbers ? DataType.Float64 : DataType.String;
  });
}

function typeOf(text: string): DataType {
  if (BOOLEAN.test(text)) return DataType.Bool;
  if (FLOAT.test(text)) return DataType.Float64;
  return WHOLE.test(text) ? DataType.Int64 : DataType.String;
}

/** A cell without the quotes around it; those in it stay. */
const unquoted = (cell: string): string => (cell.startsWith('"') && cell.length > 1 ? cell.slice(1, -1) : cell);

/** What a cell holds; null where it is empty or of another type, undefined where its quotes are wrong. */
function valueOf(cell: string, dtype: DataType): Value | undefined {
  if (cell === '') return null;
  const text = unquoted(cell);
  if (dtype.isNumeric) {
    const number = text.replace(/^[ \t]+/, '');
    return dtype.isFloat ? toFloat(number) : toWhole(number, dtype);
  }
  if (dtype.variant === 'Bool') return BOOLEAN.test(text) ? text.toLowerCase() === 'true' : null;
  if (!cell.startsWith('"')) return cell;
  return cell.length > 1 && cell.endsWith('"') ? text.replace(/""?/g, (quotes) => quotes.slice(1)) : undefined;
}

function badQuotes(cell: string, name: string, c: number, before: string): Error {
  const offset = new TextEncoder().encode(before).length;
  return new Error(
    `could not parse \`${cell}\` as dtype \`str\` at column '${name}' (column number ${c + 1})\n\n` +
      `The current offset in the file is ${offset} bytes.\n\n` +
      'You might want to try:\n' +
      '- increasing `infer_schema_length` (e.g. `infer_schema_length=10000`),\n' +
      '- specifying correct dtype with the `schema_overrides` argument\n' +
      '- setting `ignore_errors` to `True`,\n' +
      `- adding \`${cell}\` to the \`null_values\` list.\n\n` +
      `Original error: \`\`\`invalid csv file\n\nField \`${cell}\` is not properly escaped.\`\`\``,
  );
}

/** How to write a CSV file: the part of nodejs-polars' options that there is here. */
export interface WriteCsvOptions {
  /** What stands between two cells. Default: ','. */
  separator?: string;
  /** Whether the columns' names come first. Default: true. */
  includeHeader?: boolean;
}

/** Columns as a CSV file. */
export function csvOf(
  columns: readonly Series[],
  { separator = ',', includeHeader = true }: WriteCsvOptions = {},
): string {
  const quoted = (text: string): string =>
    text === '' || text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const textOf = (value: Value, dtype: DataType): string => {
    if (value === null) return '';
    return quoted(typeof value === 'number' && dtype.isFloat ? floatText(value) : String(value));
  };
  const rows = Array.from({ length: columns[0]?.length ?? 0 }, (_, i) =>
    columns.map(({ cells, dtype }) => textOf(cells[i]!, dtype)),
  );
  return [...(includeHeader ? [columns.map(({ name }) => quoted(name))] : []), ...rows]
    .map((row) => `${row.join(separator)}\n`)
    .join('');
}
