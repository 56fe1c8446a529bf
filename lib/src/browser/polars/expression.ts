import { aggregates, quantile, type AggregateName } from './aggregate';
import { notFound } from './column';
import { DataType, type Value } from './data-type';
import { Held } from './held';
import { logic } from './operate';
import { aggregated, LONG_NAMES, Series, seriesFrom, seriesOf } from './series';

/** What an expression may be calculated with: another one, the name of a column, or a value. */
export type Operand = Expr | Series | string | number | boolean | Date | null;

/** What columns of a frame come to, once there is a frame. */
export class Expr extends Held {
  readonly kind = 'Expr';

  constructor(readonly of: (columns: readonly Series[]) => Series[]) {
    super();
  }

  alias(name: string): Expr {
    return this.#each((series) => series.alias(name));
  }

  as(name: string): Expr {
    return this.alias(name);
  }

  prefix(text: string): Expr {
    return this.#each((series) => series.alias(text + series.name));
  }

  suffix(text: string): Expr {
    return this.#each((series) => series.alias(series.name + text));
  }

  and(other: Operand): Expr {
    return this.#with(other, (a, b) => seriesFrom(logic('and', a, b)));
  }

  or(other: Operand): Expr {
    return this.#with(other, (a, b) => seriesFrom(logic('or', a, b)));
  }

  not(): Expr {
    return this.#each(({ name, cells }) =>
      seriesOf(
        name,
        cells.map((flag) => (flag === null ? null : !flag)),
        DataType.Bool,
      ),
    );
  }

  pow(exponent: number): Expr {
    return this.#floats((value) => value ** exponent);
  }

  exp(): Expr {
    return this.#floats(Math.exp);
  }

  log(base = Math.E): Expr {
    return this.#floats((value) => Math.log(value) / Math.log(base));
  }

  quantile(fraction: number): Expr {
    return this.#each(({ name, cells, dtype }) => seriesOf(name, [quantile(cells, dtype, fraction)], DataType.Float64));
  }

  #floats(work: (value: number) => number): Expr {
    return this.#each((series) => {
      const { name, cells } = series.cast(DataType.Float64);
      return new Series(
        name,
        cells.map((value) => (value === null ? null : work(value as number))),
        DataType.Float64,
      );
    });
  }

  #each(work: (series: Series) => Series): Expr {
    return new Expr((columns) => this.of(columns).map(work));
  }

  #with(other: Operand, work: (a: Series, b: Series) => Series): Expr {
    return new Expr((columns) => {
      const [b] = expressionOf(other).of(columns);
      return this.of(columns).map((a) => work(a, b!));
    });
  }

  // What a series has as well, under the same names.
  static {
    const own = (name: string, method: (this: Expr, ...args: never[]) => Expr): void =>
      void Object.defineProperty(this.prototype, name, { value: method });
    const each = [
      'abs',
      'cast',
      'ceil',
      'floor',
      'head',
      'isIn',
      'isNotNull',
      'isNull',
      'sort',
      'tail',
      'unique',
    ] as const;
    for (const name of each) {
      own(name, function (...args) {
        return this.#each((series) => (series[name] as (...args: unknown[]) => Series)(...args));
      });
    }
    for (const [long, short] of Object.entries(LONG_NAMES)) {
      const method = function (this: Expr, other: Operand): Expr {
        return this.#with(other, (a, b) => a[short](b));
      };
      own(long, method);
      own(short, method);
    }
    for (const name of Object.keys(aggregates) as AggregateName[]) {
      own(name, function () {
        return this.#each((series) => aggregated(series, name));
      });
    }
  }
}

/** The columns of those names; '*' is all of them. */
export const cols = (...names: string[]): Expr =>
  new Expr((columns) =>
    names.flatMap((name) => {
      const found = name === '*' ? columns : columns.filter((series) => series.name === name);
      const known = columns.map((series) => series.name);
      if (found.length === 0) throw notFound(name, known);
      return found;
    }),
  );

/** One value, beside each row. */
export const lit = (value: Value): Expr => new Expr(() => [seriesOf('literal', [value])]);

/** What was given in place of an expression, as one. A text is the name of a column. */
export function expressionOf(given: Operand): Expr {
  if (given instanceof Expr) return given;
  if (given instanceof Series) return new Expr(() => [given]);
  return typeof given === 'string' ? cols(given) : lit(given);
}
