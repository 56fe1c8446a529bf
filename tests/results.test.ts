// What stands below a cell for its last expression.
import assert from 'node:assert/strict';
import test from 'node:test';
import { descend, figures, tf } from 'descent-lab';
import polars from 'nodejs-polars';
import { resultOf } from '../lib/src/edge/result';

const plainOf = async (value: unknown): Promise<unknown> => (await resultOf(value))?.data['text/plain'];

test('a tensor: its type, its shape and rounded numbers', async () => {
  const x = tf.tensor2d([[1 / 3, 2], [3, 1e-7]]); // prettier-ignore
  assert.equal(await plainOf(x), 'float32 tensor of shape [2, 2]\n[ [ 0.3333, 2 ], [ 3, 1e-7 ] ]');
  assert.equal(await plainOf(tf.scalar(2.5)), 'float32 tensor of shape []\n2.5');
  assert.match(
    (await plainOf(tf.zeros([50]))) as string,
    /^float32 tensor of shape \[50\]\n\[[^]*\.\.\. 38 more items/,
  );
  assert.equal(await plainOf(tf.zeros([400, 300])), 'float32 tensor of shape [400, 300]: 120,000 elements');
  x.dispose();
  assert.equal(await plainOf(x), 'a tensor of shape [2, 2] that has been disposed of');
});

test('a run: its loss as a chart, and where it ends', async () => {
  const run = await descend({ loss: ({ x }) => x.sub(3).square(), variables: { x: 0 }, optimizer: tf.train.sgd(0.1), iterations: 20 }); // prettier-ignore
  const { data } = (await resultOf(run))!;
  assert.match(
    data['text/plain'] as string,
    /^The loss: from 9 to 0\.001\d+ in 20 iterations\nfinal: \{ x: 2\.9\d+ \}$/,
  );
  const { layout } = data['application/vnd.plotly.v1+json'] as unknown as { layout: { yaxis: { type: string } } };
  assert.equal(layout.yaxis.type, 'log');
});

test('a figure is drawn, a model and a table of polars are tables', async () => {
  const figure = figures.lossChart([{ name: 'a', loss: [3, 2] }], { name: 'made', title: 'Made' });
  assert.ok((await resultOf(figure))!.data['application/vnd.plotly.v1+json']);

  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: 'first' })] });
  const layers = (await resultOf(model))!;
  assert.match(
    layers.data['text/plain'] as string,
    /^layer +kind +output +weights\nfirst +Dense +\[batch,3\] +9\n9 weights in all$/,
  );
  assert.match(layers.data['text/html'] as string, /<th scope="row">first<\/th><td>Dense<\/td>/);

  // a column's name comes before the table's own
  const table = polars.DataFrame({ height: Array.from({ length: 30 }, (_, i) => i + 0.5), name: Array.from({ length: 30 }, (_, i) => (i === 1 ? null : `<${i}>`)) }); // prettier-ignore
  const { data } = (await resultOf(table))!;
  assert.match(data['text/html'] as string, /<td>&lt;0&gt;<\/td>[^]*<p>the first 20 rows<\/p>$/);
  assert.equal((data['text/plain'] as string).split('\n').length, 22);
});

test('whatever else is printed as ever', async () => {
  for (const value of [undefined, null, 3, 'text', [1, 2], { loss: [1] }, new Map(), new Error('no')]) {
    assert.equal(await resultOf(value), undefined);
  }
});
