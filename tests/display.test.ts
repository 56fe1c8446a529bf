import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { display, verify } from 'descent-lab';
import { figureHash, PLOTLY_MIME, type Payload } from '../lib/src/edge/payload';
import { type Bundle } from '../lib/src/edge/kernel';
import { STATEMENTS_MIME } from '../lib/src/edge/verify';
import { type Figure } from '../lib/src/figures';
import { losses } from './snapshots/figures';

type Message = { bundle: Bundle; update: boolean };

/** Makes this process look like the kernel of a tslab that is installed somewhere else, while `body` runs. */
async function inKernel(body: (messages: Message[]) => Promise<void>): Promise<void> {
  const name = join('/elsewhere', 'tslab', 'dist', 'jupyter.js');
  const messages: Message[] = [];
  const exports = { lastWriteDisplayData: (bundle: Bundle, update: boolean) => void messages.push({ bundle, update }) };
  require.cache[name] = { exports } as NodeJS.Module;
  const images = mkdtempSync(join(tmpdir(), 'descent-lab-'));
  process.env.DESCENT_LAB_CACHE = images;
  try {
    await body(messages);
  } finally {
    delete require.cache[name];
    delete process.env.DESCENT_LAB_CACHE;
    rmSync(images, { recursive: true });
  }
}

test('in a kernel one message carries the chart, its still and its description', () =>
  inKernel(async (messages) => {
    await display(losses());
    assert.equal(messages.length, 1);
    const {
      bundle: { data },
      update,
    } = messages[0]!;
    assert.equal(update, false);
    assert.deepEqual(Object.keys(data), [PLOTLY_MIME, 'image/png', 'text/plain']);
    assert.equal(data['text/plain'], losses().description);
    const payload = data[PLOTLY_MIME] as unknown as Payload;
    assert.equal((payload.layout.meta as { name: string }).name, 'test-losses');
    assert.equal(figureHash(payload), figureHash(losses()));
    const png = Buffer.from(data['image/png'] as string, 'base64');
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(png.length <= 80_000);
  }));

test('without a browser the chart comes without a still, and one line says so', async (t) => {
  const warn = t.mock.method(console, 'warn', () => undefined);
  process.env.CHROME_PATH = join(__dirname, 'no-such-browser');
  try {
    await inKernel(async (messages) => {
      await display(losses());
      assert.deepEqual(Object.keys(messages[0]!.bundle.data), [PLOTLY_MIME, 'text/plain']);
    });
    assert.equal(warn.mock.callCount(), 1);
    assert.match(
      String(warn.mock.calls[0]!.arguments[0]),
      /^test-losses: no still image, since CHROME_PATH is .*npm run doctor/,
    );
  } finally {
    delete process.env.CHROME_PATH;
  }
});

test('a list of rows is shown as a table: in HTML with headings and no foreign tag, and as lines of text', () =>
  inKernel(async (messages) => {
    const rows = [
      { name: '<i>a</i>', value: 1.23456 },
      { name: 'long', value: undefined },
    ];
    await display(rows);
    assert.deepEqual(messages[0]!.bundle.data, {
      'text/html':
        '<table>\n<thead><tr><th scope="col">name</th><th scope="col">value</th></tr></thead>\n<tbody>\n' +
        '<tr><th scope="row">&lt;i&gt;a&lt;/i&gt;</th><td>1.235</td></tr>\n' +
        '<tr><th scope="row">long</th><td></td></tr>\n</tbody>\n</table>',
      'text/plain': 'name      value\n<i>a</i>  1.235\nlong',
    });
    for (const none of [[], [{}]]) await assert.rejects(display(none), /at least one row with one column/);
  }));

test('a figure too large for a notebook is refused, in a script too', async () => {
  const figure: Figure = { ...losses(), data: [{ y: Array<number>(100_000).fill(1.234) }] };
  await assert.rejects(display(figure), /more than the 300 kB/);
});

test('outside a kernel display does nothing', () => display(losses()));

test('the statements of a text that no longer hold are named, and the reader is told that this is fine', () =>
  inKernel(async (messages) => {
    const gone = {} as { run?: { loss: number } };
    await verify({
      'the loss <falls>': () => 1 > 2,
      'two and two are four': () => 2 + 2 === 4,
      'the run ends': () => gone.run!.loss < 1,
    });
    const { data } = messages[0]!.bundle;
    const lost = ['the loss <falls>', 'the run ends'];
    assert.deepEqual(data[STATEMENTS_MIME], { statements: 3, unmet: lost });
    assert.match(
      data['text/plain'] as string,
      /^Of 3 statements .* 2 do not hold .*:\n- the loss <falls>\n- the run ends\n.*fine/,
    );
    assert.match(data['text/html'] as string, /<li>the loss &lt;falls&gt;<\/li>/);
  }));

test('where all statements hold one line says so, and outside a kernel nothing is said', async () => {
  await verify({ 'not so': () => false });
  await inKernel(async (messages) => {
    await verify({ 'one is one': () => 1 === 1 });
    const { data } = messages[0]!.bundle;
    assert.equal(data['text/plain'], 'What the text says of its numbers holds: 1 statement, checked.');
    assert.deepEqual(data[STATEMENTS_MIME], { statements: 1, unmet: [] });
  });
  await assert.rejects(verify({}), /verify needs a statement/);
});
