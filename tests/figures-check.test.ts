// The checker by itself, on notebooks as plain JSON.
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkExecution, checkNotebook } from '../publish/src/notebooks/check';
import { committedForm, serialise } from '../publish/src/notebooks/committed-form';
import { plotlyMime, type Cell, type Notebook, type Output } from '../publish/src/notebooks/notebook';
import { limits } from '../publish/src/notebooks/rules';

const code = (source: string, count: number | null, ...outputs: Output[]): Cell => ({
  cell_type: 'code',
  id: `c${count}`,
  metadata: {},
  source,
  execution_count: count,
  outputs,
});
const notebook = (...cells: Cell[]): Notebook => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
const last = (count: number): Cell => code('assert.equal(1, 1)', count);
const chart = (data: Record<string, unknown>, layout: object = { meta: { name: 'a-chart' } }): Output => ({
  output_type: 'display_data',
  metadata: {},
  data: { [plotlyMime]: { data: [], layout }, 'text/plain': 'A line rises.', 'image/png': 'AAAA', ...data },
});
const image = (size: number): Output => chart({ 'image/png': Buffer.alloc(size).toString('base64') });
const stdout = (...text: string[]): Output => ({ output_type: 'stream', name: 'stdout', text });
const whats = (...args: Parameters<typeof checkNotebook>): string[] =>
  checkNotebook(...args).map(({ cell, what }) => `[${cell}] ${what}`);

test('a good notebook has no problem', () => {
  const text: Cell = { cell_type: 'markdown', metadata: {}, source: 'The loss is at /models/loss.' };
  assert.deepEqual(whats(notebook(text, code('show()', 1, chart({})), code('', null), last(2))), []);
});

test('cells that were not run, or not in order', () => {
  assert.deepEqual(whats(notebook(code('a', 1), last(3))), ['[2] was not executed in order']);
  assert.deepEqual(whats(notebook(code('a', null), last(1))), ['[1] was not executed in order']);
});

test('the last cell has to verify or assert something, and outside comments', () => {
  const problem = (count: number): string =>
    `[${count}] is the last cell and verifies nothing: it has to check what the text says of the numbers`;
  assert.deepEqual(whats(notebook(last(1), code('const x = 1', 2))), [problem(2)]);
  assert.deepEqual(whats(notebook(code('/* assert.ok(1) */ f() // assert(1)', 1))), [problem(1)]);
  assert.deepEqual(whats(notebook(code('assert(x > 1); // so it is', 1))), []);
  assert.deepEqual(whats(notebook(code("await verify({ 'x is large': () => x > 1 });", 1))), []);
  assert.deepEqual(whats(notebook(code("fetch('http://a'); assert.deepStrictEqual(a, b)", 1))), []);
});

test('a statement that its numbers do not bear out', () => {
  const data = { 'application/vnd.descent-lab.statements+json': { statements: 2, unmet: ['the loss falls'] } };
  const cell = code('await verify({})', 1, { output_type: 'display_data', metadata: {}, data });
  assert.deepEqual(whats(notebook(cell)), ['[1] states what its numbers do not say: "the loss falls"']);
});

test('errors and stderr in the outputs', () => {
  const stderr = (text: string): Output => ({ output_type: 'stream', name: 'stderr', text: [text] });
  const error: Output = { output_type: 'error', ename: 'TypeError', evalue: 'no', traceback: [] };
  const whole = notebook(code('a', 1, stderr('one\n'), stderr('two\n')), code('b', 2, error), last(3));
  assert.deepEqual(checkNotebook(whole), [
    { cell: 1, what: 'wrote to stderr', message: 'one\ntwo\n' },
    { cell: 2, what: 'failed', message: 'TypeError: no' },
  ]);
  const traceback = ['UnhandledPromiseRejection: \u001b[31mError\u001b[39m: no', '', 'cell [1], line 1:'];
  const [lost] = checkNotebook(notebook(code('a', 1, { ...error, traceback }), last(2)));
  assert.match(lost!.what, /nothing waits for it/);
  assert.equal(lost!.message, 'UnhandledPromiseRejection: Error: no\n\ncell [1], line 1:');
});

test('paths of a machine, wherever they stand', () => {
  const says = (text: string, ...ownPaths: string[]): number =>
    whats(notebook(code('a', 1, { output_type: 'stream', name: 'stdout', text }), last(2)), { ownPaths }).length;
  assert.equal(says('read /home/ann/data.csv'), 1);
  assert.equal(says('read /Users/ann/data.csv'), 1);
  assert.equal(says('read C:\\Users\\ann\\data.csv'), 1);
  assert.equal(says('read /srv/lab/data.csv', '/srv/lab'), 1);
  assert.equal(says('read ../data/height-weight.csv; see https://example.org/home/page', '/srv/lab'), 0);
  assert.equal(whats(notebook(code("read('/home/ann/x.csv')", 1), last(2))).length, 1);
  assert.equal(whats(notebook(code('a', 1, chart({ 'text/plain': 'From /home/ann/x.' })), last(2))).length, 1);
});

test('charts need a name of their own, a text, and a small image', () => {
  const says = (...outputs: Output[]): string => whats(notebook(code('show()', 1, ...outputs), last(2))).join();
  assert.match(says(chart({}, {})), /without a name/);
  assert.match(says(chart({}, { meta: { name: 'A Chart' } })), /without a name in kebab case/);
  assert.match(says(chart({}), chart({})), /a second chart named a-chart/);
  assert.match(says(chart({ 'text/plain': ' ' })), /without a text alternative/);
  assert.match(says(chart({ 'image/png': undefined })), /without a static image/);
  assert.equal(says(image(limits.image)), '');
  assert.match(says(image(limits.image + 1)), /an image of 80001 bytes; at most 80000/);
});

test('a notebook may not be too large', () => {
  const text = 'x'.repeat(limits.notebook);
  assert.match(whats(notebook(code('a', 1, stdout(text)), last(2))).join(), /takes 300\d+ bytes; at most 3000000/);
});

test('a run that broke off says where and why', () => {
  const run = {
    complaints: [{ cell: 2, text: 'Error: no\n' }],
    failures: [],
    lastCell: 2,
    stderr: '',
    timedOut: false,
  };
  const problem = (changes: object): object | undefined => checkExecution({ ...run, ...changes }, undefined, []).at(-1);
  assert.deepEqual(problem({}), { cell: 2, what: 'failed', message: 'Error: no' });
  assert.deepEqual(problem({ timedOut: true, complaints: [] }), {
    cell: 2,
    what: 'takes too long (--timeout SECONDS gives it more)',
    message: '',
  });
  assert.deepEqual(problem({ stderr: 'DeadKernelError: Kernel died', complaints: [] }), {
    cell: 2,
    what: 'ended the kernel',
    message: '',
  });
  assert.deepEqual(problem({ lastCell: 0, complaints: [], stderr: 'No such kernel named tslab\n' }), {
    what: 'the kernel did not start',
    message: 'No such kernel named tslab',
  });
  const failed = (text: string): object | undefined => problem({ complaints: [], failures: [{ cell: 2, text }] });
  assert.deepEqual(failed('Error: no\n\ncell [2], line 1:'), {
    cell: 2,
    what: 'failed',
    message: 'Error: no\n\ncell [2], line 1:',
  });
  assert.match((failed('UnhandledPromiseRejection: Error: lost') as { what: string }).what, /nothing waits for it/);
  const both = checkExecution({ ...run, failures: [{ cell: 2, text: 'RangeError: no' }] }, undefined, []);
  assert.deepEqual(
    both.map(({ what, message }) => [what, message]),
    [
      ['wrote to stderr', 'Error: no\n'],
      ['failed', 'RangeError: no'],
    ],
  );
  const lost = { cell: 1, text: 'UnhandledPromiseRejection: Error: lost' };
  const [first] = checkExecution({ ...run, complaints: [lost, ...run.complaints] }, undefined, []);
  assert.match(first!.what, /nothing waits for it/);
});

test("the committed form keeps the author's cells and drops what belongs to one run", () => {
  const cellsBefore = [code('a', null), last(9)];
  const source: Notebook = { ...notebook(...cellsBefore), metadata: { widgets: {}, kernelspec: { name: 'other' } } };
  source.cells[0]!.metadata = { tags: ['long'], execution: { 'iopub.status.busy': '2026-01-01' }, scrolled: true };
  const result: Output = {
    output_type: 'execute_result',
    data: { 'text/plain': '4' },
    metadata: {},
    execution_count: 7,
  };
  const executed = notebook(code('a changed', 7, stdout('1\n'), stdout('2\n3'), result), last(8));
  const { cells, metadata } = committedForm(source, executed);
  const outputs = [stdout('1\n', '2\n', '3'), { ...result, execution_count: 1 }];
  assert.deepEqual(cells[0], { ...code('a', 1, ...outputs), id: 'cnull', metadata: { tags: ['long'] } });
  assert.equal(cells[1]!.execution_count, 2);
  assert.deepEqual(Object.keys(metadata), ['kernelspec', 'language_info']);
});

test("a notebook's file has sorted keys, a chart in one line, and reads back the same", () => {
  const whole = notebook(code('"@chart 0@"', 1, chart({}, { b: 1, a: [1, 2], meta: { name: 'x' } })), last(2));
  const text = serialise(whole);
  assert.deepEqual(JSON.parse(text), whole);
  assert.ok(text.includes(`"${plotlyMime}": {"data":[],"layout":{"a":[1,2],"b":1,"meta":{"name":"x"}}}`));
  assert.ok(text.indexOf('"cell_type"') < text.indexOf('"execution_count"'));
  assert.ok(text.endsWith('}\n'));
});

test("the kernel closing its own sockets is not the notebook's doing", () => {
  const whole = notebook(last(1));
  const closing = "UnhandledPromiseRejection: Error: Socket is closed\n  errno: 9,\n  code: 'EBADF'\n}\n";
  assert.deepEqual(checkNotebook(whole, { complaints: [{ cell: 1, text: closing }] }), []);
  assert.equal(
    checkNotebook(whole, { complaints: [{ cell: 1, text: 'UnhandledPromiseRejection: Error: Socket is closed' }] })
      .length,
    1,
  );
});
