// Special functions beside SciPy's values, on each backend; their derivatives stand in tests/kernel-gradients.test.ts.
import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { special, tf } from 'descent-lab';

const own = tf.getBackend();
afterEach(() => tf.setBackend(own));

function assertNear(actual: tf.Tensor, expected: number[], tolerance = 2e-6): void {
  const values = [...actual.dataSync()];
  assert.equal(values.length, expected.length);
  for (const [i, value] of values.entries()) {
    const near =
      Object.is(value, expected[i]) ||
      Math.abs(value - expected[i]!) <= tolerance * Math.max(1, Math.abs(expected[i]!));
    assert.ok(near, `element ${i}: ${value}, not ${expected[i]}`);
  }
}

const X = [0.1, 0.5, 1, 2.5, 10, 100, -0.5, -2.3];
// python -c "from scipy import special as s; print(s.gammaln(X), s.digamma(X), s.polygamma(1, X), s.erfinv(P))"
const LGAMMA = [2.2527127, 0.57236494, 0, 0.28468287, 12.801827, 359.13421, 1.2655121, 0.36956666];
const DIGAMMA = [-10.423755, -1.96351, -0.57721566, 0.70315664, 2.2517526, 4.6001619, 0.036489974, 3.3173232];
const TRIGAMMA = [101.4333, 4.9348022, 1.6449341, 0.49035776, 0.10516634, 0.010050167];
const ERFINV = [-1.8213864, -0.47693628, 0, 0.27246271, 1.1630872];

for (const backend of new Set([own, 'cpu'])) {
  test(`values on ${backend}`, async () => {
    await tf.setBackend(backend);
    const { numTensors } = tf.memory();
    tf.tidy(() => {
      assertNear(special.lgamma(X), LGAMMA);
      assertNear(special.digamma(X), DIGAMMA);
      const digammaSum = (x: tf.Tensor): tf.Tensor => special.digamma(x).sum();
      assertNear(tf.grad(digammaSum)(tf.tensor1d(X.slice(0, 6))), TRIGAMMA);
      assertNear(special.erfinv([-0.99, -0.5, 0, 0.3, 0.9]), ERFINV);
      assertNear(special.erfinv([[-1, 1]]), [-Infinity, Infinity]);
      assertNear(special.lgamma(0), [Infinity]);
    });
    assert.equal(tf.memory().numTensors, numTensors);
  });
}

test('log (n - 1)! of a whole number, whatever its type', () => {
  tf.tidy(() => assertNear(special.lgamma(tf.tensor1d([5, 6], 'int32')), [Math.log(24), Math.log(120)]));
});

test('logsumexp is finite where its exponentials are not, and infinite where its sum is', () => {
  tf.tidy(() => {
    const x = [
      [1000, 1000, 999],
      [-2000, -2001, -2000],
      [-Infinity, -Infinity, -Infinity],
      [Infinity, 1, 2],
      [-Infinity, 0, 1],
    ];
    const sums = [
      1000 + Math.log(2 + Math.exp(-1)),
      -2000 + Math.log(2 + Math.exp(-1)),
      -Infinity,
      Infinity,
      Math.log(1 + Math.E),
    ];
    assertNear(special.logsumexp(x, 1), sums);
    assert.deepEqual(special.logsumexp(x, 1, true).shape, [5, 1]);
    assertNear(special.logsumexp([Math.log(1), Math.log(2)]), [Math.log(3)]);
  });
});

test('the slope of logsumexp is the softmax', () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2, 3], [1000, 1000, 999]]); // prettier-ignore
    const sum = (v: tf.Tensor): tf.Tensor => special.logsumexp(v, 1).sum();
    assertNear(tf.grad(sum)(x), [...x.softmax().dataSync()]);
  });
});

test('xlogy is 0 where x is 0, whatever y is, and so are its slopes', () => {
  tf.tidy(() => {
    const [x, y] = [tf.tensor1d([0, 0, 1, 2]), tf.tensor1d([0, 3, 2, 0.5])];
    assertNear(special.xlogy(x, y), [0, 0, Math.log(2), -2 * Math.log(2)]);
    const [byX, byY] = tf.grads((a: tf.Tensor, b: tf.Tensor) => special.xlogy(a, b).sum())([x, y]);
    assertNear(byX!, [0, 0, Math.log(2), -Math.log(2)]);
    assertNear(byY!, [0, 0, 0.5, 4]);
    assertNear(special.xlogy([[1], [2]], [1, Math.E]), [0, 1, 0, 2]);
  });
});
