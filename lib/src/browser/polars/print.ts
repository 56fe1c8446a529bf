import { box, PADDING } from './box';
import type { Column } from './column';
import type { DataType, Value } from './data-type';

/** How much is shown, as polars' defaults are. */
const MOST_ROWS = 10,
  MOST_COLUMNS = 8,
  MOST_LETTERS = 30,
  WIDTH = 100;

const ELLIPSIS = '…';

/** A frame as polars prints it where there is no terminal. */
export function frameText(columns: readonly Column[]): string {
  const height = columns[0]?.cells.length ?? 0;
  const shown = shortened(columns, MOST_COLUMNS);
  const drawn = shown.map((column) => {
    if (column === undefined) return { header: ELLIPSIS, cells: rowsOf(height, () => ELLIPSIS), name: 1, widest: 3 };
    const name = limited(column.name);
    const cells = rowsOf(height, (i) => limited(cellText(column.cells[i]!, column.dtype)));
    return {
      header: `${name}\n---\n${column.dtype.short}`,
      cells,
      name: Math.max(estimatedWidth(name), bytes(column.dtype.short), 3) + PADDING,
      widest: Math.max(0, ...cells.filter((_, i) => !isGap(i, height)).map((text) => estimatedWidth(text) + PADDING)),
    };
  });
  const bounded = drawn.map(({ header, cells, name, widest }) => {
    const most = Math.min(MOST_LETTERS + 1 + PADDING, Math.max(name, widest));
    const narrow = 3 + PADDING;
    if (most > narrow) return { header, cells, least: narrow, most };
    return { header, cells, least: most, most: height > MOST_ROWS ? narrow : most };
  });
  return `shape: (${grouped(height)}, ${grouped(columns.length)})\n${box(bounded, WIDTH)}`;
}

/** A series as polars prints it. */
export function seriesText({ name, cells, dtype }: Column): string {
  const lines = rowsOf(cells.length, (i) => {
    const text = cellText(cells[i]!, dtype);
    if (typeof cells[i] !== 'string') return text;
    const part = limited(text);
    return part === text ? `"${text}"` : `"${part}`;
  });
  const body = lines.map((line) => `\t${line}\n`).join('');
  return `shape: (${grouped(cells.length)},)\nSeries: '${name}' [${dtype.short}]\n[\n${body}]`;
}

/** The first and the last of a list that is too long, with nothing between them. */
function shortened<T>(list: readonly T[], most: number): (T | undefined)[] {
  if (list.length <= most) return [...list];
  return [...list.slice(0, Math.ceil(most / 2)), undefined, ...list.slice(list.length - Math.floor(most / 2))];
}

/** What is shown of each row, by its index. */
const rowsOf = (height: number, text: (i: number) => string): string[] =>
  shortened(
    Array.from({ length: height }, (_, i) => i),
    MOST_ROWS,
  ).map((i) => (i === undefined ? ELLIPSIS : text(i)));

/** Whether a row that is shown stands for those that are not. */
const isGap = (i: number, height: number): boolean => height > MOST_ROWS && i === MOST_ROWS / 2;

function limited(text: string): string {
  const letters = [...text.slice(0, 2 * MOST_LETTERS + 2)];
  return letters.length > MOST_LETTERS ? letters.slice(0, MOST_LETTERS).join('') + ELLIPSIS : text;
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Polars' own guess at how wide a text is: its bytes, but no more than two for each letter. */
const estimatedWidth = (text: string): number => Math.min(bytes(text), 2 * [...text].length);

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, '_');

function cellText(value: Value, dtype: DataType): string {
  if (value === null) return 'null';
  if (value instanceof Date) return dateText(value, dtype);
  return typeof value === 'number' && dtype.isFloat ? floatText(value) : String(value);
}

function dateText(date: Date, { variant }: DataType): string {
  const [day = '', time = ''] = date.toISOString().replace('Z', '').split('T');
  return variant === 'Date' ? day : `${day} ${time.replace('.000', '')}`;
}

/** A float as polars prints it: six digits after the point at most, powers of ten for very large and small ones. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 999_999) return (Object.is(value, -0) ? '-' : '') + value.toFixed(1);
  if (plainLength(value) <= 9) return Number.isInteger(value) ? scientific(value.toExponential()) : plain(value);
  if (size > 999_999 || size < 0.000_001) return scientific(toExponential4(value));
  return toFixed6(value).replace(/0+$/, '').replace(/\.$/, '.0');
}

const scientific = (text: string): string => text.replace('e+', 'e');

/** A number in the fewest digits that tell it from all others, without a power of ten. */
function plain(value: number): string {
  const [digits = '', power] = String(value).split('e');
  return power === undefined
    ? digits
    : value.toFixed(Math.min(100, (digits.split('.')[1]?.length ?? 0) - Number(power)));
}

/** How long that is; of whole numbers beyond what JavaScript writes out, long. */
const plainLength = (value: number): number => (Math.abs(value) >= 1e21 ? Infinity : plain(value).length);

// Rust rounds a number that lies exactly between two to the even one, and JavaScript to the larger one.

function toExponential4(value: number): string {
  const between = Number.isInteger(value) && /^-?\d{4}[02468]50*$/.test(BigInt(value).toString());
  return between ? value.toExponential(5).replace(/5e/, 'e') : value.toExponential(4);
}

function toFixed6(value: number): string {
  const exact = value.toFixed(7);
  const between = Math.abs(value * 128) % 2 === 1;
  return between && /[02468]5$/.test(exact) ? exact.slice(0, -1) : value.toFixed(6);
}
