import type { ColumnMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetMetadata, parquetSchema } from 'hyparquet/src/metadata.js';
import { DAMAGED, pagesOf } from '../../data/parquet-headers';
import { DataType } from './data-type';
import { decoded } from './parquet-pages';
import { Series, seriesOf } from './series';

const UNITS = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' } as const;

/** The type of what a column without an annotation holds, by the name that Parquet has for it. */
const PLAIN: Record<string, DataType> = {
  BOOLEAN: DataType.Bool,
  INT32: DataType.Int32,
  INT64: DataType.Int64,
  FLOAT: DataType.Float32,
  DOUBLE: DataType.Float64,
};

/** The same with the older kind of annotation. */
const ANNOTATED: Record<string, DataType> = {
  UTF8: DataType.String,
  ENUM: DataType.String,
  DATE: DataType.Date,
  TIMESTAMP_MILLIS: DataType.Datetime('ms'),
  TIMESTAMP_MICROS: DataType.Datetime('us'),
  DECIMAL: DataType.Float64,
};

/**
 * The columns of a Parquet file. At once, while hyparquet's own reading awaits each piece of a file that may lie far
 * away: what decodes the pieces needs no waiting.
 */
export function readParquet(bytes: Uint8Array): Series[] {
  try {
    return columnsOf(bytes);
  } catch (error) {
    // What hyparquet itself refuses is an Error; these come of nonsense that it took for granted.
    throw error instanceof TypeError || error instanceof RangeError ? new Error(DAMAGED) : error;
  }
}

function columnsOf(bytes: Uint8Array): Series[] {
  const metadata = parquetMetadata(bytes);
  return parquetSchema(metadata).children.map((field, c) => {
    const dtype = typeOf(field);
    const cells = metadata.row_groups.flatMap(({ columns, num_rows: rows }) => {
      const chunk = columns[c]!.meta_data!;
      checkCodec(chunk);
      return decoded(pagesOf(bytes, chunk), chunk, field, Number(rows));
    });
    return seriesOf(field.element.name, cells, dtype);
  });
}

function checkCodec({ codec }: ColumnMetaData): void {
  if (!['UNCOMPRESSED', 'SNAPPY', 'GZIP'].includes(codec)) {
    throw new Error(`it is packed with ${codec}, which a page cannot unpack: write it with Snappy, gzip or unpacked`);
  }
}

function typeOf({ element, children }: SchemaTree): DataType {
  const found = children.length === 0 && element.repetition_type !== 'REPEATED' && annotated(element);
  if (found) return found;
  const kind = children.length > 0 ? 'lists or structures' : (element.converted_type ?? element.type);
  throw new Error(`column '${element.name}' holds ${kind}: leave it out, or write it as numbers or texts`);
}

function annotated({ type, converted_type: annotation, logical_type: logical }: SchemaElement): DataType | undefined {
  if (logical?.type === 'STRING') return DataType.String;
  if (logical?.type === 'DATE') return DataType.Date;
  if (logical?.type === 'TIMESTAMP') return DataType.Datetime(UNITS[logical.unit]);
  if (logical?.type === 'INTEGER') return DataType.named(`${logical.isSigned ? '' : 'U'}Int${logical.bitWidth}`);
  const whole = /^(U?)INT_(\d+)$/.exec(annotation ?? '');
  if (whole) return DataType.named(`${whole[1]}Int${whole[2]}`);
  return annotation ? ANNOTATED[annotation] : PLAIN[type ?? ''];
}
