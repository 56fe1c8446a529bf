// Cells that share their names: what they mean, and where their errors are. They run here as they do in a page's worker.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Cells, printed } from '../web/src/cells';

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

/** Cells, and what the last of them comes to. */
const MEANINGS: Record<string, [sources: string[], result: string]> = {
  'names, and patterns of them': [
    ['const a = 1; let n = 0; const [x, { y, z: [w = 7] }, ...r] = [2, { y: 3, z: [] }, 4];', '[a, n, x, y, w, r]'],
    '[ 1, 0, 2, 3, 7, [ 4 ] ]',
  ],
  'a function changes what its own cell declared': [['let n = 0; const inc = () => ++n;', 'inc(); inc(); n'], '2'],
  'a later cell assigns it, and the function sees that': [
    ['let n = 0; const inc = () => ++n;', 'n = 10; n += 1; [inc(), n]'],
    '[ 12, 12 ]',
  ],
  'a name that is declared anew counts from then on': [
    ['const a = 1;', 'const before = () => a;', 'const a = 100;', '[a, before()]'],
    '[ 100, 100 ]',
  ],
  'a cell that ran before keeps its own': [
    ['const a = 1; const own = () => a;', 'const a = 2;', '[own(), a]'],
    '[ 1, 2 ]',
  ],
  'a cell that is run again': [['let n = 1;', 'n++', 'let n = 5;', 'n'], '5'],
  'functions are there before their line': [['f(); function f() { return 1; }', 'f()'], '1'],
  'shadowed in blocks, loops, functions and catches': [
    [
      'const a = 5, n = 0;',
      `const out: unknown[] = [];
for (const a of [9, 8]) { const n = a; out.push(a, n); }
for (let a = 0; a < 1; a++) out.push(a);
try { throw 1 } catch (a) { out.push(a) }
{ function a() { return 4 } out.push(a()) }
switch (1) { case 1: let a = 3; out.push(a) }
out.push(((a: number, { n } = { n: 3 }) => [a, n])(1), (function a() { return typeof a })(), class a { static n = typeof a }.n);
out.push(a, n);
out.flat().join()`,
    ],
    '9,9,8,8,0,1,4,3,1,3,function,function,5,0',
  ],
  'a name as a property too, read and assigned': [
    ['let s = 1, t = 2;', '[s, t] = [t, s]; ({ s, t: [t] = [8] } = { s: 77 } as any); ({ s, t })'],
    '{ s: 77, t: 8 }',
  ],
  'classes, private and static': [
    ['class P { static s = 1; #q = 5; get q() { return this.#q; } }', 'class Q extends P {} [new Q().q, Q.s, Q.name]'],
    "[ 5, 1, 'Q' ]",
  ],
  'names of functions stay': [['const f = () => 1; class C {}', '[f.name, C.name]'], "[ 'f', 'C' ]"],
  'types, enums and assertions': [
    [
      'enum Colour { Red, Green = 5 } interface I { a: number } type T = I | string;',
      'const t: T = { a: 1 } satisfies T; [Colour.Green, Colour[0], (t as I)!.a]',
    ],
    "[ 5, 'Red', 1 ]",
  ],
  'await, and for await': [
    [
      'let s = 0; for await (const v of (async function* () { yield 1; yield 2; })()) s += v; const p = await (0, Promise.resolve(4));',
      '[s, p]',
    ],
    '[ 3, 4 ]',
  ],
  'imports of every kind, types and what is not used among them': [
    [
      "import seven, { one, two as zwei, type Missing } from 'numbers'; import * as all from 'numbers'; import { AlsoMissing } from 'numbers';",
      "const later = await import('numbers'); [seven, one, zwei, all.two, later.one]",
    ],
    '[ 7, 1, 2, 2, 1 ]',
  ],
  'an export is a declaration': [
    ['export const e = 3; export function g() { return e } export { e as h };', 'g()'],
    '3',
  ],
  'no semicolons': [['let a = 1, n = 0', 'a\n++n\nn'], '1'],
  'labels are no names': [['const out = 1;', 'out: for (let i = 0; i < 3; i++) { for (;;) continue out } out'], '1'],
  'names that a page has too': [
    ['const name = "n", status = 1, top = 2, close = 3, event = 4;', '[name, status, top, close, event]'],
    "[ 'n', 1, 2, 3, 4 ]",
  ],
  'var, wherever it stands': [
    ['var v = 1; var v = 2; { var inner = 5 } for (var i = 0; i < 3; i++) {}', '[v, inner, i]'],
    '[ 2, 5, 3 ]',
  ],
  'a template and its tag': [
    ['const a = 1; const tag = (s: any, v: any) => s.raw.join() + v;', 'tag`x${a}y` + `${a}`'],
    'x,y11',
  ],
  'typeof of what is nowhere': [['typeof nowhere'], 'undefined'],
  'nothing is printed for nothing': [['const a = 1;', 'null'], ''],
  'an empty cell, and one of comments alone': [['', '// nothing\n/* at all */'], ''],
  'a comment behind the last expression': [['1 + 1 // two'], '2'],
  'a promise that comes last is shown, and not waited for': [
    [
      "import { later } from 'numbers'; let done = false; const p = new Promise((go) => later(() => { done = true; go(1) }));",
      'p',
      'done',
    ],
    'false',
  ],
  'what another cell has made is called as it is': [
    [
      'function bare(this: unknown) { return this === undefined || this === globalThis }',
      '[bare(), (bare)(), bare?.(), bare``].join()',
    ],
    'true,true,true,true',
  ],
  'calls on lines without semicolons': [
    [
      'const a = 1; const out: number[] = []; const f = (n: number) => out.push(n)',
      `const b = a
f(b)
if (b) f(2); else f(3)
for (const x of [4])
  f(x)
do f(5); while (false)
label: f(6)
switch (b) { case 1: f(7) }
const g = () => { const c = 8
  f(c) }
g()
out.join()`,
    ],
    '1,2,4,5,6,7,8',
  ],
  'what an import is called in comments, texts and properties is no use of it': [
    ["import { one, Missing } from 'numbers'; // Missing\nconst o = { Missing: 'Missing' };", 'one'],
    '1',
  ],
  'names that the compiler might have chosen': [
    [
      'const $cells = 1, $own = 2, $at = 3, $load = 4; let $thrown = 5, $$cells = 6;',
      '$thrown++; [$cells, $own, $at, $load, $thrown, $$cells].join()',
    ],
    '1,2,3,4,6,6',
  ],
  'a name that a later cell makes': [
    ['const call = () => later() + typeof later;', 'function later() { return 5 }', 'call()'],
    '5function',
  ],
  'typeof of what is nothing': [['const zero = 0;', '[typeof zero, typeof nowhere].join()'], 'number,undefined'],
  'namespaces in texts and comments, and declared ones': [
    ['const s = "namespace A {"; /* namespace B { */ declare namespace C { const x: 1 } s'],
    'namespace A {',
  ],
  'an object in brackets, and a text': [['({ a: 1 })', '"text"'], 'text'],
};

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
    /^TypeError: f is not a function\n\ncell 2, line 1:\n {2}f\(\)\n {3}\^/,
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
    { makes: ['d', 'tf', 'a', 'f', 'c'], uses: ['b', 'c', 'q'] },
  );
  assert.equal(of('const = 1'), undefined);
});
