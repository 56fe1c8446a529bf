// Models as Keras 2.15 and Keras 3 save them, each kind of layer and of structure, against what Keras makes of one picture.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test, { after } from 'node:test';
import { DescentError, tf } from 'descent-lab';
import { importModel, loadClassifier } from '../lib/src/classifiers';
import { outputsOf } from '../lib/src/classifiers/reading';
import { referenceModels, type ReferenceModel } from './support/reference-models';

const scratch = mkdtempSync(join(tmpdir(), 'references-'));
after(() => rmSync(scratch, { recursive: true }));

/** What an importer cannot take, and what it says: the layer or the model, the reason and the remedy. */
const REFUSED: Record<string, RegExp> = {
  'output-softmax-of-one': /a softmax of one output, which is always 1: make/,
};

let made = 0;
/** What a model says of its picture, and the gradient there of the sum that the reference is of. */
async function answersOf(model: ReferenceModel): Promise<{ output: Float32Array; gradient: Float32Array }> {
  const folder = join(scratch, `${made++}`);
  const [rows, columns] = model.input!;
  await importModel(model.path, folder, {
    range: [0, 1],
    ...(model.architecture !== undefined && { architecture: model.architecture }),
    ...(model.name.startsWith('input-any-size') && { size: [rows!, columns!] as const }),
  });
  const classifier = await loadClassifier(folder);
  const { height, width, channels } = classifier.input;
  const picture = tf.tensor4d(model.picture, [1, height, width, channels]);
  const outputs = (x: tf.Tensor4D): tf.Tensor2D => outputsOf(classifier.logits(x), classifier.reading);
  const loss = (x: tf.Tensor): tf.Scalar => {
    const y = outputs(x as tf.Tensor4D);
    return y.mul(tf.tensor1d(Array.from({ length: y.size }, (_, i) => 0.3 + Math.cos(i)))).sum();
  };
  const [output, gradient] = tf.tidy(() => [
    outputs(picture).dataSync<'float32'>(),
    tf.grad(loss)(picture).dataSync<'float32'>(),
  ]);
  picture.dispose();
  classifier.dispose();
  return { output: output!, gradient: gradient! };
}

/** The largest difference, as a part of the largest number where that is above `least`. */
function apart(found: ArrayLike<number>, expected: readonly number[], least: number): number {
  const scale = Math.max(least, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale;
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

for (const model of referenceModels()) {
  const what = `Keras ${model.keras}: ${basename(model.path)}`;
  const refusal = REFUSED[model.name];
  if (refusal) {
    test(`${what} is refused by name`, () => refuses(model, refusal));
    continue;
  }
  test(`${what} computes what it computes in Keras`, async () => {
    const { output, gradient } = await answersOf(model);
    assert.equal(output.length, model.output!.length);
    assert.ok(apart(output, model.output!, 1) < 1e-5, `[${output.join()}] is not [${model.output!.join()}]`);
    const difference = apart(gradient, model.gradient ?? model.first!, 1e-3);
    assert.ok(difference < 1e-4, `the gradient is ${difference} from Keras'`);
    if (model.norm !== undefined) assert.ok(Math.abs(norm(gradient) / model.norm - 1) < 1e-4, `${norm(gradient)}`);
  });
}

const refuses = (model: ReferenceModel, message: RegExp): Promise<void> =>
  assert.rejects(answersOf(model), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
