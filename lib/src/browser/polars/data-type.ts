/** A cell as it is kept. Whole numbers of 64 bits are bigints where a number cannot hold them. */
export type Value = number | bigint | string | boolean | Date | null;

/** How a frame's header calls each type that a column may have here. */
const SHORT = {
  Bool: 'bool',
  Int8: 'i8',
  Int16: 'i16',
  Int32: 'i32',
  Int64: 'i64',
  UInt8: 'u8',
  UInt16: 'u16',
  UInt32: 'u32',
  UInt64: 'u64',
  Float32: 'f32',
  Float64: 'f64',
  String: 'str',
  Utf8: 'str',
  Date: 'date',
  Datetime: 'datetime',
};

type Variant = keyof typeof SHORT;

/** What a moment is counted in. */
export type TimeUnit = 'ms' | 'us' | 'ns';

/** The type of a column's cells. */
export class DataType {
  static readonly Bool = new DataType('Bool');
  static readonly Int8 = new DataType('Int8');
  static readonly Int16 = new DataType('Int16');
  static readonly Int32 = new DataType('Int32');
  static readonly Int64 = new DataType('Int64');
  static readonly UInt8 = new DataType('UInt8');
  static readonly UInt16 = new DataType('UInt16');
  static readonly UInt32 = new DataType('UInt32');
  static readonly UInt64 = new DataType('UInt64');
  static readonly Float32 = new DataType('Float32');
  static readonly Float64 = new DataType('Float64');
  static readonly String = new DataType('String');
  static readonly Utf8 = new DataType('Utf8');
  static readonly Date = new DataType('Date');
  static readonly Datetime = (unit: TimeUnit = 'ms'): DataType => new DataType('Datetime', unit);

  private constructor(
    readonly variant: Variant,
    readonly unit?: TimeUnit,
  ) {}

  /** The type of a name that is one: `UInt8`. */
  static named(name: string): DataType {
    return DataType[name as Exclude<Variant, 'Datetime'>];
  }

  equals(other: DataType): boolean {
    return this.variant === other.variant && this.unit === other.unit;
  }

  get isFloat(): boolean {
    return this.variant.startsWith('Float');
  }

  get isWhole(): boolean {
    return /^U?Int/.test(this.variant);
  }

  get isNumeric(): boolean {
    return this.isFloat || this.isWhole;
  }

  /** The least and the greatest whole number that such a cell holds. */
  get range(): [least: bigint, greatest: bigint] {
    const [, unsigned, bits] = /^(U?)Int(\d+)$/.exec(this.variant)!;
    const size = 1n << BigInt(bits!);
    return unsigned ? [0n, size - 1n] : [-size / 2n, size / 2n - 1n];
  }

  /** As a frame's header has it. */
  get short(): string {
    return SHORT[this.variant] + (this.unit ? `[${this.unit === 'us' ? 'μs' : this.unit}]` : '');
  }

  toString(): string {
    return `DataType(${this.variant}${this.unit ? `(${this.unit},)` : ''})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
