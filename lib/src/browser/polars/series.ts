import { aggregates, compare, quantile, type AggregateName } from './aggregate';
import { cellOf, elementTypeOf, typedArrayOf, type Column } from './column';
import { DataType, type Value } from './data-type';
import { Held } from './held';
import { calculate, comparison, logic, orderOf } from './operate';
import { cast, held } from './parse';
import { seriesText } from './print';
import { Strings } from './strings';

/** A column as nodejs-polars has it. It never changes. */
export class Series extends Held implements Column {
  readonly kind = 'Series';

  constructor(
    readonly name: string,
    readonly cells: readonly Value[],
    readonly dtype: DataType,
  ) {
    super();
  }

  override item(name: string): Value | undefined {
    return /^\d+$/.test(name) ? this.get(Number(name)) : undefined;
  }

  get [Symbol.toStringTag](): () => string {
    return () => 'Series';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return seriesText(this);
  }

  override toString(): string {
    return seriesText(this);
  }

  toJSON(): Value[] {
    return this.toArray();
  }

  // Its cells

  get length(): number {
    return this.cells.length;
  }

  len(): number {
    return this.length;
  }

  get(index: number): Value {
    if (index >= this.length) throw new RangeError(`index: ${index} out of bounds for len: ${this.length}`);
    return cellOf(this.cells[index] ?? null, this.dtype);
  }

  getIndex(index: number): Value {
    return this.get(index);
  }

  toArray(): Value[] {
    return this.cells.map((value) => cellOf(value, this.dtype));
  }

  toTypedArray(): ArrayLike<number | bigint> {
    return typedArrayOf(this);
  }

  values(): IterableIterator<Value> {
    return this.toArray().values();
  }

  [Symbol.iterator](): IterableIterator<Value> {
    return this.values();
  }

  isNumeric(): boolean {
    return this.dtype.isNumeric;
  }

  isFloat(): boolean {
    return this.dtype.isFloat;
  }

  isString(): boolean {
    return this.dtype.variant === 'String';
  }

  isBoolean(): boolean {
    return this.dtype.variant === 'Bool';
  }

  hasNulls(): boolean {
    return this.cells.includes(null);
  }

  seriesEqual(other: Series): boolean {
    const same = this.dtype.equals(other.dtype) && this.length === other.length;
    return same && this.cells.every((value, i) => compare(value, other.cells[i]!) === 0);
  }

  // What they come to

  mean(): Value {
    return this.#comesTo('mean');
  }

  median(): Value {
    return this.#comesTo('median');
  }

  min(): Value {
    return this.isString() ? null : this.#comesTo('min');
  }

  max(): Value {
    return this.isString() ? null : this.#comesTo('max');
  }

  sum(): Value {
    return this.#comesTo('sum');
  }

  product(): Value {
    return this.#comesTo('product');
  }

  nullCount(): Value {
    return this.#comesTo('nullCount');
  }

  nUnique(): Value {
    return this.#comesTo('nUnique');
  }

  quantile(fraction: number): Value {
    return quantile(this.cells, this.dtype, fraction);
  }

  #comesTo(name: AggregateName): Value {
    const { value } = aggregates[name](this.cells, this.dtype);
    return typeof value === 'bigint' ? Number(value) : value;
  }

  // Fewer of them, or in another order

  slice(offset: number, length: number): Series {
    const start = offset < 0 ? this.length + offset : offset;
    return this.#with(this.cells.slice(Math.max(start, 0), Math.max(start + length, 0)));
  }

  head(length = 5): Series {
    return this.slice(0, length);
  }

  limit(length = 10): Series {
    return this.slice(0, length);
  }

  tail(length = 5): Series {
    return this.slice(-Math.min(length, this.length), length);
  }

  gather(indices: readonly number[]): Series {
    return this.#with(indices.map((index) => this.cells[index] ?? null));
  }

  filter(mask: Series | readonly Value[]): Series {
    const kept = 'cells' in mask ? mask.cells : mask;
    return this.#with(this.cells.filter((_, i) => kept[kept.length === 1 ? 0 : i] === true));
  }

  dropNulls(): Series {
    return this.#with(this.cells.filter((value) => value !== null));
  }

  unique(): Series {
    return this.#with([...new Set(this.cells)]);
  }

  sort({ descending = false, nullsLast = false } = {}): Series {
    return this.gather(orderOf([this], descending, nullsLast));
  }

  concat(other: Series): Series {
    return this.#with([...this.cells, ...other.cells]);
  }

  // Another name or type

  alias(name: string): Series {
    return new Series(name, this.cells, this.dtype);
  }

  as(name: string): Series {
    return this.alias(name);
  }

  rename(name: string): Series {
    return this.alias(name);
  }

  clone(): Series {
    return this;
  }

  cast(dtype: DataType, strict = false): Series {
    const type = known(dtype);
    const cells = this.cells.map((value) => cast(value, this.dtype, type));
    const lost = this.cells.filter((value, i) => value !== null && cells[i] === null);
    if (strict && lost.length > 0) {
      throw new Error(
        `conversion from \`${this.dtype.short}\` to \`${type.short}\` failed in column '${this.name}' for ` +
          `${lost.length} out of ${this.length} values: [${lost.map((value) => JSON.stringify(value)).join(', ')}]`,
      );
    }
    return new Series(this.name, cells, type);
  }

  get str(): Strings<Series> {
    return new Strings(this, (cells, dtype) => new Series(this.name, cells, dtype));
  }

  // Each of them calculated

  mapElements(work: (cell: Value) => unknown): Series {
    return seriesOf(this.name, this.toArray().map(work));
  }

  abs(): Series {
    return this.#numbers(Math.abs);
  }

  floor(): Series {
    return this.#numbers(Math.floor);
  }

  ceil(): Series {
    return this.#numbers(Math.ceil);
  }

  isNull(): Series {
    return this.#flags((value) => value === null);
  }

  isNotNull(): Series {
    return this.#flags((value) => value !== null);
  }

  isIn(values: Series | readonly Value[]): Series {
    const set = new Set('cells' in values ? values.cells : values);
    return this.#flags((value) => (value === null ? null : set.has(value)));
  }

  add(other: Series | number): Series {
    return seriesFrom(calculate('add', this, operand(other)));
  }

  sub(other: Series | number): Series {
    return seriesFrom(calculate('sub', this, operand(other)));
  }

  mul(other: Series | number): Series {
    return seriesFrom(calculate('mul', this, operand(other)));
  }

  div(other: Series | number): Series {
    return seriesFrom(calculate('div', this, operand(other)));
  }

  rem(other: Series | number): Series {
    return seriesFrom(calculate('rem', this, operand(other)));
  }

  eq(other: Series | number): Series {
    return seriesFrom(comparison('eq', this, operand(other)));
  }

  neq(other: Series | number): Series {
    return seriesFrom(comparison('neq', this, operand(other)));
  }

  gt(other: Series | number): Series {
    return seriesFrom(comparison('gt', this, operand(other)));
  }

  gtEq(other: Series | number): Series {
    return seriesFrom(comparison('gtEq', this, operand(other)));
  }

  lt(other: Series | number): Series {
    return seriesFrom(comparison('lt', this, operand(other)));
  }

  ltEq(other: Series | number): Series {
    return seriesFrom(comparison('ltEq', this, operand(other)));
  }

  bitand(other: Series): Series {
    return seriesFrom(logic('and', this, other));
  }

  bitor(other: Series): Series {
    return seriesFrom(logic('or', this, other));
  }

  #with(cells: readonly Value[]): Series {
    return new Series(this.name, cells, this.dtype);
  }

  #flags(work: (value: Value) => boolean | null): Series {
    return new Series(this.name, this.cells.map(work), DataType.Bool);
  }

  #numbers(work: (value: number) => number): Series {
    if (!this.isNumeric()) throw new Error(`a column of \`${this.dtype.short}\` has no numbers`);
    return this.#with(this.cells.map((value) => (typeof value === 'number' ? work(value) : value)));
  }
}

/** The long names of operations, each with its short one. */
export const LONG_NAMES = {
  plus: 'add',
  minus: 'sub',
  multiplyBy: 'mul',
  divideBy: 'div',
  modulo: 'rem',
  equals: 'eq',
  notEquals: 'neq',
  greaterThan: 'gt',
  greaterThanEquals: 'gtEq',
  lessThan: 'lt',
  lessThanEquals: 'ltEq',
} as const;

for (const [long, short] of Object.entries(LONG_NAMES)) {
  Object.defineProperty(Series.prototype, long, {
    value(this: Series, other: Series | number) {
      return this[short](other);
    },
  });
}

/** What a column comes to, as a column of one cell. */
export function aggregated({ name, cells, dtype }: Column, aggregate: AggregateName): Series {
  const outcome = aggregates[aggregate](cells, dtype);
  return new Series(name, [outcome.value], outcome.dtype);
}

/** A column that was calculated. */
export const seriesFrom = ({ name, cells, dtype }: Column): Series => new Series(name, cells, dtype);

/** A number is a float, whatever it is calculated with. */
function operand(other: unknown): Series {
  if (other instanceof Series) return other;
  if (typeof other === 'number') return new Series('', [other], DataType.Float64);
  throw new Error('Not a number nor a series');
}

const known = (dtype: DataType): DataType => (dtype.variant === 'Utf8' ? DataType.String : dtype);

/** A column of values, of the type that the first of them tells, or of the one that is asked for. */
export function seriesOf(name: string, values: ArrayLike<unknown>, asked?: DataType): Series {
  const list = Array.from(values);
  const dtype = asked
    ? known(asked)
    : (elementTypeOf(values) ?? typeOf(list.find((value) => value !== null && value !== undefined)));
  return new Series(
    name,
    list.map((value) => valueAs(value, dtype)),
    dtype,
  );
}

function typeOf(value: unknown): DataType {
  if (value === undefined || typeof value === 'number') return DataType.Float64;
  if (typeof value === 'bigint') return DataType.UInt64;
  if (typeof value === 'string') return DataType.String;
  if (typeof value === 'boolean') return DataType.Bool;
  if (value instanceof Date) return DataType.Datetime();
  throw new Error('a cell of a column is a number, a text, true or false, or a date');
}

/** A value as a column of that type keeps it; null where it is of another kind. */
function valueAs(value: unknown, dtype: DataType): Value {
  if (typeof value === 'number' && dtype.isNumeric) return cast(value, DataType.Float64, dtype);
  if (typeof value === 'bigint' && dtype.isWhole) return held(value, dtype);
  if (typeof value === 'bigint' && dtype.isFloat) return Number(value);
  const fits =
    (typeof value === 'string' && dtype.variant === 'String') ||
    (typeof value === 'boolean' && dtype.variant === 'Bool') ||
    (value instanceof Date && dtype.variant.startsWith('Date'));
  return fits ? value : null;
}
