import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { DescentError, Random, spread, tf } from 'descent-lab';
import {
  articleSpreads,
  bestSpread,
  crowdedVectors,
  evenVectors,
  famousConfigurations,
  knownAngle,
  knownEnergy,
  leastEnergy,
  minAngleDegrees,
  randomVectors,
} from '../lib/src/spreads';
import { minAngleLoss } from '../lib/src/losses';
import { rieszEnergy } from '../lib/src/spreads/measure';
import { spreadMethodNames } from '../lib/src/spreads/methods';
import { unitVectors } from '../lib/src/spreads/starts';
import { lengthOf } from '../lib/src/spreads/measure';
import { angle, energy, leastAngleDegrees } from './spread-independent';

const REFERENCE = join(__dirname, 'reference', 'spread.json');

test('measures agree with an independent check', () => {
  const vectors = randomVectors(new Random(5), 12, 4);
  assert.ok(Math.abs(minAngleDegrees(vectors) - leastAngleDegrees(vectors)) < 1e-9);
  assert.ok(Math.abs(rieszEnergy(vectors, 3) / energy(vectors, 3) - 1) < 1e-9);
  assert.equal(
    minAngleDegrees([
      [1, 0],
      [1, 0],
    ]),
    0,
  );
  assert.equal(
    minAngleDegrees([
      [2, 0],
      [-1, 0],
    ]),
    180,
  );
  assert.equal(
    rieszEnergy([
      [1, 0],
      [1, 0],
    ]),
    Infinity,
  );
});

test('20 vectors in the plane reach 18.00 degrees from each of 10 seeds', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { vectors } = await bestSpread({ vectors: 20, dimensions: 2, restarts: 1, seed, iterations: 600 });
    assert.ok(Math.abs(leastAngleDegrees(vectors) - 18) < 0.01, `seed ${seed}: ${leastAngleDegrees(vectors)}`);
  }
});

test('the best known angles on the sphere, and proven ones beyond, by an independent check', async () => {
  const cases = [
    [2, 3, 2],
    [4, 3, 2],
    [7, 3, 4],
    [12, 3, 4],
    [20, 3, 8],
    [24, 3, 8],
    [5, 1, 2],
    [20, 32, 1],
    [33, 32, 1],
    [64, 32, 1],
    [10, 4, 8],
  ];
  for (const [vectors, dimensions, restarts] of cases as [number, number, number][]) {
    const result = await bestSpread({ vectors, dimensions, restarts, iterations: 800 });
    const { best } = knownAngle(vectors, dimensions);
    assert.ok(
      Math.abs(leastAngleDegrees(result.vectors) - best!) < 0.002,
      `${vectors} in ${dimensions}-D: ${leastAngleDegrees(result.vectors)} instead of ${best}`,
    );
    assert.ok(result.vectors.every((v) => Math.abs(Math.hypot(...v) - 1) < 1e-12));
    assert.ok(Math.abs(result.minAngleDegrees - leastAngleDegrees(result.vectors)) < 1e-4);
  }
});

test("the least electric energies are Thomson's, to a millionth", async () => {
  for (const vectors of [2, 5, 12, 20]) {
    const result = await leastEnergy({ vectors, dimensions: 3, restarts: 4, iterations: 500 });
    assert.ok(Math.abs(energy(result.vectors, 1) / knownEnergy(vectors, 3)! - 1) < 1e-6);
  }
});

test('a search depends on its seed alone, and leaves no tensor behind', async () => {
  const options = { vectors: 7, dimensions: 3, restarts: 3, iterations: 40 };
  const before = tf.memory().numTensors;
  const [a, b, c] = [
    await bestSpread({ ...options, seed: 4 }),
    await bestSpread({ ...options, seed: 4 }),
    await bestSpread({ ...options, seed: 5 }),
  ];
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(a, b);
  assert.notDeepEqual(a.vectors, c.vectors);
  assert.equal(a.found.length, 3);
  assert.equal(Math.max(...a.found).toFixed(4), a.minAngleDegrees.toFixed(4));
});

test('an aborted search returns the best so far', async () => {
  const stop = new AbortController();
  const { vectors, stopped } = await bestSpread({
    vectors: 5,
    dimensions: 3,
    restarts: 2,
    signal: stop.signal,
    onProgress: (done) => {
      if (done > 0.02) stop.abort();
    },
  });
  assert.equal(stopped, 'aborted');
  assert.equal(vectors.length, 5);
});

test('numbers that make no sense are refused by name', async () => {
  for (const [wrong, message] of [
    [{ vectors: 1 }, /number of vectors .* not 1/],
    [{ dimensions: 0 }, /number of dimensions .* not 0/],
    [{ restarts: 0 }, /number of restarts .* not 0/],
    [{ restarts: 1e9 }, /restarts .* 1 to 1000000, not 1000000000/],
    [{ iterations: 1e12 }, /iterations must be an integer from 0 to 100000000/],
    [{ start: [[1, 0]] }, /1 vectors of 2 numbers, where 3 of 2/],
    [{ iterations: -1 }, /iterations/],
  ] as const) {
    await assert.rejects(
      bestSpread({ ...{ vectors: 3, dimensions: 2 }, ...wrong } as never),
      (error: Error) => error instanceof DescentError && message.test(error.message),
    );
  }
});

test('what does not fit into memory is refused before any of it is taken, by every method', async () => {
  for (const loss of [...spreadMethodNames, (vectors: tf.Tensor2D) => minAngleLoss(vectors)]) {
    for (const [vectors, dimensions] of [
      [1e12, 3],
      [3, 1e12],
      [1e6, 2],
    ] as const) {
      await assert.rejects(
        bestSpread({ loss, vectors, dimensions, restarts: 1, iterations: 1 }),
        (error: Error) =>
          error instanceof DescentError &&
          error.message.endsWith(': take fewer') &&
          error.message.startsWith(`${vectors} vectors in ${dimensions} dimensions would need`),
        `${String(loss)}, ${vectors}`,
      );
    }
    const { vectors } = await bestSpread({ loss, vectors: 300, dimensions: 40, restarts: 1, iterations: 1 });
    assert.equal(vectors.length, 300);
  }
});

test('vectors may have as many numbers as they like', () => {
  const random = new Random(4),
    zeros = new Array<number>(200_000).fill(0);
  assert.equal(
    minAngleDegrees(
      unitVectors([
        [1, 0, ...zeros],
        [0, 1, ...zeros],
      ]),
    ),
    90,
  );
  for (let i = 0; i < 1000; i++) {
    const vector = Array.from({ length: random.integer(1, 9) }, () => random.normal() * 10 ** random.integer(-3, 3));
    assert.equal(lengthOf(vector), Math.hypot(...vector)); // every number in the notebooks was made with it
  }
});

test('starts: seeded, of length 1, the crowd in its half-circle, the target even', () => {
  const crowd = crowdedVectors(new Random(7), 20);
  assert.deepEqual(crowd, crowdedVectors(new Random(7), 20));
  assert.ok(crowd.slice(0, 19).every(([, y]) => y! >= 0) && crowd[19]![1]! < -0.999);
  assert.ok(Math.abs(leastAngleDegrees(evenVectors(20)) - 18) < 1e-9);
  assert.ok(randomVectors(new Random(1), 9, 5).every((v) => Math.abs(Math.hypot(...v) - 1) < 1e-12));
});

test('unitVectors scales to length 1 and names what is wrong', () => {
  assert.deepEqual(
    unitVectors([
      [3, 4],
      [0, -2],
    ]),
    [
      [0.6, 0.8],
      [0, -1],
    ],
  );
  assert.ok(
    Math.abs(
      Math.hypot(
        ...unitVectors([
          [3e-310, 4e-310],
          [1, 0],
        ])[0]!,
      ) - 1,
    ) < 1e-12,
  );
  assert.throws(
    () =>
      unitVectors([
        [1, 0],
        [0, 0],
      ]),
    /vector 2 is zero/,
  );
  assert.throws(() => unitVectors([[1, 0], [0]]), /vector 2 has 1 numbers where vector 1 has 2/);
  assert.throws(
    () =>
      unitVectors([
        [1, NaN],
        [0, 1],
      ]),
    /vector 1 has a component/,
  );
  assert.throws(() => unitVectors([[1, 0]]), /at least 2/);
});

test("the article's first loss moves two vectors a step; its second sets the lone one off", async () => {
  const start = crowdedVectors(new Random(4), 20);
  const run = async (name: 'min-angle' | 'min-angle-variance'): ReturnType<typeof spread> =>
    spread({ start, loss: articleSpreads[name].loss, optimizer: articleSpreads[name].optimizer(), iterations: 100 });
  const [first, second] = [await run('min-angle'), await run('min-angle-variance')];
  first.records.slice(1).forEach(({ vectors }, i) => {
    assert.equal(vectors.filter((v, k) => angle(v, first.records[i]!.vectors[k]!) > 1e-5).length, 2);
  });
  assert.ok(angle(first.records[100]!.vectors[19]!, start[19]!) < 1e-6);
  assert.ok(angle(second.records[100]!.vectors[19]!, start[19]!) > 0.3);
});

test("ten starts under the article's losses end as its own ten did", async () => {
  // medians of article.json; no run of its kind ends below 10 degrees
  for (const [name, expected] of [
    ['min-angle', 15.64],
    ['force', 17.35],
  ] as const) {
    const { found } = await bestSpread({ loss: name, vectors: 20, dimensions: 2, restarts: 10, seed: 3 });
    const sorted = [...found].sort((a, b) => a - b);
    assert.ok(
      Math.abs((sorted[4]! + sorted[5]!) / 2 - expected) < 1.5 && sorted[0]! > 10,
      `${name}: ${sorted.join(' ')}`,
    );
  }
});

test('known angles and energies are those of the reference', () => {
  const reference = JSON.parse(readFileSync(REFERENCE, 'utf8')) as {
    tammes3d: Record<string, number>;
    thomson3d: Record<string, number>;
    tammes3d_upper_bound_fejes_toth: Record<string, number>;
    constructions_verified: Record<string, { dim: number; N: number; deg: number }>;
  };
  for (let n = 2; n <= 32; n++) {
    const { best, bound } = knownAngle(n, 3);
    assert.ok(Math.abs(best! - reference.tammes3d[n]!) < 1e-6 && bound > best! - 1e-9, `${n} on the sphere`);
    assert.equal(knownEnergy(n, 3), reference.thomson3d[n]);
    if (n > 14 && n !== 24) assert.ok(Math.abs(bound - reference.tammes3d_upper_bound_fejes_toth[n]!) < 1e-9);
  }
  for (const { dim, N, deg } of Object.values(reference.constructions_verified)) {
    assert.ok(Math.abs(knownAngle(N, dim).best! - deg) < 1e-9, `${N} in ${dim}-D`);
    assert.ok(famousConfigurations.some((one) => one.vectors === N && one.dimensions === dim));
  }
});

test('the table of the sphere in data/ keeps its promise', () => {
  const [header, ...lines] = readFileSync(join(__dirname, '..', 'data', 'spread-sphere.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = (row: string[], name: string): number => Number(row[header!.indexOf(name)]);
  assert.deepEqual(
    lines.map((row) => column(row, 'vectors')),
    Array.from({ length: 31 }, (_, i) => i + 2),
  );
  for (const row of lines) {
    const n = column(row, 'vectors');
    assert.ok(knownAngle(n, 3).best! - column(row, 'min_angle') < (n <= 24 ? 0.002 : 0.02), `${n} points`);
    assert.ok(Math.abs(column(row, 'energy') / knownEnergy(n, 3)! - 1) < 1e-6, `${n} charges`);
  }
});
