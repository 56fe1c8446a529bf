// The benchmark's arithmetic, its twins' agreement on what they compute, and README.md's and docs/benchmark.md's numbers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rowOf, type Row } from '../bench/compare';
import { exponentsOf } from '../bench/exponents';
import { ratioFigure } from '../bench/chart';
import { compiling } from '../bench/ours/subject';
import { page } from '../bench/page';
import { root } from '../bench/places';
import { readResult, type Figures, type Result } from '../bench/result';
import { exponent, quantile, summarise } from '../bench/statistics';
import { subjects, type Subject } from '../bench/subjects';
import { MARKS, SHOWN, standing, summary, withSummary } from '../bench/summary';
import { rowLines } from '../bench/tables';

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
  ours: { ours: flat(ours) },
  peers: { 'tf.function': { ...flat(peer), agrees: true } },
  comparisons: [{ ours: 'ours', against: 'tf.function', ratio: flat(ours / peer), target: 1.3 }],
});

/** A small loop: ours with and without compiling, its tape, NumPy and JAX. */
const loop = (point: string, numpy: number, what = 'regression by hand'): Row =>
  rowOf(
    {
      name: 'regression',
      what,
      peer: true,
      tolerance: 1e-3,
      targets: [
        { against: 'NumPy', ratio: 0.5 },
        { of: 'without compiling', against: 'JAX, one scan', ratio: 2 },
        { against: 'tape', ratio: 0.025, at: ['another'] },
      ],
    } satisfies Subject,
    point,
    { ours: ['ours', 'without compiling', 'tape'], peers: ['NumPy', 'JAX, one scan', 'JAX, one scan, compiling'] },
    {
      ours: [{ ms: 4, check: 7 }],
      'without compiling': [{ ms: 1, check: 7 }],
      tape: [{ ms: 100, check: 7.0001 }],
      NumPy: [{ ms: numpy, check: 8 }],
      'JAX, one scan': [{ ms: 0.25, check: null }],
      'JAX, one scan, compiling': [{ ms: 80.25, check: 7 }],
    },
  );

test('exponents are read off the rows of one subject, for both sides, of ours without compiling', () => {
  const rows = [row('500 x 3', 1, 2), row('2000 x 3', 16, 8)];
  const expect = (ours: number): void => {
    const found = exponentsOf(rows).find(({ of }) => of.startsWith('number of vectors'))!;
    assert.deepEqual(
      [found.sizes, found.ours, found.peer].flat().map((x) => Math.round(x! * 1e9) / 1e9),
      [500, 2000, ours, 1],
    );
  };
  expect(2);
  for (const { ours } of rows) ours['without compiling'] = { ...flat(ours.ours.median ** 0.5) };
  expect(1);
});

test('a row says what misses its target, and that results differ', () => {
  assert.match(rowLines(row('20 x 3', 1, 2)).join('\n'), /ratio 0\.5 .*within 1\.3$/);
  const worse = row('20 x 3', 4, 2);
  worse.peers['tf.function']!.agrees = false;
  assert.match(rowLines(worse).join('\n'), /MISSES 1\.3; THE RESULTS DIFFER/);
});

test('ours is compared with every style of the peer, and whichever of its styles has a target', () => {
  const { comparisons, ours, peers } = loop('1,000 iterations', 2);
  assert.deepEqual(
    comparisons.map(({ ours: own, against, ratio, target }) => [own, against, ratio.median, target]),
    [
      ['ours', 'NumPy', 2, 0.5],
      ['without compiling', 'JAX, one scan', 4, 2],
      ['ours', 'JAX, one scan', 16, undefined],
      ['ours', 'JAX, one scan, compiling', 4 / 80.25, undefined],
    ],
  );
  assert.deepEqual(
    loop('another', 2).comparisons.find(({ against }) => against === 'tape'),
    { ours: 'ours', against: 'tape', ratio: { median: 0.04, low: 0.04, high: 0.04, count: 1 }, target: 0.025 },
  );
  // results are compared with ours where there is one
  assert.deepEqual(
    [...Object.values(ours), ...Object.values(peers)].map(({ agrees }) => agrees),
    [undefined, true, true, false, undefined, true],
  );
  const lines = rowLines(loop('another', 2)).join('\n');
  assert.match(lines, /tape: .*; ratio 0\.04 .*, MISSES 0\.025/);
  assert.match(lines, /JAX, one scan: .*; without compiling: ratio 4 .*, MISSES 2; ratio 16 /);
});

test('a loop has three styles, of which the tape alone does not compile', async () => {
  const asked: unknown[] = [];
  const styles = compiling((compile) => {
    asked.push(compile);
    return Promise.resolve(0);
  });
  for (const work of Object.values(styles)) await work();
  assert.deepEqual(
    [Object.keys(styles), asked],
    [
      ['ours', 'without compiling', 'tape'],
      ['auto', 'auto', false],
    ],
  );
});

const result = {
  date: '2026-01-02T03:04:05Z',
  machine: { processor: 'a processor' },
  threads: 2,
  versions: { Node: '20.0.0', TensorFlow: '2.15.1', JAX: '0.4.30' },
  rows: [row('20 x 3', 1, 2), row('2000 x 128', 3, 2), loop('1,000 iterations', 2), loop('10,000 iterations', 40)],
  growth: [],
  exponents: [],
} as unknown as Result;

test('the page names what is slower and what misses its target, and what compiling takes', () => {
  const text = page(result, undefined);
  assert.match(text, /Slower than the other:\*\* spread vectors, 2000 x 128 against tf\.function \(1\.5\)/);
  assert.match(text, /Targets missed:\*\* spread vectors, 2000 x 128 against tf\.function/);
  assert.match(text, /Targets missed:.* 1,000 iterations without compiling against JAX, one scan \(4\)/);
  assert.doesNotMatch(text, /(Slower than the other|Targets missed):\*\*[^*\n]*20 x 3/);
  assert.match(text, /^## Regression by hand$/m);
  assert.match(text, /^\| regression by hand, 1,000 iterations \| 3 \| {2}\| 80 \|$/m);
  for (const { point, peers } of result.rows) {
    assert.ok(text.includes(`| ${point} | ours |`), point);
    for (const style of Object.keys(peers)) assert.ok(text.includes(`|  | ${style} |`), style);
  }
  assert.match(ratioFigure(result.rows).description, /20 x 3 \/ tf\.function 0\.50/);
});

test('where ours stands follows from the ratios: a loop with its points where they differ', () => {
  const [numpy, scan] = standing([...result.rows, loop('7 iterations', 40, 'race')]);
  assert.match(
    numpy!,
    /NumPy.*:\*\* ahead on regression by hand \(10,000 iterations\), race; behind on .*1,000 iterations\)\.$/,
  );
  assert.match(scan!, /that compiles one scan:\*\* ahead on regression by hand, race; behind on nothing\./);
  assert.equal(standing([row('20 x 3', 1, 2)]).length, 0, 'what was not measured is not told of');
});

test('the summary has the fastest of several styles, and counts the targets', () => {
  const shown = row('2000 x 128', 3, 2);
  shown.peers['eager'] = flat(9);
  const text = summary({ ...result, rows: [shown, loop('1,000 iterations', 2)] });
  assert.match(text, /^\| spread vectors, 2000 x 128 \| 3 \| {2}\| {2}\| {2}\| 2 \|$/m);
  assert.match(text, /^\| regression by hand, 1,000 iterations \| 4 \| 2 \| {2}\| 80 \| {2}\|$/m);
  assert.match(text, /Of 3 targets 3 are missed/);
});

test('README.md and docs/benchmark.md hold the last full result, and no other numbers', () => {
  const [readme, written] = ['README.md', 'docs/benchmark.md'].map((file) => readFileSync(join(root, file), 'utf8'));
  const last = readResult<Result>('latest');
  const nothing = 'No full run is kept yet.';
  assert.ok(
    MARKS.every((mark) => readme!.includes(mark)),
    'README.md has lost the marks around the summary',
  );
  const hint = 'run npm run bench, which writes both';
  assert.equal(readme, withSummary(readme!, last ? summary(last) : nothing), hint);
  assert.equal(written, last ? page(last, readResult<Figures>('figures')) : `# The benchmark\n\n${nothing}\n`, hint);
});

test('the kept result is a whole one', { skip: !readResult('latest') && 'no full run is kept yet' }, () => {
  const { rows, growth } = readResult<Result>('latest')!;
  assert.deepEqual(
    [...new Set(rows.map(({ subject }) => subject))],
    subjects.map(({ name }) => name),
  );
  for (const [subject, point] of Object.entries(SHOWN)) {
    assert.ok(
      rows.some((one) => one.subject === subject && one.point === point),
      `README.md shows ${subject}, ${point}`,
    );
  }
  for (const { name, targets = [] } of subjects) {
    const compared = rows.filter(({ subject }) => subject === name).flatMap(({ comparisons }) => comparisons);
    for (const { of = 'ours', against } of targets) {
      const made = compared.some((one) => one.ours === of && one.against === against && one.target !== undefined);
      assert.ok(made, `${name} has a target for ${of} against ${against}, which were not compared`);
    }
  }
  for (const { ours, peers, subject, point } of rows) {
    for (const [style, { agrees, count }] of Object.entries({ ...ours, ...peers })) {
      assert.ok(agrees !== false && count >= 5, `${subject}, ${point}, ${style}`);
    }
  }
  for (const { loop, tensors } of growth) assert.ok(tensors <= 0, `${loop} left ${tensors} tensors behind`);
});
