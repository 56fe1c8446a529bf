import { writeFileSync } from 'node:fs';
import { DescentError } from '../../errors';
import type { AggregateName } from './aggregate';
import { csvOf, type WriteCsvOptions } from './csv';
import { DataType, type Value } from './data-type';
import { Expr, expressionOf, type Operand } from './expression';
import { GroupBy } from './group-by';
import { inside, outside, Held } from './held';
import { orderOf } from './operate';
import { frameText } from './print';
import { aggregated, Series, seriesOf } from './series';

/** How to order rows. Missing cells come first where nothing else is asked for. */
interface SortOptions {
  by: string | string[];
  descending?: boolean;
  nullsLast?: boolean;
}

/** A table as nodejs-polars has it: columns of one length, no two of one name. */
export class Frame extends Held {
  readonly kind = 'DataFrame';
  #columns: readonly Series[];

  constructor(columns: readonly Series[]) {
    super();
    this.#columns = checked(columns);
  }

  /** A column, or a row by its number. */
  override item(name: string): Series | Value[] | undefined {
    const column = this.#columns.find((series) => series.name === name);
    return column ?? (/^\d+$/.test(name) ? this.row(Number(name)) : undefined);
  }

  override keys(): string[] {
    return this.columns;
  }

  override put(name: string, value: unknown): boolean {
    if (!this.columns.includes(name) || !(value instanceof Series)) return false;
    this.#columns = this.withColumn(value.alias(name)).#columns;
    return true;
  }

  get [Symbol.toStringTag](): string {
    return 'DataFrame';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return frameText(inside(this).#columns);
  }

  override toString(): string {
    return frameText(this.#columns);
  }

  // Its shape

  get columns(): string[] {
    return this.#columns.map(({ name }) => name);
  }

  set columns(names: readonly string[]) {
    if (names.length !== this.width) {
      throw new Error(
        `lengths don't match: ${names.length} column names provided for a DataFrame of width ${this.width}`,
      );
    }
    this.#columns = checked(this.#columns.map((series, c) => series.alias(names[c]!)));
  }

  get dtypes(): DataType[] {
    return this.#columns.map(({ dtype }) => dtype);
  }

  get schema(): Record<string, DataType> {
    return Object.fromEntries(this.#columns.map(({ name, dtype }) => [name, dtype]));
  }

  get height(): number {
    return this.#columns[0]?.length ?? 0;
  }

  get width(): number {
    return this.#columns.length;
  }

  get shape(): { height: number; width: number } {
    return { height: this.height, width: this.width };
  }

  isEmpty(): boolean {
    return this.height === 0;
  }

  frameEqual(other: Frame): boolean {
    return (
      this.columns.join('\n') === other.columns.join('\n') &&
      this.#columns.every((series, c) => series.seriesEqual(other.#columns[c]!))
    );
  }

  // Its columns

  getColumn(name: string): Series {
    const found = this.#columns.find((series) => series.name === name);
    if (!found) throw new Error(`not found: "${name}" not found`);
    return found;
  }

  getColumns(): Series[] {
    return [...this.#columns];
  }

  toSeries(index = 0): Series {
    return this.#columns[index]!;
  }

  findIdxByName(name: string): number {
    return this.#columns.indexOf(this.getColumn(name));
  }

  [Symbol.iterator](): IterableIterator<Series> {
    return this.#columns.map((series) => outside(series)).values();
  }

  select(...wanted: (Operand | Operand[])[]): Frame {
    const list = wanted.flat();
    if (!list.some((one) => one instanceof Expr)) {
      return new Frame(list.map((name) => this.getColumn(name as string)));
    }
    return this.#of(list);
  }

  withColumn(column: Series | Expr): Frame {
    return this.withColumns(column);
  }

  withColumns(...added: (Series | Expr | (Series | Expr)[])[]): Frame {
    const columns = new Map(this.#columns.map((series) => [series.name, series]));
    for (const series of added.flat().flatMap((one) => expressionOf(one).of(this.#columns))) {
      const full = series.length === 1 && this.height > 1 ? repeated(series, this.height) : series;
      if (full.length !== this.height && this.width > 0) {
        throw new Error(
          `lengths don't match: unable to add a column of length ${full.length} to a DataFrame of height ${this.height}`,
        );
      }
      columns.set(full.name, full);
    }
    return new Frame([...columns.values()]);
  }

  hstack(others: Frame | readonly Series[]): Frame {
    return new Frame([...this.#columns, ...(others instanceof Frame ? others.#columns : others)]);
  }

  drop(...names: (string | string[])[]): Frame {
    const dropped = names.flat().map((name) => this.getColumn(name));
    return new Frame(this.#columns.filter((series) => !dropped.includes(series)));
  }

  rename(mapping: Record<string, string>): Frame {
    for (const name of Object.keys(mapping)) this.getColumn(name);
    return new Frame(this.#columns.map((series) => series.alias(mapping[series.name] ?? series.name)));
  }

  withColumnRenamed(name: string, by: string): Frame {
    return this.rename({ [name]: by });
  }

  withRowIndex(name = 'index', offset = 0): Frame {
    const index = Array.from({ length: this.height }, (_, i) => i + offset);
    return new Frame([seriesOf(name, index, DataType.UInt32), ...this.#columns]);
  }

  clone(): Frame {
    return new Frame(this.#columns);
  }

  // Its rows

  row(index: number): Value[] {
    return this.#columns.map((series) => series.get(index));
  }

  rows(): Value[][] {
    return Array.from({ length: this.height }, (_, i) => this.row(i));
  }

  map<T>(work: (row: Value[]) => T): T[] {
    return this.rows().map((row) => work(row));
  }

  toRecords(): Record<string, Value>[] {
    return this.rows().map((row) => Object.fromEntries(this.columns.map((name, c) => [name, row[c]!])));
  }

  toObject(): Record<string, Value[]> {
    return Object.fromEntries(this.#columns.map((series) => [series.name, series.toArray()]));
  }

  toJSON(): Record<string, Value[]> {
    return this.toObject();
  }

  slice(offset: number | { offset: number; length: number }, length?: number): Frame {
    const asked = typeof offset === 'number' ? { offset, length: length! } : offset;
    return this.#each((series) => series.slice(asked.offset, asked.length));
  }

  head(length = 5): Frame {
    return this.#each((series) => series.head(length));
  }

  limit(length = 5): Frame {
    return this.head(length);
  }

  tail(length = 5): Frame {
    return this.#each((series) => series.tail(length));
  }

  filter(predicate: Series | Expr): Frame {
    const [mask] = expressionOf(predicate).of(this.#columns);
    if (!mask?.isBoolean()) {
      throw new Error(`filter predicate must be of type \`Boolean\`, got \`${mask?.dtype.variant}\``);
    }
    return this.#each((series) => series.filter(mask));
  }

  where(predicate: Series | Expr): Frame {
    return this.filter(predicate);
  }

  sort(by: string | string[] | SortOptions, descending = false, nullsLast = false): Frame {
    if (typeof by === 'object' && !Array.isArray(by)) return this.sort(by.by, by.descending, by.nullsLast);
    const columns = [by].flat().map((name) => this.getColumn(name));
    return this.#rows(orderOf(columns, descending, nullsLast));
  }

  dropNulls(...subset: (string | string[])[]): Frame {
    const names = subset.flat();
    const columns = names.length > 0 ? names.map((name) => this.getColumn(name)) : this.#columns;
    return this.#rows([...this.rows().keys()].filter((i) => columns.every(({ cells }) => cells[i] !== null)));
  }

  vstack(below: Frame): Frame {
    if (below.width !== this.width) {
      throw new Error(
        `lengths don't match: unable to append to a DataFrame of shape (${this.height}, ${this.width}) ` +
          `with a DataFrame of width ${below.width}`,
      );
    }
    return new Frame(
      this.#columns.map((series, c) => {
        const other = below.#columns[c]!;
        if (other.name !== series.name) {
          throw new Error(
            `lengths don't match: unable to vstack, column names don't match: "${series.name}" and "${other.name}"`,
          );
        }
        if (!other.dtype.equals(series.dtype)) {
          throw new Error(
            `type ${other.dtype.variant} is incompatible with expected type ${series.dtype.variant}: ` +
              `failed to vstack column '${series.name}'`,
          );
        }
        return series.concat(other);
      }),
    );
  }

  groupBy(...by: (string | string[])[]): GroupBy<Frame> {
    return new GroupBy(this.#columns, by.flat(), (columns) => new Frame(columns));
  }

  // What they come to

  mean(axis = 0): Frame {
    return this.#comesTo('mean', axis);
  }

  median(): Frame {
    return this.#comesTo('median');
  }

  min(axis = 0): Frame {
    return this.#comesTo('min', axis);
  }

  max(axis = 0): Frame {
    return this.#comesTo('max', axis);
  }

  sum(axis = 0): Frame {
    return this.#comesTo('sum', axis);
  }

  std(): Frame {
    return this.#comesTo('std');
  }

  var(): Frame {
    return this.#comesTo('var');
  }

  nullCount(): Frame {
    return this.#comesTo('nullCount');
  }

  describe(): Frame {
    const names = ['mean', 'std', 'min', 'max', 'median'] as const;
    const rows = names.map((name) =>
      this.#comesTo(name).#each((series) =>
        series.isNumeric() || series.isBoolean() ? series.cast(DataType.Float64) : series,
      ),
    );
    const summary = rows.reduce((above, below) => above.vstack(below));
    return new Frame([seriesOf('describe', names), ...summary.#columns]);
  }

  // Files

  /** As CSV: into a file whose path is given, or as bytes. */
  writeCSV(path?: string | WriteCsvOptions, options?: WriteCsvOptions): Buffer | void {
    if (typeof path !== 'string') return Buffer.from(csvOf(this.#columns, path ?? options));
    writeFileSync(path, csvOf(this.#columns, options));
  }

  writeParquet(): never {
    throw new DescentError('a Parquet file cannot be written in a page: write the table as CSV');
  }

  #each(work: (series: Series) => Series): Frame {
    return new Frame(this.#columns.map(work));
  }

  #rows(indices: readonly number[]): Frame {
    return this.#each((series) => series.gather(indices));
  }

  #of(list: readonly Operand[]): Frame {
    const found = list.flatMap((one) => expressionOf(one).of(this.#columns));
    const height = Math.max(...found.map((series) => series.length));
    return new Frame(found.map((series) => (series.length === 1 ? repeated(series, height) : series)));
  }

  #comesTo(name: AggregateName, axis = 0): Frame {
    if (axis !== 0) throw new DescentError(`${name} of each row is not there in a page: use map`);
    return this.#each((series) =>
      name === 'sum' && series.isString() ? seriesOf(series.name, [null], series.dtype) : aggregated(series, name),
    );
  }
}

const repeated = ({ name, cells, dtype }: Series, height: number): Series =>
  new Series(
    name,
    Array.from({ length: height }, () => cells[0]!),
    dtype,
  );

function checked(columns: readonly Series[]): readonly Series[] {
  const [first] = columns;
  const seen = new Set<string>();
  for (const { name, length } of columns) {
    if (seen.has(name)) {
      throw new Error(
        `duplicate: could not create a new DataFrame: column with name '${name}' has more than one occurrence`,
      );
    }
    seen.add(name);
    if (length !== first!.length) {
      throw new Error(
        "lengths don't match: could not create a new DataFrame: " +
          `height of column '${name}' (${length}) does not match height of column '${first!.name}' (${first!.length})`,
      );
    }
  }
  return columns;
}

/** How the rows of a list are given: as columns, as rows, or by their names. */
export interface FrameOptions {
  columns?: readonly string[];
  orient?: 'row' | 'col';
}

/** A table of columns by their names, of a list of columns or rows, or of records. */
export function frameOf(data: unknown = {}, { columns, orient }: FrameOptions = {}): Frame {
  if (!Array.isArray(data)) {
    return new Frame(
      Object.entries(data ?? {}).map(([name, values]: [string, Series | unknown[]]) =>
        values instanceof Series ? values.alias(name) : seriesOf(name, values),
      ),
    );
  }
  const frame = frameOfList(data, columns && orient !== 'col' && (orient === 'row' || columns.length !== data.length));
  if (columns) frame.columns = [...columns];
  return frame;
}

function frameOfList(list: readonly unknown[], rows = false): Frame {
  const [first] = list;
  if (first === undefined) return new Frame([]);
  if (first instanceof Series) {
    return new Frame((list as Series[]).map((series, c) => series.alias(series.name || `column_${c}`)));
  }
  if (Array.isArray(first)) {
    const columns = rows ? first.map((_, c) => (list as unknown[][]).map((row) => row[c])) : (list as unknown[][]);
    return new Frame(columns.map((values, c) => seriesOf(`column_${c}`, values)));
  }
  if (typeof first === 'object' && first !== null) return frameOfRecords(list as Record<string, Value>[]);
  return new Frame([seriesOf('column_0', list)]);
}

/** A table of records, which may lack some fields. Where a field holds texts and others, all are texts. */
export function frameOfRecords(records: readonly Record<string, Value | undefined>[]): Frame {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return new Frame(
    names.map((name) => {
      const values = records.map((record) => record[name] ?? null);
      if (!values.some((value) => typeof value === 'string')) return seriesOf(name, values);
      const texts = values.map((value) => (value === null ? null : String(value)));
      return seriesOf(name, texts, DataType.String);
    }),
  );
}

/** Tables one below the other. */
export const concatOf = (frames: readonly Frame[]): Frame => frames.reduce((above, below) => above.vstack(below));
