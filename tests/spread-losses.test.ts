import assert from 'node:assert/strict';
import test from 'node:test';
import { DescentError, losses, Random, tf } from 'descent-lab';
import { anglesDegrees } from '../lib/src/spreads/measure';
import {
  articleForceLoss,
  forceLoss,
  minAngleLoss,
  minAngleVarianceLoss,
  rieszEnergyLoss,
  smoothMinimumLoss,
  type Vectors,
} from '../lib/src/losses';
import { minAngleDegrees, randomVectors } from '../lib/src/spreads';
import { nearestAngles, tangentForces } from '../lib/src/losses/losses';
import * as independent from './spread-independent';

type Loss = (vectors: Vectors) => tf.Scalar;

/** A loss in each of its forms, beside the same in double precision. */
interface Case {
  name: string;
  forms: Record<string, Loss>;
  check: (vectors: number[][]) => number;
}

type Form<O extends unknown[]> = (vectors: Vectors, ...options: O) => tf.Scalar;

const both = <O extends unknown[]>(
  name: string,
  loss: Form<O> & { plain: Form<O> },
  check: Case['check'],
  ...options: O
): Case => ({ name, forms: { fast: (v) => loss(v, ...options), plain: (v) => loss.plain(v, ...options) }, check });

const cases: Case[] = [
  both('minAngleLoss', minAngleLoss, independent.minAngle),
  both('minAngleVarianceLoss', minAngleVarianceLoss, independent.minAngleVariance),
  both(
    'minAngleVarianceLoss with other weights',
    minAngleVarianceLoss,
    (v) => 2 * independent.minAngle(v) + 3 * independent.variance(v),
    { angle: 2, variance: 3 },
  ),
  both('forceLoss', forceLoss, independent.force),
  both('articleForceLoss', articleForceLoss, independent.articleForce),
  both('rieszEnergyLoss', rieszEnergyLoss, (v) => independent.energy(v, 1)),
  both('rieszEnergyLoss of power 7.5', rieszEnergyLoss, (v) => independent.energy(v, 7.5), 7.5),
  both('smoothMinimumLoss', smoothMinimumLoss, (v) => independent.smoothMinimum(v, 0.1), 0.1),
  both('smoothMinimumLoss, cold', smoothMinimumLoss, (v) => independent.smoothMinimum(v, 0.002), 0.002),
  {
    name: 'a loss of tangentForces',
    forms: { plain: (v) => tf.tidy(() => tangentForces(v).square().sum()) },
    check: (v) => independent.tangentForces(v).reduce((sum, t) => sum + independent.dot(t, t), 0),
  },
  {
    name: 'a loss of nearestAngles',
    forms: { plain: (v) => tf.tidy(() => nearestAngles(v).square().sum()) },
    check: (v) => independent.nearest(v).reduce((sum, angle) => sum + angle ** 2, 0),
  },
];

test('every loss of vectors is tested here, in both forms where it has two', () => {
  for (const [name, loss] of Object.entries(losses as Record<string, unknown>)) {
    if (typeof loss !== 'function' || !('plain' in loss)) continue; // not made by ofVectors or fast
    const forms = cases.filter((one) => one.name.split(/[ ,]/)[0] === name).flatMap((one) => Object.keys(one.forms));
    const wanted = loss.plain === loss ? ['plain'] : ['fast', 'plain'];
    assert.deepEqual([...new Set(forms)].sort(), wanted, `the forms of ${name} in \`cases\``);
  }
});

/** A loss's value and gradient as plain numbers. */
function evaluate(loss: Loss, vectors: number[][] | number[][][]): { value: number; gradient: number[] } {
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

/** Sets of a random number of vectors in a random number of dimensions. */
const randomSets = (seed: number): number[][][] => {
  const random = new Random(seed);
  return Array.from({ length: 6 }, (_, i) => {
    const dimensions = random.integer(2, 7);
    return spacedVectors(10 * seed + i, random.integer(2, dimensions === 2 ? 7 : 13), dimensions);
  });
};

/** Within `relative` of the largest; the gradients of two vectors alone can be 0, so it counts as 0.01 at least. */
function assertNear(actual: number[], expected: number[], relative: number, name: string): void {
  const scale = Math.max(0.01, ...expected.map(Math.abs));
  assert.equal(actual.length, expected.length);
  actual.forEach((x, i) =>
    assert.ok(
      Math.abs(x - expected[i]!) <= relative * scale,
      `${name}: ${x} instead of ${expected[i]} (component ${i})`,
    ),
  );
}

/** f's derivative at the vectors as they move in `direction`, a list of their shape. */
function along(f: Case['check'], vectors: number[][], direction: number[][], step: number): number {
  const moved = (by: number): number[][] => vectors.map((v, i) => v.map((x, k) => x + by * direction[i]![k]!));
  return (f(moved(step)) - f(moved(-step))) / (2 * step);
}

for (const { name: lossName, forms, check } of cases) {
  for (const [form, loss] of Object.entries(forms)) {
    const name = `${lossName}, ${form},`;

    test(`${name} has the value and the gradient of its definition`, () => {
      for (const vectors of randomSets(1)) {
        const told = `${name} [${vectors.length}, ${vectors[0]!.length}]`;
        const { value, gradient } = evaluate(loss, vectors);
        assertNear([value], [check(vectors)], 2e-5, told);
        assertNear(gradient, independent.differences(check, vectors).flat(), 2e-4, `${told}, gradient`);
      }
    });

    test(`${name} has them for 20 and for many vectors too, which are compared by their products`, () => {
      const random = new Random(2);
      for (const vectors of [spacedVectors(5, 20, 32), spacedVectors(6, 40, 16)]) {
        const [count, dimensions] = [vectors.length, vectors[0]!.length]; // 12,800 differences are few, 25,600 many
        const { value, gradient } = evaluate(loss, vectors);
        assertNear([value], [check(vectors)], 2e-5, name);
        for (let i = 0; i < 4; i++) {
          const way = randomVectors(random, count, dimensions);
          assertNear([independent.dot(gradient, way.flat())], [along(check, vectors, way, 1e-6)], 1e-3, name);
        }
      }
    });

    test(`${name} tells apart what nearly ties`, () => {
      // From the second vector the third is farther than the first by 1e-4 rad; from the fourth the fifth is nearer.
      const degrees = [0, 1, 2.0001, 3.5, 4.4999].map((x) => (x / 5) * 2 * Math.PI);
      const vectors = degrees.map((x) => [2 * Math.cos(x), 2 * Math.sin(x)]);
      const { value, gradient } = evaluate(loss, vectors);
      assertNear([value], [check(vectors)], 2e-5, name);
      assertNear(gradient, independent.differences(check, vectors).flat(), 1e-3, `${name}, gradient`);
    });

    test(`${name} has a gradient that scales with what comes after it, down to none`, () => {
      const [vectors] = randomSets(3) as [number[][]];
      const { value, gradient } = evaluate(loss, vectors);
      for (const factor of [-2.5, 1e-3, 0]) {
        const after = evaluate((v) => loss(v).mul(factor), vectors);
        assertNear(after.gradient, independent.scaled(gradient, factor), 1e-5, `${name} times ${factor}`);
      }
      const squared = evaluate((v) => loss(v).square(), vectors); // 2 L dL
      assertNear(squared.gradient, independent.scaled(gradient, 2 * value), 1e-5, `${name} squared`);
      const doubled = evaluate((v) => loss(v.mul<tf.Tensor2D>(2)), vectors); // of directions alone
      assertNear(doubled.gradient, gradient, 1e-5, `${name}, behind a product`);
    });

    test(`${name} has a second derivative`, () => {
      const random = new Random(4);
      for (const vectors of randomSets(4).slice(0, 3)) {
        const [one, two] = [0, 1].map(() => randomVectors(random, vectors.length, vectors[0]!.length)) as [
          number[][],
          number[][],
        ];
        const slope = (v: Vectors): tf.Scalar =>
          tf
            .grad((x: tf.Tensor) => loss(x as Vectors))(v)
            .mul(tf.tensor2d(one))
            .sum();
        const { value, gradient } = evaluate(slope, vectors);
        const expected = (v: number[][]): number => along(check, v, one, 1e-5);
        assertNear([value], [expected(vectors)], 1e-3, `${name} first`);
        assertNear([independent.dot(gradient, two.flat())], [along(expected, vectors, two, 1e-5)], 1e-3, name);
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
      const given = tf.tensor2d(vectors);
      evaluate(loss, vectors);
      const before = tf.memory().numTensors;
      evaluate(loss, vectors);
      loss(given).dispose(); // the value alone
      tf.grad((v) =>
        tf
          .grad((x: tf.Tensor) => loss(x as Vectors))(v)
          .sum(),
      )(given).dispose();
      assert.equal(tf.memory().numTensors, before);
      given.dispose();
    });
  }
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
  const temperatures = [0.1, 0.01];
  for (const loss of [smoothMinimumLoss, smoothMinimumLoss.plain]) {
    const { value, gradient } = evaluate((v) => loss(v, temperatures), sets);
    const definitions = temperatures.map((t) => (v: number[][]) => independent.smoothMinimum(v, t));
    assertNear([value], [definitions[0]!(sets[0]!) + definitions[1]!(sets[1]!)], 1e-5, 'value');
    assertNear(gradient, sets.flatMap((set, i) => independent.differences(definitions[i]!, set)).flat(), 2e-4, 'slope');
    assert.throws(() => evaluate((v) => loss(v, [1, 1, 1]), sets), /3 temperatures do not fit .*\[2, 5, 3\]/);
    assert.throws(() => evaluate((v) => loss(v, 0), sets), /above 0/);
  }
  for (const loss of [rieszEnergyLoss, rieszEnergyLoss.plain]) {
    assert.throws(() => evaluate((v) => loss(v, -1), sets), /above 0/);
  }
});

test('a cold smooth minimum is minus the logarithm of the least distance', () => {
  const vectors = spacedVectors(3, 10, 3);
  const least = 2 * Math.sin(-independent.minAngle(vectors) / 2);
  for (const loss of [smoothMinimumLoss, smoothMinimumLoss.plain]) {
    assertNear([evaluate((v) => loss(v, 1e-5), vectors).value], [-Math.log(least)], 1e-3, 'value');
  }
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
    const expected = independent.nearest(vectors);
    assertNear(angles, expected, 1e-5, `${count} vectors`);
    const total = expected.reduce((sum, angle) => sum + angle ** 2, 0) - expected.reduce((a, b) => a + b) ** 2 / count;
    for (const loss of [minAngleVarianceLoss, minAngleVarianceLoss.plain]) {
      assertNear(
        [evaluate((v) => loss(v, { angle: 0, variance: 1 }), vectors).value],
        [total],
        1e-4,
        `${count} vectors`,
      );
    }
  }
});

test('vectors that coincide: their angle is 0, as an energy they are 0.001 apart, and nothing tells them where to go', () => {
  const pair = [
    [3, 4],
    [6, 8],
  ];
  const expected: Record<string, number> = {
    minAngleLoss: 0,
    minAngleVarianceLoss: 0,
    rieszEnergyLoss: 1e3,
    smoothMinimumLoss: Math.log(1e3),
    forceLoss: 0,
    articleForceLoss: 0,
  };
  for (const { name, forms } of cases.filter((row) => row.name in expected)) {
    assertNear([evaluate(forms.plain!, pair).value], [expected[name]!], 1e-4, name);
    // A force at 0.001 is 1e6, and what is left of it by hand, where it is tangent, is a rounding error.
    const within = name.includes('orce') ? 1e3 : 0.1;
    assert.ok(Math.abs(evaluate(forms.fast!, pair).value - expected[name]!) < within, name);
    assert.ok(
      evaluate(forms.plain!, pair).gradient.every((slope) => Math.abs(slope) < 1e-15),
      name,
    );
  }
  assert.ok(evaluate(minAngleLoss, pair).gradient.every((slope) => slope === 0));
});

test('vectors closer than 0.001 are pushed apart, by either form', () => {
  const pair = [
    [1, 0],
    [1, 5e-4],
  ];
  const [byHand, plain] = [rieszEnergyLoss, rieszEnergyLoss.plain].map((loss) => evaluate(loss, pair));
  assertNear([byHand!.value, plain!.value], [1e3, 1e3], 1e-5, 'value');
  assert.ok(byHand!.gradient[1]! > 1e5, 'a step against it leads away from the other');
  assertNear(byHand!.gradient, plain!.gradient, 1e-3, 'gradient');
});

test('several closest pairs share the slope: each vector and its first nearest move, in either form', () => {
  const cross = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ];
  const [byHand, plain] = [minAngleLoss, minAngleLoss.plain].map((loss) => evaluate(loss, cross));
  assertNear([byHand!.value, plain!.value], [-Math.PI / 2, -Math.PI / 2], 1e-6, 'value');
  for (const { gradient } of [byHand!, plain!]) {
    assertNear(
      gradient,
      [0, 0.25, 0.25, 0, 0, 0.25, 0.25, 0],
      1e-6,
      'half of it to the first two, a quarter to others',
    );
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
