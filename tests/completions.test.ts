// The names that the site's editor offers, against the library itself.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { runInNewContext } from 'node:vm';
import * as library from 'descent-lab';
import { ownRoot } from '../publish/src/notebooks/project';
import { completionsScript, readCompletions, type Completion, type Completions } from '../publish/src/site/completions';

const script = completionsScript(ownRoot);
const window: { libraryNames?: Completions } = {};
runInNewContext(script, { window });
const names = JSON.parse(JSON.stringify(window.libraryNames)) as Completions; // objects of this realm
const find = (owner: string, name: string): Completion | undefined => names[owner]?.find((one) => one.name === name);

test('every name that the library exports is offered, at its door and in each namespace', () => {
  const missing = (owner: string, object: object): string[] =>
    Object.keys(object)
      .filter((name) => !find(owner, name))
      .map((name) => `${owner}.${name}`);
  assert.deepEqual(missing('', library), []);
  const rooms = names['']!.filter(({ name, kind }) => kind === 'namespace' && name !== 'tf');
  assert.ok(rooms.length >= 14, rooms.map(({ name }) => name).join());
  for (const { name } of rooms)
    assert.deepEqual(missing(name, (library as unknown as Record<string, object>)[name]!), []);
});

test('a name comes with what it takes, what it gives, and a sentence', () => {
  assert.deepEqual(find('', 'readTable'), {
    name: 'readTable',
    kind: 'function',
    signature: '(path: string): Record<string, Cell>[]',
    text: 'Reads a CSV file: numbers as numbers, empty cells as undefined.',
  });
  assert.equal(find('', 'Random')?.kind, 'class');
  assert.equal(find('figures', 'Figure')?.kind, 'type');
  assert.match(find('losses', 'minAngleLoss')!.signature, /^\(vectors: Vectors\): Scalar$/);
  const own = Object.entries(names).filter(([owner]) => !owner.startsWith('tf') && !owner.includes('.'));
  const silent = own.flatMap(([owner, list]) =>
    list.filter(({ kind, text }) => kind !== 'namespace' && text === '').map(({ name }) => `${owner}.${name}`),
  );
  assert.deepEqual(silent, [], 'the site already asks for a doc comment at each of them');
});

test("TensorFlow's names are there too, without those of its kernels", () => {
  assert.match(find('tf', 'tensor1d')!.signature, /^\(values: TensorLike1D, dtype\?: DataType\): Tensor1D$/);
  assert.match(find('tf', 'matMul')!.text, /dot product of two matrices/);
  assert.match(find('tf.train', 'adam')!.signature, /^\(learningRate\?: number, beta1\?/);
  assert.ok(find('tf.layers', 'dense'));
  for (const name of ['MatMul', 'MatMulInputs', 'registerKernel', 'backend_util'])
    assert.equal(find('tf', name), undefined);
  for (const list of Object.values(names))
    assert.deepEqual(
      list.map(({ name }) => name),
      [...new Set(list.map(({ name }) => name))].sort(),
    );
});

test('the script says nothing of the machine that made it, and is light', (t) => {
  t.diagnostic(`${script.length} bytes`);
  assert.doesNotMatch(script, /import\(|node_modules/);
  assert.ok(!script.includes(ownRoot));
  assert.ok(script.length < 300_000, `${script.length} bytes`);
});

test('a library that was not compiled yet is said, and how to', () => {
  assert.throws(
    () => readCompletions(join(ownRoot, 'lib', 'nowhere.d.ts')),
    /nowhere\.d\.ts exports nothing: npm run build/,
  );
});
