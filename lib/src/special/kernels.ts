// The kernels: TensorFlow's own operations on the native library, stdlib's functions in doubles elsewhere.
import digammaOf from '@stdlib/math-base-special-digamma';
import erfinvOf from '@stdlib/math-base-special-erfinv';
import gammalnOf from '@stdlib/math-base-special-gammaln';
import polygammaOf from '@stdlib/math-base-special-polygamma';
import { defineKernels, runKernel, type OwnKernel } from '../kernel';
import { tf } from '../tf';

const polygamma = (n: number, x: tf.Tensor): tf.Tensor =>
  runKernel('Polygamma', { n: tf.fill(x.shape, n), x }, { n })[0]!;

/** A function of each element by itself, and its derivative there. */
const elementwise = (
  name: string,
  f: (x: number) => number,
  derivative: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): OwnKernel => ({
  name,
  inputs: ['x'],
  plain: ([x]) => [tf.tensor(Float32Array.from(x!.dataSync(), f), x!.shape)],
  gradient: {
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y]) => ({ x: () => (dy as tf.Tensor).mul(derivative(x!, y!)) }),
  },
});

defineKernels([
  elementwise('Lgamma', gammalnOf, (x) => runKernel('Digamma', { x })[0]!),
  elementwise('Digamma', digammaOf, (x) => polygamma(1, x)),
  elementwise('Erfinv', erfinvOf, (_, y) =>
    y
      .square()
      .exp()
      .mul(Math.sqrt(Math.PI) / 2),
  ),
  {
    name: 'Polygamma',
    inputs: ['n', 'x'],
    plain: ([, x], { n }) => [
      tf.tensor(
        Float32Array.from(x!.dataSync(), (v) => polygammaOf(n as number, v)),
        x!.shape,
      ),
    ],
    gradient: {
      inputsToSave: ['n', 'x'],
      gradFunc: (dy, [n, x], { n: order }) => ({
        n: () => tf.zerosLike(n!),
        x: () => (dy as tf.Tensor).mul(polygamma((order as unknown as number) + 1, x!)),
      }),
    },
  },
]);
