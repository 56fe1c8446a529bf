import assert from 'node:assert/strict';
import test from 'node:test';
import { buildNetwork } from '../lib/src/training';
import { classifierOf, describeModel } from '../lib/src/classifiers';
import { DescentError, tf } from 'descent-lab';
import { checkBatch } from '../scripts/cli/network';

test('a batch that does not fit into memory is refused before it is taken, one that fits leaves nothing behind', async () => {
  const model = buildNetwork(2, 1);
  const classifier = classifierOf(model, describeModel(model, { name: 'new', classes: ['cat', 'dog'], range: [0, 1] }));
  await checkBatch(1, classifier);
  const before = tf.memory().numTensors;
  await checkBatch(32, classifier);
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(
    checkBatch(1e7, classifier),
    (error) =>
      error instanceof DescentError &&
      /^a batch of 10000000 photos would need about \d+ GB of memory, and this machine has .*: take fewer by --batch$/.test(
        error.message,
      ),
  );
  classifier.dispose();
  model.dispose();
});
