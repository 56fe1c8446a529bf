import type { AggregateName } from './aggregate';
import { DataType } from './data-type';
import { Expr, cols } from './expression';
import { Held } from './held';
import { aggregated, Series, seriesOf } from './series';

/** Rows in groups that agree in some columns, in the order in which each group is first met. */
export class GroupBy<T> extends Held {
  readonly kind = 'GroupBy';
  readonly #keys: readonly string[];
  readonly #groups: readonly (readonly Series[])[];
  readonly #rest: readonly string[];
  readonly #frameOf: (columns: Series[]) => T;

  /** @param frameOf makes the frame that each of its methods comes to */
  constructor(columns: readonly Series[], keys: readonly string[], frameOf: (columns: Series[]) => T) {
    super();
    this.#keys = keys;
    this.#rest = columns.map(({ name }) => name).filter((name) => !keys.includes(name));
    this.#frameOf = frameOf;
    const by = cols(...keys).of(columns);
    const rows = new Map<string, number[]>();
    for (let i = 0; i < (by[0]?.length ?? 0); i++) {
      const key = JSON.stringify(by.map(({ cells }) => [typeof cells[i], String(cells[i])]));
      const own = rows.get(key);
      if (own) own.push(i);
      else rows.set(key, [i]);
    }
    this.#groups = [...rows.values()].map((own) => columns.map((series) => series.gather(own)));
  }

  /** A row for each group: of expressions, or of the names of what each column comes to. */
  agg(...wanted: (Expr | Record<string, AggregateName | AggregateName[]>)[]): T {
    const expressions = wanted.flatMap((one) =>
      one instanceof Expr
        ? [one]
        : Object.entries(one).flatMap(([column, names]) => [names].flat().map((name) => comesTo(name, column))),
    );
    const each = this.#groups.map((group) => [
      ...cols(...this.#keys)
        .of(group)
        .map((key) => key.head(1)),
      ...expressions.flatMap((expression) => expression.of(group)),
    ]);
    const names = each[0]?.map(({ name }) => name) ?? this.#keys;
    return this.#frameOf(
      names.map((name, c) => {
        const cells = each.flatMap((row) => row[c]!.cells);
        return new Series(name, cells, each[0]?.[c]?.dtype ?? DataType.Float64);
      }),
    );
  }

  /** How many rows each group has, in a column for each of those that they agree in. */
  len(): T {
    const counts = this.#keys.map(
      (key) => new Expr((group) => [seriesOf(`${key}_count`, [group[0]!.length], DataType.UInt32)]),
    );
    return this.agg(...counts);
  }

  static {
    for (const name of ['first', 'last', 'max', 'mean', 'median', 'min', 'nUnique', 'sum'] as const) {
      Object.defineProperty(this.prototype, name, {
        value(this: GroupBy<unknown>) {
          return this.agg(...this.#rest.map((column) => comesTo(name, column)));
        },
      });
    }
  }
}

/** The expression of what one column comes to. */
const comesTo = (name: AggregateName, column: string): Expr =>
  new Expr((columns) =>
    cols(column)
      .of(columns)
      .map((series) => aggregated(series, name)),
  );
