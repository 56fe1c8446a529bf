import test from 'node:test';
import assert from 'node:assert/strict';
import { Random, tf } from 'descent-lab';
import { minAngleLoss } from '../lib/src/losses';
import { randomVectors } from '../lib/src/spreads';

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;
const REDUCTIONS = { max: tf.max, min: tf.min } as Record<'max' | 'min', Reduce>;

/** The gradient of f at x, as nested arrays; f is summed. */
const gradientOf = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): unknown =>
  tf.tidy(() =>
    tf
      .grad((v: tf.Tensor) => f(v).sum())(x)
      .arraySync(),
  );

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, message: string): void {
  assert.equal(actual.length, expected.length, message);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(Math.abs(actual[i]! - expected[i]!) < 1e-5, `${message}: ${actual[i]} instead of ${expected[i]} at ${i}`);
  }
}

test('by hand: values that tie share the gradient, one alone has all of it', () => {
  const x = tf.tensor2d([
    [3, 1, 3],
    [2, 2, 2],
  ]);
  assert.deepEqual(
    gradientOf((v) => v.max(), x),
    [
      [0.5, 0, 0.5],
      [0, 0, 0],
    ],
  );
  assert.deepEqual(
    gradientOf((v) => v.min(), x),
    [
      [0, 1, 0],
      [0, 0, 0],
    ],
  );
  assert.deepEqual(
    gradientOf((v) => v.max(0), x),
    [
      [1, 0, 1],
      [0, 1, 0],
    ],
  );
  assertNear((gradientOf((v) => v.min(1), x) as number[][]).flat(), [0, 1, 0, 1 / 3, 1 / 3, 1 / 3], 'min along 1');
  // d (max^2) = 2 max: 6 for the first row, 4 for the second
  const squares = gradientOf((v) => v.max(-1, true).square(), x) as number[][];
  assertNear(squares.flat(), [3, 0, 3, 4 / 3, 4 / 3, 4 / 3], 'square');
  assert.deepEqual(
    gradientOf((v) => v.max(), tf.tensor1d([1, NaN])),
    [NaN, NaN],
  );
});

test('whole numbers with many ties, along any axes: each has dy over the number that tie with it', () => {
  const random = new Random(5);
  for (let i = 0; i < 60; i++) {
    const shape = Array.from({ length: random.integer(1, 4) }, () => random.integer(1, 4));
    const axes = shape.map((_, axis) => axis).filter(() => random.integer(0, 1) === 1);
    const along = axes.length === 0 ? undefined : axes.map((axis) => axis - (random.integer(0, 1) ? shape.length : 0));
    const group = (place: number): string => {
      // the places that are reduced together
      const index: number[] = [];
      for (let axis = shape.length - 1, rest = place; axis >= 0; rest = Math.floor(rest / shape[axis]!), axis--) {
        index.unshift(along === undefined || axes.includes(axis) ? -1 : rest % shape[axis]!);
      }
      return index.join();
    };
    const values = Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.integer(-1, 1));
    const keep = random.integer(0, 1) === 1;
    for (const [name, reduce] of Object.entries(REDUCTIONS)) {
      const expected = values.map((value, place) => {
        const together = values.filter((_, other) => group(other) === group(place));
        const extreme = Math[name as 'max' | 'min'](...together);
        return value === extreme ? (3 * value ** 2) / together.filter((other) => other === extreme).length : 0;
      });
      const gradient = gradientOf((v) => reduce(v, along, keep).pow(3), tf.tensor(values, shape)) as number[];
      const told = `${name} of [${shape.join()}] along ${along?.join()}, keepDims ${keep}`;
      assertNear(gradient.flat(9), expected, told);
    }
  }
});

test('it has a gradient itself', () => {
  // The gradient of (max x)^2 is [0, 2 x2, 0]; of its sum: [0, 2, 0]. Two ties share both: x each, 1 / 2 each.
  for (const [x, expected] of [
    [
      [1, 3, 2],
      [0, 2, 0],
    ],
    [
      [3, 3, 2],
      [1, 1, 0],
    ],
  ] as const) {
    for (const sign of [1, -1]) {
      const f = (v: tf.Tensor): tf.Tensor => (sign > 0 ? v.max().square() : v.min().square());
      const twice = gradientOf((v) => tf.grad(f)(v), tf.tensor1d(x.map((value) => sign * value)));
      assertNear(twice as number[], expected, `${x.join()}, ${sign}`);
    }
  }
});

test('what is made of a maximum has the gradient that it had', () => {
  const x = tf.tensor1d([1, 2, 2, -1]);
  const softmax = tf.tidy(() => x.softmax().dataSync());
  assertNear(gradientOf((v) => v.logSumExp(), x) as number[], softmax, 'logSumExp');
  // Of two tensors' ties the first has all, as in Python.
  assert.deepEqual(
    gradientOf((v) => v.maximum(tf.tensor1d([1, 3, 2, -2])), x),
    [1, 0, 1, 1],
  );
  assert.deepEqual(
    gradientOf((v) => tf.tensor1d([1, 3, 2, -2]).minimum(v), x),
    [0, 1, 0, 0],
  );
});

test('by hand: values that are replaced have no slope, what replaces them has', () => {
  const places = tf.tensor2d([[1], [2]], [2, 1], 'int32');
  const put = (x: tf.Tensor, by: tf.Tensor): tf.Tensor => tf.tensorScatterUpdate(x, places, by).square();
  const [x, by] = [tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([5, Infinity])];
  assert.deepEqual(
    gradientOf((v) => put(v, by), x),
    [2, 0, 0, 8],
  );
  assert.deepEqual(
    gradientOf((v) => put(x, v), by),
    [10, Infinity],
  );
});

test('exp has all its derivatives: itself', () => {
  const twice = gradientOf((v) => tf.grad((x: tf.Tensor) => x.exp())(v), tf.tensor1d([0, 1, -1]));
  assertNear(twice as number[], [1, Math.E, 1 / Math.E], 'exp');
});

test("a loss over a symmetric matrix pulls once, not twice: as the library's does", () => {
  const vectors = tf.tensor2d(randomVectors(new Random(2), 9, 3));
  const plain = (v: tf.Tensor2D): tf.Tensor => tf.matMul(v, v, false, true).sub(tf.eye(9).mul(2)).max().acos().neg();
  const [a, b] = [plain, minAngleLoss].map((loss) =>
    tf.tidy(() =>
      tf
        .grad((v: tf.Tensor) => {
          const units = v.div(v.norm(2, 1, true));
          return loss(units as tf.Tensor2D);
        })(vectors)
        .dataSync(),
    ),
  );
  assert.ok(Math.max(...b!.map(Math.abs)) > 0.5);
  assertNear(a!, b!, 'gradient');
});

test('no tensor is left behind', () => {
  const x = tf.tensor2d([
      [1, 2],
      [2, 0],
    ]),
    before = tf.memory().numTensors;
  for (const reduce of Object.values(REDUCTIONS)) tf.grad((v: tf.Tensor) => reduce(v, 1).sum())(x).dispose();
  assert.equal(tf.memory().numTensors, before);
});
