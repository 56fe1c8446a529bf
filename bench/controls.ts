// How soon charts follow their controls on the notebooks' pages: node --import ./scripts/tsx.mjs bench/controls.ts rate-to-try
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSite, notebookNames, projectAt } from 'descent-lab-publish';
import type { Page } from 'puppeteer-core';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { PATIENCE, readers } from '../tests/support/readers';
import { root } from './places';

/** How often each dial is moved. */
const MOVES = 20;

export const program = new Script('node --import ./scripts/tsx.mjs bench/controls.ts')
  .description('Moves the first dial of each chart that has some, and prints how long until the chart has followed.')
  .argument('[names...]', 'names of figures; all without any');

/** The names of the figures with controls on a page. */
const figuresOn = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('.panel script')].map(({ textContent }) => JSON.parse(textContent).figure)`,
  ) as Promise<string[]>;

/** Milliseconds from each move to the chart's last stroke; the first move runs the cell, and is left out. */
async function moves(page: Page, figure: string): Promise<number[]> {
  const cell = `.cell:has(figure[data-name="${figure}"])`;
  await page.$eval(`figure[data-name="${figure}"]`, (element) => element.scrollIntoView({ block: 'center' }));
  await page.waitForSelector(`figure[data-name="${figure}"] .main-svg`);
  const press = `document.querySelector('${cell} .panel :is(input, select)').dispatchEvent(new Event('input', { bubbles: true }))`;
  await page.evaluate(press);
  await page.waitForSelector(`${cell}[data-state="done"]`);
  return (await page.evaluate(`(async () => {
    const plot = document.querySelector('${cell} .js-plotly-plot');
    const range = document.querySelector('${cell} .panel input');
    const taken = [];
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    await wait(1500); // what the start's chart has yet to do
    for (let i = 0; i < ${MOVES}; i++) {
      const drawn = new Promise((done) => plot.once('plotly_afterplot', done));
      range.value = String(Math.round(range.max * (0.3 + (0.4 * i) / ${MOVES})));
      const start = performance.now();
      range.dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.race([drawn, wait(20_000)]);
      taken.push(performance.now() - start);
      await wait(100);
    }
    return taken;
  })()`)) as number[];
}

async function main(): Promise<void> {
  const wanted = program.parse().args;
  const project = projectAt(root);
  const site = mkdtempSync(join(tmpdir(), 'descent-lab-controls-'));
  try {
    await buildSite(project, { out: site, warn: console.error });
    console.log('| browser | notebook | chart | median, ms | least | most |');
    console.log('|---|---|---|---|---|---|');
    for (const { name: reader, missing, launch } of await readers()) {
      if (missing) {
        console.error(missing);
        continue;
      }
      const browser = await launch();
      for (const name of notebookNames(project)) {
        const page = await browser.newPage();
        page.setDefaultTimeout(PATIENCE);
        await page.goto(pathToFileURL(join(site, 'notebooks', `${name}.html`)).href);
        for (const figure of await figuresOn(page)) {
          if (wanted.length > 0 && !wanted.includes(figure)) continue;
          const taken = (await moves(page, figure)).sort((a, b) => a - b);
          const told = [taken[MOVES / 2]!, taken[0]!, taken.at(-1)!].map((ms) => ms.toFixed(0));
          console.log(`| ${[reader, name, figure, ...told].join(' | ')} |`);
        }
        await page.close();
      }
      await browser.close();
    }
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}

if (require.main === module) run(main, ({ message }) => message);
