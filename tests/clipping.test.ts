import assert from 'node:assert/strict';
import test from 'node:test';
import {
  chain,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  createOptimizer,
  optimizerNames,
  type CommonHyper,
  type Transform,
} from '../lib/src/optimizers';
import { tf } from 'descent-lab';

const values = (...tensors: tf.Tensor[]): number[] => tensors.flatMap((tensor) => [...tensor.dataSync()]);
const near = (actual: number[], expected: number[]): void =>
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) < 1e-6, `${actual.join(', ')}; expected ${expected.join(', ')}`),
  );

test('hand-computed: by value, by norm, by the common norm', () => {
  // A chain of one link, which gives back what it makes of the gradients.
  const clip = (link: Transform, ...gradients: tf.Tensor[]): number[] =>
    tf.tidy(() => {
      const variables = gradients.map((gradient) => tf.variable(tf.zerosLike(gradient)));
      const optimizer = chain(link)();
      optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: gradients[i]! })));
      return values(...variables).map((value) => -value);
    });
  tf.tidy(() => {
    const g = tf.tensor1d([3, -4]);
    near(clip(clipByValue(3.5), g), [3, -3.5]);
    near(clip(clipByNorm(1), g), [0.6, -0.8]); // its norm is 5
    near(clip(clipByNorm(6), g), [3, -4]);
    near(clip(clipByNorm(1), tf.zeros([2])), [0, 0]);
    near(clip(clipByGlobalNorm(6.5), g, tf.scalar(12)), [1.5, -2, 6]); // the common norm is 13
    near(clip(clipByGlobalNorm(14), g, tf.scalar(12)), [3, -4, 12]);
  });
  assert.deepEqual(clip(clipByGlobalNorm(1)), []);
});

function step(hyper: CommonHyper): number[] {
  const variables = tf.tidy(() => [tf.variable(tf.zeros([2])), tf.variable(tf.scalar(0))]);
  const gradients = [tf.tensor1d([3, -4]), tf.scalar(12)];
  const optimizer = createOptimizer('sgd', { learningRate: 1, ...hyper });
  optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: gradients[i]! })));
  const moved = values(...variables).map((value) => -value);
  optimizer.dispose();
  tf.dispose([variables, gradients]);
  return moved;
}

test('an optimiser clips as it is asked', () => {
  const before = tf.memory().numTensors;
  near(step({}), [3, -4, 12]);
  near(step({ clipvalue: 3.5 }), [3, -3.5, 3.5]);
  near(step({ clipnorm: 1 }), [0.6, -0.8, 1]);
  near(step({ globalClipnorm: 6.5 }), [1.5, -2, 6]);
  assert.equal(tf.memory().numTensors, before);
});

test('clipping comes before every optimiser', () => {
  for (const name of optimizerNames) {
    const ends = [
      { g: 500, clipvalue: 2 },
      { g: 2, clipvalue: undefined },
    ].map(({ g, clipvalue }) => {
      const w = tf.variable(tf.scalar(1));
      const gradient = tf.scalar(g);
      const optimizer = createOptimizer(name, { learningRate: 0.1, clipvalue });
      for (let i = 0; i < 2; i++) optimizer.applyGradients([{ name: w.name, tensor: gradient }]);
      const end = values(w);
      optimizer.dispose();
      tf.dispose([w, gradient]);
      return end;
    });
    assert.deepEqual(ends[0], ends[1], name);
  }
});

test('one way at a time, and above 0', () => {
  assert.throws(() => createOptimizer('sgd', { clipnorm: 1, clipvalue: 1 }), /set only one of clipvalue and clipnorm/);
  assert.throws(() => createOptimizer('sgd', { clipnorm: 0 }), /clipnorm must be a number above 0, not 0/);
});
