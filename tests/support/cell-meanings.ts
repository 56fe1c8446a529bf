// What cells mean that share their names, in a page and in JupyterLab.

/** Cells, and what the last of them comes to. */
export const MEANINGS: Record<string, [sources: string[], result: string]> = {
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
  'a function that is exported by default has its name': [
    ['export default function named() { return 4 }', 'named()'],
    '4',
  ],
  'a class that is exported by default, too': [['export default class Named {}', 'Named.name'], 'Named'],
  'what stands last gives nothing a name': [['async () => 1'], '[AsyncFunction (anonymous)]'],
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
