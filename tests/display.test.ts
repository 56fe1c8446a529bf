import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  display,
  figureHash,
  liveFigure,
  liveLossChart,
  PLOTLY_MIME,
  type Bundle,
  type Figure,
  type Payload,
} from 'descent-lab';
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

test('a figure too large for a notebook is refused, in a script too', async () => {
  const figure: Figure = { ...losses(), data: [{ y: Array<number>(100_000).fill(1.234) }] };
  await assert.rejects(display(figure), /more than the 300 kB/);
});

test('outside a kernel display and live figures do nothing', async () => {
  await display(losses());
  const live = liveFigure(losses());
  live.update(() => assert.fail('nobody sees it'));
  await live.finish(() => assert.fail('nobody sees it'));
});

test('a live figure ends as the chart that display shows, in the place of all before', () =>
  inKernel(async (messages) => {
    let now = 0;
    const live = liveFigure(losses(), () => now);
    live.update(() => assert.fail('too soon after the last one'));
    now = 1000;
    live.update(losses);
    live.update(() => assert.fail('one is being drawn'));
    while (messages.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await live.finish(losses);
    await display(losses());
    const [first, image, last, shown] = messages as [Message, Message, Message, Message];
    assert.deepEqual([first.update, image.update, last.update], [false, true, true]);
    assert.equal(new Set([first, image, last].map(({ bundle }) => bundle.transient.display_id)).size, 1);
    assert.deepEqual(Object.keys(image.bundle.data), ['image/png', 'text/plain']);
    assert.deepEqual(last.bundle.data, shown.bundle.data);
  }));

test('a live loss chart holds the whole run, thinned, on an axis as long as the run', () =>
  inKernel(async (messages) => {
    const live = liveLossChart({ title: 'The loss falls', iterations: 5000 });
    for (let iteration = 0; iteration <= 4000; iteration++) live.onIteration({ iteration, loss: 1 / (1 + iteration) });
    await live.finish();
    const { data, layout } = messages.at(-1)!.bundle.data[PLOTLY_MIME] as unknown as Payload;
    const x = data[0]!.x as number[];
    assert.deepEqual([x.length, x[0], x.at(-1)], [1000, 0, 4000]);
    assert.deepEqual((layout.xaxis as { range: number[] }).range, [0, 5000]);
    assert.equal(messages.at(-1)!.bundle.data['text/plain'], 'The loss after 4000 iterations is 0.0002499, from 1.');
  }));
