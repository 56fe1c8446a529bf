// What the project's kernel says of cells: results, errors with the reader's line, what is lost, signatures, comms.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { jupyterEnv, venvBin } from '../publish/src/notebooks/jupyter';
import { ownRoot } from '../publish/src/notebooks/project';
import { compile } from './support/compiled';

type Content = Record<string, unknown>;
type Step = { type: string; content: Content } | { wait: number } | { interrupt: string };
type Answer = { reply?: Content; messages: [type: string, content: Content, request: number | null][] };

const execute = (code: string, more: Content = {}): Step => ({ type: 'execute_request', content: { code, ...more } });
/** A request about code whose cursor is at the bar. */
const at = (type: string, code: string): Step => ({
  type,
  content: { code: code.replace('|', ''), cursor_pos: [...code].indexOf('|'), detail_level: 0 },
});
const inspect = (code: string): Step => at('inspect_request', code);
const complete = (code: string): Step => at('complete_request', code);

/** Puts requests to one kernel, one after the other; those in a list at once. */
function talk(folder: string, steps: (Step | Step[])[]): Answer[] {
  const { stdout, stderr, status } = spawnSync(venvBin('python'), [join(__dirname, 'fixtures', 'kernel_talk.py')], {
    cwd: folder,
    encoding: 'utf8',
    env: jupyterEnv(),
    timeout: 300_000,
    input: JSON.stringify(steps),
    maxBuffer: 1e8,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Answer[];
}

/** What was published, a line each: of a stream its text, of an error its traceback. */
const told = ({ messages }: Answer): string =>
  messages
    .filter(([type]) => type !== 'execute_input')
    .map(([type, content]) => {
      if (type === 'stream') return `${content['name'] as string}: ${content['text'] as string}`;
      if (type === 'error') return stripVTControlCharacters((content['traceback'] as string[]).join('\n'));
      if (type === 'execute_result') return (content['data'] as Content)['text/plain'];
      return `${type}: ${JSON.stringify(content)}`;
    })
    .join('\n');

const hindrance = existsSync(venvBin('python')) ? false : 'no .venv: run "npm run setup"';

describe('a kernel', { skip: hindrance }, () => {
  let folder: string;
  before(() => {
    compile();
    mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
    folder = mkdtempSync(join(ownRoot, 'tests', 'output', 'kernel-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  test('a last expression is shown as what it is', () => {
    const [, tensor, table, run] = talk(folder, [
      execute("import { descend, tf } from 'descent-lab'; import polars from 'nodejs-polars'"),
      execute('tf.tensor1d([1 / 3, 2])'),
      execute('polars.DataFrame({ height: [1.5, 2] })'),
      execute(
        'await descend({ loss: ({ x }) => x.square(), variables: { x: 1 }, optimizer: tf.train.sgd(0.1), iterations: 3 })',
      ),
    ]);
    const dataOf = ({ messages }: Answer): Content =>
      messages.find(([type]) => type === 'execute_result')![1]['data'] as Content;
    assert.equal(told(tensor!), 'float32 tensor of shape [2]\n[ 0.3333, 2 ]');
    assert.match(dataOf(table!)['text/html'] as string, /<th scope="col">height<\/th>/);
    assert.ok('application/vnd.plotly.v1+json' in dataOf(run!) && 'image/png' in dataOf(run!));
    assert.match(told(run!), /^The loss: from 1 to 0\.26\d+ in 3 iterations\nfinal: /);
  });

  /** A test of several cells and what is told of each; undefined where that does not matter. */
  const tells = (name: string, cells: [code: string, told?: string | RegExp][]): Promise<void> =>
    test(name, () => {
      const answers = talk(
        folder,
        cells.map(([code]) => execute(code)),
      );
      cells.forEach(([code, expected], i) => {
        if (typeof expected === 'string') assert.equal(told(answers[i]!), expected, code);
        else if (expected) assert.match(told(answers[i]!), expected, code);
      });
    });

  void tells('says where an error was thrown, in the reader’s own lines', [
    [
      `interface Rate { value: number } // gone in what runs

function step(rate: Rate): number {
  if (rate.value < 1) throw new RangeError('too small');
  return rate.value;
}`,
      '',
    ],
    [
      `const first = 1;
const other = step({ value: 0.1 });`,
      `RangeError: too small

cell [1], line 4:
    if (rate.value < 1) throw new RangeError('too small');
                              ^
called from cell [2], line 2`,
    ],
    [
      `await Promise.resolve();
[1].map(() => step({ value: 0.1 }));`,
      `RangeError: too small

cell [1], line 4:
    if (rate.value < 1) throw new RangeError('too small');
                              ^
called from cell [3], line 2

(1 call inside packages and Node left out)`,
    ],
    [`new Function('const 3')`, /^SyntaxError: .*\n\ncell \[4\], line 1:\n {2}new Function/],
    [`throw { status: 404 };`, 'Error: a cell threw { status: 404 }'],
    [`throw new Error('no file', { cause: new Error('disk full') });`, /^Error: no file \(because: disk full\)\n/],
    [
      `/** @module helper */
type Half = number;
export const half = (x: number): Half => {
  if (x % 2) throw new Error('odd');
  return x / 2;
};`,
      '',
    ],
    [
      `import { half } from './helper';
half(3);`,
      `Error: odd

helper.ts, line 4:
    if (x % 2) throw new Error('odd');
                     ^
called from cell [8], line 2`,
    ],
  ]);

  void tells('tells what the compiler says, with its hints', [
    [
      `const label: string = 3;
const count: number = 'a';`,
      `TS2322: Type 'number' is not assignable to type 'string'.

cell [1], line 1:
  const label: string = 3;
        ^^^^^

TS2322: Type 'string' is not assignable to type 'number'.

cell [1], line 2:
  const count: number = 'a';
        ^^^^^`,
    ],
    [
      `missing(1);
let 3 = x;`,
      `SyntaxError: Variable declaration not allowed at this location.

cell [2], line 2:
  let 3 = x;
  ^^^`,
    ],
    [
      `const promised = Promise.resolve('a');
promised.length;`,
      /Property 'length' does not exist on type 'Promise<string>'\.[^]*\^+\nDid you forget to use 'await'\? \(line 2\)$/,
    ],
    [`[1].mapp((x) => x);`, /^TS2551: .* Did you mean 'map'\?\n/],
    [
      `const f: (x: { a: string }) => void = (x: { a: number }) => {};`,
      /Types of parameters[^]*\n {4}Type '\{ a: string; \}'[^]*\n {8}Type 'string' is not assignable to type 'number'\.\n\ncell/,
    ],
    [`/** @module wrong */\nexport const n: string = 3;`, /^TS2322: .*\n\nwrong\.ts, line 2:\n {2}export const n/],
    ['a; b; c; d; e; f; g;', /^TS2304: [^]*'e'\.[^]*\n\nand 2 more$/],
  ]);

  void tells('knows tensors, and the library’s own errors', [
    [
      `import { descend, tf } from 'descent-lab';
let m = tf.scalar(2);
const h = tf.scalar(3);`,
      '',
    ],
    [
      `const z = (m - 1) * h + 2;
const q = 2 / h;
m *= h;`,
      `TS2362: tensors have no operators: use m.sub(1).mul(h).add(2)

cell [2], line 1:
  const z = (m - 1) * h + 2;
            ^^^^^^^^^^^^^^^

TS2363: tensors have no operators: use tf.div(2, h)

cell [2], line 2:
  const q = 2 / h;
            ^^^^^

TS2362: tensors have no operators: use m = m.mul(h)

cell [2], line 3:
  m *= h;
  ^^^^^^`,
    ],
    [
      `const n = -m;
const o = -(m - 1) * h % 2;
const p = 1 < m;
const q = m <= h;
if (m > 1 && h == 2) console.log(m === h, m !== undefined, -m.dataSync()[0], -'1');`,
      `TS2356: tensors have no operators: use m.neg()

cell [3], line 1:
  const n = -m;
            ^^

TS2356: tensors have no operators: use m.sub(1).neg().mul(h).mod(2)

cell [3], line 2:
  const o = -(m - 1) * h % 2;
            ^^^^^^^^^^^^^^^^

TS2365: tensors have no operators: use m.greater(1)

cell [3], line 3:
  const p = 1 < m;
            ^^^^^

TS2365: tensors have no operators: use m.lessEqual(h)

cell [3], line 4:
  const q = m <= h;
            ^^^^^^

TS2365: tensors have no operators: use m.dataSync()[0] > 1

cell [3], line 5:
  if (m > 1 && h == 2) console.log(m === h, m !== undefined, -m.dataSync()[0], -'1');
      ^^^^^

and 1 more`,
    ],
    [`const n = 'a' * 2;`, /^TS2362: The left-hand side of an arithmetic operation/],
    [
      `await descend({
  loss: ({ x }) => x.add(tf.zeros([3])),
  variables: { x: 0 },
  optimizer: tf.train.sgd(0.1),
  iterations: 10,
});`,
      /^(?!DescentError)[^\n]*loss[^\n]*\n\ncell \[5\], line 1:\n {2}await descend\(\{\n {8}\^$/,
    ],
    [
      `await descend({ loss: ({ x }) => x.square(), variables: { x: 1 }, optimizer: tf.train.sgd(1e9), iterations: 99 });`,
      // A loop that has let others have a turn was waited for: then its place is the await's.
      /^(?!DivergenceError)[^\n]*iteration[^]*\n\ncell \[6\], line 1:\n {2}await descend\([^\n]*\n {2}(?: {6})?\^$/,
    ],
    [
      `await descend({
  loss: ({ x }) => {
    throw new Error('no loss');
  },
  variables: { x: 0 },
  optimizer: tf.train.sgd(0.1),
  iterations: 10,
});`,
      /^Error: no loss\n\ncell \[7\], line 3:\n {6}throw new Error\('no loss'\);\n {12}\^\ncalled from cell \[7\], line 1\n\n\(\d+ calls inside packages and Node left out\)$/,
    ],
  ]);

  test('fails the cell that runs by what nobody waits for, and says the rest below the last one', () => {
    const answers = talk(folder, [
      execute("const save = async () => { throw new Error('disk full'); };"),
      execute('void save();'),
      execute('setTimeout(() => void save(), 50);\nawait new Promise((resolve) => setTimeout(resolve, 200));'),
      execute(
        'const late = save();\nawait new Promise((resolve) => setTimeout(resolve, 50));\nawait late.catch(() => {});',
      ),
      execute(
        "setTimeout(() => { throw new Error('late'); }, 50);\nawait new Promise((resolve) => setTimeout(resolve, 200));",
      ),
      execute('void setTimeout(() => void save(), 200);'),
      { wait: 1000 },
      execute("'next'"),
    ]);
    for (const i of [1, 2]) {
      assert.match(told(answers[i]!), /^UnhandledPromiseRejection: Error: disk full\n\ncell \[1\], line 1:/);
      assert.equal(answers[i]!.reply!['status'], 'error');
    }
    assert.equal(answers[3]!.reply!['status'], 'ok');
    assert.match(told(answers[4]!), /^UncaughtException: Error: late\n/);
    assert.equal(answers[5]!.reply!['status'], 'ok');
    const [below, own] = [5, 7].map((request) => ({
      messages: answers[7]!.messages.filter((one) => one[2] === request),
    }));
    assert.match(told(below!), /^stderr: UnhandledPromiseRejection: Error: disk full\n/);
    assert.equal(told(own!), 'next');
    assert.equal(answers[7]!.reply!['status'], 'ok');
  });

  test('drops the cells that wait for one that fails, unless told otherwise', () => {
    const fails = "await new Promise((resolve) => setTimeout(resolve, 300));\nthrow new Error('no')";
    const all = (more: Content): Step[] => [fails, '1', '2'].map((code) => execute(code, more));
    const answers = talk(folder, [
      all({}),
      execute('3'),
      all({ stop_on_error: false }),
      execute('4', { silent: true }),
    ]);
    const seen = answers.map((answer) => [
      answer.reply!['status'],
      answer.reply!['execution_count'],
      told(answer).slice(0, 9),
    ]);
    assert.deepEqual(seen, [
      ['error', 1, 'Error: no'],
      ['aborted', undefined, ''],
      ['aborted', undefined, ''],
      ['ok', 2, '3'],
      ['error', 3, 'Error: no'],
      ['ok', 4, '1'],
      ['ok', 5, '2'],
      ['ok', 5, ''],
    ]);
    const { ename, evalue, traceback } = answers[0]!.reply!;
    assert.deepEqual([ename, evalue, Array.isArray(traceback)], ['Error', 'no', true]);
  });

  test('tells names of properties from the variables of earlier cells', () => {
    const answers = talk(folder, [
      execute('const tape = (x: number[]) => ({ value: x.length, grads: x.map((one) => 2 * one) });\nlet rate = 3;'),
      execute(
        'for (const k of [1, 2]) {\n  const { value: v, grads: [a, b] } = tape([k, 5]);\n  console.log(v, a, b);\n}',
      ),
      execute('const { grads: g } = tape([7]);\ng'),
      execute('const local = 1;\nrate = 4;\nconsole.log({ rate, local, tape: { rate } });'),
      execute(
        'const taken = (({ rate }: { rate: number }) => ({ rate, isNaN }))({ rate: 5 });\nconsole.log(taken.rate)',
      ),
      execute('let now = 0;\n({ rate: now } = { rate });\nnow'),
    ]);
    assert.deepEqual(answers.map(told), [
      '',
      'stdout: 2 2 10\n\nstdout: 2 4 10\n',
      '[ 14 ]',
      'stdout: { rate: 4, local: 1, tape: { rate: 4 } }\n',
      'stdout: 5\n',
      '4',
    ]);
  });

  test('shows the signature inside the parentheses of a call, and completes', () => {
    const answers = talk(folder, [
      execute(`import { losses, tf } from 'descent-lab';
/** Halves: $x / 2$. */
function half(x: number): number {
  return x / 2;
}`),
      inspect('half(|'),
      inspect("'😀😀😀😀😀😀'; half(4|)"),
      inspect('tf.square(|'),
      inspect('ha|lf'),
      inspect('3 |'),
      complete("'😀'; tf.valueAndG|"),
    ]);
    const data = (i: number): Content => answers[i]!.reply!['data'] as Content;
    for (const i of [1, 2]) {
      assert.equal(data(i)['text/plain'], 'half(x: number): number\n\nHalves: $x / 2$.', String(i));
      assert.match(
        data(i)['text/markdown'] as string,
        /```typescript\nhalf\(x: number\): number\n```\n\nHalves: \$x \/ 2\$\./,
      );
    }
    assert.match(data(3)['text/plain'] as string, /^square\(x: tf\.TensorLike.*\n\nComputes square/);
    assert.match(data(4)['text/plain'] as string, /^function half\(x: number\): number\n\nHalves/);
    assert.equal(answers[5]!.reply!['found'], false);
    const { matches, cursor_start, cursor_end } = answers[6]!.reply!;
    assert.deepEqual([matches, cursor_start, cursor_end], [['valueAndGrad', 'valueAndGrads'], 8, 17]);
  });

  test('has comms, and runs work between cells', () => {
    const comm = (type: string, content: Content): Step => ({ type, content });
    const answers = talk(folder, [
      execute(`const { comms, clearOutput } = require('tslab/dist/jupyter.js');
comms.targets.set('echo', (comm, data) => {
  comm.onMessage = (said) => comm.send({ said: said.text });
  comm.onClose = () => console.log('closed');
  comm.send({ opened: data });
});
const line = comms.open('front', { state: 1 }, { version: '2' });
clearOutput(true);
const before = comms.frontEnd;`),
      comm('comm_open', { comm_id: 'a', target_name: 'echo', data: 5 }),
      comm('comm_msg', { comm_id: 'a', data: { text: 'hello' } }),
      comm('comm_open', { comm_id: 'b', target_name: 'nobody', data: {} }),
      comm('comm_info_request', { target_name: 'jupyter.widget' }),
      comm('comm_info_request', {}),
      comm('comm_close', { comm_id: 'a', data: {} }),
      execute('console.log(before, comms.frontEnd, line.id)'),
    ]);
    const published = (i: number): unknown[] =>
      answers[i]!.messages.filter(([type]) => type !== 'execute_input').map(
        ([type, { comm_id: _, ...rest }, request]) => [type, rest, request],
      );
    assert.deepEqual(published(0), [
      ['comm_open', { target_name: 'front', data: { state: 1 } }, 0],
      ['clear_output', { wait: true }, 0],
    ]);
    assert.deepEqual(published(1), [['comm_msg', { data: { opened: 5 } }, 1]]);
    assert.deepEqual(published(2), [['comm_msg', { data: { said: 'hello' } }, 2]]);
    assert.deepEqual(published(3), [['comm_close', { data: {} }, 3]]);
    assert.deepEqual(answers[4]!.reply, { type: 'comm_info_reply', status: 'ok', comms: {} });
    const { comms } = answers[5]!.reply as { comms: Record<string, object> };
    assert.deepEqual(Object.values(comms), [{ target_name: 'front' }, { target_name: 'echo' }]);
    assert.equal(told(answers[6]!), 'stdout: closed\n');
    const [line] = Object.keys(comms);
    assert.equal(told(answers[7]!), `stdout: false true ${line}\n`);
  });

  test('runs work between cells, never inside one, and keeps it when a cell fails', () => {
    const square = (n: number): Step => ({ type: 'comm_msg', content: { comm_id: 'a', data: { n } } });
    const fails = `running = true;
await new Promise((resolve) => setTimeout(resolve, 300));
running = false;
throw new Error('no');`;
    const answers = talk(folder, [
      execute(`const { comms } = require('tslab/dist/jupyter.js');
let running = false;
comms.targets.set('square', (comm) => {
  comm.onMessage = async ({ n }) => {
    const work = () => {
      if (n < 0) throw new Error('no root');
      return running ? 'inside a cell' : n * n;
    };
    comm.send(await comms.between(work).then((square) => ({ square }), ({ message }) => ({ failed: message })));
  };
});`),
      { type: 'comm_open', content: { comm_id: 'a', target_name: 'square', data: {} } },
      square(3),
      square(-1),
      [execute(fails), square(4), execute('5')],
      execute('6'),
    ]);
    const sent = answers.flatMap(({ messages }) =>
      messages.flatMap(([type, { data }]) => (type === 'comm_msg' ? [data] : [])),
    );
    assert.deepEqual(sent, [{ square: 9 }, { failed: 'no root' }, { square: 16 }]);
    assert.deepEqual(
      [6, 7].map((i) => answers[i]!.reply!['status']),
      ['aborted', 'ok'],
    );
    assert.equal(told(answers[7]!), '6');
  });

  test('lets the stop button end what runs between cells, however often something ran there', () => {
    const answers = talk(folder, [
      execute(`const tslab = require('tslab/dist/jupyter.js');
const { comms } = tslab;
comms.targets.set('draw', (comm) => {
  comm.onMessage = async () => {
    for (let i = 0; i < 20000; i++) await comms.between(() => {});
    await comms.between(() => tslab.lastWriteDisplayData({ data: { 'text/plain': 'drawn' }, metadata: {}, transient: {} }, false));
    const endless = () => { require('node:fs').writeFileSync('begun', ''); for (;;) {} };
    await comms.between(endless).catch(({ message }) => comm.send(message));
  };
});`),
      { type: 'comm_open', content: { comm_id: 'a', target_name: 'draw', data: {} } },
      [{ type: 'comm_msg', content: { comm_id: 'a', data: {} } }, { interrupt: 'begun' }],
      execute("'alive'"),
    ]);
    const [[drawn, { data }, cell], [, sent]] = answers[2]!.messages as [Answer['messages'][0], Answer['messages'][0]];
    assert.deepEqual([drawn, data, cell], ['display_data', { 'text/plain': 'drawn' }, 0]);
    assert.match(sent['data'] as string, /interrupted by `SIGINT`/);
    assert.equal(told(answers[3]!), 'alive');
  });
});
