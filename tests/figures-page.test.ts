// The pages that are made of notebooks: their HTML, and how they live in a browser, opened as files.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Output } from '../publish/src/notebooks/notebook';
import { notebookHtml } from '../publish/src/page/cells';
import { markdownRenderer } from '../publish/src/page/markdown';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { copyPlotly, notebookPage } from '../publish/src/notebooks/publish';
import { launchBrowser, withoutBrowser } from './support/browser';

const html = (text: string): string => markdownRenderer().render(text);

test('formulae become MathML, prices stay prices', () => {
  assert.match(
    html('The square $x^2$ is'),
    /<p>The square <span class="katex"><math.*<msup>.*<\/math><\/span> is<\/p>/s,
  );
  assert.match(html('The square $x^2$.'), /<p>The square <span class="whole"><span [^]*<\/span>\.<\/span><\/p>/);
  assert.match(
    html('$$\na = b\n+ c\n$$').trim(),
    /^<span class="formula"><span class="katex"><math.*<\/span><\/span>$/s,
  );
  assert.match(html('- as $a$,\n- or\n\n  $$b$$\n'), /<li>[^]*<li>[^]*display="block"/);
  assert.equal(html('It costs $5 and then $6.'), '<p>It costs $5 and then $6.</p>\n');
  assert.equal(html('It costs \\$5, or 5$.'), '<p>It costs $5, or 5$.</p>\n');
  assert.doesNotMatch(html('`$x$`'), /math/);
  assert.throws(() => html('$\\nonsense{x}$'), /the formula \\nonsense\{x\} cannot be read/);
});

test('headings have addresses, no two the same', () => {
  const renderer = markdownRenderer();
  assert.equal(
    renderer.render('# Fit a line\n\n## Why?\n'),
    '<h1 id="fit-a-line">Fit a line</h1>\n<h2 id="why">Why?</h2>\n',
  );
  assert.match(renderer.render('## Why?\n'), /<h2 id="why-2">/);
  assert.deepEqual(
    renderer.headings.map(({ level, id }) => `${level} ${id}`),
    ['1 fit-a-line', '2 why', '2 why-2'],
  );
});

test('links to notebooks lead to their pages, images to those beside the page', () => {
  const source =
    '[2](02-spread.ipynb#why) [3](./03-fool.ipynb) [out](https://example.org/a.ipynb)\n\n' + '![x](../figures/x.gif)';
  const cells = [{ cell_type: 'markdown' as const, metadata: {}, source }];
  const page = notebookPage({ metadata: {}, nbformat: 4, nbformat_minor: 5, cells });
  for (const address of ['02-spread.html#why', '03-fool.html', 'https://example.org/a.ipynb']) {
    assert.ok(page.includes(`href="${address}"`), address);
  }
  assert.ok(page.includes('src="x.gif"'));
});

const outputs: Output[] = [
  { output_type: 'stream', name: 'stdout', text: ['a < b\n'] },
  {
    output_type: 'display_data',
    metadata: {},
    data: {
      'text/plain': 'Three "points" rise.',
      'image/png': 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'application/vnd.plotly.v1+json': {
        data: [{ y: [1, 2, 3], name: '</script>' }],
        frames: [0, 1].map((i) => ({ name: String(i), data: [{ y: [i + 5, 2, 3] }], traces: [0] })),
        layout: {
          height: 400,
          meta: { name: 'three-points' },
          updatemenus: [
            {
              type: 'buttons',
              buttons: [{ label: 'Play', method: 'animate', args: [null, { frame: { duration: 20 } }] }],
            },
          ],
        },
      },
    },
  },
];
const example = {
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
  cells: [
    { cell_type: 'markdown' as const, metadata: {}, source: ['# An example\n', '\n', 'With $x^2$.'] },
    { cell_type: 'code' as const, metadata: {}, execution_count: 1, source: 'const x: number = 1; // one', outputs },
  ],
};

test('cells and outputs', () => {
  const { title, html: body } = notebookHtml(example);
  assert.equal(title, 'An example');
  assert.match(body, /<span class="hljs-keyword">const<\/span>/);
  assert.match(body, /<pre class="output">a &lt; b\n<\/pre>/);
  assert.match(body, /alt="Three &quot;points&quot; rise\."/);
  assert.match(body, /"name":"\\u003c\/script>"/);
});

test('in a browser, from a file, offline', async (t) => {
  const reason = await withoutBrowser();
  if (reason) return t.skip(reason);
  mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
  const project = projectAt(mkdtempSync(join(ownRoot, 'tests', 'output', 'page-')));
  t.after(() => rmSync(project.root, { recursive: true }));
  copyPlotly(project);
  const file = join(project.figures, 'example.html');
  writeFileSync(file, notebookPage(example));
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const phone = { viewport: { width: 375, height: 700 }, offline: true, colorScheme: 'dark' as const };
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  const [requests, errors]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(new URL(request.url()).protocol));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(pathToFileURL(file).href);

  await page.locator('figure[data-live] .main-svg').first().waitFor();
  const firstValue = (): number =>
    (document.querySelector('.js-plotly-plot') as unknown as { data: { y: number[] }[] }).data[0]!.y[0]!;
  assert.equal(await page.evaluate(firstValue), 1, 'the animation waits for the reader');
  await page.locator('.updatemenu-button').click();
  await page.waitForFunction(`(${firstValue.toString()})() === 6`);
  assert.equal(await page.locator('[aria-label=\'Three "points" rise.\']').count(), 1);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, 375, 'nothing is wider than the phone');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  await page.getByLabel('Hide the code').check();
  assert.equal(await page.locator('pre.code').isVisible(), false);
  assert.deepEqual(errors, []);
  assert.deepEqual(
    [...new Set(requests)].filter((protocol) => /^(http|ws)/.test(protocol)),
    [],
  );
});
