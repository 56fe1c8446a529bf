// Paper: a page of the site that was just opened, and the handouts, have every chart, and nothing is cut.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { handoutPage, makeHandouts } from '../publish/src/handout/handout';
import { figuresOf } from '../publish/src/notebooks/figure-outputs';
import { readNotebook, type Notebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { lessonNames } from '../publish/src/notebooks/run';
import { foldedSolutions } from '../publish/src/page/solutions';
import { launchBrowser, withoutBrowser } from './support/browser';
import { builtSite } from './support/built-site';

const project = projectAt(ownRoot);
const read = (name: string): Notebook => readNotebook(join(project.notebooks, `${name}.ipynb`));

/** The width between the margins, in CSS pixels, by the size of the paper. */
const WIDTHS = { A4: Math.round((180 / 25.4) * 96), Letter: Math.round((185.9 / 25.4) * 96) };

/** How many pictures a PDF draws, and how many pages it has: their dictionaries stand in it as plain text. */
function inPdf(pdf: Buffer): { pictures: number; pages: number } {
  const text = pdf.toString('latin1');
  const masks = new Set([...text.matchAll(/\/SMask (\d+) 0 R/g)].map(([, number]) => number));
  const pictures = [...text.matchAll(/^(\d+) 0 obj\n<<[^]*?>>/gm)].filter(
    ([dictionary, number]) => /\/Subtype \/Image\b/.test(dictionary) && !masks.has(number),
  );
  return { pictures: pictures.length, pages: text.match(/\/Type \/Page\b(?!s)/g)!.length };
}

/** In the page: what stands on paper of each chart, and what is wider than the paper or has no use on it. */
const ON_PAPER = `(() => {
  const width = document.documentElement.clientWidth;
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
  const charts = [...document.querySelectorAll('figure.chart')].filter(shown).map((figure) => {
    const image = figure.querySelector('.plot .in-light');
    const { width: wide, height, right } = image.getBoundingClientRect();
    const isDrawn = image.complete && image.naturalWidth > 0;
    return isDrawn && wide > 200 && height > 100 && right <= width + 1 ? '' : figure.id + ': ' + [isDrawn, wide, height, right];
  });
  const wide = [...document.querySelectorAll('main *')].filter(
    (element) => shown(element) && !element.closest('math') && element.getBoundingClientRect().right > width + 1,
  );
  const useless = [...document.querySelectorAll('button, input, select, summary, nav')].filter(
    (element) => shown(element) && element.textContent !== 'Hint',
  );
  const text = (element) => element.tagName + ' ' + (element.className || '') + ' ' + element.textContent.slice(0, 60);
  return { charts, wide: wide.map(text), useless: useless.map(text) };
})()`;
interface OnPaper {
  charts: string[];
  wide: string[];
  useless: string[];
}

const skip = withoutBrowser();
const output = join(ownRoot, 'tests', 'output');
mkdirSync(output, { recursive: true });

describe('on paper', async () => {
  const reason = (await skip) ?? false;
  const folder = mkdtempSync(join(output, 'print-'));
  let browser: Browser;
  before(async () => {
    if (!reason) browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** A page as it is opened: nobody has scrolled in it. */
  const opened = async (file: string, width: number): Promise<Page> => {
    const page = await browser.newPage({ offline: true, viewport: { width, height: 900 } });
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
    return page;
  };

  for (const name of lessonNames(project)) {
    test(`the page of ${name}, just opened, has every chart`, { skip: reason }, async (t) => {
      const file = join(await builtSite(), 'notebooks', `${name}.html`);
      const count = figuresOf(read(name)).length;
      for (const [paper, width] of Object.entries(WIDTHS)) {
        const page = await opened(file, width);
        const pdf = await page.pdf({ format: paper, printBackground: true });
        const { pictures, pages } = inPdf(pdf);
        t.diagnostic(`${paper}: ${pages} pages, ${pictures} pictures of ${count} charts`);
        assert.ok(pictures >= count, `${pictures} pictures in the PDF of ${count} charts`);
        await page.emulateMedia({ media: 'print' });
        const { charts, wide, useless } = await page.evaluate<OnPaper>(ON_PAPER);
        assert.deepEqual(charts, Array<string>(count).fill(''));
        assert.deepEqual(wide, [], `wider than ${paper}`);
        assert.deepEqual(useless, []);
        await page.close();
      }
    });
  }

  test('hints are printed, solutions are not, and both are as before afterwards', { skip: reason }, async () => {
    const fixtures = join(__dirname, 'fixtures', 'lesson');
    const [lesson, solutions] = ['07-small', 'solutions/07-small'].map((name) =>
      readNotebook(join(fixtures, `${name}.ipynb`)),
    ) as [Notebook, Notebook];
    const { html } = handoutPage(lesson);
    assert.match(html, /<details open><summary>Hint/);
    assert.doesNotMatch(html, /Which of this page's statements/, 'the check is for who can run it');
    const folded = foldedSolutions(solutions, 'x.html', {})(1);
    const file = join(folder, 'small.html');
    writeFileSync(file, html.replace('<details open>', '<details>').replace('</main>', `${folded}</main>`));
    const page = await opened(file, WIDTHS.A4);
    const open = (): Promise<boolean[]> =>
      page.evaluate(() => Array.from(document.querySelectorAll('details:not(.code)'), (one) => (one as HTMLDetailsElement).open)); // prettier-ignore
    assert.deepEqual(await open(), [false, true, false]);
    await page.evaluate(`addEventListener('beforeprint', () => setTimeout(() => 0) && (window.during =
      [...document.querySelectorAll('details:not(.code)')].map(({ open }) => open)))`);
    await page.pdf();
    assert.deepEqual(await page.evaluate('window.during'), [true, true, false]);
    assert.deepEqual(await open(), [false, true, false]);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('details.solution').isVisible(), false);
    await page.close();
  });

  test('a chart that a reader has drawn anew is not cut', { skip: reason }, async () => {
    const page = await opened(join(await builtSite(), 'notebooks', 'your-own.html'), 1000);
    const figure = page.locator('figure.chart').first();
    await figure.scrollIntoViewIfNeeded();
    await figure.locator('.main-svg').first().waitFor();
    await figure.locator('.plot > :not(div)').evaluateAll((stills) => stills.forEach((still) => still.remove()));
    await page.emulateMedia({ media: 'print' });
    const width = await figure
      .locator('.main-svg')
      .first()
      .evaluate((svg) => svg.getBoundingClientRect().width);
    assert.ok(width > 300 && width <= WIDTHS.A4, String(width));
    await page.close();
  });

  test('a handout is whole, on either paper, with page numbers', { skip: reason }, async (t) => {
    for (const paper of ['A4', 'Letter'] as const) {
      const [name] = lessonNames(project) as [string];
      const [file] = await makeHandouts(project, [name], folder, paper);
      const pdf = readFileSync(file!);
      const count = figuresOf(read(name)).length;
      const { pictures, pages } = inPdf(pdf);
      t.diagnostic(`${paper}: ${pages} pages, ${pictures} pictures, ${pdf.length} bytes`);
      assert.equal(pictures, count);
      assert.ok(pages > 5);
      assert.match(pdf.toString('latin1'), paper === 'A4' ? /\/MediaBox \[0 0 59[45]/ : /\/MediaBox \[0 0 612 792\]/);
    }
    for (const name of lessonNames(project)) {
      const file = join(folder, `${name}.html`);
      writeFileSync(file, handoutPage(read(name)).html);
      const page = await opened(file, WIDTHS.A4);
      await page.emulateMedia({ media: 'print' });
      const { charts, wide, useless } = await page.evaluate<OnPaper>(ON_PAPER);
      assert.deepEqual(charts, Array<string>(figuresOf(read(name)).length).fill(''), name);
      assert.deepEqual([wide, useless], [[], []], name);
      await page.close();
    }
  });
});
