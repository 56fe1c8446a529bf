import test from 'node:test';
import assert from 'node:assert/strict';
import { Random } from 'descent-lab';

const draws = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uniform());
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the same seed gives the same numbers, another seed gives others', () => {
  assert.deepEqual(draws(new Random(7), 5), draws(new Random(7), 5));
  assert.notDeepEqual(draws(new Random(7), 5), draws(new Random(8), 5));
  assert.equal(new Random(7).seed, 7);
});

test("a seed that is none, or that would give another one's numbers, is refused", () => {
  for (const seed of [2 ** 32, 2 ** 32 + 1, -(2 ** 31) - 1, 0.5, NaN, Infinity]) {
    assert.throws(() => new Random(seed), /the seed must be an integer from -2147483648 to 4294967295, not/);
  }
  assert.notDeepEqual(draws(new Random(Random.LARGEST_SEED), 2), draws(new Random(0), 2));
});

test('the sequence of a seed is fixed for good: committed data and figures were made from it', () => {
  const random = new Random(42);
  // Mersenne twister's outputs for seed 42 begin 1608637542, 3421126067: 26 bits of the first, 27 of the second.
  assert.equal(random.uniform(), ((1608637542 >>> 6) * 2 ** 27 + (3421126067 >>> 5)) / 2 ** 53);
});

test('uniform numbers fill [low, high) evenly', () => {
  const random = new Random(1);
  const values = Array.from({ length: 20_000 }, () => random.uniform(-2, 4));
  assert.ok(values.every((value) => value >= -2 && value < 4));
  assert.ok(Math.abs(mean(values) - 1) < 0.05); // its standard error is 6 / sqrt(12 * 20000) = 0.012
  assert.ok(Math.abs(mean(values.map((value) => (value - 1) ** 2)) - 3) < 0.1); // variance 6^2 / 12
});

test('normal numbers have the mean, deviation, symmetry and tails of the normal distribution', () => {
  const random = new Random(2);
  const values = Array.from({ length: 40_000 }, () => (random.normal(10, 2) - 10) / 2);
  assert.ok(Math.abs(mean(values)) < 0.02);
  assert.ok(Math.abs(mean(values.map((value) => value ** 2)) - 1) < 0.03);
  assert.ok(Math.abs(mean(values.map((value) => value ** 3))) < 0.1);
  const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
  assert.ok(Math.abs(beyondTwo - 0.0455) < 0.005);
});

test('integers reach both ends and nothing beyond', () => {
  const random = new Random(3);
  const seen = new Set(Array.from({ length: 500 }, () => random.integer(-1, 2)));
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    [-1, 0, 1, 2],
  );
});

test('shuffle keeps the items and its argument, and every order is as likely', () => {
  const random = new Random(4);
  const items = [1, 2, 3] as const;
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle(items).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.deepEqual(items, [1, 2, 3]);
  assert.equal(counts.size, 6);
  assert.ok([...counts.values()].every((count) => Math.abs(count - 1000) < 150)); // five standard deviations of 29
});

test('array draws rows of columns, row by row', () => {
  const table = new Random(5).array(() => 1, 2, 3);
  assert.deepEqual(table, [
    [1, 1, 1],
    [1, 1, 1],
  ]);
  const random = new Random(5);
  const again = new Random(5);
  assert.deepEqual(random.array(() => random.uniform(), 2, 2).flat(), draws(again, 4));
});
