import { extname } from 'node:path';
import { readColumns } from '../data';
import { writeFileAtomically } from '../data/files';
import { readBytes } from '../data/files';
import { parquetOf, readFrame } from '../data/frame';
import { shorten } from '../data/numbers';
import { csvOf } from '../data/write-csv';
import { DescentError } from '../errors';
import { unitVectors } from './starts';

/**
 * Reads vectors: one row each, in the columns x1, x2 ... xD of a CSV or Parquet file, or of the objects in a
 * JSON file's array. They come back at length 1.
 * @throws DescentError naming the file, and the row where there is one: no such columns, a missing or wrong value, a
 * zero vector.
 */
export function readVectors(path: string): number[][] {
  try {
    return unitVectors(extname(path).toLowerCase() === '.json' ? fromJson(path) : fromTable(path));
  } catch (error) {
    if (!(error instanceof DescentError) || error.message.startsWith(path)) throw error;
    throw new DescentError(`${path}: ${error.message}`);
  }
}

const columnNames = (dimensions: number): string[] => Array.from({ length: dimensions }, (_, k) => `x${k + 1}`);

function fromTable(path: string): number[][] {
  const there = readFrame(path).names.filter((name) => /^\s*x\d+\s*$/.test(name));
  const names = columnNames(Math.max(1, there.length)); // none at all: x1 is named as missing
  const table = readColumns(path, Object.fromEntries(names.map((column) => [column, { column, constant: true }])));
  if (table.dropped.length > 0) throw new DescentError(`row ${table.dropped[0]!} lacks a value`);
  return Array.from({ length: table.rows }, (_, i) => names.map((name) => table.columns[name]!.values[i]!));
}

function fromJson(path: string): number[][] {
  let rows: unknown;
  try {
    rows = JSON.parse(readBytes(path).toString());
  } catch (error) {
    if (error instanceof DescentError) throw error;
    throw new DescentError(`this is no readable JSON file (${(error as Error).message.replace(/\s+/g, ' ')})`);
  }
  const form = 'a JSON file of vectors is an array of objects, {"x1": 1, "x2": 0}';
  if (!Array.isArray(rows) || rows.length === 0) throw new DescentError(form);
  const names = columnNames(Object.keys((rows[0] ?? {}) as object).length);
  return rows.map((row: unknown, i) => {
    const numbers = names.map((name) => {
      const value = (row as Record<string, unknown> | null)?.[name];
      if (typeof value !== 'number') throw new DescentError(`vector ${i + 1} has no number '${name}'; ${form}`);
      return value;
    });
    const more = Object.keys(row as object).find((name) => !names.includes(name));
    if (more === undefined) return numbers;
    throw new DescentError(`vector ${i + 1} has '${shorten(more)}', which vector 1 has not; ${form}`);
  });
}

const rowsOf = (columns: { [name: string]: number[] }): number[][] => {
  const values = Object.values(columns);
  return values[0]!.map((_, i) => values.map((column) => column[i]!));
};

/** Turns a table, by columns, into the bytes of a file of one of these formats. */
const writers: { [extension: string]: (columns: { [name: string]: number[] }) => string | Uint8Array } = {
  '.csv': (columns) => csvOf(Object.keys(columns), rowsOf(columns)),
  '.parquet': parquetOf,
  '.json': (columns) => {
    const names = Object.keys(columns);
    const rows = rowsOf(columns).map((row) => Object.fromEntries(names.map((name, k) => [name, row[k]])));
    return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`;
  },
};

/** Throws unless the file's name ends like one that `writeVectors` can write. */
export function checkVectorFile(path: string): void {
  if (!writers[extname(path).toLowerCase()]) {
    throw new DescentError(`${path}: vectors are written to ${Object.keys(writers).join(', ')} files only`);
  }
}

/**
 * Writes vectors as a table, one row each, columns x1 to xD; the file's extension decides between CSV, Parquet and
 * JSON.
 * @throws DescentError for another extension, or where the file cannot be written
 */
export function writeVectors(path: string, vectors: number[][]): void {
  checkVectorFile(path);
  const columns = Object.fromEntries(
    columnNames(vectors[0]!.length).map((name, k) => [name, vectors.map((v) => v[k]!)]),
  );
  writeFileAtomically(path, writers[extname(path).toLowerCase()]!(columns));
}
