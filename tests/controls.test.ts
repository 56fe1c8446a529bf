// Controls: the values that they run through, and how their changes are answered.
import assert from 'node:assert/strict';
import test from 'node:test';
import { choice, DescentError, point, slider } from 'descent-lab';
import { nearest } from '../lib/src/edge/controls';
import { latest } from '../lib/src/edge/interact';

/** All values of a slider, and where it stands at first. */
function valuesOf(options: Parameters<typeof slider>[0]): {
  values: number[];
  start: number;
  texts: readonly string[];
} {
  const { dials, valueAt } = slider(options);
  const [{ texts, start }] = dials as [(typeof dials)[number]];
  return { values: texts.map((_, i) => valueAt([i])), start: valueAt([start]), texts };
}

test('a slider runs through its range in equal steps, and begins where it is told', () => {
  const { values, start, texts } = valuesOf({ from: 3, to: 8, step: 1, start: 7, unit: 'vectors' });
  assert.deepEqual(values, [3, 4, 5, 6, 7, 8]);
  assert.equal(start, 7);
  assert.deepEqual(texts.slice(0, 2), ['3 vectors', '4 vectors']);
  assert.deepEqual(
    valuesOf({ from: 0, to: 0.3, step: 0.1 }).values,
    [0, 0.1, 0.2, 0.3],
    'no traces of binary fractions',
  );
  assert.deepEqual(valuesOf({ from: 2, to: 0, step: 1 }).values, [2, 1, 0], 'downwards too');
  assert.equal(valuesOf({ from: 0, to: 1 }).values.length, 101);
});

test('on a logarithmic slider equal ways are equal factors', () => {
  assert.deepEqual(valuesOf({ from: 1e-6, to: 1e-3, scale: 'log', step: 10 }).values, [1e-6, 1e-5, 1e-4, 1e-3]);
  const { values, start } = valuesOf({ from: 1e-6, to: 1e-3, scale: 'log', start: 2e-5 });
  assert.equal(start, 2e-5, 'what is asked for, though no step leads there');
  assert.ok(
    values.every((value, i) => i === 0 || value > values[i - 1]!),
    'in order all the same',
  );
});

test('a label is said once', () => {
  const { label, dials } = slider({ from: 0, to: 1, label: 'β' });
  assert.deepEqual([label, dials.map(({ label }) => label)], ['β', ['']]);
});

test('a point has two dials, and a choice one', () => {
  const { dials, valueAt } = point({ x: [-1, 4.5], y: [-2, 2], start: [1, 1.5] });
  assert.deepEqual(valueAt(dials.map(({ start }) => start)), { x: 1, y: 1.5 });
  assert.deepEqual(valueAt([0, dials[1]!.texts.length - 1]), { x: -1, y: 2 });
  const optimizer = choice(['sgd', 'adam'], { start: 'adam' });
  assert.equal(optimizer.valueAt([optimizer.dials[0]!.start]), 'adam');
  assert.equal(nearest([0, 10, 20], 14), 1);
});

test('what cannot be moved is refused', () => {
  const refused: [make: () => unknown, message: RegExp][] = [
    [() => slider({ from: 1, to: 1 }), /^slider: from 1 to 1 is no way$/],
    [() => slider({ from: 0, to: NaN }), /^slider: from 0 to NaN is no way$/],
    [() => slider({ from: 0, to: 1, scale: 'log' }), /above 0, not 0 to 1$/],
    [() => slider({ from: 0, to: 1, step: 1e-9 }), /steps of 1e-9 from 0 to 1 are 1000000000: from 1 to 10000 can be$/],
    [() => slider({ from: 0, to: 1, start: 2 }), /^slider: 2 is not between 0 and 1$/],
    [() => choice([]), /^choice: '' is none of no texts$/],
    [() => choice(['a', 'b'] as string[], { start: 'c' }), /^choice: 'c' is none of a, b$/],
    [() => point({ x: [0, 0], y: [0, 1] }), /^slider: from 0 to 0 is no way$/],
  ];
  for (const [make, message] of refused)
    assert.throws(make, (error: Error) => error instanceof DescentError && message.test(error.message), String(make));
});

test('of changes that come faster than they are answered the last one counts, and never two runs go on at once', async () => {
  let value = 0;
  let going = 0;
  const answered: number[] = [];
  const answer = latest(async () => {
    assert.equal(++going, 1, 'one at a time');
    const seen = value;
    await new Promise((done) => setTimeout(done, 5));
    answered.push(seen);
    going--;
  });
  const all: Promise<void>[] = [];
  for (value = 1; value < 20; value++) {
    all.push(answer());
    if (value % 5 === 0) await new Promise((done) => setTimeout(done, 3));
  }
  value = 20;
  all.push(answer());
  await Promise.all(all);
  assert.equal(answered.at(-1), 20);
  assert.ok(answered.length < 15, `${answered.length} runs for 20 changes`);
  await answer();
  assert.equal(answered.at(-1), 20, 'it answers again');
});
