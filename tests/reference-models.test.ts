// Models as Keras 2.15 and Keras 3 save them, each kind of layer and of structure, against what Keras makes of one picture.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { DescentError, tf } from 'descent-lab';
import { importModel, loadClassifier, type Classifier } from '../lib/src/classifiers';
import { formOf } from '../lib/src/classifiers/reading';
import { referenceModels, type ReferenceModel } from './support/reference-models';

const scratch = mkdtempSync(join(tmpdir(), 'references-'));
after(() => rmSync(scratch, { recursive: true }));

/** What is said of those that cannot be taken: the layer or the model, the reason and the remedy. */
const REFUSED: Record<string, RegExp> = {
  'output-softmax-of-one': /a softmax of one output, which is always 1: make/,
  'refused-shared': /'conv2d' \(Conv2D\) of .* stands in 2 places, and only .*: make the model/,
  'refused-shared-model': /'features' \(Sequential\) of .* stands in 2 places, and only .*: make the model/,
  'refused-two-inputs': /a model of 2 inputs \(a, b\), and only .*: save a keras\.Model/,
  'refused-two-outputs': /a model of 2 outputs \(dense, dense_1\), and only .*: save a keras\.Model/,
  'refused-custom': /'custom' \(mine>Custom\) of .* cannot be imported: make the model/,
  'refused-lambda': /'lambda' \(Lambda\) of .* cannot be imported: make the model/,
  'refused-time-distributed': /'time_distributed' \(TimeDistributed\) of .* cannot be imported: make the model/,
  'refused-lstm': /'lstm' \(LSTM\) of .* cannot be imported: make the model/,
  'refused-bidirectional': /'bidirectional' \(Bidirectional\) of .* cannot be imported: make the model/,
  'refused-no-classes': /outputs of the shape \[any, 4, 3, 4\]; needed is a number for each class, .*: make the model/,
};

/** What the model itself puts out, as Keras prints it. */
function outputsOf(classifier: Classifier, images: tf.Tensor4D): tf.Tensor2D {
  const { single, probabilities, score } = formOf(classifier.reading);
  const classes = classifier.logits(images);
  const row = single ? classes.slice([0, 1]).sub<tf.Tensor2D>(classes.slice([0, 0], [-1, 1])) : classes;
  if (score) return classifier.reading!.startsWith('tanh') ? row.div<tf.Tensor2D>(2).tanh() : row;
  return single || probabilities === 'sigmoid' ? row.sigmoid() : row.softmax();
}

let made = 0;
/** What a model says of its picture, and the gradient there of the sum that the reference is of. */
async function answersOf(model: ReferenceModel): Promise<{ output: Float32Array; gradient: Float32Array }> {
  const folder = join(scratch, `${made++}`);
  const [rows, columns] = model.input ?? [];
  await importModel(model.path, folder, {
    range: [0, 1],
    ...(model.name.startsWith('weights') && { architecture: join(dirname(model.path), `${model.name}.json`) }),
    ...(model.name.startsWith('input-any-size') && { size: [rows!, columns!] as const }),
  });
  const classifier = await loadClassifier(folder);
  const { height, width, channels } = classifier.input;
  // Where the channels of Keras' picture come first, ours come last.
  const first = model.name.startsWith('channels-first');
  const lasting = (x: tf.Tensor): tf.Tensor4D => (first ? x.transpose<tf.Tensor4D>([0, 2, 3, 1]) : (x as tf.Tensor4D));
  const picture = tf.tensor4d(model.picture, first ? [1, channels, height, width] : [1, height, width, channels]);
  const loss = (x: tf.Tensor): tf.Scalar => {
    const y = outputsOf(classifier, lasting(x));
    return y.mul(tf.tensor1d(Array.from({ length: y.size }, (_, i) => 0.3 + Math.cos(i)))).sum();
  };
  const [output, gradient] = tf.tidy(() => [
    outputsOf(classifier, lasting(picture)).dataSync<'float32'>(),
    tf.grad(loss)(picture).dataSync<'float32'>(),
  ]);
  picture.dispose();
  classifier.dispose();
  return { output: output, gradient: gradient };
}

/** The largest difference, as a part of the largest number where that is above `least`. */
function apart(found: ArrayLike<number>, expected: readonly number[], least: number): number {
  const scale = Math.max(least, ...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale;
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

for (const model of referenceModels()) {
  const what = `${model.written}: ${basename(model.path)}`;
  const refusal = REFUSED[model.name];
  if (refusal) {
    test(`${what} is refused by name`, () => refuses(model, refusal));
    continue;
  }
  test(`${what} computes what it computes in Keras`, async () => {
    const { output, gradient } = await answersOf(model);
    assert.equal(output.length, model.output!.length);
    // Of weights in fewer bits than those that gave the answers: half a step of 256 in the range of each.
    const [most, steepest] = model.rounded ? [0.05, 0.1] : [1e-5, 1e-4];
    assert.ok(apart(output, model.output!, 1) < most, `[${output.join()}] is not [${model.output!.join()}]`);
    const difference = apart(gradient, model.gradient ?? model.first!, 1e-3);
    assert.ok(difference < steepest, `the gradient is ${difference} from Keras'`);
    if (model.norm !== undefined) assert.ok(Math.abs(norm(gradient) / model.norm - 1) < steepest, `${norm(gradient)}`);
  });
}

const refuses = (model: ReferenceModel, message: RegExp): Promise<void> =>
  assert.rejects(answersOf(model), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
