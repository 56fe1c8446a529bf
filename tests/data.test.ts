import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pl from 'nodejs-polars';
import { DescentError, readColumns, type TableOptions } from 'descent-lab';

const folder = mkdtempSync(join(tmpdir(), 'descent-lab-data-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
/** Writes a file and returns its path. */
function file(content: string | Buffer, name = `table-${files++}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const XY = { x: { column: 'x' }, y: { column: 'y', unit: 'lb' } } as const;
const rejects = (
  content: string | Buffer,
  message: RegExp,
  requests: Parameters<typeof readColumns>[1] = XY,
  options: TableOptions = {},
): void => {
  const path = file(content);
  assert.throws(
    () => readColumns(path, requests, options),
    (error: Error) => {
      assert.ok(error instanceof DescentError, error.stack);
      assert.ok(error.message.startsWith(path), error.message);
      assert.ok(!error.message.includes('\n'), error.message);
      assert.match(error.message, message);
      return true;
    },
  );
};

test('columns are read by name, as plain numbers, with their units', () => {
  const table = readColumns(file('name,y,x\na,1.5,-2\nb,+.5,1e3\n'), XY);
  assert.deepEqual(table.columns, {
    x: { name: 'x', unit: undefined, values: [-2, 1000] },
    y: { name: 'y', unit: 'lb', values: [1.5, 0.5] },
  });
  assert.equal(table.rows, 2);
  assert.deepEqual(table.dropped, []);
  assert.equal(table.summary, '2 rows, none left out');
});

test('spaces around names and numbers, quotes, a byte order mark, CRLF and no last line end change nothing', () => {
  const path = file('\ufeff"x", y ,note\r\n 1 ,"2","a, b"\r\n3, 4 ,c');
  for (const y of ['y', ' y']) {
    const { columns } = readColumns(path, { x: { column: 'x' }, y: { column: y } });
    assert.deepEqual([columns.x.values, columns.y.values, columns.y.name], [[1, 3], [2, 4], 'y']);
  }
});

test('rows with a missing value are left out and reported; blank lines are no rows', () => {
  const table = readColumns(file('x,y,z\n1,2,\n,4,\n\n5,NA,\n7,"",\n9\n11,12,z\n\n'), XY);
  assert.deepEqual(table.columns.x.values, [1, 11]);
  assert.deepEqual(table.columns.y.values, [2, 12]);
  assert.deepEqual(table.dropped, [2, 4, 5, 6]); // row 3 is the blank line
  assert.equal(table.summary, '2 rows; 4 left out because a value is missing (row 2, 4, 5, 6)');
});

test('a value missing in a column that is not asked for drops nothing', () => {
  assert.equal(readColumns(file('x,y,z\n1,2,\n3,4,\n'), XY).rows, 2);
});

test('text columns and columns that may be constant', () => {
  const table = readColumns(file('who,k\n Ann ,1\nBob,1\n'), {
    who: { column: 'who', type: 'text' },
    k: { column: 'k', constant: true },
  });
  const who: string[] = table.columns.who.values;
  const k: number[] = table.columns.k.values;
  assert.deepEqual(
    [who, k],
    [
      ['Ann', 'Bob'],
      [1, 1],
    ],
  );
  const one = readColumns(file('who,k\nAnn,1\n'), { who: { column: 'who', type: 'text' } });
  assert.equal(one.rows, 1);
});

test('Parquet, whatever its name, with missing values and whole numbers', () => {
  const path = join(folder, 'table.data');
  const frame = pl.DataFrame({ ' x': [1, 2, null, 4], y: ['5', ' 6', '7', '8'], z: [true, false, true, true] });
  frame.withColumn(pl.col(' x').cast(pl.Int32)).writeParquet(path);
  const table = readColumns(path, XY);
  assert.deepEqual([table.columns.x.values, table.columns.y.values, table.dropped], [[1, 2, 4], [5, 6, 8], [3]]);
  assert.throws(() => readColumns(path, { z: { column: 'z' } }), /column 'z' holds values of the type Bool/);
  const broken = file(Buffer.from('PAR1 and then rubbish PAR1'), 'broken.parquet');
  assert.throws(() => readColumns(broken, XY), /broken\.parquet: this is no readable Parquet file/);
});

test('a Parquet file that states counts or sizes that cannot be: polars would ask for memory by them', () => {
  const frame = pl.DataFrame({ x: [1, 2, 3, 4, 5], y: ['1', '2', '1', '1', '2'] });
  const whole = frame.writeParquet({ compression: 'uncompressed' } as never) as unknown as Buffer;
  assert.deepEqual(readColumns(file(whole), XY).columns.y.values, [1, 2, 1, 1, 2]);
  // In a page's header n stands as 2 n, and -n as 2 n - 1, behind the byte 15 (16 for a long number).
  const damages: [what: string, stated: string, damaged: string][] = [
    ['-5 values in a page', '2c150a', '2c1509'],
    ['6 values of 5', '2c150a', '2c150c'],
    ['-2 values in a dictionary', '4c1504', '4c1503'],
    ['-46 bytes', '155c155c', '155c155b'],
    ['-46 bytes unpacked', '155c155c', '155b155c'],
    ['63 values in a column', '781500160a', '781500167e'],
  ];
  for (const [what, stated, damaged] of damages) {
    // The last: a copy of what the footer says of a column stands behind its pages, where nobody reads it.
    const at = whole.lastIndexOf(stated, undefined, 'hex');
    assert.ok(at > 0, what);
    const bytes = Buffer.concat([
      whole.subarray(0, at),
      Buffer.from(damaged, 'hex'),
      whole.subarray(at + damaged.length / 2),
    ]);
    rejects(bytes, /this is no readable Parquet file \(it is damaged\)$/);
  }
});

test('a missing column: the message lists those there', () => {
  rejects('a, b \n1,2\n3,4\n', /there is no column 'x'; there are: 'a', 'b'$/);
  rejects('x,X\n1,2\n3,4\n', /there is no column 'y'; there are: 'x', 'X'$/);
});

test('two columns of one name', () => {
  rejects('x,y,x\n1,2,3\n3,4,5\n', /two columns are called 'x'/);
  rejects('x,y, x\n1,2,3\n3,4,5\n', /two columns are called 'x'/);
});

test('text and infinity where a number belongs: column and row are named', () => {
  rejects('x,y\n1,2\n3,tall\n', /column 'y', row 2, is 'tall', which is no number/);
  rejects('x,y\n1,2\n\n0x10,4\n', /column 'x', row 3, is '0x10'/); // the blank line counts, so that editors agree
  rejects('x,y\n"1,5",2\n3,4\n', /column 'x', row 1, is '1,5'/);
  rejects('x,y\n1,-inf\n3,4\n', /column 'y', row 1, is -inf, which is not finite/);
  rejects('x,y\n1,1e400\n3,4\n', /column 'y', row 1, is 1e400, which is not finite/);
  rejects(`x,y\n1,${'long '.repeat(100)}\n`, /row 1, is 'long .{35,45}\.\.\.', which is no number/);
});

test('no rows, one row, a constant column', () => {
  rejects('x,y\n', /there are no rows$/);
  rejects('x,y\n1,\n,2\n', /there are no rows \(2 left out: a value is missing\)/);
  rejects('x,y\n1,2\n', /there is only one row; at least two are needed/);
  rejects('x,y\n1,2\n3,\n', /there is only one row \(1 left out/);
  rejects('x,y\n5,2\n5,4\n5,\n', /column 'x' is constant: it is 5 in all 2 rows/);
});

test('what is no CSV', () => {
  rejects('', /the file is empty/);
  rejects(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), /this is a binary file/);
  rejects(Buffer.from('PK\x03\x04 data.csv'), /this is a zip file; unpack it first/);
  rejects(Buffer.from('PK\x03\x04 [Content_Types].xml'), /this is an Excel or OpenDocument file; export the sheet/);
  rejects(Buffer.from('d0cf11e0a1b11ae1', 'hex'), /this is an Excel file; export/);
  rejects(Buffer.from('BZh91AY&SY'), /this is packed with bzip2; unpack it first/);
  rejects(Buffer.from('ARROW1\0\0'), /this is an Arrow \(Feather\) file; write it as Parquet/);
  rejects(
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n',
    /Git LFS pointer.*run git lfs pull/,
  );
  rejects('  <!doctype html><html></html>', /this is an HTML or XML page/);
  rejects('[{"x": 1, "y": 2}]', /this looks like JSON/);
  rejects(Buffer.from('x,y\nM\xfcller,2\n', 'latin1'), /this is not UTF-8 text; save it as UTF-8/);
  rejects(Buffer.from('\ufeffx,y\n1,2\n', 'utf16le'), /this is UTF-16 text/);
  rejects('x,y\n1,2\n3,4,5\n', /row 2 has 3 cells where the header has 2/);
  rejects('x,y\n"1,2\n3,4\n', /this is no readable CSV file/);
  rejects('x,y\nAnn,1,"2"z\n', /this is no readable CSV file/); // the rows have names, as R writes them
});

/** The names of everything that a frame of polars has, from the object that its proxy hides. */
function namesInFrames(): string[] {
  const RealProxy = Proxy;
  let hidden: object = {};
  globalThis.Proxy = function (target: object, handler: ProxyHandler<object>) {
    hidden = target;
    return new RealProxy(target, handler);
  } as unknown as ProxyConstructor;
  try {
    pl.DataFrame([]);
  } finally {
    globalThis.Proxy = RealProxy;
  }
  return [
    ...new Set([
      ...Object.getOwnPropertyNames(hidden),
      ...Object.getOwnPropertyNames(Object.prototype),
      'then',
      '0',
      'column_0',
    ]),
  ];
}

test('a column may be called as anything that a frame of polars has', () => {
  const names = namesInFrames();
  for (const name of ['height', 'columns', 'getColumn', '__proto__', 'constructor'])
    assert.ok(names.includes(name), name);
  const rowOf = (cell: (c: number) => number | null): (number | null)[] => names.map((_, c) => cell(c));
  const rows = [
    rowOf((c) => c),
    rowOf((c) => (c === 1 ? 1 : null)),
    rowOf((c) => (c === 0 ? null : 1)),
    rowOf((c) => 2 * c + 0.5),
  ];
  const csv = file([names, ...rows].map((row) => row.join(',')).join('\n'));
  const series = names.map((name, c) =>
    pl.Series(
      name,
      rows.map((row) => row[c]!),
      pl.Float64,
    ),
  );
  const parquet = file(pl.DataFrame(series.filter(({ name }) => name !== 'writeParquet')).writeParquet());
  for (const path of [csv, parquet]) {
    const asked = path === csv ? names : names.filter((name) => name !== 'writeParquet');
    const { columns, dropped } = readColumns(path, Object.fromEntries(asked.map((column, i) => [`c${i}`, { column }])));
    assert.deepEqual(dropped, [2, 3]);
    asked.forEach((name, i) => {
      const c = names.indexOf(name);
      assert.deepEqual(columns[`c${i}`]!.values, [c, 2 * c + 0.5], `${path} ${name}`);
    });
  }
});

test('a value is missing where pandas takes it for missing; more by option', () => {
  const missing = [
    '',
    'NA',
    'N/A',
    'n/a',
    '#N/A',
    '#N/A N/A',
    '#NA',
    '<NA>',
    'NaN',
    'nan',
    '-NaN',
    '-nan',
    'NULL',
    'null',
    'None',
    '1.#IND',
    '-1.#IND',
    '1.#QNAN',
    '-1.#QNAN',
  ];
  const table = readColumns(file(`x,y\n${missing.map((cell) => `${cell},1\n"${cell}",1\n`).join('')}1,2\n3,4\n`), XY);
  assert.deepEqual([table.columns.x.values, table.dropped.length], [[1, 3], 2 * missing.length]);
  const who = readColumns(file('who\nAnn\nNA\nnone\n'), { who: { column: 'who', type: 'text' } });
  assert.deepEqual([who.columns.who.values, who.dropped], [['Ann', 'none'], [2]]);

  const nan = file(pl.DataFrame({ x: [1, NaN, 3], y: [1, 2, 3] }).writeParquet());
  assert.deepEqual(readColumns(nan, XY).dropped, [2]);

  const text = 'x,y\n1,2\n?,4\n-999,4\n-999.0,4\n5,6\n';
  rejects(text, /column 'x', row 2, is '\?', which is no number .*pass --na-values '\?'$/);
  rejects('x,y\n?,2\ntall,4\n', /'tall', which is no number/, XY, { naValues: ['?'] });
  const more = readColumns(file(text), XY, { naValues: ['?', '-999'] });
  assert.deepEqual(
    [more.columns.x.values, more.dropped],
    [
      [1, 5],
      [2, 3, 4],
    ],
  );
});

test('gzip is unpacked, whatever is in it, and not without end', () => {
  const csv = 'x,y\n1,2\n3,4\n',
    parquet = pl.DataFrame({ x: [1, 3], y: [2, 4] }).writeParquet();
  for (const content of [csv, parquet])
    assert.deepEqual(readColumns(file(gzipSync(content)), XY).columns.y.values, [2, 4]);
  rejects(gzipSync(csv).subarray(0, -9), /this is no whole gzip file/);
  const piece = gzipSync(Buffer.alloc(2 ** 26, 'x'));
  rejects(Buffer.concat(Array.from({ length: 9 }, () => piece)), /it unpacks to more than 512 MiB/);
  rejects(gzipSync('PK\x03\x04'), /this is a zip file/);
});

test('tabs and semicolons are taken from the header; other separators by option', () => {
  const values = (content: string, options?: TableOptions): number[][] => {
    const { x, y } = readColumns(file(content), XY, options).columns;
    return [x.values, y.values];
  };
  const right = [
    [1.5, 3],
    [2, 4],
  ];
  assert.deepEqual(values('x\ty\tnote\n1.5\t2\ta, b\n3\t4\tc\n'), right);
  assert.deepEqual(values('"x";y;"a, b"\n1.5;2\n3;4;5\n'), right);
  assert.deepEqual(values('x y\n1.5 2\n3 4\n', { separator: ' ' }), right);
  assert.deepEqual(values('x|y|a,b;c\n1.5|2|,\n3|4', { separator: '|' }), right);
  rejects('country x y\nChad 1 2\n', /there are: 'country x y'; if spaces separate the columns, pass --separator ' '$/);
  rejects('a,x;y\n1,1;2\n', /if ';' separates the columns, pass --separator ';'$/);
  rejects('x\ty\n1 2\n3 4\n', /the names in its header stand between tabs, the cells below it do not/);
  rejects('x,y\n1,2\n', /a separator is one ASCII character and no quote, not '::'/, XY, { separator: '::' });
});

test('a decimal comma is never misread', () => {
  rejects('x;y\n1,5;2\n', /column 'x', row 1, is '1,5'.*; if this is a decimal comma, pass --decimal ,$/);
  const { x } = readColumns(file('x;y\n1,5;2\n-,25;4e1\n'), XY, { decimal: ',' }).columns;
  assert.deepEqual(x.values, [1.5, -0.25]);
  rejects('x;y\n1.234,5;2\n', /'1\.234,5', which is no number/, XY, { decimal: ',' });
  rejects('x;y\n1.5;2\n', /'1\.5', which is no number/, XY, { decimal: ',' });
  rejects('x,y\n1,5,2\n3,0,4\n', /row 1 has 3 cells where the header has 2; a number with a decimal comma/);
});

test('a title or comment above the header is named, and skipped by option', () => {
  const csv = (above: string): string => `${above}x,y,z\n1,2,3\n3,4,5\n`;
  const one = /line 1 is no header, but a title or a comment: remove it, or pass --skip-rows 1$/;
  rejects(csv('# heights\n'), one);
  rejects(
    csv('Heights, of all\n'),
    /no column 'x'; .*; it stands in line 2: if that is the header, pass --skip-rows 1$/,
  );
  rejects('a, b\nu,v,w,x,y\n1,2,3,4,5\n', one);
  rejects(csv('Heights\nof all\n\n'), /lines? 1 to 3 are no header, .*: remove them, or pass --skip-rows 3$/);
  rejects('Heights\nx\ty\n1\t2\n', one);
  rejects(
    csv('Heights, of, all\n'),
    /no column 'x'; .*; it stands in line 2: if that is the header, pass --skip-rows 1$/,
  );
  rejects(csv('\nHeights, of, all\n'), /it stands in line 3: if that is the header, pass --skip-rows 2$/);
  for (const [above, skipRows] of [
    ['# heights\n', 1],
    ['Heights\nof all\n\n', 3],
    ['Heights\nof all\n\n', 2],
  ] as const) {
    assert.deepEqual(readColumns(file(csv(above)), XY, { skipRows }).columns.x.values, [1, 3]);
  }
  rejects(csv(''), /there is nothing in it below the 9 lines to skip/, XY, { skipRows: 9 });
});

test('names may be empty, or there twice, where they are not asked for', () => {
  const table = readColumns(file(',x,a,y,a,\n1,2,3,4,5,6\n7,8,9,10,11,12\n'), XY);
  assert.deepEqual(
    [table.columns.x.values, table.columns.y.values],
    [
      [2, 8],
      [4, 10],
    ],
  );
  rejects('a,,a\n1,2,3\n', /there are: 'a', '', 'a'$/);
});

test('old Mac line ends, a last line of blanks, the row names that R writes', () => {
  const { columns } = readColumns(file('x,y\r1,2\r3,4'), XY);
  assert.deepEqual(
    [columns.x.values, columns.y.values],
    [
      [1, 3],
      [2, 4],
    ],
  );
  assert.equal(readColumns(file('x,y\n1,2\n3,4\n\n  \n'), XY).summary, '2 rows, none left out');
  const named = readColumns(file('"x","y"\n"Mazda RX4",1,2\n"Datsun 710",3,4\n'), XY).columns;
  assert.deepEqual(
    [named.x.values, named.y.values],
    [
      [1, 3],
      [2, 4],
    ],
  );
});

test('no file, a folder, no permission', (t) => {
  const missing = join(folder, 'missing.csv');
  assert.throws(() => readColumns(missing, XY), { name: 'DescentError', message: `${missing}: there is no such file` });
  assert.throws(() => readColumns(folder, XY), { message: `${folder}: this is a folder, not a file` });
  assert.throws(() => readColumns(join(file('x'), 'below.csv'), XY), /below\.csv: there is no such file/);
  if (process.platform === 'win32' || process.getuid?.() === 0)
    return t.diagnostic('permission not tried: this user may read all');
  const locked = file('x,y\n1,2\n3,4\n');
  chmodSync(locked, 0);
  assert.throws(() => readColumns(locked, XY), { message: `${locked}: you have no permission to read it` });
});
