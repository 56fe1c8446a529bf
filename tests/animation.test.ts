import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { animate, type Figure, type FrameState, type JsonObject } from '../lib/src/figures';
import { findBrowser } from '../lib/src/edge/browser';
import { renderGif, writeHtml } from 'descent-lab';
import { losses, surface, turningLine } from './snapshots/figures';
import { snapshot } from './snapshots/snapshot';

/** The first Play button's arguments for Plotly.animate. */
const playOf = ({ layout }: Figure) => {
  const [menu] = layout.updatemenus as {
    buttons: { label: string; args: [null, { fromcurrent: boolean; frame: JsonObject }] }[];
  }[];
  return menu!.buttons.find(({ label }) => label === 'Play')!.args;
};

test('an animation of two panels in step', () => snapshot('turning-line', turningLine()));

test('Play goes on from where the slider stands, and the slider reaches every frame', () => {
  const { frames, layout } = turningLine();
  const [slider] = layout.sliders as { active: number; steps: { label: string; args: [string[]] }[] }[];
  assert.deepEqual(
    slider!.steps.map(({ args }) => args[0]),
    frames!.map(({ name }) => [name]),
  );
  assert.deepEqual(
    slider!.steps.map(({ label }) => label),
    ['0', '1', '5', '30'],
  );
  assert.equal(slider!.active, 3, 'the figure shows the last state');
  assert.equal(playOf(turningLine())[1].fromcurrent, true);
});

test('an animation takes about six seconds, Slow four times as long, and Loop goes round', () => {
  const of = (count: number) => {
    const states = Array.from({ length: count }, (_, i) => ({ label: String(i), data: [{ y: [i] }] }));
    const { layout } = animate(losses(), states, { traces: [0] });
    const [{ buttons }] = layout.updatemenus as [{ buttons: { label: string; args: [string[], { frame: { duration: number } }] }[] }]; // prettier-ignore
    return Object.fromEntries(buttons.map(({ label, args }) => [label, args]));
  };
  for (const count of [10, 26, 60]) {
    const { Play, Slow, Loop } = of(count);
    const seconds = (count * Play![1].frame.duration) / 1000;
    assert.ok(seconds > 5.9 && seconds < 6.1, `${count} frames take ${seconds} s`);
    assert.equal(Slow![1].frame.duration, 4 * Play![1].frame.duration);
    const again = Loop![0].indexOf('0', 1);
    assert.deepEqual(Loop![0].slice(again - 1, again + 2), [String(count - 1), '0', '1'], 'it begins anew');
    assert.ok(again > count + 3, 'after a rest');
  }
  assert.equal(of(5).Play![1].frame.duration, 700, 'few frames do not stand for ever');
  assert.equal(of(500).Play![1].frame.duration, 60, 'many are still seen');
});

test('of one state there is nothing to play', () => {
  const still = animate(losses(), [{ label: '0', data: [{ y: [9] }] }], { traces: [0] });
  assert.equal(still.frames, undefined);
  assert.equal(still.layout.sliders, undefined);
  assert.deepEqual(still.data[0]!['y'], [9]);
});

test('only what needs it is drawn again in each frame', () => {
  const moved = (figure: Figure, state: Partial<FrameState> = {}) =>
    playOf(
      animate(
        figure,
        [
          { label: '0', data: [{}], ...state },
          { label: '1', data: [{}] },
        ],
        { traces: [0] },
      ),
    )[1].frame.redraw;
  assert.equal(moved(losses()), false);
  assert.equal(moved(losses(), { layout: { title: { text: 'x' } } }), true);
  assert.equal(moved(surface()), true);
  const ground = {
    ...losses(),
    data: [
      ...losses().data,
      {
        type: 'contour',
        z: [
          [0, 1],
          [1, 2],
        ],
      },
    ],
  };
  assert.equal(moved(ground), true, 'a contour that stands still would vanish');
});

test('the controls come below the plot, which keeps its size', () => {
  const still = losses().layout as { height: number; margin: { t: number; b: number }; legend: { y: number } };
  const moving = animate(losses(), [{ label: '0', data: [{}] }], { traces: [0] }).layout as typeof still;
  assert.equal(moving.height - moving.margin.b, still.height - still.margin.b);
  assert.equal(moving.margin.t, still.margin.t);
  assert.ok(
    Math.abs((1 - moving.legend.y) * moving.height - (1 - still.legend.y) * still.height) < 1e-9,
    'nor does the legend move',
  );
});

test('an animation that cannot be is refused with the remedy', () => {
  const large = Array.from({ length: 60 }, (_, i) => ({
    label: String(i),
    data: [{ y: Array<number>(2000).fill(1.234) }],
  }));
  assert.throws(
    () => animate(losses(), large, { traces: [0] }),
    /'test-losses' takes \d+ kB .* pick fewer of its 60 frames \(pickFrames\)/,
  );
  assert.throws(() => animate(losses(), [], { traces: [0] }), /has no frames/);
  assert.throws(
    () => animate(losses(), [{ label: '0', data: [{}] }], { traces: [9] }),
    /changes trace 9, but the figure has 4/,
  );
  assert.throws(
    () => animate(losses(), [{ label: '0', data: [{}, {}] }], { traces: [0] }),
    /frame 0 .* changes 2 traces, not 1/,
  );
});

test('in a page from a file, offline: Plotly accepts every attribute, Play moves the data, the slider jumps', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'descent-lab-'));
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    env: { ...(process.env as Record<string, string>), ...env },
    args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--disable-background-networking'],
  });
  try {
    const file = join(folder, 'deep', 'page.html');
    writeHtml(file, [turningLine(), losses(), surface()], { title: 'Figures', intro: 'Three.' });
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('.updatemenu-button');
    assert.deepEqual(await page.evaluate(invalid), []);

    assert.equal(await page.evaluate(lastLoss), 31, 'nothing moves by itself');
    await page
      .locator('.slider-rail-touch-rect')
      .first()
      .click({ position: { x: 2, y: 2 } });
    await page.waitForFunction(
      (wanted) => (document.querySelector('.chart') as unknown as Chart).data[1]!.y.length === wanted,
      1,
    );
    await page.getByText('Play', { exact: true }).click();
    await page.waitForFunction(
      (wanted) => (document.querySelector('.chart') as unknown as Chart).data[1]!.y.length === wanted,
      31,
    );
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});

/** What a page's chart and script are, seen from inside it. */
interface Chart {
  data: { y: number[] }[];
  layout: object;
}
declare const Plotly: { validate(data: object, layout: object): { msg: string }[] | undefined };

/** In the page: what Plotly's schema says against the charts and their frames. */
function invalid(): string[] {
  return Array.from(document.querySelectorAll('script[type="application/json"]')).flatMap((script) => {
    const {
      data,
      layout,
      frames = [],
    } = JSON.parse(script.textContent ?? '') as Pick<Figure, 'data' | 'layout' | 'frames'>;
    const states = frames.map((frame) =>
      data.map((trace, i) => ({ ...trace, ...frame.data[frame.traces!.indexOf(i)] })),
    );
    const { legend, ...shown } = layout as { legend?: object; showlegend?: boolean };
    if (shown.showlegend) Object.assign(shown, { legend }); // Plotly's check fails at one that is not shown
    return (
      [data, ...states]
        .flatMap((traces) => Plotly.validate(traces, shown) ?? [])
        .map(({ msg }) => msg)
        // Plotly copies the arguments of buttons and takes the copies for another value; 3-D scenes have no plot background.
        .filter((msg) => !/args\[\d\] .* got reset to|plot_bgcolor did not get coerced/.test(msg))
    );
  });
}

/** In the page: how many losses the first chart shows. */
function lastLoss(): number {
  return (document.querySelector('.chart') as unknown as Chart).data[1]!.y.length;
}

test('a GIF holds the frames, moves, and repeats', async () => {
  const gif = await renderGif(turningLine(), { width: 300, delay: 50 });
  const { format, pages, loop, delay, width, height } = await sharp(gif).metadata();
  assert.deepEqual(
    { format, pages, loop, delay, width },
    { format: 'gif', pages: 4, loop: 0, delay: [50, 50, 50, 2000], width: 300 },
  );
  assert.ok(height > 200);
  const [first, last] = await Promise.all([0, 3].map((page) => sharp(gif, { page }).raw().toBuffer()));
  assert.ok(!first!.equals(last!));
  await assert.rejects(
    renderGif(turningLine(), { width: 300, limit: 1000 }),
    /'test-turning-line' takes .* MB as a GIF/,
  );
  await assert.rejects(renderGif(losses()), /'test-losses' has no frames/);
});
