import { inspect } from 'node:util';

/** What a cell of a table, or a field of a JSON object, may hold. */
export interface Kind<T> {
  /** As a message says it: `a number from 0 to 1`. */
  what: string;
  holds: (value: unknown) => boolean;
  /** The value that stands in a CSV file as this text; a text that stands for none comes back, and is not held. */
  fromText: (text: string) => unknown;
  /** Only for the compiler. */
  readonly of?: T;
}

/** The kind of each field of an object. */
export type Kinds<T> = { readonly [K in keyof T]-?: Kind<T[K]> };

const toNumber = (text: string): unknown => (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text);

function numbers(what: string, holds: (value: number) => boolean): Kind<number> {
  return {
    what,
    holds: (value) => typeof value === 'number' && Number.isFinite(value) && holds(value),
    fromText: toNumber,
  };
}

export const finite = numbers('a finite number', () => true);
export const atLeast = (least: number): Kind<number> =>
  numbers(`a number of ${least} or more`, (value) => value >= least);
export const between = (least: number, most: number): Kind<number> =>
  numbers(`a number from ${least} to ${most}`, (value) => value >= least && value <= most);
export const whole = (least: number): Kind<number> =>
  numbers(`a whole number of ${least} or more`, (value) => Number.isSafeInteger(value) && value >= least);

export const flag: Kind<boolean> = {
  what: 'true or false',
  holds: (value) => typeof value === 'boolean',
  fromText: (text) => (text === 'true' ? true : text === 'false' ? false : text),
};

export const text: Kind<string> = {
  what: 'a text',
  holds: (value) => typeof value === 'string',
  fromText: (cell) => cell,
};

/** One of some texts or numbers. */
export function oneOf<T extends string | number>(values: readonly T[]): Kind<T> {
  const known = new Set<unknown>(values);
  return {
    what: values.slice(0, 20).join(' or '),
    holds: (value) => known.has(value),
    fromText: typeof values[0] === 'number' ? toNumber : text.fromText,
  };
}

/** A cell may be empty, a field null. */
export const orNone = <T>(kind: Kind<T>): Kind<T | null> => ({
  ...kind,
  what: `${kind.what} or nothing`,
  holds: (value) => value === null || kind.holds(value),
});

/** The field may be missing. */
export const optional = <T>(kind: Kind<T>): Kind<T | undefined> => ({
  ...kind,
  holds: (value) => value === undefined || kind.holds(value),
});

export const none: Kind<null> = { what: 'nothing', holds: (value) => value === null, fromText: text.fromText };

/** A list or an object; what it holds is another question, and so the compiler takes it for whatever is wanted. */
export const list: Kind<never> = { what: 'a list', holds: Array.isArray, fromText: text.fromText };
export const object: Kind<never> = {
  what: 'an object',
  fromText: text.fromText,
  holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Makes the error for a field and what is wrong with it, as the end of a sentence that begins with the field. */
export type Telling = (field: string, problem: string) => Error;

/**
 * A value as an object of which every field is known to be of its kind; what is no object has no field.
 * @throws what `telling` makes of the first that is of another kind
 */
export function checkFields<T extends object>(value: unknown, kinds: Kinds<T>, telling: Telling): T {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  for (const [field, kind] of entriesOf(kinds)) {
    if (!kind.holds(fields[field])) throw telling(field, `is ${shown(fields[field])}, where ${kind.what} belongs`);
  }
  return value as T;
}

/** The fields and their kinds. */
export const entriesOf = <T>(kinds: Kinds<T>): [field: string, kind: Kind<unknown>][] => Object.entries(kinds);

/** A value as a message shows it, in one line. */
const shown = (value: unknown): string =>
  value === null || value === undefined
    ? 'empty'
    : inspect(value, { breakLength: Infinity, compact: true, depth: 1, maxStringLength: 40, maxArrayLength: 5 });
