// What cells may import in a page: each name that the notebooks use, and a word about each that is not there.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { DescentError } from 'descent-lab';
import { codeCells, readNotebook, textOf } from '../publish/src/notebooks/notebook';
import { legacy } from '../web/src/modules/assert';
import { importModule, moduleNames } from '../web/src/modules';

const notebooks = join(__dirname, '..', 'notebooks');

test('what the notebooks import is there', async () => {
  const files = readdirSync(notebooks, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ipynb'));
  const names = files.flatMap((file) =>
    codeCells(readNotebook(join(notebooks, file))).flatMap(({ source }) =>
      [...textOf(source).matchAll(/^\s*import\s[^'"]*['"]([^'"]+)['"]/gm)].map(([, name]) => name!),
    ),
  );
  assert.ok(new Set(names).size > 1, `they import ${names.join()}`);
  for (const name of new Set(names)) {
    const module = await importModule(name);
    assert.ok('default' in module, `${name} has a default`);
  }
});

test('every name gives a module with a default, with and without node: before it', async () => {
  for (const name of moduleNames) {
    const module = await importModule(name);
    assert.ok('default' in module && module.default, name);
    assert.equal((await importModule(name.replace('node:', ''))).constructor, module.constructor, name);
  }
  const fs = (await importModule('fs')) as { readFileSync?: unknown; default: { readFileSync?: unknown } };
  assert.equal(typeof fs.readFileSync, 'function');
  assert.equal(fs.default.readFileSync, fs.readFileSync);
  const tf = (await importModule('@tensorflow/tfjs-node')) as { tensor?: unknown };
  assert.equal(typeof tf.tensor, 'function');
});

test('what is not there is refused, with a list of what is', async () => {
  await assert.rejects(importModule('lodash'), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, /^'lodash' is not there: npm packages cannot be imported in a page; what can be is /);
    for (const name of moduleNames) assert.ok(error.message.includes(name), name);
    return true;
  });
  await assert.rejects(
    importModule('./own'),
    /^DescentError: '.\/own' is not there: files cannot be imported in a page/,
  );
  for (const name of ['constructor', '__proto__', 'node:constructor'])
    await assert.rejects(importModule(name), DescentError);
});

test('node:assert without strict takes 1 for "1", and says what it cannot', () => {
  legacy.equal(1, '1');
  legacy.notEqual(1, '2');
  legacy.equal(NaN, NaN);
  assert.throws(() => legacy.equal(1, 2), { name: 'AssertionError', message: '1 == 2' });
  assert.throws(() => legacy.deepEqual(), /DescentError: deepEqual of node:assert, .* use deepStrictEqual/);
  assert.throws(() => legacy.deepStrictEqual([1], ['1']), { code: 'ERR_ASSERTION' });
});
