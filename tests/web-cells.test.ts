// Cells that share their names: what they mean, and where their errors are. They run here as they do in a page's worker.
import assert from 'node:assert/strict';
import test from 'node:test';
import { runInThisContext } from 'node:vm';
import { Cells, printed } from '../web/src/cells';
import { readyScript } from '../web/src/cells/ready';
import { MEANINGS } from './support/cell-meanings';

/** A module that cells import. */
const MODULES: Record<string, Record<string, unknown>> = {
  numbers: { default: 7, one: 1, two: 2, later: (work: () => void) => setImmediate(work) },
};
const importModule = (name: string): Promise<Record<string, unknown>> =>
  name in MODULES ? Promise.resolve(MODULES[name]!) : Promise.reject(new Error(`Cannot find module '${name}'`));

/** Runs cells in turn: what each comes to, or its error's text. */
async function runAll(sources: readonly string[]): Promise<string[]> {
  const cells = new Cells({ importModule });
  const results: string[] = [];
  for (const [i, source] of sources.entries()) {
    const result = await cells.run(source, i + 1).then(
      ({ value }) => printed(value) ?? '',
      (error: unknown) => cells.describe(error).text,
    );
    results.push(result);
  }
  return results;
}

for (const [name, [sources, result]] of Object.entries(MEANINGS)) {
  test(name, async () => assert.equal((await runAll(sources)).at(-1), result));
}

/** Cells, and the text of the last one's error. */
const ERRORS: Record<string, [sources: string[], text: string | RegExp]> = {
  'a caret below the place, in a line without its types': [
    ['const one = 1;\nconst o: { get: () => unknown } = { get: () => (null as any)!.foo };\no.get();'],
    `TypeError: Cannot read properties of null (reading 'foo')

cell 1, line 2:
  const o: { get: () => unknown } = { get: () => (null as any)!.foo };
                                                                ^
called from cell 1, line 3`,
  ],
  'the cell of a function that failed, and who called it': [
    ['const thrower = () => {\n  throw new RangeError("deep");\n};', '1;\nthrower();'],
    'RangeError: deep\n\ncell 1, line 2:\n    throw new RangeError("deep");\n          ^\ncalled from cell 2, line 2',
  ],
  'a name that nobody has': [
    ['\nnowhere + 1'],
    'ReferenceError: nowhere is not defined\n\ncell 1, line 2:\n  nowhere + 1\n  ^',
  ],
  'what is no function': [
    ['const f: any = 1;', 'f()'],
    /^TypeError: f is not a function\n\ncell 2, line 1:\n {2}f\(\)\n {2}\^/,
  ],
  'a constant is not assigned, by a later cell neither': [
    ['const a = 1;', '1;\na = 2'],
    /^TypeError: Assignment to constant variable.\n\ncell 2, line 2:/,
  ],
  'a name that nobody has is not assigned': [
    ['1;\nnowhere = 2'],
    /^ReferenceError: nowhere is not defined\n\ncell 1, line 2:/,
  ],
  'an export that is not there, where a later cell uses it': [
    ["import { Missing } from 'numbers';", 'typeof 1;\nMissing + 1'],
    /^SyntaxError: 'numbers' has no export 'Missing'\n\ncell 2, line 2:/,
  ],
  'the column of what is wrong behind types': [
    ['const a: number = 1; const a: number = 2;'],
    /\n {2}const a: number = 1; const a: number = 2;\n {29}\^/,
  ],
  'a namespace': [
    ['const a = 1;\n  namespace N { export const x = 1 }'],
    /^SyntaxError: a namespace cannot run in a page: an object or a class can\n\ncell 1, line 2:\n.*\n {4}\^/,
  ],
  'before its line': [
    ['const late = later; const later = 1;'],
    /^ReferenceError: Cannot access 'later' before initialization/,
  ],
  'a slip of the pen': [
    ['let a = 1\nlet b = = 3'],
    'SyntaxError: Unexpected token\n\ncell 1, line 2:\n  let b = = 3\n          ^',
  ],
  'a name declared twice': [
    ['const a = 1;\nconst a = 2;'],
    /^SyntaxError: Identifier 'a' has already been declared\n\ncell 1, line 2:\n {2}const a = 2;\n {8}\^/,
  ],
  'await in a plain function': [['function f() { await 1 }'], /^SyntaxError: .*\n\ncell 1, line 1:/],
  'a module that is not there': [["import x from 'lodash'"], /^Error: Cannot find module 'lodash'/],
  'an export that is not there': [
    ["import { attak } from 'numbers';\nattak()"],
    /^SyntaxError: 'numbers' has no export 'attak'/,
  ],
  'after a wait, the line that waited': [
    [
      "import { later } from 'numbers';\nconst slow = () => new Promise((_, reject) => later(() => reject(new Error('late'))));",
      '1;\n\nawait slow();',
    ],
    /^Error: late\n\ncell (1, line 2|2, line 3):/,
  ],
  'what is no error': [
    ['1;\nif (true) throw "text"'],
    `Error: a cell threw 'text'\n\ncell 1, line 2:\n  if (true) throw "text"`,
  ],
  'a promise that fails with what is no error': [
    ['1;\nawait Promise.reject("text");'],
    `Error: a cell threw 'text'\n\ncell 1, line 2:\n  await Promise.reject("text");`,
  ],
  'the same as before, elsewhere': [
    ['await Promise.reject("text");', '1;\nawait Promise.reject("text");'],
    `Error: a cell threw 'text'\n\ncell 2, line 2:\n  await Promise.reject("text");`,
  ],
  "in another cell's function": [
    ['function f() {\n  throw new Error("f") }', 'const n = f(1);'],
    `Error: f\n\ncell 1, line 2:\n    throw new Error("f") }\n          ^\ncalled from cell 2, line 1`,
  ],
  'an error and its cause': [['throw new Error("a", { cause: new Error("b") })'], /^Error: a \(because: b\)\n/],
};

for (const [name, [sources, text]] of Object.entries(ERRORS)) {
  test(`an error: ${name}`, async () => {
    const result = (await runAll(sources)).at(-1)!;
    if (typeof text === 'string') assert.equal(result, text);
    else assert.match(result, text);
  });
}

test('an error of a cell as it was, though it has been changed since', async () => {
  const [, , text] = await runAll(['const f = () => {\n  throw new Error("old") };', 'const g = f', 'g()']);
  assert.match(text!, /cell 1, line 2:\n {4}throw new Error\("old"\)/);
});

test('a cell that fails leaves what it had not got to as it was', async () => {
  const cells = new Cells({ importModule });
  await cells.run('const a = 1, b = 2;', 1);
  await assert.rejects(cells.run('const a = 10; throw new Error("here"); const b = 20, c = 30;', 1), /here/);
  assert.deepEqual((await cells.run('[a, b, typeof c]', 2)).value, [10, 2, 'undefined']);
});

test('what a cell makes and takes', () => {
  const cells = new Cells({ importModule });
  const of = (source: string) => cells.analyse(source);
  assert.deepEqual(
    of('import { tf } from "numbers"; const a = tf + b; c = 1; { var d } function f(p) { return p + q }'),
    { makes: ['d', 'tf', 'a', 'f', 'c'], uses: ['b', 'c', 'q'], usesLater: ['q'] },
  );
  assert.equal(of('const = 1'), undefined);
});

test('cells that are compiled already run where nothing may be compiled, and their errors have lines', async () => {
  const sources = [
    "import { two } from 'numbers';\nconst name = 'a cell has this, and so has a page';\nlet n: number = two;",
    'const fail = (x: number) => {\n  throw new Error(`${name}: ${x}`);\n};\nn += 1',
    '[n, name.length, performance.now() > 0].join()',
    '1;\nfail(n)',
    'no = TypeScript = {',
  ];
  runInThisContext(readyScript(sources, 'some.cells.js'), { filename: '/a/book/some.cells.js' });
  const evaluate = (): never => {
    throw new EvalError('forbidden');
  };
  const cells = new Cells({ importModule, evaluate });
  const errorOf = async (source: string, cell: number): Promise<string> =>
    cells.run(source, cell).then(
      () => assert.fail('it ran'),
      (error: unknown) => cells.describe(error).text,
    );
  assert.match(await errorOf(sources[0]!, 1), /^Error: the policy of this server forbids its pages to compile code/);
  cells.useReady(globalThis.readyCells!);
  await cells.run(sources[0]!, 1);
  assert.equal((await cells.run(sources[1]!, 2)).value, 3);
  assert.equal((await cells.run(sources[2]!, 3)).value, '3,34,true');
  const failed = await errorOf(sources[3]!, 4);
  assert.match(failed, /: 3\n\ncell 2, line 2:\n {4}throw new Error\(.*\ncalled from cell 4, line 2$/);
  assert.match(await errorOf('n', 5), /Changed ones run in JupyterLab/);
  assert.match(await errorOf(sources[4]!, 6), /^SyntaxError/);
});
