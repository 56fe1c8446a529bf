// The figures of all notebooks, drawn in a wide and in a narrow window: no text lies over another, none is cut.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { axis, baseLayout, lossChart, panels } from '../lib/src/figures';
import type { Browser, Page } from 'playwright-core';
import { plotlyScript } from '../lib/src/edge/plotly-script';
import { payloadOf, type Payload } from '../lib/src/edge/payload';
import { figuresOf } from '../publish/src/notebooks/figure-outputs';
import { readNotebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { notebookNames } from '../publish/src/notebooks/run';
import { launchBrowser, withoutBrowser } from './support/browser';

/** In pixels: a notebook beside its file list, a small window or a phone held across, and a phone as the pages' script fits it. */
const WIDTHS = [1000, 460, 350];
const PHONE = 350;

declare const fitChart: (payload: Payload, pixels: number) => Payload;
declare const narrowestChart: (layout: Payload['layout']) => number;
declare const Plotly: { newPlot(div: HTMLElement, figure: object): Promise<void>; purge(div: HTMLElement): void };

/** A figure, and how it is to be drawn. */
interface Asked {
  payload: Payload;
  width: number;
  isFitted: boolean;
}

/** In the page: what is wrong with the texts of a figure at a width. What WebGL draws cannot be seen from here. */
async function badTexts(json: string): Promise<string[]> {
  const { payload: whole, width: window, isFitted } = JSON.parse(json) as Asked;
  const payload = isFitted ? fitChart(whole, window) : whole;
  const width = isFitted ? Math.max(window, narrowestChart(payload.layout)) : window;
  if (width > window) return [`its panels do not stack: it takes ${width} pixels`];
  const div = document.querySelector('div')!;
  const height = Number(payload.layout.height);
  Plotly.purge(div);
  await Plotly.newPlot(div, { ...payload, layout: { ...payload.layout, autosize: false, width, height } });
  const texts = Array.from(div.querySelectorAll<SVGTextElement>('.main-svg text'))
    .map((element) => ({ element, words: element.textContent.trim(), box: element.getBoundingClientRect() }))
    .filter(({ element, words, box }) => words && box.width > 0 && getComputedStyle(element).visibility !== 'hidden');
  const frame = div.getBoundingClientRect();
  const slack = 2; // a glyph's box is larger than its ink
  const cut = texts
    .filter(
      ({ box }) =>
        box.left < frame.left - slack ||
        box.right > frame.right + slack ||
        box.top < frame.top - slack ||
        box.bottom > frame.bottom + slack,
    )
    .map(({ words }) => `"${words}" is cut`);
  const over = texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter(
        (b) =>
          Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > slack &&
          Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 2 * slack,
      )
      .map((b) => `"${a.words}" and "${b.words}" lie over each other`),
  );
  return [...cut, ...over];
}

describe('texts in a wide and a narrow window', async () => {
  const reason = await withoutBrowser();
  let browser: Browser | undefined;
  let page: Page;
  before(async () => {
    if (reason) return;
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1100, height: 4000 } });
    await page.setContent('<body style="margin:0"><div style="display:inline-block"></div></body>');
    await page.addScriptTag({ path: plotlyScript() });
    await page.addScriptTag({ path: join(ownRoot, 'publish/src/page/narrow.js') });
  });
  after(() => browser?.close());
  const problemsOf = async (payload: Payload): Promise<string[]> => {
    const found: string[] = [];
    for (const width of WIDTHS) {
      found.push(
        ...(await page.evaluate(badTexts, JSON.stringify({ payload, width, isFitted: width === PHONE }))).map(
          (problem) => `at ${width} pixels ${problem}`,
        ),
      );
    }
    return found;
  };

  const project = projectAt(ownRoot);
  for (const name of notebookNames(project)) {
    test(name, { skip: reason, timeout: 300_000 }, async () => {
      const problems = [];
      for (const figure of figuresOf(readNotebook(join(project.notebooks, `${name}.ipynb`)))) {
        problems.push(...(await problemsOf(figure.payload)).map((problem) => `${figure.name}: ${problem}`));
      }
      assert.deepEqual(problems, [], problems.join('\n'));
    });
  }

  test("names at lines' ends are apart, and in a legend on a phone", { skip: reason }, async () => {
    const runs = ['a run of four words', 'one more', 'the third'].map((name, i) => ({ name, loss: [9, 1 + 0.01 * i] }));
    const payload = payloadOf(lossChart(runs, { name: 'x', title: 'Three runs that end at nearly one loss' }));
    assert.deepEqual(await problemsOf(payload), []);
    const { layout, data } = await page.evaluate((json) => fitChart(JSON.parse(json) as Payload, 350), JSON.stringify(payload)); // prettier-ignore
    assert.deepEqual([layout['showlegend'], data.at(-1)!['visible']], [true, false]);
    const moved = { ...payload, data: payload.data.map((trace) => ({ ...trace, ...(trace['meta'] === 'ends' && { y: [1, 1, 1] }) })) }; // prettier-ignore
    assert.match((await problemsOf(moved)).join(), /at 1000 pixels "one more" and "the third" lie over each other/);
  });

  test(
    'on a phone each panel says what it measures, a title breaks anew, and words stay with their panel',
    { skip: reason },
    async () => {
      const row = (titled: boolean) => ({
        title: 'a panel',
        x: axis({ title: 'step', titled }),
        y: axis({ title: 'loss', titled, extra: { showticklabels: titled } }),
      });
      const layout = {
        ...baseLayout({
          title: 'A first line that is as long as it can be here, and<br>a second one of 20 %',
          legend: true,
        }),
        ...panels({ columns: 2, panels: [row(true), row(false)] }),
        legend: { x: 0.9, y: 0.5 },
      };
      const data = [{ y: [1, 2] }, { y: [1, 2], xaxis: 'x2', yaxis: 'y2' }];
      const fitted = await page.evaluate((json) => fitChart(JSON.parse(json) as Payload, 350), JSON.stringify({ data, layout })); // prettier-ignore
      const part = (name: string) => fitted.layout[name] as { title: { text: string }; [key: string]: unknown };
      assert.deepEqual([part('xaxis2').title.text, part('yaxis2').title.text], ['step', 'loss']);
      assert.equal(part('yaxis2')['showticklabels'], true);
      assert.match(part('title')['text'] as string, /^(?!.*<br>%)(?!.*and<br>a second)/);
      const [bottom, top] = part('yaxis2')['domain'] as [number, number];
      assert.ok(
        Math.abs(Number(part('legend')['y']) - (bottom + top) / 2) < 0.01,
        'the legend goes with the second panel',
      );
    },
  );

  test('a title that is too long and headings that collide are found', { skip: reason }, async () => {
    const figure = lossChart([{ name: 'a', loss: [2, 1] }], { name: 'x', title: 'Short' });
    assert.deepEqual(await problemsOf(payloadOf(figure)), []);
    const heading = (text: string, x: number) => ({ text, x, y: 1, xref: 'paper', yref: 'paper', showarrow: false });
    const layout = {
      ...figure.layout,
      title: { text: 'w'.repeat(70), x: 0 },
      annotations: [heading('the first of two', 0.5), heading('the second of two', 0.6)],
    };
    const problems = (await problemsOf(payloadOf({ ...figure, layout }))).join();
    assert.match(problems, /at 460 pixels "w+" is cut/);
    assert.match(problems, /"the first of two" and "the second of two" lie over each other/);
  });
});
