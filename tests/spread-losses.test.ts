import assert from 'node:assert/strict';
import test from 'node:test';
import {
  DescentError,
  Random,
  anglesDegrees,
  articleForceLoss,
  forceLoss,
  minAngleDegrees,
  minAngleLoss,
  minAngleVarianceLoss,
  nearestAngles,
  randomVectors,
  rieszEnergyLoss,
  smoothMinimumLoss,
  tangentForces,
  tf,
  type Vectors,
} from 'descent-lab';
import * as independent from './spread-independent';

/** Every loss of the library beside the same in double precision. */
const losses: { name: string; loss: (v: Vectors) => tf.Scalar; check: (v: number[][]) => number }[] = [
  { name: 'minAngleLoss', loss: minAngleLoss, check: independent.minAngle },
  { name: 'minAngleVarianceLoss', loss: (v) => minAngleVarianceLoss(v), check: independent.minAngleVariance },
  { name: 'forceLoss', loss: forceLoss, check: independent.force },
  { name: 'articleForceLoss', loss: articleForceLoss, check: independent.articleForce },
  {
    name: 'a loss of tangentForces',
    loss: (v) => tangentForces(v).square().sum(),
    check: (v) => independent.tangentForces(v).reduce((sum, t) => sum + independent.dot(t, t), 0),
  },
  { name: 'rieszEnergyLoss', loss: (v) => rieszEnergyLoss(v), check: (v) => independent.energy(v, 1) },
  {
    name: 'rieszEnergyLoss of power 7.5',
    loss: (v) => rieszEnergyLoss(v, 7.5),
    check: (v) => independent.energy(v, 7.5),
  },
  {
    name: 'smoothMinimumLoss',
    loss: (v) => smoothMinimumLoss(v, 0.1),
    check: (v) => independent.smoothMinimum(v, 0.1),
  },
  {
    name: 'smoothMinimumLoss, cold',
    loss: (v) => smoothMinimumLoss(v, 0.002),
    check: (v) => independent.smoothMinimum(v, 0.002),
  },
];

/** A loss's value and gradient as plain numbers. */
function evaluate(
  loss: (v: Vectors) => tf.Scalar,
  vectors: number[][] | number[][][],
): { value: number; gradient: number[] } {
  const { value, grad } = tf.tidy(() => tf.valueAndGrad((x: tf.Tensor) => loss(x as Vectors))(tf.tensor(vectors)));
  const result = { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] };
  tf.dispose([value, grad]);
  return result;
}

/** Vectors that are far enough apart for float32, and of different lengths: only directions may count. */
const spacedVectors = (seed: number, count: number, dimensions: number): number[][] => {
  const random = new Random(seed);
  for (;;) {
    const vectors = randomVectors(random, count, dimensions).map((v) => independent.scaled(v, random.uniform(0.5, 2)));
    if (independent.leastAngleDegrees(vectors) > 6) return vectors;
  }
};

function assertNear(actual: number[], expected: number[], relative: number, name: string): void {
  const scale = Math.max(...expected.map(Math.abs));
  assert.equal(actual.length, expected.length);
  actual.forEach((x, i) =>
    assert.ok(
      Math.abs(x - expected[i]!) <= relative * scale,
      `${name}: ${x} instead of ${expected[i]} (component ${i})`,
    ),
  );
}

for (const { name, loss, check } of losses) {
  test(`${name} has the value and the gradient of its definition`, () => {
    for (const [seed, count, dimensions] of [
      [1, 5, 2],
      [2, 8, 3],
      [3, 12, 3],
      [4, 6, 5],
      [5, 20, 32],
    ] as const) {
      const vectors = spacedVectors(seed, count, dimensions);
      const { value, gradient } = evaluate(loss, vectors);
      assertNear([value], [check(vectors)], 2e-5, name);
      assertNear(gradient, independent.differences(check, vectors).flat(), 2e-4, `${name}, gradient`);
    }
  });

  test(`${name} of several sets is the sum over the sets, with each set's own gradient`, () => {
    const sets = [6, 7, 8].map((seed) => spacedVectors(seed, 7, 3));
    const alone = sets.map((set) => evaluate(loss, set));
    const together = evaluate(loss, sets);
    assertNear([together.value], [alone.reduce((sum, { value }) => sum + value, 0)], 1e-5, name);
    assertNear(
      together.gradient,
      alone.flatMap(({ gradient }) => gradient),
      1e-5,
      name,
    );
  });

  test(`${name} is finite, and so is its gradient, for identical, opposite and nearly identical vectors`, () => {
    const hard = [
      [
        [1, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [-1, 0],
      ],
      [
        [1, 0],
        [1, 0],
        [-1, 0],
        [0, 1],
      ],
      [
        [1, 0, 0],
        [1, 1e-5, 0],
        [-1, 0, 0],
        [-1, 0, 1e-7],
      ],
      [
        [0.6, 0.8],
        [0.6, 0.8],
        [0.6, 0.8],
      ],
      [[1], [1]],
      [[1], [-1]],
      [
        [1, 2, 3],
        [2, 4, 6],
      ],
    ];
    for (const vectors of hard) {
      const { value, gradient } = evaluate(loss, vectors);
      assert.ok(
        Number.isFinite(value) && gradient.every(Number.isFinite),
        JSON.stringify({ vectors, value, gradient }),
      );
    }
  });

  test(`${name} refuses what is not a list of vectors, and shows its shape`, () => {
    for (const wrong of [[1, 2], [[1, 2]], [[[[1]]]], [[], []]]) {
      const given = tf.tensor(wrong);
      assert.throws(
        () => loss(given as unknown as Vectors),
        (error: Error) => error instanceof DescentError && error.message.includes(`[${given.shape.join(', ')}]`),
      );
      given.dispose();
    }
  });

  test(`${name} leaves no tensor behind`, () => {
    const vectors = spacedVectors(9, 6, 3);
    evaluate(loss, vectors);
    const before = tf.memory().numTensors;
    evaluate(loss, vectors);
    assert.equal(tf.memory().numTensors, before);
  });
}

test('nearestAngles is exact where the cosine is blind: at a thousandth of a degree and next to 180', () => {
  const tiny = (1e-3 * Math.PI) / 180;
  for (const exact of [tiny, Math.PI - tiny]) {
    const angles = tf.tidy(() =>
      nearestAngles(
        tf.tensor2d([
          [1, 0],
          [Math.cos(exact), Math.sin(exact)],
        ]),
      ),
    );
    assertNear([...angles.dataSync()], [exact, exact], 1e-6, 'angle');
    angles.dispose();
  }
});

test('the least angle of an equilateral triangle, by hand: 120 degrees', () => {
  const half = Math.sqrt(3) / 2;
  const { value } = evaluate(minAngleLoss, [
    [1, 0],
    [-0.5, half],
    [-0.5, -half],
  ]);
  assert.ok(Math.abs(value + (2 * Math.PI) / 3) < 1e-6);
});

test('the force between two vectors at a right angle, by hand: tangent part 1 / 2^(3/2)', () => {
  // x - y = (1, -1), |x - y|^3 = 2^1.5; at x = (1, 0) the tangent is (0, 1)
  const forces = tf.tidy(() =>
    tangentForces(
      tf.tensor2d([
        [1, 0],
        [0, 1],
      ]),
    ),
  );
  assertNear([...forces.dataSync()], [0, -(2 ** -1.5), -(2 ** -1.5), 0], 1e-6, 'force');
  forces.dispose();
});

test("the article's force loss is blind to forces at a right angle to (1, 1), the right one is not", () => {
  const place = (degrees: number): number[] => [
    Math.cos((degrees * Math.PI) / 180),
    Math.sin((degrees * Math.PI) / 180),
  ];
  // the lone one feels no force; seen from (1, 1) all is level
  const crowded = [place(-135 - 2), place(-135 + 2), place(45)];
  const other = [place(45 - 2), place(45 + 2)]; // tangents nearly along (1, -1)
  assert.ok(evaluate(forceLoss, other).value > 100);
  assert.ok(evaluate(articleForceLoss, other).value < 0.06 * evaluate(forceLoss, other).value);
  assert.ok(evaluate(articleForceLoss, crowded).value < 0.06 * evaluate(forceLoss, crowded).value);
});

test('a smooth minimum takes one temperature for each set, and no other number of them', () => {
  const sets = [spacedVectors(1, 5, 3), spacedVectors(2, 5, 3)];
  const { value } = evaluate((v) => smoothMinimumLoss(v, [0.1, 0.01]), sets);
  assertNear(
    [value],
    [independent.smoothMinimum(sets[0]!, 0.1) + independent.smoothMinimum(sets[1]!, 0.01)],
    1e-5,
    'value',
  );
  assert.throws(
    () => evaluate((v) => smoothMinimumLoss(v, [1, 1, 1]), sets),
    /3 temperatures do not fit .*\[2, 5, 3\]/,
  );
  assert.throws(() => evaluate((v) => smoothMinimumLoss(v, 0), sets), /above 0/);
  assert.throws(() => evaluate((v) => rieszEnergyLoss(v, -1), sets), /above 0/);
});

test('a cold smooth minimum is minus the logarithm of the least distance', () => {
  const vectors = spacedVectors(3, 10, 3);
  const least = 2 * Math.sin(-independent.minAngle(vectors) / 2);
  assertNear([evaluate((v) => smoothMinimumLoss(v, 1e-5), vectors).value], [-Math.log(least)], 1e-3, 'value');
});

test('the nearest of many vectors, which TensorFlow finds, and of few, which are compared here, are the nearest', () => {
  for (const [count, dimensions] of [
    [12, 3],
    [60, 4],
    [200, 5],
  ] as const) {
    // 432, 14,400 and 200,000 products
    const vectors = randomVectors(new Random(count), count, dimensions);
    const angles = tf.tidy(() => [...nearestAngles(tf.tensor2d(vectors)).dataSync()]);
    const expected = vectors.map((v, i) =>
      Math.min(
        ...vectors.filter((_, j) => j !== i).map((w) => (independent.leastAngleDegrees([v, w]) * Math.PI) / 180),
      ),
    );
    assertNear(angles, expected, 1e-5, `${count} vectors`);
  }
});

test('minAngleDegrees is the least of all angles, of vectors of any length, near 0 and 180 degrees too', () => {
  const sets = [
    randomVectors(new Random(3), 40, 6).map((v, i) => independent.scaled(v, 1 + i)),
    [
      [1, 0],
      [-2, 1e-9],
    ],
    [
      [1, 0, 0],
      [1, 1e-9, 0],
      [0, 1, 0],
    ],
  ];
  for (const vectors of sets) {
    const expected = Math.min(...anglesDegrees(vectors).flatMap((row, i) => row.filter((_, j) => j !== i)));
    assert.ok(Math.abs(minAngleDegrees(vectors) / expected - 1) < 1e-12);
  }
});
