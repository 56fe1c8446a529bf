// Tests run the library's and the queue's source, and a process has one copy of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import * as library from 'descent-lab';
import * as queue from 'descent-lab-queue';
import * as libraryByPath from '../lib/src';
import { Random as RandomByPath } from '../lib/src/random';
import * as queueByPath from '../queue/src';
import { readersEnvironment } from './support/compiled';

const root = join(__dirname, '..');
const compiled = (file: string): boolean => /^(lib|queue).dist.(?!.*node_modules)/.test(file.slice(root.length + 1));

test('by name, by path and by a dynamic import it is the same module', async () => {
  assert.equal(libraryByPath.Random, library.Random);
  assert.equal(RandomByPath, library.Random);
  assert.equal(queueByPath.photoRoot, queue.photoRoot);
  const again = await import('descent-lab');
  assert.equal(again.DescentError, library.DescentError);
  assert.deepEqual(Object.keys(require.cache).filter(compiled), []);
});

test('so it is in a script that a test starts, wherever that stands', () => {
  const script = `
    const { Random } = require(${JSON.stringify(join(root, 'lib', 'src', 'random.ts'))});
    console.log(require('descent-lab').Random === Random);`;
  const args = ['--import', join(root, 'scripts', 'tsx.mjs'), '-e', script];
  for (const cwd of [root, join(root, 'notebooks')]) {
    assert.equal(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }), 'true\n', cwd);
  }
});

test('a command alone takes what was compiled', () => {
  const args = ['--import', './scripts/tsx.mjs', '-p', `require.resolve('descent-lab')`];
  const resolved = execFileSync(process.execPath, args, {
    cwd: root,
    env: readersEnvironment(),
    encoding: 'utf8',
  }).trim();
  assert.equal(resolved, join(root, 'lib', 'dist', 'index.js'));
});
