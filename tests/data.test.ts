import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { DescentError, readColumns } from 'descent-lab';

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
const rejects = (content: string | Buffer, message: RegExp, requests: Parameters<typeof readColumns>[1] = XY): void => {
  const path = file(content);
  assert.throws(() => readColumns(path, requests), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.ok(error.message.startsWith(`${path}: `), error.message);
    assert.ok(!error.message.includes('\n'), error.message);
    assert.match(error.message, message);
    return true;
  });
};

test('columns are read by name, as plain numbers, with their units', () => {
  const table = readColumns(file('name,y,x\na,1.5,-2\nb,+.5,1e3\n'), XY);
  assert.deepEqual(table.columns, {
    x: { name: 'x', unit: undefined, values: [-2, 1000] }, y: { name: 'y', unit: 'lb', values: [1.5, 0.5] },
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
    who: { column: 'who', type: 'text' }, k: { column: 'k', constant: true } });
  const who: string[] = table.columns.who.values;
  const k: number[] = table.columns.k.values;
  assert.deepEqual([who, k], [['Ann', 'Bob'], [1, 1]]);
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

test('a missing column: the message lists those there', () => {
  rejects('a, b \n1,2\n3,4\n', /there is no column 'x'; there are: 'a', 'b'$/);
  rejects('x,X\n1,2\n3,4\n', /there is no column 'y'; there are: 'x', 'X'$/);
});

test('two columns of one name', () => {
  rejects('x,y,x\n1,2,3\n3,4,5\n', /two columns are called 'x'/);
  rejects('x,y, x\n1,2,3\n3,4,5\n', /two columns are called 'x'/);
});

test('text, NaN and infinity where a number belongs: column and row are named', () => {
  rejects('x,y\n1,2\n3,tall\n', /column 'y', row 2, is 'tall', which is no number/);
  rejects('x,y\n1,2\n\n0x10,4\n', /column 'x', row 3, is '0x10'/); // the blank line counts, so that editors agree
  rejects('x,y\n"1,5",2\n3,4\n', /column 'x', row 1, is '1,5'/);
  rejects('x,y\n1,2\nNaN,4\n', /column 'x', row 2, is NaN, which is not finite/);
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
  rejects(Buffer.from('PK\x03\x04rest'), /this is a zip or Excel file; export the sheet as CSV/);
  rejects('  <!doctype html><html></html>', /this is an HTML or XML page/);
  rejects('[{"x": 1, "y": 2}]', /this looks like JSON/);
  rejects(Buffer.from('x,y\nM\xfcller,2\n', 'latin1'), /this is not UTF-8 text; save it as UTF-8/);
  rejects(Buffer.from('\ufeffx,y\n1,2\n', 'utf16le'), /this is UTF-16 text/);
  rejects('x;y\n1,5;2\n', /separated by semicolons/);
  rejects('x\ty\n1\t2\n', /separated by tabs/);
  rejects('x,y\n1,2\n3,4,5\n', /row 2 has 3 cells where the header has 2/);
  rejects('x,y\n"1,2\n3,4\n', /this is no readable CSV file/);
});

test('no file, a folder, no permission', (t) => {
  const missing = join(folder, 'missing.csv');
  assert.throws(() => readColumns(missing, XY), { name: 'DescentError', message: `${missing}: there is no such file` });
  assert.throws(() => readColumns(folder, XY), { message: `${folder}: this is a folder, not a file` });
  assert.throws(() => readColumns(join(file('x'), 'below.csv'), XY), /below\.csv: there is no such file/);
  if (process.platform === 'win32' || process.getuid?.() === 0) return t.diagnostic('permission not tried: this user may read all');
  const locked = file('x,y\n1,2\n3,4\n');
  chmodSync(locked, 0);
  assert.throws(() => readColumns(locked, XY), { message: `${locked}: you have no permission to read it` });
});
