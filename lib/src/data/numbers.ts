import type { DataType, Series } from 'nodejs-polars';
import { DescentError } from '../errors';
import type { TableOptions } from './csv';
import { polars } from './frame';

/** The cells that stand for a missing value: those of pandas' `read_csv`. */
const MISSING = [
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
];

/** Tells whether a cell stands for a missing value. */
const missingIn = (naValues: readonly string[] = []): ((cell: string) => boolean) => {
  const all = new Set([...MISSING, ...naValues]);
  const numbers = new Set(naValues.map(Number).filter(Number.isFinite)); // -999 is -999.0 as well
  return (cell) => all.has(cell) || numbers.has(Number(cell));
};

/**
 * The cells of one column as numbers, null where one is missing.
 * @throws DescentError naming file, column and row for text or infinity where a number belongs.
 */
export function toNumbers(
  path: string,
  name: string,
  cells: Series,
  { decimal = '.', naValues }: TableOptions = {},
): (number | null)[] {
  const { Float64, Series: series, String: Text } = polars();
  const column = `${path}: column '${name.trim()}'`;
  const isText = (cells.dtype as DataType).equals(Text);
  if (!isText && !cells.isNumeric()) {
    throw new DescentError(`${column} holds values of the type ${typeName(cells)}, where numbers belong`);
  }
  const texts = isText ? cells.str.strip() : cells;
  const english = isText && decimal === ',' ? series((texts.toArray() as (string | null)[]).map(toPoint)) : texts;
  const numbers = english.cast(Float64, false).toArray() as (number | null)[];
  const isMissing = missingIn(naValues);
  return numbers.map((value, i) => {
    if (value !== null && Number.isFinite(value) && !naValues) return value;
    const text = ((texts.get(i) ?? '') as string | number).toString();
    if (isMissing(text)) return null;
    if (value !== null && Number.isFinite(value)) return value;
    const problem = value === null ? `is '${shorten(text)}', which is no number` : `is ${text}, which is not finite`;
    throw new DescentError(
      `${column}, row ${i + 1}, ${problem} (row 1 is the first below the header)` + remedyFor(text, decimal),
    );
  });
}

/** The cells of one column as text, null where one is missing. */
export function toTexts(cells: Series, { naValues }: TableOptions = {}): (string | null)[] {
  const isMissing = missingIn(naValues);
  return (cells.toArray() as (string | number | null)[]).map((cell) => {
    const text = cell?.toString().trim() ?? '';
    return isMissing(text) ? null : text;
  });
}

/** A number with a decimal comma, with a point; one with a point as well is none. */
const toPoint = (text: string | null): string | null =>
  text?.includes('.') ? 'no number' : (text?.replace(',', '.') ?? null);

/** What a cell that is no number may be meant for. */
function remedyFor(text: string, decimal: '.' | ','): string {
  if (decimal === '.' && /^[+-]?\d*,\d+$/.test(text)) return '; if this is a decimal comma, pass --decimal ,';
  if (!/^[^\p{L}\p{N}]+$/u.test(text)) return '';
  return `; if it stands for a missing value, pass --na-values '${shorten(text)}'`;
}

const typeName = (series: Series): string => /\((\w+)/.exec(String(series.dtype))?.[1] ?? String(series.dtype);

/** Enough of a text to know it by. */
export const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}...` : text);
