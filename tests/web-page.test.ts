// What a reader does on a notebook's page: changing a cell, stopping one, adding a file, taking the notebook along.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after } from 'node:test';
import type { Page } from 'playwright-core';
import { ownRoot } from '../publish/src/notebooks/project';
import { open, SitePages } from './support/site-page';

mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
const folder = mkdtempSync(join(ownRoot, 'tests', 'output', 'reader-'));
const site = new SitePages();
after(() => rmSync(folder, { recursive: true, force: true }));

/** A notebook's page, and what went wrong on it. */
async function openNotebook(name: string, options = {}): Promise<{ page: Page; errors: string[] }> {
  const errors: string[] = [];
  const page = await open(await site.context(options), site.addressOf(`notebooks/${name}.html`), (one) =>
    one.on('pageerror', (error) => errors.push(String(error.stack))),
  );
  return { page, errors };
}

const cell = (page: Page, number: number) => page.locator('.cell').nth(number - 1);
const state = (page: Page, number: number, wanted: string): Promise<void> =>
  page.locator(`.cell[data-state="${wanted}"]`).and(cell(page, number)).waitFor();

/** Writes another source into a cell. */
async function write(page: Page, number: number, source: string): Promise<void> {
  await cell(page, number)
    .getByRole('button', { name: `Edit cell ${number}` })
    .click();
  const editor = cell(page, number).locator('.cm-content');
  await editor.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(source);
}

test('a cell brings what it needs with it, an edit makes others stale, and one press runs them', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, errors } = await openNotebook('01-fit-a-line');
  await cell(page, 3).getByRole('button', { name: 'Run cell 3' }).click();
  await state(page, 3, 'done');
  await state(page, 1, 'done');
  await write(
    page,
    3,
    "console.log('changed');\nconst best = { slope: 1, intercept: 2, mse: 3 };\nthrow new RangeError('on purpose');",
  );
  await page.keyboard.press('Control+Enter');
  await state(page, 3, 'failed');
  const error = cell(page, 3).getByRole('alert');
  assert.match(await error.innerText(), /RangeError: on purpose\n\ncell 3, line 3:\n {2}throw new RangeError/);
  await error.getByRole('button', { name: 'cell 3, line 3' }).click();
  await write(page, 1, `${await cell(page, 1).locator('pre.code').textContent()}\n// changed`);
  await page.getByRole('button', { name: 'Run stale cells' }).click();
  await page.reload();
  await cell(page, 3).getByText('on purpose').waitFor(); // the edit is there again,
  await page.evaluate(`for (const [key, text] of Object.entries(localStorage))
    localStorage.setItem(key, text.replaceAll('"original":"', '"original":"// as it was before\\\\n'))`);
  await page.reload();
  await cell(page, 3).getByText('your edit is of an earlier state of this cell').waitFor();
  await cell(page, 3).getByText('on purpose').waitFor(); // and stays where the notebook has changed,
  await cell(page, 3).getByRole('button', { name: 'Put cell 3 back as it was' }).click();
  assert.doesNotMatch((await cell(page, 3).locator('pre.code').textContent())!, /on purpose/);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('Stop ends a loop with what it has so far, and a deaf cell with its kernel', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, errors } = await openNotebook('your-own');
  await write(
    page,
    1,
    "import { descend, tf } from 'descent-lab';\nconst run = await descend({ loss: ({ x }) => x.square(), variables: { x: 3 }, optimizer: tf.train.sgd(1e-9), iterations: 1e8, every: 1e6 });\nconsole.log(run.stopped);",
  );
  await page.keyboard.press('Control+Enter');
  await page.getByRole('status').getByText('running cell 1').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await cell(page, 1).getByText('interrupted').waitFor();
  await state(page, 1, 'done');
  await cell(page, 1).locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('for (;;) {}');
  await page.keyboard.press('Control+Enter');
  await state(page, 1, 'running');
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('status').getByText('did not listen and was started anew').waitFor();
  await cell(page, 1).locator('.cm-content').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('1 + 1');
  await cell(page, 1).getByRole('button', { name: 'Run cell 1' }).click();
  await state(page, 1, 'done');
  assert.deepEqual(errors, []);
  await page.context().close();
});

test('a table of the reader, and the notebook as a file with the edits in it', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, errors } = await openNotebook('your-own', { acceptDownloads: true });
  const table = join(folder, 'mine.csv');
  writeFileSync(table, 'a,b\n1,2\n3,5\n');
  await write(
    page,
    1,
    "import { readColumns } from 'descent-lab';\nconsole.log(readColumns('mine.csv', { b: { column: 'b' } }).columns.b.values.join());",
  );
  await page.getByText('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Add a file of your own' }).click();
  await page.locator('input[type=file]').setInputFiles(table);
  await page.getByRole('status').getByText('mine.csv').waitFor();
  await cell(page, 1).getByRole('button', { name: 'Run cell 1' }).click();
  await cell(page, 1).getByText('2,5').waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as .ipynb' }).click();
  const file = join(folder, 'taken.ipynb');
  await (await downloading).saveAs(file);
  const taken = JSON.parse(readFileSync(file, 'utf8')) as {
    nbformat: number;
    cells: { cell_type: string; source: string[]; outputs?: object[] }[];
  };
  const original = JSON.parse(readFileSync(join(ownRoot, 'notebooks', 'your-own.ipynb'), 'utf8')) as typeof taken;
  assert.equal(taken.nbformat, 4);
  assert.deepEqual(
    taken.cells.map(({ cell_type: type }) => type),
    original.cells.map(({ cell_type: type }) => type),
  );
  const first = taken.cells.findIndex(({ cell_type: type }) => type === 'code');
  assert.deepEqual(taken.cells[first]!.outputs, [{ output_type: 'stream', name: 'stdout', text: '2,5\n' }]);
  assert.match(taken.cells[first]!.source.join(''), /mine\.csv/);
  const rest = (notebook: typeof taken): string[] =>
    notebook.cells.filter((_, i) => i !== first).map(({ source }) => [source].flat().join(''));
  assert.deepEqual(rest(taken), rest(original));
  assert.deepEqual(errors, []);
  assert.ok(readdirSync(join(site.folder, 'notebooks')).includes('your-own.ipynb'), 'the original is there too');
  await page.context().close();
});

test('on a phone a plain text area, and nothing that is wider than the screen', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const { page, errors } = await openNotebook('your-own', {
    viewport: { width: 390, height: 800 },
    hasTouch: true,
    isMobile: true,
  });
  await cell(page, 1).getByRole('button', { name: 'Edit cell 1' }).click();
  await cell(page, 1).getByRole('textbox', { name: 'Code of cell 1' }).fill("console.log('from a phone')");
  await cell(page, 1).getByRole('button', { name: 'Run cell 1' }).click();
  await cell(page, 1).locator('pre.stdout').getByText('from a phone').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(errors, []);
  await page.context().close();
});
