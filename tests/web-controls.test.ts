// Controls above charts, as a reader moves them in a page: keys, mouse, quick hands, errors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { fragmentOf } from '../web/src/page/link';
import { open, SitePages } from './support/site-page';

const site = new SitePages();

/** A cell with controls, its panel and its chart. */
interface Explorable {
  page: Page;
  cell: Locator;
  panel: Locator;
  chart: Locator;
  /** The chart's title. */
  title: () => Promise<string>;
}

/** What a page has below the cell that shows a figure of that name; errors of the page fail the test at its end. */
async function explorable(
  t: TestContext,
  address: string,
  figure: string,
  options: BrowserContextOptions = {},
): Promise<Explorable> {
  const errors: string[] = [];
  const context = await site.context(options);
  const page = await open(context, address, (one) => one.on('pageerror', (error) => errors.push(String(error.stack))));
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  const cell = page.locator('.cell', { has: page.locator(`figure[data-name="${figure}"]`) });
  const chart = cell.locator(`figure[data-name="${figure}"]`);
  return {
    page,
    cell,
    panel: cell.locator('.panel'),
    chart,
    title: async () => (await chart.locator('.gtitle').allTextContents()).join(' '),
  };
}

/** Waits until the chart's title says something. */
const says = ({ chart }: Explorable, text: string | RegExp): Promise<void> =>
  chart.locator('.gtitle').filter({ hasText: text }).first().waitFor();

/** A cell whose chart says where its dial stands; beyond 7 it fails. */
const DIAL = `import { interact, slider } from 'descent-lab';
await interact({ speed: slider({ from: 0, to: 10, step: 1, start: 3, unit: 'm/s' }) }, async ({ speed }) => {
  console.log('drawing ' + speed);
  if (speed > 7) throw new RangeError('too fast: ' + speed);
  return { name: 'dial', description: 'a dial', data: [{ x: [0, 1], y: [0, speed] }], layout: { title: { text: 'at ' + speed }, height: 300 } };
});`;

/** The playground with that cell, after it has run. */
async function dial(t: TestContext): Promise<Explorable> {
  const found = await explorable(t, site.addressOf('try.html') + (await fragmentOf([DIAL])), 'dial');
  await found.page.locator('[data-action="run"]').first().click();
  await says(found, 'at 3');
  return found;
}

test('on a page that has run nothing, a dial that is moved by keys runs its cell, and the chart follows in place', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await explorable(t, site.addressOf('notebooks/01-fit-a-line.html'), 'rate-to-try');
  const { page, panel, chart, cell } = found;
  await chart.scrollIntoViewIfNeeded();
  await says(found, /rate [\d.e-]+ \w+/);
  const before = { title: await found.title(), box: await chart.boundingBox(), scroll: await page.evaluate('scrollY') };
  const range = panel.getByRole('slider', { name: 'rate' });
  await range.focus();
  for (let i = 0; i < 8; i++) await range.press('ArrowLeft');
  const rate = (await range.getAttribute('aria-valuetext'))!;
  await says(found, `rate ${rate.replace('−', '-')} `);
  assert.notEqual(await found.title(), before.title);
  assert.equal(await cell.getAttribute('data-state'), 'done');
  assert.deepEqual(await chart.boundingBox(), before.box, 'nothing has moved');
  assert.equal(await page.evaluate('scrollY'), before.scroll);
  assert.ok(await range.evaluate((one) => one === document.activeElement), 'the hand stays on the dial');
});

test('a press on the map, and a drag, put the point there: before anything has run, and after', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await explorable(t, site.addressOf('notebooks/04-choose-an-optimiser.html'), 'race-to-try');
  const { page, chart, panel } = found;
  await chart.scrollIntoViewIfNeeded();
  await chart.locator('.main-svg').first().waitFor();
  const area = (await chart.locator('.nsewdrag[data-subplot="xy"]').boundingBox())!;
  /** A place in the map, in parts of its width and height from the upper left corner. */
  const at = (across: number, down: number): [number, number] => [
    area.x + across * area.width,
    area.y + down * area.height,
  ];
  const place = async (): Promise<number[]> =>
    (await panel.locator('output').allTextContents()).map((text) => Number(text.replace('−', '-')));
  const near = async (x: number, y: number): Promise<void> => {
    const [px, py] = await place();
    assert.ok(Math.abs(px! - x) < 0.05 && Math.abs(py! - y) < 0.05, `(${px}, ${py}) is not (${x}, ${y})`);
  };
  await page.mouse.click(...at(0.3, 0.25)); // the map goes from -0.5 to 5.2, and from -1.8 to 1.8
  await found.cell.locator('xpath=self::*[@data-state="done"]').waitFor();
  await near(1.21, 0.9);
  const [x, y] = await place();
  await says(found, `From (${x}, ${y})`);
  await page.mouse.move(...at(0.3, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.6, 0.75), { steps: 12 });
  await page.mouse.up();
  await near(2.92, -0.9);
  const [toX, toY] = await place();
  await says(found, `From (${toX}, ${toY})`);
});

test('one choice leads from the circle to the sphere and back, in the same chart', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await explorable(t, site.addressOf('notebooks/02-spread-vectors.html'), 'vectors-to-try');
  const { panel, chart } = found;
  await chart.scrollIntoViewIfNeeded();
  await panel.getByRole('combobox', { name: 'on' }).selectOption('sphere');
  await says(found, /of 47\.4 degrees/);
  assert.equal(await chart.locator('.gl-container canvas').count(), 1);
  await panel.getByRole('combobox', { name: 'on' }).selectOption('circle');
  await says(found, /of 18\.0 degrees/);
  assert.equal(await chart.locator('.gl-container canvas').count(), 0);
});

test("a reader's own photo is one of the choices, once its cell has run again", async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await explorable(t, site.addressOf('notebooks/03-fool-a-classifier.html'), 'attack-to-try');
  const { page, panel, cell } = found;
  await page.locator('.kernel summary').click();
  const chooser = page.waitForEvent('filechooser');
  await page.locator('[data-action="add-file"]').click();
  const buffer = readFileSync(join(__dirname, '../data/photos/cat-garden.jpg'));
  await (await chooser).setFiles({ name: 'mine.jpg', mimeType: 'image/jpeg', buffer });
  await page.getByText('mine.jpg (').waitFor();
  await cell.locator('[data-action="run"]').click();
  const photo = panel.getByRole('combobox', { name: 'photo' });
  await photo.locator('option', { hasText: 'mine' }).waitFor({ state: 'attached' });
  await photo.selectOption('mine');
  await says(found, 'mine: cat 84.9 % becomes dog 96.8 %');
  await found.chart.locator('text', { hasText: 'mine' }).first().waitFor();
});

test('on a phone the panels of a chart stand below each other, and a touch still finds the map', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const found = await explorable(t, site.addressOf('notebooks/04-choose-an-optimiser.html'), 'race-to-try', phone);
  const { page, panel, chart, cell } = found;
  await chart.scrollIntoViewIfNeeded();
  await chart.locator('.main-svg').first().waitFor();
  const boxOf = (panel: string) => chart.locator(`.nsewdrag[data-subplot="${panel}"]`).boundingBox();
  const [map, losses] = [(await boxOf('xy'))!, (await boxOf('x2y2'))!];
  assert.ok(losses.y > map.y + map.height && Math.abs(losses.x - map.x) < 1, JSON.stringify({ map, losses }));
  assert.equal(await chart.locator('.plot').evaluate((plot) => plot.scrollWidth - plot.clientWidth), 0);
  await page.touchscreen.tap(map.x + 0.3 * map.width, map.y + 0.25 * map.height);
  await cell.locator('xpath=self::*[@data-state="done"]').waitFor();
  const [x, y] = (await panel.locator('output').allTextContents()).map((text) => Number(text.replace('−', '-')));
  assert.ok(Math.abs(x! - 1.21) < 0.05 && Math.abs(y! - 0.9) < 0.05, `(${x}, ${y})`);
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.waitForFunction(
    () =>
      document.querySelector('figure[data-name="race-to-try"] .nsewdrag[data-subplot="x2y2"]')!.getBoundingClientRect()
        .x >
      document.querySelector('figure[data-name="race-to-try"] .nsewdrag[data-subplot="xy"]')!.getBoundingClientRect()
        .right,
  );
});

test('a last expression is shown as what it is: a table, a chart, a tensor in short', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const cells = [
    "import { readColumns, tf } from 'descent-lab';\nimport polars from 'nodejs-polars';\ntf.tensor1d([1 / 3, 2])",
    'polars.DataFrame({ height: [1.5, 2] })',
    "({ name: 'made', description: 'made', data: [{ y: [1, 2] }], layout: { title: { text: 'made' } } })",
  ];
  const context = await site.context();
  t.after(() => context.close());
  const page = await open(context, site.addressOf('try.html') + (await fragmentOf(cells)));
  await page.locator('[data-action="run-all"]').click();
  await page.getByText('3 cells done').waitFor();
  const cell = (number: number): Locator => page.locator('.cell').nth(number - 1);
  assert.equal(await cell(1).locator('pre.stdout').textContent(), 'float32 tensor of shape [2]\n[ 0.3333, 2 ]\n');
  assert.equal(await cell(2).getByRole('columnheader', { name: 'height' }).count(), 1);
  await cell(3).locator('figure.chart').scrollIntoViewIfNeeded();
  await cell(3).locator('figure.chart .main-svg').first().waitFor();
});

test('of quick moves the last one counts', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await dial(t);
  const range = found.panel.getByRole('slider', { name: 'speed' });
  await range.evaluate((input: HTMLInputElement) => {
    for (let i = 0; i < 40; i++) {
      input.value = String((i * 3) % 8);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }
  });
  await says(found, 'at 5');
  assert.notEqual(await found.chart.locator('.ytick text').last().textContent(), '3', 'the axis goes with the points');
  await found.page.waitForTimeout(500);
  assert.equal((await found.title()).trim(), 'at 5');
  assert.equal(await found.panel.locator('output').textContent(), '5 m/s');
  assert.equal(
    await found.panel.locator('.said').textContent(),
    'drawing 5\n',
    'what it prints replaces what it printed',
  );
});

test('an error stands beside the chart, which stays as it was; the next move takes it away', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await dial(t);
  const range = found.panel.getByRole('slider', { name: 'speed' });
  await range.press('End');
  await found.panel.getByText('RangeError: too fast: 10').waitFor();
  assert.match((await found.panel.locator('.said').textContent())!, /cell 1, line 4:/);
  assert.equal((await found.title()).trim(), 'at 3', 'the last good state');
  await range.press('Home');
  await says(found, 'at 0');
  assert.doesNotMatch((await found.panel.locator('.said').textContent())!, /too fast/);
});

test('after a restart a dial runs its cell anew, and a cell that runs again keeps where its dials stand', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const found = await dial(t);
  const { page, panel } = found;
  const range = panel.getByRole('slider', { name: 'speed' });
  await range.press('ArrowRight');
  await says(found, 'at 4');
  await page.locator('.kernel summary').click();
  await page.getByRole('button', { name: 'Restart the kernel' }).click();
  await range.press('ArrowRight');
  await says(found, 'at 5');
  await page.locator('[data-action="run"]').first().click();
  await found.cell.locator('xpath=self::*[@data-state="done"]').waitFor();
  await says(found, 'at 5');
  assert.equal(await range.inputValue(), '5');
  assert.equal(await panel.count(), 1);
});

test('a cell that is asked for again and again while others run is fresh at the end', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, cell } = await explorable(t, site.addressOf('notebooks/01-fit-a-line.html'), 'rate-to-try');
  const run = cell.locator('[data-action="run"]');
  await cell.scrollIntoViewIfNeeded();
  for (let i = 0; i < 30; i++) {
    await run.evaluate((button: HTMLButtonElement) => button.click());
    await page.waitForTimeout(20 * (i % 4));
  }
  await page.locator('main:not([data-running])').waitFor();
  await cell.locator('xpath=self::*[@data-state="done"]').waitFor();
  assert.equal(await page.locator('.cell[data-state="stale"]').count(), 0);
});
