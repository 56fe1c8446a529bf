// The kernels: TensorFlow's own operations on the native library, stdlib's functions in doubles elsewhere.
import { defineKernels, runKernel, type Numbers, type OwnKernel } from '../kernel';
import { tf } from '../tf';

/* eslint-disable @typescript-eslint/no-require-imports -- two hundred small modules, loaded where there is no library */
const stdlib = {
  Lgamma: () => require('@stdlib/math-base-special-gammaln') as (x: number) => number,
  Digamma: () => require('@stdlib/math-base-special-digamma') as (x: number) => number,
  Erfinv: () => require('@stdlib/math-base-special-erfinv') as (x: number) => number,
  Polygamma: () => require('@stdlib/math-base-special-polygamma') as (n: number, x: number) => number,
};
/* eslint-enable @typescript-eslint/no-require-imports */

const mapped = ({ shape, values }: Numbers, f: (value: number) => number): Numbers[] => [
  { shape, values: Float64Array.from(values, f) },
];

const polygamma = (n: number, x: tf.Tensor): tf.Tensor =>
  runKernel('Polygamma', { n: tf.fill(x.shape, n), x }, { n })[0]!;

/** A function of each element by itself, and its derivative there. */
const elementwise = (
  name: 'Lgamma' | 'Digamma' | 'Erfinv',
  derivative: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): OwnKernel => ({
  name,
  inputs: ['x'],
  plain: ([x]) => mapped(x!, stdlib[name]()),
  gradient: {
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y]) => ({ x: () => (dy as tf.Tensor).mul(derivative(x!, y!)) }),
  },
});

defineKernels([
  elementwise('Lgamma', (x) => runKernel('Digamma', { x })[0]!),
  elementwise('Digamma', (x) => polygamma(1, x)),
  elementwise('Erfinv', (_, y) =>
    y
      .square()
      .exp()
      .mul(Math.sqrt(Math.PI) / 2),
  ),
  {
    name: 'Polygamma',
    inputs: ['n', 'x'],
    plain: ([, x], { n }) => {
      const f = stdlib.Polygamma();
      return mapped(x!, (value) => f(n as number, value));
    },
    gradient: {
      inputsToSave: ['n', 'x'],
      gradFunc: (dy, [n, x], { n: order }) => ({
        n: () => tf.zerosLike(n!),
        x: () => (dy as tf.Tensor).mul(polygamma((order as unknown as number) + 1, x!)),
      }),
    },
  },
]);
