// Every kernel of tfjs has the gradient of TensorFlow in Python, first and second, on each backend.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { tf } from 'descent-lab';
import { operations } from './support/gradient-cases';
import { coverage } from './support/gradient-coverage';
import { cases, deviations } from './support/gradient-check';

/** What float32 loses on the way; what is held to differences of long steps knows no more digits itself. */
const TOLERANCE = { first: 4e-5, second: 2e-4, differences: 2e-3 };

const own = tf.getBackend();

for (const backend of new Set([own, 'cpu'])) {
  test(`on ${backend}`, async (t) => {
    before(() => tf.setBackend(backend));
    after(() => tf.setBackend(own));
    for (const one of cases) {
      await t.test(one.name, () => {
        const { numTensors } = tf.memory();
        for (const { input, first, second, tensorflow } of deviations(one)) {
          const say = (order: string, value: number): string => `${order} derivative by ${input} is off by ${value}`;
          assert.ok(first <= (tensorflow.first ? TOLERANCE.first : TOLERANCE.differences), say('first', first));
          assert.ok(second <= (tensorflow.second ? TOLERANCE.second : TOLERANCE.differences), say('second', second));
        }
        assert.equal(tf.memory().numTensors, numTensors, 'tensors are left behind');
      });
    }
  });
}

test('TensorFlow and tfjs run the same operations', () => {
  assert.deepEqual(cases.map(({ name }) => name).sort(), Object.keys(operations).sort());
});

test('the table in docs names each kernel, and none is without a gradient that TensorFlow has', async () => {
  const rows = await coverage();
  const table = readFileSync(join(__dirname, '../docs/gradients.md'), 'utf8');
  const told = table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  assert.deepEqual(
    told.map((line) =>
      line
        .split('|')
        .slice(1, 6)
        .map((cell) => cell.trim()),
    ),
    rows.map(({ kernel, tensorflow, tfjs, here, checked }) => [kernel, tensorflow, tfjs, here, checked]),
    'node --import ./scripts/tsx.mjs bench/gradients.ts writes it',
  );
  assert.deepEqual(
    rows.filter(({ tensorflow, here }) => tensorflow === 'yes' && here === 'no'),
    [],
  );
  assert.deepEqual(
    rows.filter(({ here, checked }) => here === 'yes' && checked === ''),
    [],
  );
});
