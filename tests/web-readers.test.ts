// A page that runs cells, for readers of every kind: with keys alone, read aloud, on a phone, with two pages open.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { fragmentOf } from '../web/src/page/link';
import { barriers } from './support/barriers';
import { open, SitePages } from './support/site-page';
import { serveFolder } from './support/static-server';

const site = new SitePages();

const said = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('.kernel').getByRole('status').getByText(text).waitFor();
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(({ activeElement: one }) =>
    one.matches('.cm-content') ? 'the editor' : one.getAttribute('aria-label') ?? one.textContent.trim())(document)`);

/** Presses Tab until an element of that name has the focus. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key);
    if ((await focused(page)) === name) return;
  }
  assert.fail(`${key} does not reach '${name}': the focus is on '${await focused(page)}'`);
}

test('with keys alone: a cell is changed, run, stopped and put back, and Tab leaves the editor', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const context = await site.context();
  const page = await open(context, site.addressOf('notebooks/your-own.html'));
  await tabTo(page, 'Edit cell 1');
  await page.keyboard.press('Enter');
  await page.locator('.cm-content:focus').waitFor();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('for (let i = 0; i < 1e5; i++) await new Promise((go) => setTimeout(go, 10));');
  await tabTo(page, 'Run cell 1');
  await page.keyboard.press('Enter');
  await said(page, 'running cell 1');
  await tabTo(page, '■ Stop', 'Shift+Tab');
  await page.keyboard.press('Enter');
  await said(page, 'did not listen and was started anew');
  assert.equal(await focused(page), '▶ Run all', 'the focus is not lost with the button');
  await tabTo(page, 'the editor');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText("'above';\nthrow new Error('here');");
  await page.keyboard.press('Control+Enter');
  await said(page, 'cell 1 failed');
  await tabTo(page, 'cell 1, line 2');
  await page.keyboard.press('Enter');
  await page.locator('.cm-content:focus').waitFor();
  await tabTo(page, 'Put cell 1 back as it was');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'Edit cell 1', 'the focus stays in the cell');
  await context.close();
});

for (const [where, options] of Object.entries({
  'at a desk': {},
  'on a phone, in the dark': { viewport: { width: 390, height: 800 }, hasTouch: true, colorScheme: 'dark' },
} satisfies Record<string, BrowserContextOptions>)) {
  test(`pages that have run have no barrier ${where}`, async (t) => {
    if (site.skip) return t.skip(site.skip);
    const context = await site.context(options);
    const page = await open(context, site.addressOf('notebooks/01-fit-a-line.html'));
    await page.locator('[data-action="run-all"]').click();
    await said(page, /^\d+ cells done/);
    await page.locator('figure.chart').first().scrollIntoViewIfNeeded();
    await page.locator('figure.chart .main-svg').first().waitFor();
    await page.getByRole('button', { name: 'Edit cell 3' }).click();
    await page.locator('.kernel summary').click();
    assert.deepEqual(await barriers(page), []);
    assert.equal(
      await page.evaluate('document.documentElement.scrollWidth'),
      page.viewportSize()!.width,
      'the page is wider than the screen',
    );
    const own = await open(
      context,
      site.addressOf('try.html') + (await fragmentOf(["throw new Error('x')", 'console.log(2)'])),
    );
    await own.locator('[data-action="run-all"]').click();
    await said(own, 'cell 1 failed');
    assert.deepEqual(await barriers(own), []);
    await context.close();
  });
}

test('two pages at once keep their cells and their edits apart', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const context = await site.context();
  const pages = await Promise.all(
    ['01-fit-a-line', '04-choose-an-optimiser'].map((name) => open(context, site.addressOf(`notebooks/${name}.html`))),
  );
  for (const [i, page] of pages.entries()) {
    await page.getByRole('button', { name: 'Edit cell 1', exact: true }).click();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(`\nconsole.log('of page ${i + 1}');`);
  }
  await Promise.all(pages.map((page) => page.locator('[data-action="run-all"]').click()));
  for (const [i, page] of pages.entries()) {
    await said(page, /^\d+ cells done/);
    await page.reload();
    const code = page.locator('.cell pre.code').first();
    await code.getByText(`of page ${i + 1}`).waitFor();
    assert.equal((await code.textContent())!.match(/of page/g)?.length, 1);
  }
  await context.close();
});

test('cells that came with a link reach no other host, from the disk or from a server', async (t) => {
  if (site.skip) return t.skip(site.skip);
  const asked: string[] = [];
  const other = createServer(({ url }, response) => {
    asked.push(url!);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' }).end('');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const host = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const server = await serveFolder(site.folder, { under: '/a/book/' });
  t.after(() => server.close());
  const tries = [
    `await fetch('${host}/fetch')`,
    `await new Promise((_, no) => { const socket = new WebSocket('${host.replace('http', 'ws')}/socket'); socket.onerror = () => no(new Error('refused')); })`,
    `importScripts('${host}/script')`,
    `await (0, eval)("import('${host}/module')")`,
    `const request = new XMLHttpRequest(); request.open('GET', '${host}/xml', false); request.send()`,
    `await display({ data: [], layout: { images: [{ source: '${host}/image', x: 0, y: 1, sizex: 1, sizey: 1 }] } }); throw new Error('shown')`,
  ].map((code, i) => `${i === 5 ? "import { display } from 'descent-lab';\n" : ''}${code}`);
  for (const address of [site.addressOf('try.html'), `${server.address}try.html`]) {
    const context = await site.context();
    const page = await open(context, address + (await fragmentOf(tries)));
    for (const number of tries.keys()) {
      await page.getByRole('button', { name: `Run cell ${number + 1}`, exact: true }).click();
      await page.locator('.cell').nth(number).locator('pre.error').waitFor();
    }
    await context.close();
    assert.deepEqual(asked, [], address);
  }
});
