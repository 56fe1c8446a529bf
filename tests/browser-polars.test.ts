// What stands in for nodejs-polars in a page comes to what nodejs-polars comes to: each call, each file, each box.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import * as extracted from 'node-inspect-extracted';
import native, { type DataFrame } from 'nodejs-polars';
import { DescentError, Random, readColumns, readTable } from 'descent-lab';
import * as standIn from '../lib/src/browser/polars';
import { readEvaluation } from '../lib/src/evaluation';
import { readFrame, recordsOf } from '../lib/src/data/frame';
import { calls, outcome, type Polars } from './support/polars-calls';

const root = join(__dirname, '..');
const ours = standIn.default as unknown as Polars;
const folder = mkdtempSync(join(tmpdir(), 'browser-polars-'));
after(() => rmSync(folder, { recursive: true }));

const shown = (value: unknown): string => inspect(value, { depth: 9, maxArrayLength: null });

for (const [kind, list] of Object.entries(calls)) {
  test(`calls: ${kind}`, () => {
    for (const call of list) assert.equal(outcome(ours, call, shown), outcome(native, call, shown), String(call));
  });
}

/** One of a list. */
const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(0, list.length - 1)]!;
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const EXTREMES = [
  ...[NaN, Infinity, -Infinity, -0, 0, 1, 999_999, 1e6, 1e9, 999_999.5, 1e-6, 1e-7, 1e15, 1e16, 1e21, 1e22, 5e-324],
  ...[12.0078125, -3.1953125, 100_005_000, 100_015_000, 1.00005e20, 0.1, 1 / 3, 123456.789],
];

/** Numbers of all sizes, whole ones and such as lie between two that are printed among them. */
const number = (random: Random): number =>
  pick(random, [
    () => random.normal(),
    () => random.normal() * 10 ** random.integer(-20, 20),
    () => Math.round(random.normal() * 1e8),
    () => Math.round(random.normal() * 1e4) / 1e3,
    () => Math.round(random.normal() * 1e3) / 128,
    () => (100_005 + 10 * random.integer(0, 9)) * 10 ** random.integer(0, 19),
    () => pick(random, EXTREMES),
  ])();

const WORDS = ['a', 'bb', 'some', 'longer', 'extraordinarily', 'x'.repeat(40), '', 'é', '日本', 'ü-ö', '1', 'Ωmega'];
const text = (random: Random): string =>
  times(random.integer(0, 7), () => pick(random, WORDS)).join(pick(random, [' ', ' ', ' ', '_', '\n']));

test('a column prints as it does there, whatever its numbers', () => {
  const random = new Random(1);
  for (let i = 0; i < 1500; i++) {
    const values = times(5, () => number(random));
    assert.equal(shown(ours.Series('x', values)), shown(native.Series('x', values)));
    const single = Float32Array.from(values);
    assert.equal(shown(ours.Series('x', single)), shown(native.Series('x', single)), 'as Float32');
  }
});

test('a frame prints as it does there, whatever its shape and its texts', () => {
  const random = new Random(2);
  for (let i = 0; i < 300; i++) {
    const height = pick(random, [0, 1, 3, 9, 10, 11, 25, 1234]);
    const cell = pick(random, [number, text, text, () => random.uniform() < 0.5] as ((random: Random) => unknown)[]);
    const columns = times(random.integer(0, 12), () =>
      times(height, () => (random.uniform() < 0.1 ? null : cell(random))),
    );
    const data = Object.fromEntries(columns.map((values, c) => [`${c} ${text(random)}`, values]));
    assert.equal(String(ours.DataFrame(data)), String(native.DataFrame(data)));
  }
});

/** What is read of a CSV file, or why it is refused; where in the file that is depends on how many threads read it. */
const read = (pl: Polars, csv: string | Buffer, options?: object): string => {
  try {
    const frame = pl.readCSV(csv, options);
    return `${String(frame)}\n${shown(frame.rows())}`;
  } catch (error) {
    return `refused: ${(error as Error).message.replace(/is \d+ bytes/, 'is elsewhere')}`;
  }
};

test('CSV files: types, quotes, line ends, blank lines, ragged rows, missing cells, names', () => {
  const rows = (cell: (i: number) => string | number, count = 150): string =>
    `a\n${Array.from({ length: count }, (_, i) => cell(i)).join('\n')}`;
  const files = [
    ...['', '\n', '\r\n\r\n', 'a', 'a,b', 'a,b\n', 'a,b\r\n', '\na\n1\n', '\r\n\na,b\r\n1,2', ' \na,b\n1,2'],
    ...['a,b,c,d\n1,2.5,x,true\n2,,y,false\n', 'a,b\r\n1,2\r\n3,4\r\n', 'a,b\n1,2\n\n3,4\n\n', 'a\n\n1\n\n2\n'],
    ...['a,b\n1,2,3\n3,4\n', 'a,b\n1\n3,4\n', 'a,b\n1,\n,2', 'a,a,a\n1,2,3', 'a,,\n1,2,3', '"a ""x""",b\n1,2'],
    ...['\ufeffa,b\n1,2\n', '\ufeff"a",b\n1,2', 'a,b\n"x, y","say ""hi"""\n"li\nne",2\n', 'a,b\n"1","2"\n"3","4"'],
    ...['a,b\n1,"2\n3,4\n', 'a,b\n1,"2"x\n', 'a\n1\n2.5\nx', 'a\n1\n2.5', 'a\n9223372036854775808\n1', 'a\n1e5\n2'],
    ...[
      'a\n+1\n-2',
      'a\n1.\n.5',
      'a\nnan\nNaN\n1.5',
      'a\ninf\n-inf\n1.5',
      'a\nTrue\nfalse',
      'a\ntrue\n1',
      'a\n001\n02',
    ],
    ...['a\n 1\n2 \n', 'a,b\n"",1\n,2', '"a\nb",c\n1,2', 'a\n2020-01-01', 'a;b\n1,5;2', 'ä,日本\nö,😀\n', 'a,b\r1,2\r'],
    rows((i) => (i < 120 ? i : i + 0.5)),
    rows((i) => (i < 120 ? i : 'x')),
    rows((i) => (i < 100 ? i : ['+5', ' 5', '5 ', '1e3', '2.0', '"7"', '', '-3', '0x1', '1_0'][i - 100]!), 110),
    rows((i) => (i < 100 ? i + 0.5 : ['+5', '\t5', '5 ', '1e3', 'x', '"7"', '', 'nan', 'inf', ' nan'][i - 100]!), 110),
    rows((i) => (i < 100 ? 'true' : ['TRUE', 'False', ' true', '"true"', 'x', '', '1'][i - 100]!), 107),
  ];
  for (const file of files) {
    for (const options of [undefined, { hasHeader: false }, { inferSchemaLength: 0 }, { truncateRaggedLines: false }]) {
      assert.equal(read(ours, file, options), read(native, file, options), JSON.stringify({ file, options }));
    }
  }
});

test('CSV files by chance, by each option', () => {
  const random = new Random(3);
  const cells = [
    ...[
      'a',
      '1',
      '2',
      '2.5',
      '-3',
      '',
      '',
      ' ',
      ' 7',
      '"x"',
      '"a,b"',
      '"1"',
      '"a\nb"',
      'true',
      'é',
      '1e5',
      'inf',
      'NA',
    ],
    ...['""', '"say ""hi"""'],
  ];
  const options = [
    ...[{}, { hasHeader: false, inferSchemaLength: 0, truncateRaggedLines: false }, { inferSchemaLength: 2 }],
    ...[{ truncateRaggedLines: false }, { hasHeader: false }, { skipRows: 1 }, { nRows: 2 }, { columns: ['a', '1'] }],
    ...[{ nullValues: ['NA', '1'] }, { nullValues: 'NA' }, { inferSchemaLength: null }, { rechunk: true }],
  ];
  for (let i = 0; i < 4000; i++) {
    const end = pick(random, ['\n', '\n', '\r\n']);
    const width = random.integer(1, 4);
    const line = (): string =>
      pick(random, [width, width, width, width, width, 0, random.integer(1, 5)]) === 0
        ? ''
        : times(pick(random, [width, width, width, random.integer(1, 5)]), () => pick(random, cells)).join(',');
    const start = pick(random, ['', '', '', '', '\ufeff', end]);
    const file = Buffer.from(start + times(random.integer(1, 6), line).join(end) + pick(random, ['', end]));
    const own = pick(random, options);
    assert.equal(read(ours, file, own), read(native, file, own), JSON.stringify({ file: String(file), own }));
  }
});

test('a CSV file of 100,000 rows', () => {
  const random = new Random(4);
  const lines = times(100_000, () => `${random.normal()},"a, ${random.integer(0, 9)}",${random.integer(0, 99)}`);
  const file = Buffer.from(`x,who,n\n${lines.join('\n')}\n`);
  const [a, b] = [ours.readCSV(file), native.readCSV(file)];
  assert.equal(String(a), String(b));
  for (const name of ['x', 'who', 'n'])
    assert.deepEqual(a.getColumn(name).toArray(), b.getColumn(name).toArray(), name);
});

test('a file is read by its path, and what is no file is refused', () => {
  const path = join(folder, 'table.csv');
  ours.DataFrame({ a: [1, 2], b: ['x', 'y'] }).writeCSV(path);
  assert.equal(read(ours, path), read(native, path));
  assert.match(read(ours, join(folder, 'missing.csv')), /no such file/);
  assert.equal(read(ours, 5 as never), read(native, 5 as never));
  assert.equal(read(ours, Buffer.from([97, 10, 0xff])), read(native, Buffer.from([97, 10, 0xff])));
  const message = 'readCSV has no option tryParseDates in a page; there are: sep, hasHeader, inferSchemaLength, ';
  assert.throws(
    () => ours.readCSV('a\n1', { tryParseDates: true }),
    (error: Error) => error instanceof DescentError && error.message.startsWith(message),
  );
});

test('Parquet files: each type, packed or not, with missing cells', () => {
  const count = 3000;
  const column = <T>(cell: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => cell(i));
  const plain = native.DataFrame({
    float: column((i) => (i % 7 ? i / 3 : null)),
    text: column((i) => (i % 5 ? `text ${i % 40}` : null)),
    flag: column((i) => (i % 3 ? i % 2 === 0 : null)),
    large: column((i) => 2n ** 60n + BigInt(i)),
    when: column((i) => new Date(1.6e12 + 1001 * i)),
    height: column((i) => i),
  });
  const types = ['Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'Float32'] as const;
  const frame = plain.withColumns(
    ...types.map((type) => native.col('float').cast(native[type]).as(type)),
    native.col('when').cast(native.Date).as('day'),
    native.col('when').cast(native.Datetime('us')).as('us'),
  );
  const none = native.DataFrame({ a: [], b: [] });
  for (const written of [frame, none, native.DataFrame([])]) {
    for (const compression of ['uncompressed', 'snappy', 'gzip'] as const) {
      const bytes = parquet(written, compression);
      const [a, b] = [ours.readParquet(bytes), native.readParquet(bytes)];
      assert.equal(shown(a.dtypes), shown(b.dtypes), compression);
      assert.equal(String(a), String(b), compression);
      assert.equal(shown(a.rows()), shown(b.rows()), compression);
    }
  }
  const refusals: [Buffer, RegExp][] = [
    [
      parquet(frame, 'zstd'),
      /^it is packed with ZSTD, which a page cannot unpack: write it with Snappy, gzip or unpacked$/,
    ],
    [parquet(native.DataFrame({ a: [[1, 2]] })), /^column 'a' holds lists or structures: leave it out/],
    [Buffer.from('PAR1 and then rubbish PAR1'), /parquet/],
    [Buffer.from('PAR1'), /parquet/],
  ];
  for (const [bytes, message] of refusals) assert.throws(() => ours.readParquet(bytes), { message });
  const packed = join(folder, 'packed.parquet');
  writeFileSync(packed, refusals[0]![0]);
  assert.throws(
    () => ours.readParquet(packed),
    ({ message }: Error) => message.startsWith(`${packed}: it is packed`),
  );
  assert.throws(() => frameOfOurs().writeParquet(), /DescentError: .*write the table as CSV/);
});

/** A frame as a Parquet file. */
const parquet = (frame: Pick<DataFrame, 'writeParquet'>, compression = 'uncompressed'): Buffer =>
  frame.writeParquet({ compression } as never) as unknown as Buffer;

const frameOfOurs = (): ReturnType<Polars['DataFrame']> => ours.DataFrame({ a: [1], b: ['x'] });

test('a Parquet file of which a byte is damaged is read or refused, and never fills the memory', () => {
  const frame = native.DataFrame({ x: Array.from({ length: 40 }, (_, i) => (i % 2 ? 1 : null)) });
  for (const compression of ['uncompressed', 'snappy', 'gzip']) {
    const whole = parquet(frame, compression);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const damage of [0xff, 0xfe, 0x7f]) {
        const bytes = Buffer.from(whole);
        bytes[at] = damage;
        if (outcomeOf(() => ours.readParquet(bytes)) instanceof Error) refused++;
      }
    }
    assert.ok(refused > 200, `${compression}: ${refused} are refused`);
  }
});

/** The names of all that an object of polars has, which its proxy hides. */
function namesIn(make: () => unknown): string[] {
  const RealProxy = Proxy;
  let hidden: object = {};
  globalThis.Proxy = function (target: object, handler: ProxyHandler<object>) {
    hidden = target;
    return new RealProxy(target, handler);
  } as unknown as ProxyConstructor;
  try {
    make();
  } finally {
    globalThis.Proxy = RealProxy;
  }
  return Object.keys(hidden);
}

test('what nodejs-polars has and a page has not is refused by name, and lists what there is', () => {
  const series = ours.Series('a', ['x']);
  const things: [kind: string, ours: object, names: string[]][] = [
    ['DataFrame', frameOfOurs(), namesIn(() => native.DataFrame([]))],
    ['Series', series, namesIn(() => native.Series('a', ['x']))],
    ['Series.str', series.str, Object.keys(native.Series('a', ['x']).str)],
    ['Expr', ours.col('a'), Object.keys(native.col('a'))],
    ['GroupBy', frameOfOurs().groupBy('a'), Object.keys(native.DataFrame({ a: [1] }).groupBy('a'))],
    ['module', ours, Object.keys(native)],
  ];
  const own = ['_s', '_df', '_expr', 'inner', 'toJSON'];
  for (const [kind, thing, names] of things) {
    let refused = 0;
    for (const name of names.filter((one) => !own.includes(one))) {
      const got = outcomeOf(() => Reflect.get(thing, name));
      if (got instanceof DescentError) {
        refused++;
        assert.match(got.message, /^nodejs-polars' \w+( of [\w.]+)? is not there in a page: here are \w+, /);
      } else assert.notEqual(got, undefined, `${kind} has no ${name}, and does not say so`);
    }
    assert.ok(refused > 0, `${kind} refuses nothing`);
  }
  assert.throws(() => frameOfOurs().join(frameOfOurs(), { on: 'a' }), {
    message:
      /^nodejs-polars' join of DataFrame is not there in a page: here are clone, columns, describe, .*withRowIndex, writeCSV$/,
  });
  assert.equal(Reflect.get(frameOfOurs(), 'then'), undefined, 'a frame may be awaited');
});

const outcomeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test('a column may be called as anything that a frame has', () => {
  for (const name of [
    'height',
    'columns',
    'getColumn',
    'kind',
    'item',
    'keys',
    'toString',
    'constructor',
    '__proto__',
  ]) {
    const frame = ours.DataFrame([ours.Series(name, [1, 2]), ours.Series('other', [3, 4])]);
    assert.deepEqual(Reflect.ownKeys(frame), [name, 'other']);
    assert.deepEqual((Reflect.get(frame, name) as { toArray: () => number[] }).toArray(), [1, 2], name);
    for (const show of [inspect, extracted.inspect]) assert.match(show(frame), /^shape: \(2, 2\)\n┌/, name);
  }
});

/** What `work` comes to with nodejs-polars in the library, and with what stands in for it. */
function inTheLibrary(work: () => unknown): [native: unknown, ours: unknown] {
  const path = require.resolve('nodejs-polars');
  const real = require.cache[path]!.exports as unknown;
  const with_ = (polars: unknown): unknown => {
    require.cache[path]!.exports = polars;
    const result = outcomeOf(work);
    return result instanceof Error ? `refused: ${result.message}` : result;
  };
  try {
    return [with_(real), with_(standIn)];
  } finally {
    require.cache[path]!.exports = real;
  }
}

test('the library reads the tables in data/ as it does with nodejs-polars', () => {
  const tables = readdirSync(join(root, 'data')).filter((file) => file.endsWith('.csv'));
  assert.ok(tables.length > 10, 'there are tables');
  for (const file of tables) {
    const path = join(root, 'data', file);
    const readers: Record<string, () => unknown> = {
      records: () => recordsOf(readFrame(path)),
      table: () => readTable(path),
      evaluation: () => readEvaluation(path),
    };
    for (const name of readFrame(path).names) {
      readers[`numbers of ${name}`] = () => readColumns(path, { x: { column: name, constant: true } });
      readers[`texts of ${name}`] = () => readColumns(path, { x: { column: name, type: 'text' } });
    }
    for (const [reader, work] of Object.entries(readers)) {
      const [a, b] = inTheLibrary(work);
      assert.deepEqual(b, a, `${file}: ${reader}`);
    }
  }
});

test('the library refuses what it refuses with nodejs-polars, in the same words', () => {
  const random = new Random(5);
  const path = join(folder, 'damaged.csv');
  const good = ['1', '2.5', '-3', ' 4 ', '5e1', '"6"', '', 'NA'];
  const bad = ['tall', '1,5', '"1,5"', '-999', 'inf', '"x""y"', 'ä'];
  let refused = 0;
  for (let i = 0; i < 500; i++) {
    const separator = pick(random, [',', ',', ';', '\t']);
    const line = (): string =>
      times(pick(random, [...times(20, () => 2), 1, 3]), () => pick(random, random.uniform() < 0.97 ? good : bad)).join(
        separator,
      );
    const header = pick(random, [...['x', 'x', '"x"', ' x '].map((x) => x + separator + 'y'), 'title', '', 'x,x,y']);
    writeFileSync(path, [header, ...times(random.integer(1, 6), line)].join('\n'));
    const options = pick(random, [
      {},
      {},
      {},
      { decimal: ',' as const },
      { naValues: ['-999', 'tall'] },
      { skipRows: 1 },
    ]);
    const [a, b] = inTheLibrary(() => readColumns(path, { x: { column: 'x' }, y: { column: 'y' } }, options));
    assert.deepEqual(b, a, header);
    if (typeof a === 'string') refused++;
  }
  assert.ok(refused > 100 && refused < 480, `${refused} of 500 are refused`);
});

test("the library's own tests of tables pass with what stands in for nodejs-polars", () => {
  const runs = [
    ['tests/data.test.ts', '.'],
    ['tests/fuzz-data.test.ts', 'csv|parquet'],
    ['tests/csv.test.ts', 'spreadsheet|read back|data/'], // the others write Parquet
  ];
  for (const [file, pattern] of runs) {
    const output = execFileSync(
      process.execPath,
      [
        ...['--import', pathToFileURL(join(root, 'scripts', 'tsx.mjs')).href],
        ...['--require', join(root, 'tests', 'fixtures', 'stand-in-polars.cjs')],
        ...[`--test-name-pattern=${pattern}`, join(root, file!)],
      ],
      // A test within a test would answer in the runner's own format.
      { encoding: 'utf8', cwd: root, timeout: 120_000, env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
    );
    const taken = Number(/took what stands in for nodejs-polars (\d+) times/.exec(output)?.[1]);
    assert.ok(taken > 3, `${file}: ${output}`);
    assert.ok(Number(/^# pass (\d+)/m.exec(output)?.[1]) > 2, output);
  }
});
