// Linear algebra beside what it is defined by, on each backend; its derivatives stand in tests/kernel-gradients.test.ts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { DescentError, linalg, Random, tf } from 'descent-lab';

const own = tf.getBackend();
const random = new Random(5);
const draw = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform(-1, 1)),
    shape,
  );
const transposed = (x: tf.Tensor): tf.Tensor =>
  x.transpose([...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));
const definite = (x: tf.Tensor): tf.Tensor => x.matMul(transposed(x)).add(tf.eye(x.shape.at(-2)!));

function assertSame(actual: tf.Tensor, expected: tf.Tensor | tf.TensorLike, tolerance = 2e-5): void {
  const wanted = tf.cast(expected, 'float32');
  assert.deepEqual(actual.shape, wanted.shape);
  const off = actual.sub(wanted).abs().max().dataSync()[0]!;
  assert.ok(off <= tolerance, `off by ${off}`);
}

for (const backend of new Set([own, 'cpu'])) {
  test(`on ${backend}: each is what it is defined by, in batches too`, async (t) => {
    await tf.setBackend(backend);
    t.after(() => tf.setBackend(own));
    const { numTensors } = tf.memory();
    tf.tidy(() => {
      for (const batch of [[], [3], [2, 2]]) {
        const a = definite(draw(...batch, 4, 4));
        const l = linalg.cholesky(a);
        assertSame(l.matMul(transposed(l)), a);
        assertSame(tf.linalg.bandPart(l as tf.Tensor2D, -1, 0), l);
        const b = draw(...batch, 4, 2);
        assertSame(l.matMul(linalg.triangularSolve(l, b)), b);
        assertSame(transposed(l).matMul(linalg.triangularSolve(l, b, { transpose: true })), b);
        const u = transposed(l);
        assertSame(u.matMul(linalg.triangularSolve(u, b, { lower: false })), b);
        assertSame(l.matMul(linalg.triangularSolve(u, b, { lower: false, transpose: true })), b);
        const m = draw(...batch, 4, 4).add(tf.eye(4).mul(2));
        assertSame(m.matMul(linalg.solve(m, b)), b);
        assertSame(m.matMul(linalg.inverse(m)), tf.eye(4).broadcastTo(m.shape));
        assertSame(linalg.logdet(a), l.mul(tf.eye(4)).sum(-1).log().sum(-1).mul(2), 1e-4);
        const { values, vectors } = linalg.eigh(a);
        assertSame(vectors.mul(values.expandDims(-2)).matMul(transposed(vectors)), a);
        assertSame(vectors.matMul(transposed(vectors)), tf.eye(4).broadcastTo(a.shape));
        for (const [rows, columns] of [
          [4, 3],
          [3, 4],
          [3, 3],
        ] as const) {
          // prettier-ignore
          const x = draw(...batch, rows, columns);
          const { s, u: left, v } = linalg.svd(x);
          assertSame(left.mul(s.expandDims(-2)).matMul(transposed(v)), x);
          assert.ok([...s.flatten().dataSync()].every((value) => value >= 0));
        }
      }
    });
    assert.equal(tf.memory().numTensors, numTensors);
  });

  test(`on ${backend}: by hand`, async (t) => {
    await tf.setBackend(backend);
    t.after(() => tf.setBackend(own));
    tf.tidy(() => {
      assertSame(linalg.cholesky([[4, 9], [2, 5]]), [[2, 0], [1, 2]]); // prettier-ignore
      assertSame(linalg.det([[[2, 0], [0, 3]], [[0, 1], [1, 0]]]), [6, -1]); // prettier-ignore
      assertSame(linalg.det([[1, 2], [2, 4]]), 0); // prettier-ignore
      const { sign, logAbsDet } = linalg.slogdet(tf.eye(60).mul(-1e-3).slice([0, 0], [60, 60]));
      assertSame(sign, 1);
      assertSame(logAbsDet, 60 * Math.log(1e-3), 1e-3);
      assertSame(linalg.slogdet([[0, 2], [3, 0]]).sign, -1); // prettier-ignore
      assertSame(linalg.eigh([[2, 0], [0, -1]]).values, [-1, 2]); // prettier-ignore
      assertSame(linalg.svd([[0, 2], [3, 0]]).s, [3, 2]); // prettier-ignore
      assertSame(linalg.solve([[2, 0], [0, 4]], [[2], [2]]), [[1], [0.5]]); // prettier-ignore
      // one matrix, several right sides, and the other way round
      assert.deepEqual(linalg.solve(tf.eye(2), tf.ones([3, 2, 1])).shape, [3, 2, 1]);
      assert.deepEqual(linalg.triangularSolve(tf.ones([3, 2, 2]), tf.ones([2, 1])).shape, [3, 2, 1]);
    });
  });

  test(`on ${backend}: what has no answer is told`, async (t) => {
    await tf.setBackend(backend);
    t.after(() => tf.setBackend(own));
    const { numTensors } = tf.memory();
    const refused = (f: () => unknown, message: RegExp): void =>
      assert.throws(f, (error: Error) => error instanceof DescentError && message.test(error.message));
    refused(() => linalg.cholesky([[1, 2], [2, 1]]), /^Cholesky: the matrix is not positive definite$/); // prettier-ignore
    refused(() => linalg.solve([[1, 2], [2, 4]], [[1], [1]]), /^MatrixSolve: .*not invertible/); // prettier-ignore
    refused(() => linalg.det([[1, 2, 3], [4, 5, 6]]), /^det takes square matrices, .*\[2, 3\]/); // prettier-ignore
    refused(() => linalg.svd([1, 2]), /^svd takes matrices, \[\.\.\., rows, columns\], not .*\[2\]/);
    refused(() => linalg.solve(tf.eye(2), [1, 2]), /^solve takes matrices/);
    refused(() => linalg.solve(tf.eye(2), [[1], [2], [3]]), /\[2, 2\] has no system with one of \[3, 1\]/);
    tf.disposeVariables();
    assert.ok(tf.memory().numTensors - numTensors <= 3); // the identities above
  });
}
