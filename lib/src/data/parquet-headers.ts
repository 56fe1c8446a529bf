// The counts and sizes that a Parquet file states: who reads a file asks for memory by them.
import type { ColumnMetaData, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetMetadata } from 'hyparquet/src/metadata.js';

/** What is said of a file that is no whole Parquet file. */
export const DAMAGED = 'it is damaged';

/**
 * Refuses a file that states what cannot be: polars would ask for memory for -5 values, and end the process. What
 * hyparquet cannot parse is left to polars, which may know it.
 */
export function checkParquet(bytes: Uint8Array): void {
  const metadata = parsed(() => parquetMetadata(bytes, { geoparquet: false }));
  if (!metadata) return;
  const leaves = metadata.schema.filter(({ type }) => type);
  for (const { columns, num_rows: rows } of metadata.row_groups) {
    columns.forEach(({ meta_data: chunk }, c) => {
      if (!chunk) return;
      // a list has any number of values in a row
      const isFlat = chunk.path_in_schema.length === 1 && leaves[c]?.repetition_type !== 'REPEATED';
      if (isFlat && Number(rows) !== Number(chunk.num_values)) throw new Error(DAMAGED);
      checkPages(pagesOf(bytes, chunk), chunk);
    });
  }
}

function checkPages(bytes: Uint8Array, { codec, num_values: values }: ColumnMetaData): void {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let left = count(Number(values), Number.MAX_SAFE_INTEGER);
  while (left > 0 && reader.offset < bytes.length) {
    const header = parsed(() => parquetHeader(reader));
    if (!header) return;
    left -= checkHeader(header, codec, bytes.length - reader.offset, left);
    reader.offset += header.compressed_page_size;
  }
  if (left > 0) throw new Error(DAMAGED);
}

/** The bytes of a column's pages in one group of rows. */
export function pagesOf(bytes: Uint8Array, chunk: ColumnMetaData): Uint8Array {
  const start = count(Number(chunk.dictionary_page_offset || chunk.data_page_offset), bytes.length);
  return bytes.subarray(start, start + count(Number(chunk.total_compressed_size), bytes.length - start));
}

/**
 * Checks what a page says of itself, and returns how many of its column's values it holds.
 * @param room the bytes behind the header
 * @param left the values that the pages before it left over
 */
export function checkHeader(header: PageHeader, codec: ColumnMetaData['codec'], room: number, left: number): number {
  const packed = count(header.compressed_page_size, room);
  const unpacked = count(header.uncompressed_page_size, 2 ** 31);
  if (header.type === 'DICTIONARY_PAGE') {
    // no value is shorter than a bit
    count(header.dictionary_page_header?.num_values, 8 * (codec === 'UNCOMPRESSED' ? packed : unpacked));
  } else if (header.type === 'DATA_PAGE') {
    return count(header.data_page_header?.num_values, left);
  } else if (header.type === 'DATA_PAGE_V2') {
    const second = header.data_page_header_v2;
    const values = count(second?.num_values, left);
    count(second?.num_nulls, values);
    count(second?.num_rows, values);
    count(second?.definition_levels_byte_length, packed - count(second?.repetition_levels_byte_length, packed));
    return values;
  }
  return 0;
}

/** A count that can be. */
function count(value: number | undefined, most: number): number {
  if (!Number.isSafeInteger(value) || value! < 0 || value! > most) throw new Error(DAMAGED);
  return value!;
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
