import test from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DescentError, Random, descend, fitLine, readColumns, tf } from 'descent-lab';
import {
  curvature,
  denormaliseLine,
  descendFrom,
  describeRuns,
  exactFit,
  lineError,
  lossGrid,
  normalise,
  normaliseLine,
  scaleOf,
} from '../lib/src/regression';
import { evenly } from '../lib/src/regression/surface';
import { lineLoss, meanSquaredError } from '../lib/src/losses';
import { predict } from '../lib/src/losses/line';

const table = readColumns(join(__dirname, '..', 'data', 'height-weight.csv'), {
  height: { column: 'Height' },
  weight: { column: 'Weight' },
});
const {
  height: { values: height },
  weight: { values: weight },
} = table.columns;

const near = (actual: number, expected: number, relative = 1e-9): void => {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.max(Math.abs(expected), 1e-300),
    `${actual} is not within ${relative} of ${expected}`,
  );
};

test('meanSquaredError is the mean of the squared differences, and its gradient is 2/n times them', () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const actual = tf.tensor1d([1, 2, 3]);
    const predicted = tf.tensor1d([2, 2, 0]);
    assert.equal(meanSquaredError(predicted, actual).dataSync()[0], Math.fround(10 / 3));
    const gradient = tf.grad((p) => meanSquaredError(p, actual))(predicted);
    assert.deepEqual([...gradient.dataSync()], [2 / 3, 0, -2].map(Math.fround));
  });
  assert.equal(tf.memory().numTensors, before);
});

test('meanSquaredError refuses shapes that would be broadcast, and no values', () => {
  tf.tidy(() => {
    assert.throws(() => meanSquaredError(tf.zeros([3]), tf.zeros([3, 1])), {
      name: 'DescentError',
      message: 'predictions of shape [3] do not match values of shape [3, 1]',
    });
    assert.throws(() => meanSquaredError(tf.zeros([0]), tf.zeros([0])), /of no values is not defined/);
  });
});

test('lineLoss has the gradients that calculus gives', () => {
  // x = (1, 2), y = (3, 3), slope 1, intercept 0: errors (-2, -1), loss 2.5,
  // by slope: mean(2 e x) = (-4 - 4) / 2 = -4; by intercept: mean(2 e) = -3
  tf.tidy(() => {
    const loss = lineLoss(tf.tensor1d([1, 2]), tf.tensor1d([3, 3]));
    const { value, grads } = tf.valueAndGrads((slope, intercept) => loss({ slope: slope, intercept: intercept }))([
      tf.scalar(1),
      tf.scalar(0),
    ]);
    assert.deepEqual(
      [value, ...grads].map((tensor) => tensor.dataSync()[0]),
      [2.5, -4, -3],
    );
  });
});

test('lineLoss and its gradients are those of the composed loss, also behind other operations', () => {
  tf.tidy(() => {
    const random = new Random(5);
    const normals = (): tf.Tensor1D => tf.tensor1d(random.array(() => random.normal(), 1, 60)[0]!);
    const [x, y] = [normals(), normals()];
    const composed = (slope: tf.Tensor, intercept: tf.Tensor) => meanSquaredError(x.mul(slope).add(intercept), y);
    const known = (slope: tf.Tensor, intercept: tf.Tensor) => lineLoss(x, y)({ slope, intercept });
    const at = [tf.scalar(1.7), tf.scalar(-0.4)];
    const [a, b] = [composed, known].map((loss) =>
      tf.valueAndGrads((m, c) => loss(m.square(), c).mul<tf.Scalar>(3))(at),
    );
    [a!.value, ...a!.grads].forEach((tensor, i) =>
      near([b!.value, ...b!.grads][i]!.dataSync()[0]! / tensor.dataSync()[0]!, 1, 1e-5),
    );
  });
});

test('lineLoss refuses data that are no pairs', () => {
  tf.tidy(() => assert.throws(() => lineLoss(tf.tensor1d([1, 2]), tf.tensor1d([1])), /do not match/));
});

test('exactFit: a line through points, and least squares by hand', () => {
  const line = exactFit([0, 1, 2], [1, 3, 5]);
  near(line.slope, 2);
  near(line.intercept, 1);
  assert.ok(line.mse < 1e-30);
  // x = (0, 1, 2), y = (0, 0, 3): slope = 3/2, intercept = 1 - 3/2; errors (-.5, 1, -.5): mse = 1/2
  const fit = exactFit([0, 1, 2], [0, 0, 3]);
  near(fit.slope, 1.5);
  near(fit.intercept, -0.5);
  near(fit.mse, 0.5);
});

test('exactFit keeps its digits for huge, tiny and far-away values', () => {
  for (const [scaleX, scaleY, offset] of [
    [1e9, 1e-9, 0],
    [1e-9, 1e9, 0],
    [1e150, 1e-150, 0],
    [1, 1, 1e9],
  ] as const) {
    const x = [0, 1, 2].map((value) => value * scaleX + offset);
    const fit = exactFit(
      x,
      [0, 0, 3].map((value) => value * scaleY),
    );
    near(fit.slope, 1.5 * (scaleY / scaleX));
    near(fit.mse, 0.5 * scaleY ** 2);
  }
});

test('exactFit, lineError and the three candidate lines of the article', () => {
  const fit = exactFit(height, weight);
  near(fit.slope, 6.041117388);
  near(fit.intercept, -230.530985, 1e-8);
  near(fit.mse, 127.102351, 1e-8);
  near(lineError(fit, height, weight), fit.mse, 1e-10);
  const errors = [
    [4, -120],
    [2, 70],
    [6.04, -230.5],
  ].map(([slope, intercept]) => lineError({ slope: slope!, intercept: intercept! }, height, weight).toFixed(1));
  assert.deepEqual(errors, ['1057.0', '720.8', '127.1']);
});

test('data to which no line can be fitted', () => {
  assert.throws(() => exactFit([1, 2], [1]), /x has 2 values and y has 1: they belong in pairs/);
  assert.throws(() => exactFit([], []), /no values/);
  assert.throws(() => exactFit([1, 1], [1, 2]), /all 2 values are 1: they cannot be normalised/);
  assert.throws(() => exactFit([1e-320, 2e-320, 3e-320], [2, 3, 5]), /no number holds the slope: take other units/);
  assert.throws(() => scaleOf([1, Infinity]), DescentError);
  assert.throws(() => scaleOf([1, NaN]), DescentError);
  assert.throws(() => scaleOf([]), DescentError);
});

test('normalised values have mean 0 and deviation 1; a line goes there and back', () => {
  const [x, y] = [scaleOf(height), scaleOf(weight)];
  near(x.mean, 68.88158895396604);
  near(y.deviation ** 2, 355.27831931);
  const again = scaleOf(normalise(height));
  assert.ok(Math.abs(again.mean) < 1e-12);
  near(again.deviation, 1);
  const line = { slope: 5, intercept: -180 };
  const there = normaliseLine(line, x, y);
  const back = denormaliseLine(there, x, y);
  near(back.slope, 5);
  near(back.intercept, -180);
  // the same line: its prediction at one point, normalised, is the normalised line's prediction at the normalised point
  near(predict(there, [(70 - x.mean) / x.deviation])[0]!, (predict(line, [70])[0]! - y.mean) / y.deviation);
});

test('curvature: eigenvalues against trace and determinant, and against the round bowl of normalised data', () => {
  const {
    hessian: [[a, b], [c, d]],
    steepest,
    flattest,
    condition,
    largestStableRate,
  } = curvature(height);
  near(steepest + flattest, a + d);
  near(steepest * flattest, a * d - b * c, 1e-6); // this product cancels, theirs does not
  near(condition, 3.6116e6, 1e-4);
  near(largestStableRate, 2.1044e-4, 1e-4);
  near(curvature(normalise(height)).condition, 1);
});

test('the largest stable rate is where plain descent begins to diverge', async () => {
  const rate = curvature(height).largestStableRate;
  const x = tf.tensor1d(height),
    y = tf.tensor1d(weight);
  const last = async (factor: number): Promise<number[]> =>
    (
      await descend({
        loss: lineLoss(x, y),
        variables: { slope: 5, intercept: -230 },
        optimizer: tf.train.sgd(rate * factor),
        iterations: 30,
      })
    ).loss;
  const below = await last(0.97),
    above = await last(1.03);
  tf.dispose([x, y]);
  assert.ok(below[30]! < below[0]!);
  assert.ok(above[30]! > above[0]!);
});

test('lossGrid agrees with lineError at every corner and reaches the exact fit in its centre', () => {
  const { exact, ...grid } = lossGrid(height, weight, { from: 2, to: 8, count: 4 }, { from: -300, to: 0, count: 3 });
  assert.deepEqual(
    [grid.slopes, grid.intercepts],
    [
      [2, 4, 6, 8],
      [-300, -150, 0],
    ],
  );
  grid.intercepts.forEach((intercept, i) =>
    grid.slopes.forEach((slope, j) => near(grid.loss[i]![j]!, lineError({ slope, intercept }, height, weight))),
  );
  const centre = lossGrid(
    height,
    weight,
    { from: exact.slope - 1, to: exact.slope + 1, count: 3 },
    { from: exact.intercept - 1, to: exact.intercept + 1, count: 3 },
  );
  near(centre.loss[1]![1]!, exact.mse);
  assert.deepEqual(evenly({ from: 0, to: 1, count: 3 }), [0, 0.5, 1]);
});

test("fitLine stands on the exact line of the article's data in fewer than 100 iterations and leaves no tensor", async () => {
  const before = tf.memory().numTensors;
  const fit = await fitLine(height, weight);
  assert.equal(tf.memory().numTensors, before);
  assert.ok(fit.converged && fit.iterations < 100, String(fit.iterations));
  assert.ok(Math.abs(fit.slope - 6.041117388) < 0.01);
  near(fit.mse, 127.102351, 1e-4);
  near(lineError(fit, height, weight), fit.mse, 1e-8);
  assert.equal(fit.records.length, fit.iterations + 1);
  near(fit.loss[0]!, 355.27831931, 1e-5); // normalised, it starts at the mean weight: the loss is the variance
});

test('fitLine reaches the exact line for any table', async () => {
  const random = new Random(11);
  const cases = [
    { rows: 200, scaleX: 1e9, noise: 1 },
    { rows: 200, scaleX: 1e-9, scaleY: 1e-9, noise: 0.1 },
    { rows: 200, scaleY: 1e-9, slope: -1, noise: 1 },
    { rows: 50, offset: 1e6, slope: -1, noise: 0.1 },
    { rows: 3, noise: 0.3 },
    { rows: 2, noise: 1 },
    { rows: 50, noise: 0 },
    { rows: 50, noise: 1e-4 },
    { rows: 100_000, noise: 20 },
    { rows: 40, slope: 0, noise: 1 },
    { rows: 40, scaleY: 1e4, noise: 0.5 },
  ];
  for (const { rows, scaleX = 1, scaleY = 1, offset = 0, slope = 1, noise } of cases) {
    const points = random.array(() => random.normal(), rows, 2) as [number, number][];
    const x = points.map(([u]) => offset + scaleX * u);
    const y = points.map(([u, v]) => offset + scaleY * (slope * u + noise * v));
    const fit = await fitLine(x, y);
    const what = JSON.stringify({ rows, scaleX, scaleY, offset, slope, noise });
    assert.ok(fit.converged && fit.iterations < 100, `${what}: ${fit.iterations} iterations`);
    assert.ok(Math.abs(fit.slope - fit.exact.slope) <= 0.01, what);
    assert.ok(fit.mse <= 1.0001 * fit.exact.mse + 1e-11 * scaleOf(y).deviation ** 2, what);
  }
});

test('where float32 cannot resolve 0.01 of a slope, fitLine gets as near as it can', async () => {
  const random = new Random(12);
  const x = Array.from({ length: 100 }, () => random.normal(0, 1e-9));
  const fit = await fitLine(
    x,
    x.map((value) => 1e9 * value + random.normal()),
  );
  assert.ok(fit.converged);
  near(fit.slope, fit.exact.slope, 2e-6);
});

test('raw, fitLine descends on the data as they are, from a start in their units, and says that it is not there', async () => {
  const fit = await fitLine(height, weight, {
    raw: true,
    optimizer: tf.train.sgd(2e-5),
    iterations: 25,
    start: { slope: 5, intercept: -230.530985 },
  });
  assert.equal(fit.converged, false);
  assert.equal(fit.iterations, 25);
  near(fit.slope, 6.035546779632568, 1e-6); // article.json, manual_article_start2
  near(fit.intercept, -230.51600646972656, 1e-6);
  near(fit.mse, 127.238509952555, 1e-5);
});

test("the start is given in the data's units on normalised data too", async () => {
  const fit = await fitLine(height, weight, { start: { slope: 5, intercept: -180 }, iterations: 3 });
  near(fit.records[0]!.slope, 5, 1e-6);
  near(fit.records[0]!.intercept, -180, 1e-6);
  near(fit.loss[0]!, lineError({ slope: 5, intercept: -180 }, height, weight), 1e-5);
});

test('fitLine reports each state and can be aborted', async () => {
  const seen: [number, number][] = [];
  const controller = new AbortController();
  const fit = await fitLine(height, weight, {
    signal: controller.signal,
    onIteration: (iteration, loss) => {
      seen.push([iteration, loss]);
      if (iteration === 4) controller.abort();
    },
  });
  assert.equal(fit.stopped, 'aborted');
  assert.deepEqual(
    seen,
    fit.loss.map((loss, i) => [i, loss]),
  );
  assert.equal(fit.iterations, 5);
});

test('descendFrom runs each start with an optimiser of its own; describeRuns says where they ended', async () => {
  const before = tf.memory().numTensors;
  const x = tf.tensor1d([-1, 1]),
    y = tf.tensor1d([-2, 2]); // loss (slope - 2)^2 + intercept^2; sgd at 0.5 gets there at once
  const runs = await descendFrom(
    { here: { slope: 0, intercept: 1 }, there: { slope: 5, intercept: 0 } },
    { loss: lineLoss(x, y), optimizer: () => tf.train.sgd(0.5), iterations: 1 },
  );
  tf.dispose([x, y]);
  assert.deepEqual(
    [runs.here.final, runs.there.final],
    [
      { slope: 2, intercept: 0 },
      { slope: 2, intercept: 0 },
    ],
  );
  assert.deepEqual(
    [runs.here.loss, runs.there.loss],
    [
      [5, 0],
      [9, 0],
    ],
  );
  assert.equal(
    describeRuns('sgd', runs),
    'sgd, here: slope 2.000, intercept 0.00, loss 0.00\nsgd, there: slope 2.000, intercept 0.00, loss 0.00',
  );
  assert.equal(tf.memory().numTensors, before);
});
