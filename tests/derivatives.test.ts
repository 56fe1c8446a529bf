import assert from 'node:assert/strict';
import test from 'node:test';
import { DescentError, gradients, losses, Random, spreads, tf } from 'descent-lab';

const { jacobian, hessian, hvp, checkGradient } = gradients;
const nested = (x: tf.Tensor): unknown => x.arraySync();

test('by hand: jacobian, hessian and their product with a vector', () => {
  const { numTensors } = tf.memory();
  tf.tidy(() => {
    // f = (x y, x^2): its rows are (y, x) and (2 x, 0)
    const f = (v: tf.Tensor): tf.Tensor => tf.stack([v.prod(), v.slice(0, 1).square().sum()]);
    assert.deepEqual(nested(jacobian(f, [2, 3])), [[3, 2], [4, 0]]); // prettier-ignore
    // x^2 y: ((2 y, 2 x), (2 x, 0))
    const g = (v: tf.Tensor): tf.Tensor => v.slice(0, 1).square().mul(v.slice(1, 1)).sum();
    assert.deepEqual(nested(hessian(g, [2, 3])), [[6, 4], [4, 0]]); // prettier-ignore
    assert.deepEqual(nested(hvp(g, [2, 3], [1, -1])), [2, 4]);
  });
  assert.equal(tf.memory().numTensors, numTensors);
});

test('shapes: those of the result and of x, one after the other; of a number too', () => {
  tf.tidy(() => {
    assert.deepEqual(jacobian((x) => x.sum(1), tf.ones([2, 3])).shape, [2, 2, 3]);
    assert.deepEqual(jacobian((x) => x.square(), 3).dataSync()[0], 6);
    assert.deepEqual(hessian((x) => x.pow(3), 2).shape, []);
    assert.deepEqual(hessian((x) => x.square().sum(), tf.ones([2, 2])).shape, [2, 2, 2, 2]);
    // what does not depend on x, or bends nowhere, has zeros
    assert.deepEqual(nested(hessian((x) => x.sum(), [1, 2])), [[0, 0], [0, 0]]); // prettier-ignore
    assert.deepEqual(nested(jacobian(() => tf.tensor1d([1, 2]), [5])), [[0], [0]]);
  });
});

test('the hessian of a fast loss is symmetric, and that of its plain form', () => {
  tf.tidy(() => {
    const x = spreads.randomVectors(new Random(2), 5, 3);
    const [fast, plain] = [losses.forceLoss, losses.forceLoss.plain].map((loss) =>
      hessian((v) => loss(v as tf.Tensor2D), x).reshape([15, 15]),
    ) as [tf.Tensor2D, tf.Tensor2D];
    const size = plain.abs().max().dataSync()[0]!;
    assert.ok(fast.sub(plain).abs().max().dataSync()[0]! < 1e-4 * size);
    assert.ok(fast.sub(fast.transpose()).abs().max().dataSync()[0]! < 1e-4 * size);
  });
});

test('a direction of another shape, and a loss that is no number, are refused', () => {
  assert.throws(() => hvp((x) => x.sum(), [1, 2], [1]), /^DescentError: hvp: x has the shape \[2\], but v has \[1\]/);
  assert.throws(() => hessian((x) => x, [1, 2]), /one number, not of a tensor of shape \[2\]/);
});

const wrongSquare = tf.customGrad((x, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor]);
  return {
    value: (x as tf.Tensor).square().sum(),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.mul(saved[0]!.mul(2.02)),
  };
});

test('checkGradient finds a gradient that is wrong by a hundredth, and none that is right', () => {
  const { numTensors } = tf.memory();
  const right = checkGradient(({ x, y }) => x.sin().mul(y).sum(), { x: [0.3, 4, -2], y: 2 });
  assert.ok(right.x.agrees && right.y.agrees);
  const { x } = checkGradient(({ x }) => wrongSquare(x), { x: [[1, 3]] });
  assert.deepEqual([x.agrees, x.index], [false, [0, 1]]);
  assert.ok(Math.abs(x.gradient - 6.06) < 1e-5 && Math.abs(x.difference - 6) < 1e-3);
  assert.ok(Math.abs(x.deviation - 0.01) < 1e-3);
  assert.equal(tf.memory().numTensors, numTensors);
});

test('checkGradient: a loss of large numbers, of many, and one that a variable does not touch', () => {
  const many = Array.from({ length: 500 }, (_, i) => Math.cos(i));
  const { x, unused } = checkGradient(({ x }) => x.mul(1e4).square().sum(), { x: many, unused: 1 });
  assert.ok(x.agrees && unused.agrees);
  assert.equal(unused.gradient, 0);
});

test('checkGradient refuses a loss that is no finite number', () => {
  const refused = (loss: (v: { x: tf.Tensor }) => tf.Tensor, message: RegExp): void =>
    assert.throws(
      () => checkGradient(loss, { x: [0, 1] }),
      (error: Error) => error instanceof DescentError && message.test(error.message),
    );
  refused(({ x }) => x.log().sum(), /not finite/);
  refused(({ x }) => x, /scalar: end it/);
});
