// The page with cells of one's own, and what its editor offers: in a browser, opened from the disk.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from 'descent-lab';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { templateCells } from '../publish/src/site/playground';
import { fragmentOf } from '../web/src/page/link';
import { open, SitePages } from './support/site-page';

const site = new SitePages();

/** A page of the site, and what it loaded; what went wrong on it is told when it is closed. */
async function openPage(path: string, fragment = '', options: BrowserContextOptions = {}) {
  const context = await site.context(options);
  const [errors, loaded]: [string[], string[]] = [[], []];
  const page = await open(context, site.addressOf(path) + fragment, (one) => {
    one.on('dialog', (dialog) => void dialog.accept());
    one.on('pageerror', (error) => errors.push(String(error.stack)));
    one.on('request', (request) => loaded.push(request.url().replace(/^.*\/assets\//, '')));
  });
  const close = async (): Promise<void> => {
    await context.close();
    assert.deepEqual(errors, []);
  };
  return { page, loaded, close };
}

const cell = (page: Page, number: number): Locator => page.locator('.cell').nth(number - 1);
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const status = (page: Page): Locator => page.locator('.kernel').getByRole('status');
const sources = (page: Page): Promise<string[]> =>
  page.locator('.cell pre.code').evaluateAll((codes) => codes.map((code) => code.textContent));

test('the playground begins with four cells that run, and nothing is loaded before that', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, loaded, close } = await openPage('try.html');
  assert.deepEqual(await sources(page), templateCells);
  assert.deepEqual(
    loaded.filter((file) => /notebook|kernel|editor|completions|plotly/.test(file)),
    [],
  );
  await page.locator('[data-action="run-all"]').click();
  await status(page).getByText('4 cells done').waitFor();
  assert.equal(await cell(page, 3).locator('pre.stdout').textContent(), 'the sender is at (6.05, 3.84)\n');
  await cell(page, 4).locator('figure.chart').scrollIntoViewIfNeeded();
  await cell(page, 4).locator('figure[data-live] .main-svg').first().waitFor();
  await close();
});

test('cells are added, moved and removed, and are there again after a reload', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, close } = await openPage('try.html');
  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await page.getByRole('button', { name: 'Add cell below cell 2' }).press('Enter');
  await page.locator('.cm-content:focus').waitFor();
  const added = "console.log('a cell of mine')";
  await page.keyboard.insertText(added);
  await page.keyboard.press('Control+Enter');
  await cell(page, 3).locator('pre.stdout').waitFor();
  assert.equal(await cell(page, 1).getAttribute('data-state'), null, 'it needs none of the others');
  await page.getByRole('button', { name: 'Move cell 3 up' }).press('Enter');
  assert.equal(await focused(), 'Move cell 2 up', 'the focus goes with the cell');
  await page.getByRole('button', { name: 'Remove cell 4' }).press('Enter');
  assert.equal(await focused(), 'Remove cell 4', 'on the one that is there now');
  await page.reload();
  await page.locator('#cell-own-4').waitFor();
  const [data, loss, , figure] = templateCells;
  assert.deepEqual(await sources(page), [data, added, loss, figure]);
  for (const number of [4, 3, 2, 1]) await press(page, `Remove cell ${number}`);
  assert.deepEqual(await sources(page), [''], 'there is always one');
  await page.locator('.kernel summary').click();
  await Promise.all([page.waitForEvent('load'), press(page, 'Start again')]);
  assert.deepEqual(await sources(page), templateCells);
  await close();
});

test('a link carries cells as text, which run only when they are told to', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const hostile = '</code></pre><img src=x onerror="top.pwned=1"><script>top.pwned=1</script>';
  const given = [hostile, "console.log('the second')"];
  const { page, close } = await openPage('try.html', await fragmentOf(given));
  await page.getByText('Nothing runs before you press Run').waitFor();
  assert.deepEqual(await sources(page), given);
  assert.equal(await page.locator('.cell :is(img, script)').count(), 0);
  assert.equal(await page.evaluate(() => 'pwned' in window || 'kernelSource' in window), false);
  await press(page, 'Run cell 2');
  await cell(page, 2).locator('pre.stdout').getByText('the second').waitFor();
  await page.locator('.kernel summary').click();
  await press(page, 'Copy a link to these cells');
  const link = await page.getByRole('textbox', { name: 'Link to these cells' }).inputValue();
  assert.equal(link, site.addressOf('try.html') + (await fragmentOf(given)));

  // What is changed under a link is kept under that link, and not in place of the reader's own.
  await press(page, 'Remove cell 1');
  await page.reload();
  await page.getByText('came with the link').waitFor();
  assert.deepEqual(await sources(page), given.slice(1));
  await page.goto('about:blank');
  await page.goto(site.addressOf('try.html'));
  assert.deepEqual(await sources(page), templateCells);
  await page.goto('about:blank');
  await page.goto(link.slice(0, -6));
  await status(page).getByText('cannot be read: it may have been cut').waitFor();
  await close();
});

test('cells that would make too long a link are said to, with what to do instead', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, close } = await openPage('try.html');
  const random = new Random(1);
  await press(page, 'Edit cell 1');
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(Array.from({ length: 12_000 }, () => random.integer(0, 35).toString(36)).join(''));
  await page.locator('.kernel summary').click();
  await press(page, 'Copy a link to these cells');
  await status(page).getByText('a link may carry 8,000: Download as .ipynb').waitFor();
  assert.equal(await page.locator('[data-part="link"]').isVisible(), false);
  await close();
});

test('the editor stands where the listing stood, and completes names before a cell has run', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, close } = await openPage('try.html', '', { colorScheme: 'dark' });
  const height = (): Promise<number> => cell(page, 2).evaluate((one) => one.getBoundingClientRect().height);
  const [listing, before] = [await cell(page, 2).locator('pre.code').innerHTML(), await height()];
  await press(page, 'Edit cell 2');
  const editor = cell(page, 2).locator('.cm-content');
  await editor.waitFor();
  assert.ok(Math.abs((await height()) - before) <= 1, `${before} -> ${await height()}`);
  const [caret, text] = await editor.evaluate((one) => [getComputedStyle(one).caretColor, getComputedStyle(one).color]);
  assert.equal(caret, text, 'the cursor can be seen in the dark');
  await press(page, 'Close cell 2');
  assert.equal(await cell(page, 2).locator('pre.code').innerHTML(), listing, 'its colours are there again');

  await page.getByRole('button', { name: 'Add cell below cell 4' }).click();
  await cell(page, 5).locator('.cm-content').waitFor();
  await page.keyboard.type('losses.minAngle');
  const offered = page.locator('.cm-tooltip-autocomplete').first();
  await offered.getByText('minAngleVarianceLoss').waitFor();
  await page.locator('.cm-completionInfo').getByText('(vectors: Vectors): Scalar').waitFor();
  await close();
});
