import { readBytes } from '../data/frame';
import { isSealed, SEAL, seal } from '../data/seal';

/** The column of a CSV file that the seal stands in; a Parquet file needs none. */
export const SEAL_COLUMN = 'sha256';

/**
 * A table with the sha256 of its other bytes in it, so that it is still a table to everybody: in a CSV file that ends with
 * an empty column, the last cell; in a Parquet file the bytes before the footer, which no column points to.
 */
export function sealTable(table: Buffer): Buffer {
  const at = endOfData(table);
  const bytes = Buffer.concat([table.subarray(0, at), Buffer.alloc(SEAL), table.subarray(at)]);
  seal(bytes, at);
  return bytes;
}

/** Whether a table is as it was sealed. @throws DescentError when it cannot be read */
export function isSealedTable(path: string): boolean {
  const table = readBytes(path);
  return isSealed(table, endOfData(table) - SEAL);
}

function endOfData(table: Buffer): number {
  const isParquet = table.length >= 12 && table.toString('latin1', 0, 4) === 'PAR1';
  return table.length - (isParquet ? 8 + table.readUInt32LE(table.length - 8) : 1); // behind the footer stand its length and PAR1
}
