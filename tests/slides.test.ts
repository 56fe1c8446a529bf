// The slides: made once of all lessons, opened from the disk with no network, and each measured on a stage of 1280 by 720.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { figuresOf } from '../publish/src/notebooks/figure-outputs';
import { readNotebook, type Notebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { lessonNames } from '../publish/src/notebooks/run';
import { blocksOf, slidesOf } from '../publish/src/slides/parts';
import { makeSlides } from '../publish/src/slides/slides';
import { launchBrowser, withoutBrowser } from './support/browser';

const project = projectAt(ownRoot);
const names = lessonNames(project);

const text = (source: string): Notebook['cells'][number] => ({ cell_type: 'markdown', metadata: {}, source });
const code = (source: string, printed = ''): Notebook['cells'][number] => ({
  cell_type: 'code',
  metadata: {},
  source,
  execution_count: 1,
  outputs: printed ? [{ output_type: 'stream', name: 'stdout', text: printed }] : [],
});
const made = (...cells: Notebook['cells']) =>
  slidesOf({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }).map(
    ({ begins, running, parts }) =>
      (begins ? '> ' : '  ') +
      parts.map((part) => ('markdown' in part ? part.markdown : Object.keys(part)[0])).join('\n\n') +
      (running ? ` (${running})` : ''),
  );

describe('a slide', () => {
  test('begins at a heading, and a section begins a column', () =>
    assert.deepEqual(made(text('# A\n\nOne.\n\n## B\n\nTwo.\n\n### C\n\nThree.')), [
      '> # A\n\nOne.',
      '> ## B\n\nTwo.',
      '  ### C\n\nThree. (B)',
    ]));

  test('ends when it is full, and where a question is asked first', () => {
    const long = 'word '.repeat(200).trim();
    assert.deepEqual(made(text(`${long}\n\n${long}`)), [`  ${long}`, `  ${long}`]);
    assert.deepEqual(made(text('**Predict first.** Up or down?\n\nDown.')), [
      '  **Predict first.** Up or down?',
      '  Down.',
    ]);
  });

  test('has the code of a cell, with what it prints if both fit, and a chart on its own', () => {
    assert.deepEqual(made(code('f()', '1\n')), ['  code\n\noutputs']);
    assert.deepEqual(made(code('f()\n'.repeat(15), '1\n'.repeat(15))), ['  code', '  outputs']);
    assert.deepEqual(made(code('f()')), ['  code']);
    const chart = code('f()', 'said');
    chart.outputs!.push({ output_type: 'display_data', metadata: {}, data: { 'image/png': '' } });
    assert.deepEqual(made(chart), ['  code\n\noutputs', '  outputs']);
    assert.deepEqual(made(text('One.'), code('f()'), text('Two.')), ['  One.\n\ncode\n\nTwo.']);
  });

  test('is none for the check at the end', () => {
    const cells = [
      text('# A'),
      code('f()'),
      text('Done.\n\n## Check\n\nWhich statements hold?'),
      code('await verify({});'),
    ];
    assert.deepEqual(made(...cells), ['> # A\n\ncode\n\nDone.']);
  });

  test('keeps a hint whole', () => {
    const hint = '<details><summary>Hint</summary>\n\nA.\n\n- B\n\n</details>';
    assert.deepEqual(blocksOf(`Text.\n\n${hint}\n\nMore.`), ['Text.', hint, 'More.']);
  });
});

/** In the page: shows slide after slide, waits for its charts, and says which are cut, which scroll, and how many there are. */
const MEASURE = `(async () => {
  const { Reveal } = window;
  const found = { count: 0, scrolls: [], wrong: [] };
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    await new Promise(requestAnimationFrame);
    found.count++;
    const name = h + '.' + v + ' ' + slide.textContent.trim().slice(0, 40);
    const stage = slide.getBoundingClientRect();
    if (Math.abs(stage.height - 720) > 1 || Math.abs(stage.width - 1280) > 1) found.wrong.push(name + ': the stage is ' + stage.width + ' by ' + stage.height);
    if (!slide.textContent.trim() && !slide.querySelector('img')) found.wrong.push(name + ': empty');
    for (const element of [slide, ...slide.querySelectorAll('pre, table, .output')]) {
      const { overflowX, overflowY } = getComputedStyle(element);
      const isLonger = element.scrollHeight > element.clientHeight + 1;
      const isWider = element.scrollWidth > element.clientWidth + 1;
      if (isLonger && overflowY !== 'auto') found.wrong.push(name + ': ' + element.tagName + ' is cut at the bottom');
      if (isWider && (element === slide || overflowX !== 'auto')) found.wrong.push(name + ': ' + element.tagName + ' is cut at the right');
      if (isLonger && element === slide) found.scrolls.push(name + ': ' + element.scrollHeight);
    }
    for (const chart of slide.querySelectorAll('figure.chart')) {
      for (const end = Date.now() + 20000; !chart.dataset.live && Date.now() < end; ) await new Promise((go) => setTimeout(go, 20));
      if (!chart.dataset.live) found.wrong.push(name + ': the chart does not come to life');
      const { bottom, right } = chart.getBoundingClientRect();
      if (bottom > stage.bottom - 10 || right > stage.right - 10) found.wrong.push(name + ': the chart ends at ' + right + ', ' + bottom);
    }
  }
  return found;
})()`;

describe('the slides of all lessons', async () => {
  const skip = (await withoutBrowser()) ?? false;
  let folder = '';
  let browser: Browser;
  before(async () => {
    if (skip) return;
    mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
    folder = mkdtempSync(join(ownRoot, 'tests', 'output', 'slides-'));
    await makeSlides(project, names, folder);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const name of names) {
    test(
      `${name}: nothing is cut, no other host is asked, every chart is there and comes to life`,
      { skip },
      async (t) => {
        const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 720 } });
        t.after(() => context.close());
        const page = await context.newPage();
        const problems: string[] = [];
        page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
        page.on('pageerror', (error) => problems.push(error.message));
        page.on('requestfailed', (request) => problems.push(request.url()));
        page.on('request', (request) => !/^(file|data|blob):/.test(request.url()) && problems.push(request.url()));
        await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
        const found = await page.evaluate<{ count: number; scrolls: string[]; wrong: string[] }>(MEASURE);
        t.diagnostic(`${found.count} slides; longer than the stage: ${found.scrolls.join('; ') || 'none'}`);
        assert.deepEqual(found.wrong, []);
        assert.ok(found.count > 10, `${found.count} slides`);
        assert.ok(found.scrolls.length <= found.count / 10, 'few slides have to be scrolled');
        const charts = figuresOf(readNotebook(join(project.notebooks, `${name}.ipynb`)));
        assert.equal(await page.locator('.slides figure.chart').count(), charts.length);
        assert.deepEqual(problems, []);
        await page.keyboard.press('Home');
        const first = await page.evaluate('Reveal.getIndices()');
        await page.keyboard.press('Space');
        assert.notDeepEqual(await page.evaluate('Reveal.getIndices()'), first, 'keys lead on');
      },
    );
  }
});
