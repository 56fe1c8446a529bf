import { gunzipSync } from 'node:zlib';
import type { ColumnMetaData, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { checkHeader, DAMAGED } from '../../data/parquet-headers';

/** The most bytes that a page may unpack to. */
const MOST_UNPACKED = 2 ** 29;

const compressors = {
  GZIP: (packed: Uint8Array, length: number) => gunzipSync(packed, { maxOutputLength: Math.max(1, length) }),
};

/**
 * The cells of a column in one group of rows. hyparquet decodes each page; what it would take for granted, such as how
 * often a value stands there, is checked before: it might fill the memory with what a damaged file says.
 * @param bytes the pages of the column
 */
export function decoded(bytes: Uint8Array, chunk: ColumnMetaData, field: SchemaTree, rows: number): unknown[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = { view, offset: 0 };
  const decoder = {
    type: chunk.type,
    element: field.element,
    pathInSchema: chunk.path_in_schema,
    schemaPath: [ROOT, field],
    codec: chunk.codec,
    parsers: DEFAULT_PARSERS,
    compressors,
  };
  const cells: unknown[] = [];
  let dictionary: DecodedArray | undefined;
  while (cells.length < rows) {
    const header = parquetHeader(reader);
    const count = checkHeader(header, chunk.codec, bytes.length - reader.offset, rows - cells.length);
    if (header.uncompressed_page_size > MOST_UNPACKED) throw new Error(DAMAGED);
    const packed = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
    reader.offset += packed.length;
    const isFirst = header.type !== 'DATA_PAGE_V2';
    // The second kind of page unpacks itself: the levels in it are not packed.
    const page = isFirst ? decompressPage(packed, header.uncompressed_page_size, chunk.codec, compressors) : packed;
    checkLevels(header, page, field, count);
    const { data } = readPage(
      { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 },
      { ...header, compressed_page_size: page.length },
      isFirst ? { ...decoder, codec: 'UNCOMPRESSED' } : decoder,
      dictionary,
      undefined,
      0,
    );
    if (header.type === 'DICTIONARY_PAGE') dictionary = convert(data!, decoder);
    else for (const cell of data as ArrayLike<unknown> & Iterable<unknown>) cells.push(cell);
  }
  if (cells.length !== rows) throw new Error(DAMAGED);
  return cells;
}

/** What stands above every column that holds no lists and no structures. */
const ROOT: SchemaTree = { count: 1, element: { name: 'root' }, children: [], path: [] };

/** Whether the runs in a page hold no more values than it says. */
function checkLevels(header: PageHeader, page: Uint8Array, { element }: SchemaTree, count: number): void {
  const first = header.type === 'DATA_PAGE' ? header.data_page_header : undefined;
  const second = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  if (second) {
    const { repetition_levels_byte_length: start, definition_levels_byte_length: length } = second;
    checkRuns(view, start, start + length, 1, count);
  }
  if (!first) return;
  let at = 0;
  if (element.repetition_type !== 'REQUIRED') {
    at = 4 + view.getUint32(0, true);
    checkRuns(view, 4, at, 1, count);
  }
  if (first.encoding === 'RLE') checkRuns(view, at + 4, page.length, 1, count);
  if (first.encoding.endsWith('_DICTIONARY')) checkRuns(view, at + 1, page.length, view.getUint8(at), count);
}

/** Whether runs of values, each so many bits wide, hold no more than `count` of them. */
function checkRuns(view: DataView, start: number, end: number, width: number, count: number): void {
  if (end > view.byteLength || width > 32) throw new Error(DAMAGED);
  let at = start;
  for (let seen = 0; seen < count && at < end;) {
    let header = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = view.getUint8(at++);
      header += (byte & 0x7f) * 2 ** shift;
      more = byte >= 0x80;
    }
    const groups = Math.floor(header / 2);
    const packed = header % 2 === 1; // in groups of eight, of which the last may be filled up
    at += packed ? groups * width : Math.ceil(width / 8);
    seen += packed ? 8 * groups : groups;
    if (groups < 1 || seen > count + (packed ? 7 : 0)) throw new Error(DAMAGED);
  }
}
