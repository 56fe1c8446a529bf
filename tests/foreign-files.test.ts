import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { DescentError } from 'descent-lab';
import { importModel, loadClassifier } from '../lib/src/classifiers';
import { writeFailure } from 'descent-lab/internal';
import { SMALL_CONFIG, SMALL_LAYERS, writeKerasFile } from './support/keras-file';

const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-foreign-files-'));
const at = (name: string): string => join(temporary, name);
test.after(() => rmSync(temporary, { recursive: true, force: true }));

const line =
  (path: string, said: RegExp) =>
  (error: Error): boolean => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, said);
    assert.ok(error.message.startsWith(path) && !error.message.includes('\n'), error.message);
    return true;
  };

/** Models of other programs by their file, or one file in their folder, and what is said of them. */
const foreign: [file: string, content: string, said: RegExp][] = [
  ['note.h5', 'version https://git-lfs.github.com/spec/v1\noid sha256:00', /Git LFS pointer to it: run git lfs pull/],
  ['torch.pt', 'PK\x03\x04archive/data.pkl', /is a model of PyTorch: make the same model in Keras, give/],
  ['old.pth', '\x80\x02\x8a\nl\xfc', /is a model of PyTorch, or another pickle: make/],
  ['net.onnx', '\x08\x07\x12\x07pytorch', /is an ONNX model: make/],
  ['net.tflite', '\x1c\0\0\0TFL3', /is a TensorFlow Lite model: import the Keras model/],
  ['saved/saved_model.pb', '\x08\x01', /saved is a SavedModel of TensorFlow: load it by .*model\.keras/],
  [
    'ours/model.json',
    '{"format": "layers-model", "generatedBy": "descent-lab"',
    /ours is part of a model folder already: give/,
  ],
  ['folder/note.txt', 'no model', /folder holds no model .*: in it are note\.txt/],
  ['text.h5', 'no model', /text\.h5 is no model: it does not begin as an \.h5/],
];
for (const [file, content, said] of foreign) {
  test(`says what it is, and what to do: ${file}`, async () => {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content, 'latin1');
    const given = file.includes('/') ? dirname(at(file)) : at(file);
    await assert.rejects(importModel(given, at('made')), line(given, said));
    assert.ok(!existsSync(at('made')));
  });
}

test('what is no model folder is told in the same words', async () => {
  await writeKerasFile(at('model.h5'), SMALL_LAYERS, SMALL_CONFIG);
  await assert.rejects(
    loadClassifier(at('model.h5')),
    line(at('model.h5'), /is an \.h5 file, .*: make a folder of it by npm run/),
  );
  mkdirSync(at('web'));
  writeFileSync(at('web/model.json'), '{"format": "graph-model"}');
  await assert.rejects(loadClassifier(at('web')), line(at('web/model.json'), /is a GraphModel of TensorFlow\.js/));
  await assert.rejects(loadClassifier(at('nowhere')), line(at('nowhere'), /holds no model: it has no model\.json/));
});

test('weights that are not finite are refused at the import and out of a folder, by name', async () => {
  const [first, ...others] = SMALL_LAYERS;
  const infinite = { ...first!, weights: [first!.weights[0]!, { name: 'bias', shape: [1], values: [Infinity] }] };
  await writeKerasFile(at('infinite.h5'), [infinite, ...others], SMALL_CONFIG);
  await assert.rejects(
    importModel(at('infinite.h5'), at('made')),
    /the bias of the layer 'conv2d' in .* not finite: the training/,
  );

  await writeKerasFile(at('finite.h5'), SMALL_LAYERS, SMALL_CONFIG);
  await importModel(at('finite.h5'), at('whole'));
  const [weights, json] = [at('whole/weights-1-of-1.bin'), at('whole/model.json')];
  const hash = (): string => createHash('sha256').update(readFileSync(weights)).digest('hex');
  const before = hash();
  const values = new Float32Array(new Uint8Array(readFileSync(weights)).buffer);
  values[values.length - 1] = NaN;
  writeFileSync(weights, values);
  writeFileSync(json, readFileSync(json, 'utf8').replace(before, hash()));
  await assert.rejects(loadClassifier(at('whole')), line(json, /has numbers in dense\/bias that are not finite/));
});

test('of two imports into one folder at once, one makes it whole and the other is told', async () => {
  await writeKerasFile(at('twice.h5'), SMALL_LAYERS, SMALL_CONFIG);
  const ends = await Promise.allSettled([1, 2].map(() => importModel(at('twice.h5'), at('one/twice'))));
  const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  assert.equal(failed.length, 1);
  line(at('one/twice'), /exists: remove it, or name another folder/)(failed[0]!);
  (await loadClassifier(at('one/twice'))).dispose();
  assert.deepEqual(readdirSync(at('one')), ['twice'], 'nothing half-written is left');
});

test('a folder that cannot be written says why in words', async () => {
  await writeKerasFile(at('full.h5'), SMALL_LAYERS, SMALL_CONFIG);
  writeFileSync(at('file'), '');
  await assert.rejects(
    importModel(at('full.h5'), at('file/made')),
    line(at('file/made'), /a part of its path is a file/),
  );
  for (const [code, words] of [
    ['ENOSPC', /no space is left on the disk/],
    ['EROFS', /is read-only/],
  ] as const) {
    line('models/made', words)(writeFailure('models/made', Object.assign(new Error(), { code })));
  }
});
