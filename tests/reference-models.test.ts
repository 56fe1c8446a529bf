// Models as Keras 2.15 and Keras 3 save them, each kind of layer and of structure, against what Keras makes of one picture.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test, { after } from 'node:test';
import { DescentError } from 'descent-lab';
import { answersOf, apart, largest, norm } from './support/reference-answers';
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

let made = 0;
const answers = (model: ReferenceModel): ReturnType<typeof answersOf> => answersOf(model, join(scratch, `${made++}`));

for (const model of referenceModels()) {
  const what = `${model.written}: ${basename(model.path)}`;
  const refusal = REFUSED[model.name];
  if (refusal) {
    test(`${what} is refused by name`, () => refuses(model, refusal));
    continue;
  }
  test(`${what} computes what it computes in Keras`, async () => {
    const { output, gradient } = await answers(model);
    assert.equal(output.length, model.output!.length);
    // Of weights in fewer bits than those that gave the answers: half a step of 256 in the range of each.
    const [most, steepest] = model.rounded ? [0.05, 0.1] : [1e-5, 1e-4];
    const scale = Math.max(1, largest(model.output!));
    assert.ok(apart(output, model.output!) / scale < most, `[${output.join()}] is not [${model.output!.join()}]`);
    const expected = model.gradient ?? model.first!;
    const difference = apart(gradient, expected) / Math.max(1e-3, largest(expected));
    assert.ok(difference < steepest, `the gradient is ${difference} from Keras'`);
    if (model.norm !== undefined) assert.ok(Math.abs(norm(gradient) / model.norm - 1) < steepest, `${norm(gradient)}`);
  });
}

const refuses = (model: ReferenceModel, message: RegExp): Promise<void> =>
  assert.rejects(answers(model), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
