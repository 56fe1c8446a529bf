// eslint-disable-next-line @typescript-eslint/no-require-imports -- what it is as an ES module lacks what is used here
import util = require('node-inspect-extracted');

declare module 'node-inspect-extracted' {
  /** How many characters wide a text is where all are as wide as this one. */
  export function getStringWidth(text: string): number;
}

/** How many characters wide a text is; those that control something count as well. */
const widthOf = (text: string): number => util.getStringWidth(text) + (text.match(/\p{Cc}/gu)?.length ?? 0);

/** A column of a box: the texts of its cells, each of lines, and how wide it may be, spaces at its sides included. */
export interface BoxColumn {
  header: string;
  cells: readonly string[];
  least: number;
  most: number;
}

/** The space at the two sides of a cell. */
export const PADDING = 2;

/** The fewest characters of a line that are worth while to put the start of another word in. */
const LEAST_FREE = 2;

/**
 * A table in a box that is at most `width` characters wide, as Rust's comfy-table draws it for polars: columns that need
 * no more than their share get what they need, the others share what is left and break their lines.
 */
export function box(columns: readonly BoxColumn[], width: number): string {
  const widths = arrange(columns, width - columns.length - 1);
  const line = (left: string, fill: string, between: string, right: string): string =>
    left + widths.map((own) => fill.repeat(own + PADDING)).join(between) + right;
  const row = (texts: readonly string[]): string[] => {
    const cells = texts.map((text, c) => text.split('\n').flatMap((part) => broken(part, widths[c]!)));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, i) => {
      const parts = cells.map((lines, c) => ` ${padded(lines[i] ?? '', widths[c]!)} `);
      return `│${parts.join('┆')}│`;
    });
  };
  const height = columns[0]?.cells.length ?? 0;
  return [
    line('┌', '─', '┬', '┐'),
    ...(columns.length > 0 ? row(columns.map(({ header }) => header)) : []),
    line('╞', '═', '╪', '╡'),
    ...Array.from({ length: height }, (_, i) => row(columns.map(({ cells }) => cells[i]!))).flat(),
    line('└', '─', '┴', '┘'),
  ].join('\n');
}

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const linesOf = ({ header, cells }: BoxColumn): string[] => [header, ...cells].flatMap((text) => text.split('\n'));

/** How wide the content of each column becomes, where there is `space` for all of them with their padding. */
function arrange(columns: readonly BoxColumn[], space: number): number[] {
  const needs = columns.map((column) => Math.max(0, ...linesOf(column).map((text) => widthOf(text))));
  const widths: (number | undefined)[] = columns.map(({ least, most }, c) =>
    least === most || needs[c]! + PADDING <= least ? Math.max(1, least - PADDING) : undefined,
  );
  const open = (): number[] => [...widths.keys()].filter((c) => widths[c] === undefined);
  const taken = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  let left = Math.max(0, space - columns.length * PADDING - taken);

  /** Settles columns one by one while `choose` tells the width of any, given the share of each that is open. */
  const settle = (choose: (c: number, share: number) => number | undefined): void => {
    for (let found = true; found;) {
      found = false;
      for (const c of open()) {
        const width = choose(c, Math.floor(left / open().length));
        if (width === undefined) continue;
        widths[c] = width;
        left = Math.max(0, left - width);
        found = true;
      }
    }
  };
  settle((c, share) => (share < columns[c]!.least ? Math.max(1, columns[c]!.least - PADDING) : undefined));
  settle((c, share) => {
    const { most } = columns[c]!;
    if (most <= share + PADDING && needs[c]! + PADDING >= most) return Math.max(1, most - PADDING);
    return needs[c]! <= share ? needs[c] : undefined;
  });
  // A column whose lines break well needs less than its share.
  settle((c, share) => {
    const longest = Math.max(0, ...linesOf(columns[c]!).flatMap((text) => broken(text, share).map(bytes)));
    return share - longest >= 3 ? longest : undefined;
  });
  const last = open();
  const share = Math.floor(Math.max(left, last.length) / last.length);
  const excess = Math.max(left, last.length) % last.length;
  last.forEach((c, i) => (widths[c] = share + (i < excess ? 1 : 0)));
  return widths as number[];
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** A line broken into such as are at most `width` wide: between words, and inside those that are too long. */
function broken(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const lines: string[] = [];
  let current = '';
  const words = line.split(' ').reverse();
  const push = (text: string): void => void lines.push(text);
  const start = (word: string): void => {
    current = word;
    if (widthOf(current) <= Math.max(0, width - LEAST_FREE)) return;
    push(current);
    current = '';
  };
  for (let word = words.pop(); word !== undefined; word = words.pop()) {
    const glue = current === '' ? '' : ' ';
    const free = Math.max(0, width - widthOf(current) - glue.length);
    const length = widthOf(word);
    if (length <= free) start(current + glue + word);
    else if (current !== '' && free <= LEAST_FREE) {
      words.push(word);
      push(current);
      current = '';
    } else if (length > width) {
      const fitting = cut(word, free) || (current === '' ? [...word][0]! : '');
      words.push(word.slice(fitting.length));
      push(current + glue + fitting);
      current = '';
    } else {
      push(current);
      start(word);
    }
  }
  if (current !== '') push(current);
  return lines;
}

/** As much of a text as is at most `width` wide. */
function cut(text: string, width: number): string {
  let part = '';
  for (const letter of text) {
    if (widthOf(part + letter) > width) break;
    part += letter;
  }
  return part;
}
