import type { Column } from './column';
import { DataType, type Value } from './data-type';
import { Held } from './held';

/** What Unicode takes for a space, which polars strips. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');

/** What a column of texts has under `str`. */
export class Strings<T> extends Held {
  readonly kind = 'Series.str';
  readonly #column: Column;
  readonly #columnOf: (cells: Value[], dtype: DataType) => T;

  /** @param columnOf makes the column that each of its methods comes to */
  constructor(column: Column, columnOf: (cells: Value[], dtype: DataType) => T) {
    super();
    this.#column = column;
    this.#columnOf = columnOf;
  }

  strip(): T {
    return this.#each((text) => text.replace(AROUND, ''));
  }

  toLowerCase(): T {
    return this.#each((text) => text.toLowerCase());
  }

  toUpperCase(): T {
    return this.#each((text) => text.toUpperCase());
  }

  lengths(): T {
    return this.#each((text) => new TextEncoder().encode(text).length, DataType.UInt32);
  }

  contains(pattern: string | RegExp, literal = false): T {
    const holds = (text: string): boolean =>
      literal && typeof pattern === 'string' ? text.includes(pattern) : new RegExp(pattern).test(text);
    return this.#each(holds, DataType.Bool);
  }

  replace(pattern: string | RegExp, by: string): T {
    return this.#each((text) => text.replace(new RegExp(pattern), by));
  }

  replaceAll(pattern: string | RegExp, by: string): T {
    return this.#each((text) => text.replace(new RegExp(pattern, 'g'), by));
  }

  #each(work: (text: string) => Value, dtype = DataType.String): T {
    const { cells, dtype: own, name } = this.#column;
    if (own.variant !== 'String') {
      throw new Error(
        `invalid series dtype: expected \`String\`, got \`${own.short}\` for series with name \`${name}\``,
      );
    }
    return this.#columnOf(
      cells.map((text) => (text === null ? null : work(text as string))),
      dtype,
    );
  }
}
