// Sixty losses that nobody wrote yet, as a reader would write them: each has its gradient, or says what it lacks.
import assert from 'node:assert/strict';
import test from 'node:test';
import { descend, DescentError, gradients, linalg, special, tf } from 'descent-lab';

type Loss = (v: Record<string, tf.Tensor>) => tf.Tensor;
type Start = Record<string, number | number[] | number[][] | tf.Tensor>;

const x6 = { x: [0.9, -0.4, 0.3, -1.2, 0.7, 0.1] };
const m = {
  a: [
    [2, 0.3],
    [-0.4, 1.5],
  ],
};
const picture = { p: tf.range(0, 48).mul(0.7).sin().reshape([1, 4, 4, 3]) };
const int = (values: number[] | number[][]): tf.Tensor => tf.tensor(values, undefined, 'int32');
const data = tf.tensor1d([0.5, -0.2, 0.1, -0.9, 0.2, 0.4]);
const transposed = (a: tf.Tensor): tf.Tensor => a.transpose();

/** They work: the gradient agrees with differences, and a few small steps go down. */
const working: [name: string, loss: Loss, start: Start][] = [
  ['hinge by where', ({ x }) => tf.where(x!.greater(0), x!.square(), x!.mul(-0.5)).sum(), x6],
  ['quantile', ({ x }) => tf.where(data.sub(x!).less(0), data.sub(x!).mul(-0.1), data.sub(x!).mul(0.9)).mean(), x6],
  ['Huber by where', ({ x }) => tf.where(x!.abs().lessEqual(0.5), x!.square().div(2), x!.abs().sub(0.25).div(2)).sum(), x6],
  ['masked', ({ x }) => x!.square().mul(x!.greater(0.2).logicalAnd(x!.notEqual(5)).toFloat()).sum(), x6],
  ['median by sorting', ({ x }) => tf.topk(x!, 4).values.slice(2, 2).mean().square(), x6],
  ['trimmed mean', ({ x }) => tf.topk(x!.square(), 4).values.mean(), x6],
  ['range', ({ x }) => x!.max().sub(x!.min()), x6],
  ['cumulative product', ({ x }) => tf.cumprod(x!.add(2), 0).sum(), x6],
  ['cumulative sum', ({ x }) => x!.cumsum().square().sum(), x6],
  ['product', ({ x }) => x!.prod().square(), x6],
  ['einsum', ({ a }) => tf.einsum('ij,kj->ik', a!, a!).square().sum(), m],
  ['trace by einsum', ({ a }) => tf.einsum('ij,ji->', a!, a!), m],
  ['picked elements', ({ a }) => tf.gatherND(a!, int([[0, 1], [1, 0]])).square().sum(), m], // prettier-ignore
  ['picked rows', ({ a }) => a!.gather(int([1, 0, 1])).exp().sum(), m],
  ['scattered', ({ x }) => tf.scatterND(int([[0], [2], [2], [1], [0], [2]]), x!, [4]).square().sum(), x6],
  ['replaced', ({ x }) => tf.tensorScatterUpdate(x!, int([[1]]), x!.slice(0, 1).square()).exp().sum(), x6],
  ['segments', ({ x }) => tf.unsortedSegmentSum(x!, int([0, 1, 0, 2, 2, 1]) as tf.Tensor1D, 3).square().sum(), x6],
  ['every second, backwards', ({ x }) => tf.stridedSlice(x!, [5], [-7], [-2]).exp().sum(), x6],
  ['mirrored', ({ x }) => tf.mirrorPad(x!, [[2, 1]], 'reflect').square().cumsum().sum(), x6],
  ['diagonal', ({ x }) => tf.diag(x!).matMul(tf.ones([6, 1])).square().sum(), x6],
  ['lower half', ({ a }) => tf.linalg.bandPart(a as tf.Tensor2D, -1, 0).square().sum(), m],
  ['Gaussian likelihood by Cholesky', ({ a }) => {
    const l = linalg.cholesky(a!.matMul(transposed(a!)).add(tf.eye(2)));
    const z = linalg.triangularSolve(l, [[0.5], [1]]);
    return z.square().sum().div(2).add(l.mul(tf.eye(2)).sum(1).log().sum());
  }, m],
  ['log determinant', ({ a }) => linalg.logdet(a!).neg(), m],
  ['determinant', ({ a }) => linalg.det(a!).square(), m],
  ['inverse', ({ a }) => linalg.inverse(a!).square().sum(), m],
  ['solved system', ({ a }) => linalg.solve(a!, [[1], [2]]).square().sum(), m],
  ['nuclear norm', ({ a }) => linalg.svd(a!).s.sum(), m],
  ['largest eigenvalue', ({ a }) => linalg.eigh(a!.add(transposed(a!))).values.max(), m],
  ['gamma likelihood', ({ k }) => special.lgamma(k!).sub(k!.mul(0.3)), { k: 2.5 }],
  ['entropy', ({ x }) => special.xlogy(x!.softmax(), x!.softmax()).sum(), x6],
  ['probit', ({ x }) => special.erfinv(x!.tanh().mul(0.9)).square().sum(), x6],
  ['log of a sum of exponentials', ({ x }) => special.logsumexp(x!.mul(200)), x6],
  ['focal', ({ x }) => x!.sigmoid().log().mul(tf.sub(1, x!.sigmoid()).square()).neg().sum(), x6],
  ['spectrum', ({ x }) => tf.abs(tf.spectral.rfft(x!)).square().mul([1, 2, 3, 4]).sum(), x6],
  ['phase', ({ x }) => tf.imag(tf.spectral.fft(tf.complex(x!, x!.square()))).square().sum(), x6],
  ['convolution', ({ p }) => tf.conv2d(p as tf.Tensor4D, tf.ones([2, 2, 3, 1]), 1, 'same').tanh().sum(), picture],
  ['mirror symmetry', ({ p }) => tf.image.flipLeftRight(p as tf.Tensor4D).sub(p!).square().sum(), picture],
  ['total variation', ({ p }) => p!.slice([0, 1], [1, 3]).sub(p!.slice([0, 0], [1, 3])).square().sum(), picture],
  ['enlarged', ({ p }) => tf.image.resizeBilinear(p as tf.Tensor4D, [7, 7]).square().sum(), picture],
  ['cut out', ({ p }) => tf.image.cropAndResize(p as tf.Tensor4D, [[0.1, 0.2, 0.8, 0.9]], [0], [3, 3]).square().sum(), picture],
  ['where the box is', ({ box }) => tf.image.cropAndResize(picture.p as tf.Tensor4D, box as tf.Tensor2D, [0], [3, 3]).square().sum(), { box: [[0.12, 0.2, 0.83, 0.9]] }],
  ['turned', ({ p }) => tf.image.rotateWithOffset(p as tf.Tensor4D, 0.3).square().sum(), picture],
  ['how far it is turned', ({ t }) => tf.image.transform(picture.p as tf.Tensor4D, tf.stack([t!.cos(), t!.sin().neg(), tf.scalar(0.1), t!.sin(), t!.cos(), tf.scalar(0.2), tf.scalar(0), tf.scalar(0)]).reshape<tf.Tensor2D>([1, 8]), 'bilinear').square().sum(), { t: 0.21 }],
  ['channels to pixels', ({ q }) => tf.depthToSpace(q as tf.Tensor4D, 2).cumsum(1).square().sum(), { q: tf.range(0, 16).cos().reshape([1, 2, 2, 4]) }],
  ['the gradient of a gradient', ({ x }) => tf.grad((v: tf.Tensor) => v.pow(3).sum())(x!).square().sum(), x6],
]; // prettier-ignore

/** They fail, and say why, and what is to be done. */
const failing: [name: string, loss: Loss, start: Start, says: RegExp][] = [
  ['norm of a zero vector', ({ x }) => x!.norm(), { x: [0, 0] }, /slope of sqrt\(0\) is not finite: keep it from 0, .*norm of a zero vector: add/],
  ['log of 0', ({ x }) => x!.log().sum(), { x: [1, 0] }, /loss is -Infinity at iteration 0: log\(0\) is -Infinity, element \[1\] of \[2\]: keep/],
  ['acos of 1', ({ x }) => x!.acos(), { x: 1 }, /slope of acos\(1\) is not finite: .*clip/],
  ['divided by 0', ({ x }) => tf.div(1, x!).sum(), { x: [1, 0] }, /div\(1, 0\) is Infinity.*divNoNan/],
  ['root in the other branch', ({ x }) => tf.where(x!.greater(0), x!.sqrt(), 0).sum(), { x: [-1, 2] }, /sqrt\(-1\) is NaN.*tf\.where computes both branches/],
  ['overflow', ({ x }) => x!.exp().sum(), { x: [100] }, /exp\(100\) is Infinity: float32 ends at exp\(88\)/],
  ['data with a hole', ({ x }) => x!.mul(tf.tensor1d([1, NaN])).sum(), { x: [1, 2] }, /mul is given NaN, element \[1\] of \[2\]: the data/],
  ['two shapes', ({ x }) => x!.add(tf.tensor1d([1, 2, 3])).sum(), { x: [1, 2] }, /fails at iteration 0, in add of \[2\] and \[3\]/],
  ['inner sizes', ({ a }) => tf.matMul(a!, tf.ones([3, 2])).sum(), m, /in matMul of \[2, 2\] and \[3, 2\]/],
  ['an index', ({ x }) => x!.argMax().toFloat(), x6, /reaches the variable 'x' .*ends at argMax, whose result is a whole number/],
  ['a count', ({ x }) => x!.greater(0).toFloat().sum(), x6, /ends at greater, whose result is a truth value: take a smooth form/],
  ['rounded', ({ x }) => x!.mul(9).round().sum(), x6, /gradient is zero at iteration 0: round goes up in steps/],
  ['read on the way', ({ x }) => tf.scalar(x!.dataSync()[0]! ** 2), x6, /reads a value on the way \(dataSync/],
  ['ragged', ({ x }) => x!.sum(), { x: [[1, 2], [3]] }, /start of 'x' is ragged: \[0\] is of shape \[2\], \[1\] of shape \[1\]/],
  ['whole numbers', ({ n }) => n!.mul(2), { n: tf.scalar(3, 'int32') }, /start of 'n' is a tensor of int32.*n\.toFloat\(\)/],
  ['not used', ({ x }) => x!.square().sum(), { ...x6, y: 1 }, /reaches the variable 'y' at iteration 0: the loss does not depend on it/],
  ['a vector', ({ x }) => x!.square(), x6, /must be a scalar; at iteration 0 its shape is \[6\]/],
  ['no Cholesky', ({ a }) => linalg.cholesky(a!).sum(), { a: [[1, 2], [2, 1]] }, /Cholesky: the matrix is not positive definite \(in the loss, at iteration 0\)/],
  ['too long a step', ({ x }) => x!.sub(3).pow(4).mul(10).sum(), x6, /loss is (Infinity|NaN) at iteration \d+: the descent diverged; a smaller learning rate/],
]; // prettier-ignore

const own = tf.getBackend();
for (const backend of new Set([own, 'cpu'])) {
  test(`on ${backend}: gradients agree with differences, and steps go down`, async (t) => {
    await tf.setBackend(backend);
    for (const [name, loss, start] of working) {
      await t.test(name, async () => {
        const { numTensors } = tf.memory();
        for (const [variable, check] of Object.entries(gradients.checkGradient(loss, start))) {
          assert.ok(check.agrees, `${variable}[${check.index.join()}]: ${check.gradient}, not ${check.difference}`);
        }
        const optimizer = tf.train.sgd(1e-3);
        const run = await descend({ loss, variables: start as never, optimizer, iterations: 3 });
        assert.ok(run.loss[3]! < run.loss[0]!, `from ${run.loss[0]} to ${run.loss[3]}`);
        assert.equal(tf.memory().numTensors, numTensors, 'tensors are left behind');
      });
    }
    await tf.setBackend(own);
  });
}

test('what cannot descend says why', async (t) => {
  for (const [name, loss, start, says] of failing) {
    await t.test(name, async () => {
      const { numTensors } = tf.memory();
      const optimizer = tf.train.sgd(1);
      const run = descend({ loss, variables: start as never, optimizer, iterations: 50 });
      await assert.rejects(run, (error: Error) => {
        assert.match(error.message, says);
        return error instanceof DescentError;
      });
      assert.equal(tf.memory().numTensors, numTensors, 'tensors are left behind');
    });
  }
});

test("an operation's error keeps the reader's line, and a diverged run does not print its trajectory", async () => {
  const readersOwn = ({ x }: Record<string, tf.Tensor>): tf.Tensor => x!.add(tf.tensor1d([1, 2, 3])).sum();
  const shapes = descend({ loss: readersOwn, variables: { x: [1, 2] }, optimizer: tf.train.sgd(1), iterations: 1 });
  await assert.rejects(shapes, (error: Error) => /readersOwn.*own-losses\.test\.ts:\d+/.test(error.stack!));
  const { inspect } = await import('node:util');
  const loss: Loss = ({ x }) => x!.square().square();
  const diverged = descend({ loss, variables: { x: 3 }, optimizer: tf.train.sgd(1), iterations: 50 });
  await assert.rejects(diverged, (error: Error & { trajectory: { loss: number[] } }) => {
    assert.ok(error.trajectory.loss.length > 1);
    assert.ok(!inspect(error).includes('trajectory'));
    return true;
  });
});
