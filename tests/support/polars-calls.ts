// Calls of nodejs-polars, which have to come to the same where something stands in for it.
/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-member-access -- its types say any */
import type native from 'nodejs-polars';

/** nodejs-polars, or what stands in for it. */
export type Polars = typeof native;

/** What the calls are made on. */
const tables = (pl: Polars) => ({
  pl,
  d: pl.DataFrame({ a: [1, 2.5, null, -1], b: ['x', null, 'y', 'x'], c: [true, false, null, true], d: [3, 1, 2, 4] }),
  f: pl.Series('f', [1.5, -2.5, null]),
  g: pl.Series('g', [1, 2, 3, 4, 5, 6]),
  i: pl.Series('i', [7, -3, 5], pl.Int64),
  j: pl.Series('j', [2, 2, 0], pl.Int64),
  s: pl.Series('s', ['b', 'a', null]),
  flags: pl.Series('flags', [true, false, null]),
  empty: pl.Series('empty', []),
  odd: pl.Series('odd', [2, NaN, 1]),
});

type Tables = ReturnType<typeof tables>;
type Call = (tables: Tables) => unknown;

/** All that a call comes to: what it gives, or that it is refused. */
export function outcome(pl: Polars, call: Call, show: (value: unknown) => string): string {
  try {
    return show(call(tables(pl)));
  } catch (error) {
    return `refused: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}

const shapes: Call[] = [
  ({ d }) => d,
  ({ d }) => `${d.toString()}`,
  ({ d }) => ({ nested: { d } }),
  ({ d }) => d.shape,
  ({ d }) => [d.height, d.width, d.columns, d.dtypes.map(String), Object.keys(d.schema), d.isEmpty()],
  ({ d }) => [Object.keys(d), 'a' in d, 'height' in d],
  ({ d }) => [d.rows(), d.row(1), (d as unknown as unknown[])[1], d.toRecords(), d.toObject(), d.map((row) => row)],
  ({ d }) => [Reflect.get(d, 'a'), Reflect.get(d, 'nothing'), d.getColumn('c'), d.toSeries(1), d.findIdxByName('c')],
  ({ d }) => [...d].map((series) => series.name),
  ({ d }) => d.getColumn('nothing'),
  ({ pl, d }) => [pl.DataFrame.isDataFrame(d), pl.DataFrame.isDataFrame([]), pl.Series.isSeries(d.getColumn('a'))],
  ({ d }) => [d.frameEqual(d.clone()), d.frameEqual(d.head(1))],
  ({ pl, d }) => {
    const own = d.clone();
    own.columns = ['p', 'q', 'r', 's'];
    Reflect.set(own, 'p', pl.Series('other', [5, 6, 7, 8]));
    return own;
  },
  ({ d }) => (d.columns = ['p']),
];

const frames: Call[] = [
  ({ pl }) => [pl.DataFrame({}), pl.DataFrame(), pl.DataFrame([]), pl.DataFrame({ a: [] })],
  ({ pl }) => pl.DataFrame({ a: [1, 2], b: [1] }),
  ({ pl }) => pl.DataFrame([[1, 2], [3, 4]]), // prettier-ignore
  ({ pl }) => pl.DataFrame([[1, 2], [3, 4]], { columns: ['x', 'y'] }), // prettier-ignore
  ({ pl }) => pl.DataFrame([[1, 2], [3, 4]], { columns: ['x', 'y'], orient: 'row' }), // prettier-ignore
  ({ pl }) => pl.DataFrame([[1, 2], [3, 4], [5, 6]], { columns: ['x', 'y'] }), // prettier-ignore
  ({ pl }) => pl.DataFrame([{ a: 1, b: 'x' }, { a: 2 }]),
  ({ pl }) => pl.readRecords([{ a: 1 }, { b: 2 }]),
  ({ pl }) => pl.DataFrame([{ a: 1, b: true }, { a: 'x' }]),
  ({ pl }) => pl.DataFrame([pl.Series('a', [1]), pl.Series('a', [2])]),
  ({ pl }) => pl.DataFrame([pl.Series([1]), pl.Series([2])]),
  ({ pl }) => pl.DataFrame({ a: pl.Series('other', [1]) }),
  ({ pl }) => pl.DataFrame({ a: new Float32Array([1, 2.5]), b: new Int32Array([1, 2]), c: new Uint8Array([1, 2]) }),
  ({ pl }) => pl.DataFrame({ a: [1, 'x', true], b: ['x', 1, true] }),
  ({ pl }) => pl.DataFrame({ a: [1n, 2n] }).rows(),
  ({ pl }) => pl.DataFrame({ a: [new Date(0), new Date(1.6e12 + 5)] }),
];

const parts: Call[] = [
  ({ d }) => [d.select('a', 'c'), d.select(['a', 'c'] as never)],
  ({ d }) => d.select('nothing'),
  ({ d }) => [d.head(2), d.tail(2), d.limit(1), d.slice(1, 1), d.slice(-2, 1), d.slice({ offset: 1, length: 5 })],
  ({ d }) => d.slice(-9, 8),
  ({ d }) => [d.sort('a'), d.sort('a', true), d.sort({ by: 'b', descending: true, nullsLast: true } as never)],
  ({ d }) => d.sort(['c', 'a']),
  ({ d }) => d.sort('nothing'),
  ({ d }) => [d.drop('a'), d.drop('a', 'b'), d.dropNulls(), d.dropNulls('a')],
  ({ d }) => d.drop('nothing'),
  ({ d }) => [d.rename({ a: 'A' }), d.withColumnRenamed('a', 'A'), d.withRowIndex(), d.withRowIndex('i', 3)],
  ({ d }) => d.rename({ nothing: 'A' }),
  ({ pl, d }) => [d.vstack(d), pl.concat([d, d])],
  ({ pl, d }) => d.vstack(pl.DataFrame({ a: [1] })),
  ({ pl }) => pl.DataFrame({ a: [1] }).vstack(pl.DataFrame({ a: ['x'] }) as never),
  ({ pl, d }) => d.hstack([pl.Series('k', [1, 2, 3, 4])]),
  ({ pl, d }) => [d.withColumn(pl.Series('e', [1, 2, 3, 4])), d.withColumn(pl.Series('a', [1, 2, 3, 4]))],
  ({ pl, d }) => d.withColumn(pl.Series('e', [1, 2])),
];

const expressions: Call[] = [
  ({ d }) => d.filter(d.getColumn('a').gt(1)),
  ({ pl, d }) => d.filter(pl.col('a').gt(1)),
  ({ pl, d }) =>
    d.filter(
      pl
        .col('a')
        .gt(1)
        .and(pl.col('c').eq(pl.lit(true))),
    ),
  ({ pl, d }) => d.filter(pl.col('a').gt(1).or(pl.col('c'))),
  ({ pl, d }) => d.filter(pl.col('a').gt(1).not()),
  ({ pl, d }) => [d.filter(pl.col('b').eq(pl.lit('x'))), d.filter(pl.col('b').isNull()), d.where(pl.col('c'))],
  ({ pl, d }) => d.filter(pl.col('b').isIn(['x', 'z'])),
  ({ pl, d }) => d.filter(pl.col('a')),
  ({ pl, d }) => d.filter(pl.col('nothing').gt(1)),
  ({ pl, d }) => d.withColumn(pl.col('a').mul(2).as('z')),
  ({ pl, d }) => d.withColumns(pl.col('a').plus(1).as('p'), pl.col('a').minus(pl.col('a').mean()).as('q')),
  ({ pl, d }) => [d.withColumn(pl.lit(7).as('k')), d.withColumn(pl.lit('t').as('k'))],
  ({ pl, d }) => d.select(pl.col('a').sum(), pl.col('d').sum().as('t')),
  ({ pl, d }) => [
    d.select(pl.col('a'), pl.lit(1)),
    d.select(pl.col('*').nullCount()),
    d.select(pl.cols('a', 'd').max()),
  ],
  ({ pl, d }) => d.select(pl.col('a').pow(2), pl.col('d').log().as('l'), pl.col('d').exp().as('e')),
  ({ pl, d }) => d.select(pl.col('a').cast(pl.String), pl.col('a').prefix('p_'), pl.col('a').suffix('_s')),
  ({ pl, d }) => d.select(pl.col('a').abs(), pl.col('a').floor().as('f'), pl.col('a').ceil().as('c')),
  ({ pl, d }) => d.select(pl.col('d').quantile(0.5), pl.col('a').median().as('m'), pl.col('a').std().as('s')),
  ({ pl, d }) => d.select(pl.col('a').count(), pl.col('a').first().as('f'), pl.col('a').last().as('l')),
  ({ pl, d }) => d.select(pl.col('a').nUnique(), pl.col('a').product().as('p'), pl.col('a').var().as('v')),
  ({ pl, i, j }) => pl.DataFrame([i, j]).select(pl.col('i').div(pl.col('j')), pl.col('i').div(2).as('h')),
];

const summaries: Call[] = [
  ({ d }) => [d.describe(), d.mean(), d.median(), d.min(), d.max(), d.sum(), d.std(), d.var(), d.nullCount()],
  ({ pl, d }) => d.groupBy('c').agg(pl.col('a').mean()).sort('c'),
  ({ d }) => d.groupBy('c').agg({ a: 'sum' }).sort('c'),
  ({ d }) => [d.groupBy('c').mean().sort('c'), d.groupBy('c').min().sort('c'), d.groupBy('c').max().sort('c')],
  ({ d }) => [d.groupBy('c').median().sort('c'), d.groupBy('c').nUnique().sort('c')],
  ({ d }) => d.groupBy('c').sum(),
  ({ d }) => d.groupBy('c', 'b').len().sort(['c', 'b']),
  ({ pl, d }) => d.groupBy('b').agg(pl.col('a').count().as('n'), pl.col('d').sum().as('t')).sort('b'),
  ({ d }) => d.groupBy('nothing').mean(),
];

const columns: Call[] = [
  ({ f, i, s, flags, empty }) => [f, i, s, flags, empty],
  ({ f }) => [f.name, String(f.dtype), f.length, f.len(), f.get(0), f[0], f.getIndex(1), f.toArray(), [...f]],
  ({ f }) => f.get(9),
  ({ f }) => f[9],
  ({ g, i }) => [g.toTypedArray(), i.toTypedArray()],
  ({ f }) => f.toTypedArray(),
  ({ f, i, s, flags }) => [
    i.isNumeric(),
    s.isString(),
    flags.isBoolean(),
    f.isFloat(),
    f.hasNulls(),
    f.seriesEqual(f),
    f.seriesEqual(i as never),
  ],
  ({ f }) => [f.mean(), f.median(), f.min(), f.max(), f.sum(), f.product(), f.nullCount(), f.nUnique()],
  ({ i, flags, s }) => [i.mean(), i.sum(), i.min(), i.product(), flags.mean(), flags.min(), s.mean(), s.min()],
  ({ empty: e }) => [e.mean(), e.sum(), e.min(), e.product(), e.median()],
  ({ odd }) => [odd.mean(), odd.min(), odd.max(), odd.sum(), odd.sort(), odd.nUnique()],
  ({ s }) => s.sum(),
  ({ g }) => [0, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 1].map((fraction) => g.quantile(fraction)),
  ({ f }) => [
    f.slice(-2, 1),
    f.slice(1, 99),
    f.slice(5, 1),
    f.slice(-9, 2),
    f.head(),
    f.head(1),
    f.tail(1),
    f.limit(1),
  ],
  ({ f, flags }) => [f.gather([1, 0]), f.filter(flags), f.dropNulls(), f.unique(true), f.concat(f)],
  ({ f, s, flags }) => [f.sort(), f.sort({ descending: true }), f.sort({ nullsLast: true }), s.sort(), flags.sort()],
  ({ f }) => [f.alias('z'), f.as('z'), f.rename('z'), f.mapElements((x: number) => x && x * 2)],
  ({ pl, f, i, flags }) => [
    f.cast(pl.Int64),
    f.cast(pl.String),
    f.cast(pl.Utf8),
    flags.cast(pl.Float64),
    i.cast(pl.Float32),
  ],
  ({ pl }) => [pl.Series([300, -1, 1e20, NaN, 7.9]).cast(pl.UInt8), pl.Series([0, 1, 2]).cast(pl.Bool)],
  ({ pl, s }) => s.cast(pl.Float64, true),
  ({ pl }) => pl.Series(NUMBERS).cast(pl.Float64).toArray(),
  ({ pl }) => pl.Series(NUMBERS).cast(pl.Int64).toArray(),
  ({ f, s }) => [f.abs(), f.floor(), f.ceil(), f.isNull(), f.isNotNull(), f.isIn([1.5]), s.isIn(['a'])],
  ({ f, i }) => [f.add(2), f.plus(f), f.sub(1), f.minus(i), f.mul(i), f.div(2), f.rem(2), i.div(f)],
  ({ i, j }) => [i.add(j), i.sub(j), i.mul(j), i.div(j), i.rem(j), i.multiplyBy(j), i.divideBy(j), i.modulo(j)],
  ({ s }) => [s.plus(s), s.eq(s), s.gt(s)],
  ({ s }) => s.minus(s),
  ({ s }) => s.plus('a'),
  ({ f, g }) => f.add(g),
  ({ f, i }) => [f.gt(1), f.gtEq(f), f.lt(i), f.ltEq(0), f.eq(1.5), f.neq(1.5), f.greaterThan(1), f.lessThanEquals(0)],
  ({ flags }) => [flags.bitand(flags), flags.bitor(flags)],
  ({ s }) => [s.str.toUpperCase(), s.str.toLowerCase(), s.str.contains('a'), s.str.contains(/[ab]$/), s.str.lengths()],
  ({ s }) => [s.str.replace('a', 'c'), s.str.replaceAll('a', 'c'), s.str.strip()],
  ({ f }) => f.str.strip(),
  ({ pl }) => pl.Series(SPACED).str.strip().toArray(),
  ({ pl }) => [pl.Series('a', [1, 2, null], pl.Int64), pl.Series('a', [1.7, 2], pl.Int32), pl.Series([null, true])],
  ({ pl }) => [pl.Series('a', [1.7, 'x'], pl.Utf8), pl.Series('a', [true, 1], pl.Bool), pl.Series([undefined, 1])],
  ({ pl }) => [pl.Float64.equals(pl.Float64), pl.Float64.equals(pl.Int64), String(pl.Utf8), String(pl.Datetime('us'))],
];

/** Texts of which some are numbers. */
const NUMBERS = [
  ...['inf', '-inf', '+inf', 'Infinity', '-infinity', 'nan', 'NaN', '-nan', 'NAN', '1_000', ' 1', '1 ', '\t1', '1e5'],
  ...['1E5', '0x10', '+.5', '.5', '1.', '.', '', '-', '1e400', '1e-400', '1e', '1d5', '1f', '--1', '+-1', '١', '1,5'],
  ...['0', '-0', '007', '1e+5', 'true', '1.5.2', 'INF', 'infi', '1 2', '12345678901234567890', '0.1', '+nan', '5e-324'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '9007199254740993'],
];

const SPACED = [' a ', '\ta\n', '\u00a0a\u00a0', '\u2003a', '\ufeffa', 'a\u200b', '\u0085a', '\u2028a', '\v\fa'];

const written: Call[] = [
  ({ d }) => String(d.writeCSV()),
  ({ d }) => [String(d.writeCSV({ separator: ';' })), String(d.writeCSV({ includeHeader: false }))],
  ({ pl }) => String(pl.DataFrame({ 'a,b': ['x"y', '', ' ', 'p,q', 'r\ns', null, '\r', 'é', "'"] }).writeCSV()),
  ({ pl }) => String(pl.DataFrame({ n: [1e15, 1e16, 1e-5, 1e-6, NaN, Infinity, -0, 1e21, 0.1, null] }).writeCSV()),
];

export const calls = { shapes, frames, parts, expressions, summaries, columns, written };
