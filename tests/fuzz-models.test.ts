import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { DescentError } from 'descent-lab';
import { importModel, loadClassifier } from '../lib/src/classifiers';
import { changed, fuzz } from './support/fuzz';
import { SMALL_CONFIG, SMALL_LAYERS, writeKerasFile } from './support/keras-file';

const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-fuzz-models-'));
const at = (name: string): string => join(temporary, name);
test.after(() => rmSync(temporary, { recursive: true, force: true }));

/** Imports into a folder of its own, which goes again, and uses what came of it. */
async function tryImport(path: string): Promise<void> {
  await importModel(path, at('out'));
  (await loadClassifier(at('out'))).dispose();
  rmSync(at('out'), { recursive: true });
}

async function load(path: string): Promise<void> {
  (await loadClassifier(join(path, '..'))).dispose();
}

test('a damaged .h5 file is imported or refused in a line', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] }); // the file holds the time, and is to be the same each time
  await writeKerasFile(at('whole.h5'), SMALL_LAYERS, SMALL_CONFIG);
  t.mock.timers.reset();
  await fuzz({ path: at('damaged.h5'), whole: readFileSync(at('whole.h5')), load: tryImport });
});

test('a damaged .h5 file that keeps the HDF5 library busy for ever is refused, too', async (t) => {
  await writeKerasFile(at('whole.h5'), SMALL_LAYERS, SMALL_CONFIG);
  const whole = readFileSync(at('whole.h5')).toString('latin1');
  // Among the texts of the file the library goes round and round in search of those that have moved by five bytes.
  const endless = whole.replace('norm/beta:0', 'norm/__proto__:0').replace('dense/kernel:0', '/kernel:0');
  writeFileSync(at('endless.h5'), endless, 'latin1');
  const soon = AbortSignal.timeout.bind(AbortSignal, 2000);
  t.mock.method(AbortSignal, 'timeout', soon); // else it takes 20 seconds
  await assert.rejects(
    importModel(at('endless.h5'), at('out')),
    (error: Error) =>
      error instanceof DescentError &&
      error.message === `${at('endless.h5')} is damaged: reading it comes to no end. Get it again`,
  );
  t.mock.restoreAll();
  await tryImport(at('whole.h5')); // the next file is read as before
});

test('of a model folder, a damaged model.json is read or refused in a line, damaged weights are refused', async () => {
  await writeKerasFile(at('folder.h5'), SMALL_LAYERS, SMALL_CONFIG);
  await importModel(at('folder.h5'), at('folder'));
  const [json, weights] = ['model.json', 'weights-1-of-1.bin'].map((name) => at(join('folder', name)));
  const whole = readFileSync(json!);
  await fuzz({ path: weights!, whole: readFileSync(weights!), load: () => load(json!), checksum: true });
  await importModel(at('folder.h5'), at('again'));
  await fuzz({ path: at('again/model.json'), whole, load });
});

test('a description with a wrong value in any place is imported or refused in a line that names the file', async () => {
  let refused = 0;
  for (const config of changed(SMALL_CONFIG)) {
    await writeKerasFile(at('made.h5'), SMALL_LAYERS, config);
    await tryImport(at('made.h5')).catch((error: unknown) => {
      const told = JSON.stringify(config);
      assert.ok(error instanceof DescentError, `${told} ended in a stack: ${(error as Error).stack}`);
      assert.ok(error.message.includes(at('made.h5')) && !error.message.includes('\n'), `${told}: "${error.message}"`);
      refused++;
    });
  }
  assert.ok(refused > 100, `only ${refused} were refused`);
});
