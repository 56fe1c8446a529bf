import type { DataType, Series } from 'nodejs-polars';
import { DescentError } from '../errors';
import { polars } from './frame';

/** How a table marks a cell without a value: nothing at all, or R's `NA`. */
const MISSING = new Set(['', 'NA']);

/**
 * The cells of one column as numbers, null where one is missing.
 * @throws DescentError naming file, column and row for text, NaN or infinity where a number belongs.
 */
export function toNumbers(path: string, series: Series): (number | null)[] {
  const { Float64, String: Text } = polars();
  const column = `${path}: column '${series.name.trim()}'`;
  const isText = (series.dtype as DataType).equals(Text);
  if (!isText && !series.isNumeric()) {
    throw new DescentError(`${column} holds values of the type ${typeName(series)}, where numbers belong`);
  }
  const numbers = (isText ? series.str.strip() : series).cast(Float64, false).toArray() as (number | null)[];
  numbers.forEach((value, i) => {
    if (value !== null && Number.isFinite(value)) return;
    const text = ((series.get(i) ?? '') as string | number).toString().trim();
    if (value === null && MISSING.has(text)) return;
    const problem = value === null ? `is '${shorten(text)}', which is no number` : `is ${text}, which is not finite`;
    throw new DescentError(`${column}, row ${i + 1}, ${problem} (row 1 is the first below the header)`);
  });
  return numbers;
}

/** The cells of one column as text, null where one is missing. */
export function toTexts(series: Series): (string | null)[] {
  return (series.toArray() as (string | number | null)[]).map((cell) => cell?.toString().trim() || null);
}

const typeName = (series: Series): string => /\((\w+)/.exec(String(series.dtype))?.[1] ?? String(series.dtype);

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}...` : text);
