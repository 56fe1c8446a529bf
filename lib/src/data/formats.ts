import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { DescentError } from '../errors';

/** The most bytes that a packed table may unpack to: a small file can hold more than the memory does. */
const MOST_UNPACKED = 2 ** 29;

const NEEDED = 'a CSV or Parquet file is needed';
const UNPACK = 'unpack it first';

/** What a file that is no table begins with, in hexadecimal; what it is, and what to do about it. */
const OTHERS: readonly (readonly [start: string, what: string, remedy: string])[] = [
  ['425a68', 'packed with bzip2', UNPACK],
  ['fd377a585a00', 'packed with xz', UNPACK],
  ['28b52ffd', 'packed with Zstandard', UNPACK],
  ['d0cf11e0a1b11ae1', 'an Excel file', 'export the sheet as CSV'],
  ['4152524f5731', 'an Arrow (Feather) file', 'write it as Parquet or CSV'],
  ['fffe', 'UTF-16 text', 'save it as UTF-8'],
  ['feff', 'UTF-16 text', 'save it as UTF-8'],
];

/**
 * A table's bytes as they are, or unpacked where gzip packed them.
 * @throws DescentError for a file that holds no table
 */
export function unpack(path: string, bytes: Buffer): Buffer {
  const refuse = (what: string, remedy: string): never => {
    throw new DescentError(`${path}: ${what}; ${remedy}`);
  };
  if (bytes.length === 0) refuse('the file is empty', NEEDED);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const table = packed ? gunzip(path, bytes) : bytes;
  const start = table.subarray(0, 8).toString('hex');
  if (start.startsWith('504b')) {
    // a zip file names what is in it in plain text
    const sheet = table.includes('[Content_Types].xml') || table.includes('opendocument.spreadsheet');
    if (sheet) refuse('this is an Excel or OpenDocument file', 'export the sheet as CSV');
    refuse('this is a zip file', UNPACK);
  }
  for (const [begin, what, remedy] of OTHERS) if (start.startsWith(begin)) refuse(`this is ${what}`, remedy);
  if (start.startsWith('50415231')) return table; // PAR1: Parquet
  if (table.includes(0)) refuse('this is a binary file', NEEDED);
  if (!isUtf8(table)) refuse('this is not UTF-8 text', 'save it as UTF-8');
  const text = table
    .subarray(0, 1024)
    .toString()
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^<(!|\?|html|head|body|table|svg)/i.test(text)) refuse('this is an HTML or XML page, no CSV', NEEDED);
  if (/^(\{|\[\s*[[{"\d-])/.test(text)) refuse('this looks like JSON, no CSV', NEEDED);
  return table;
}

function gunzip(path: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new DescentError(
      `${path}: ${
        code === 'ERR_BUFFER_TOO_LARGE'
          ? `it unpacks to more than ${MOST_UNPACKED / 2 ** 20} MiB`
          : `this is no whole gzip file (${message})`
      }`,
    );
  }
}
