// The benchmark's arithmetic, its twins' agreement on what they compute, and README.md's numbers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Row } from '../bench/compare';
import { exponentsOf } from '../bench/exponents';
import { ratioFigure } from '../bench/chart';
import { root } from '../bench/places';
import { readResult, type Figures, type Result } from '../bench/result';
import { exponent, quantile, summarise } from '../bench/statistics';
import { subjects } from '../bench/subjects';
import { MARKS, rowLines, summary, withSummary } from '../bench/tables';

test('median and middle half of measurements', () => {
  // sorted 1 2 3 4 10: the quarters lie at places 1, 2, 3
  assert.deepEqual(summarise([10, 1, 3, 2, 4]), { median: 3, low: 2, high: 4, count: 5 });
  assert.equal(quantile([1, 2], 0.5), 1.5);
});

test('the exponent of a power law is found, whatever its factor', () => {
  assert.ok(Math.abs(exponent([1, 10, 100], [3, 300, 30000]) - 2) < 1e-12);
  assert.ok(Math.abs(exponent([20, 100], [7, 7])) < 1e-12);
});

const flat = (median: number) => ({ median, low: median, high: median, count: 5 });
const row = (point: string, ours: number, peer: number): Row => ({
  subject: 'iteration',
  what: 'spread vectors',
  point,
  unit: 'ms per iteration',
  ours: flat(ours),
  peers: { 'tf.function': { ...flat(peer), ratio: flat(ours / peer), target: 1.3, agrees: true } },
});

test('exponents are read off the rows of one subject, for both sides', () => {
  const found = exponentsOf([row('500 x 3', 1, 2), row('2000 x 3', 16, 8)]).find(({ of }) =>
    of.startsWith('number of vectors'),
  )!;
  assert.deepEqual(
    [found.sizes, found.ours, found.peer].flat().map((x) => Math.round(x! * 1e9) / 1e9),
    [500, 2000, 2, 1],
  );
});

test('a row says what misses its target, and that results differ', () => {
  assert.match(rowLines(row('20 x 3', 1, 2)).join('\n'), /ratio 0\.50 .*within 1\.3$/);
  const worse = row('20 x 3', 4, 2);
  worse.peers['tf.function']!.agrees = false;
  assert.match(rowLines(worse).join('\n'), /MISSES 1\.3; THE RESULTS DIFFER/);
});

test('the summary names what is slower and what misses its target', () => {
  const result = {
    date: '2026-01-02T03:04:05Z',
    machine: { processor: 'a processor' },
    threads: 2,
    versions: { Node: '20.0.0', TensorFlow: '2.15.1' },
    rows: [row('20 x 3', 1, 2), row('20 x 128', 3, 2)],
  } as unknown as Result;
  const text = summary(result, undefined);
  assert.match(text, /Slower than the peer:\*\* spread vectors, 20 x 128 against tf\.function \(1\.5\)/);
  assert.match(text, /Targets missed:\*\* spread vectors, 20 x 128/);
  assert.doesNotMatch(text, /Slower than the peer:\*\*[^*]*20 x 3/);
  assert.match(ratioFigure(result.rows).description, /20 x 3 \/ tf\.function 0\.50/);
});

test('README.md holds the summary of the last full result, and no other numbers', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const result = readResult<Result>('latest');
  const expected = result ? summary(result, readResult<Figures>('figures')) : 'No full run is kept yet.';
  assert.ok(
    MARKS.every((mark) => readme.includes(mark)),
    'README.md has lost the marks around the summary',
  );
  assert.equal(readme, withSummary(readme, expected), 'run npm run bench, which writes the summary');
});

test('the kept result is a whole one', { skip: !readResult('latest') && 'no full run is kept yet' }, () => {
  const { rows, growth } = readResult<Result>('latest')!;
  assert.deepEqual(
    [...new Set(rows.map(({ subject }) => subject))],
    subjects.map(({ name }) => name),
  );
  for (const { peers, subject, point } of rows) {
    for (const [style, { agrees, ratio }] of Object.entries(peers)) {
      assert.ok(agrees !== false && ratio.count >= 5, `${subject}, ${point}, ${style}`);
    }
  }
  for (const { loop, tensors } of growth) assert.ok(tensors <= 0, `${loop} left ${tensors} tensors behind`);
});
