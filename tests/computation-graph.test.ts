// The computation graph of a loss: its values and gradients, by hand and beside differences.
import assert from 'node:assert/strict';
import test from 'node:test';
import { gradients, tf } from 'descent-lab';

const { computationGraph } = gradients;

const told = (nodes: ReturnType<typeof computationGraph>): string[] =>
  nodes.map(
    ({ name, inputs, values, gradient }) => `${name}(${inputs.join()}) ${values.join()} | ${gradient?.join() ?? '-'}`,
  );

test('each node has the values and the gradient that one works out by hand', () => {
  // L = mean((m h + b - w)^2) at m = 2, b = 1: errors 1 and -1; dL/de = 2 e / 2
  const [h, w] = [tf.tensor1d([1, 3]), tf.tensor1d([2, 8])];
  const before = tf.memory().numTensors;
  const graph = computationGraph(({ m, b }) => h.mul(m).add(b).sub(w).square().mean(), { m: 2, b: 1 });
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(told(graph), [
    'data() 1,3 | -',
    'm() 2 | -2', // 1 * 1 - 1 * 3
    'Multiply(0,1) 2,6 | 1,-1',
    'b() 1 | 0',
    'Add(2,3) 3,7 | 1,-1',
    'data() 2,8 | -',
    'Sub(4,5) 1,-1 | 1,-1',
    'Square(6) 1,1 | 0.5,0.5',
    'Mean(7) 1 | 1',
  ]);
  assert.deepEqual(
    graph.map(({ kind }) => kind),
    ['data', 'variable', 'operation', 'variable', 'operation', 'data', 'operation', 'operation', 'operation'],
  );
  tf.dispose([h, w]);
});

test('what is used twice gets both gradients, and what has no slope none', () => {
  // x^2 + x at 3: 7; a comparison has no gradient, and its way ends there
  const graph = computationGraph(({ x }) => x.square().add(x).add(x.greater(1).toFloat().mul(0)), { x: 3 });
  const [x] = graph;
  assert.deepEqual([x!.name, x!.values, x!.gradient], ['x', [3], [7]]);
  const greater = graph.find(({ name }) => name === 'Greater')!;
  assert.equal(greater.gradient, undefined);
});

test('the way back goes through lists of tensors, minima and products, as differences say', () => {
  const start = [
    [0.9, 0.4],
    [-0.2, 1],
    [0.5, -0.7],
  ];
  const loss = (v: tf.Tensor): tf.Tensor => {
    const [a, b] = tf.topk(tf.matMul(v as tf.Tensor2D, v as tf.Tensor2D, false, true).min(1), 2).values.split(2);
    return a!.mul(3).add(b!.square()).sum();
  };
  const graph = computationGraph(({ v }) => loss(v), { v: start });
  const v = graph.find(({ name }) => name === 'v')!;
  const at = (i: number, by: number): number =>
    tf.tidy(
      () =>
        loss(
          tf.tensor2d(
            start.flat().map((x, j) => (j === i ? x + by : x)),
            [3, 2],
          ),
        ).dataSync()[0]!,
    );
  v.gradient!.forEach((slope, i) => {
    const difference = (at(i, 1e-2) - at(i, -1e-2)) / 2e-2;
    assert.ok(Math.abs(slope - difference) < 2e-3, `${i}: ${slope} and ${difference}`);
  });
});

test('a loss that is no single number is refused', () => {
  assert.throws(() => computationGraph(({ x }) => x.square(), { x: [1, 2] }), /must be a scalar/);
});
