// How soon charts follow their controls on the notebooks' pages: node --import ./scripts/tsx.mjs bench/controls.ts rate-to-try
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSite, lessonNames, projectAt } from 'descent-lab-publish';
import type { Page } from 'puppeteer-core';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { PATIENCE, readers } from '../tests/support/readers';
import { head, measureMoves, row, type Moves } from './moves';
import { root } from './places';

export const program = new Script('node --import ./scripts/tsx.mjs bench/controls.ts')
  .description('Moves the first slider of each chart that has some, and prints how long until the chart has followed.')
  .argument('[names...]', 'names of figures; all without any');

/** The names of the figures with controls on a page. */
const figuresOn = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('.panel script')].map(({ textContent }) => JSON.parse(textContent).figure)`,
  ) as Promise<string[]>;

/** The first move runs the cell. */
async function moves(page: Page, figure: string): Promise<Moves> {
  const cell = `.cell:has(figure[data-name="${figure}"])`;
  await page.$eval(`figure[data-name="${figure}"]`, (element) => element.scrollIntoView({ block: 'center' }));
  await page.waitForSelector(`figure[data-name="${figure}"] .main-svg`);
  const control = `document.querySelector('${cell} .panel input')`;
  const press = `${control}.dispatchEvent(new Event('input', { bubbles: true }))`;
  await page.evaluate(press);
  await page.waitForSelector(`${cell}[data-state="done"]`);
  const move = `const control = ${control};
    control.value = String(Math.round(control.max * (0.3 + 0.02 * i)));
    ${press};`;
  return (await page.evaluate(measureMoves(`document.querySelector('${cell} .js-plotly-plot')`, move))) as Moves;
}

async function main(): Promise<void> {
  const wanted = program.parse().args;
  const project = projectAt(root);
  const site = mkdtempSync(join(tmpdir(), 'descent-lab-controls-'));
  try {
    await buildSite(project, { out: site, warn: console.error });
    console.log(head);
    for (const { name: reader, missing, launch } of await readers()) {
      if (missing) {
        console.error(missing);
        continue;
      }
      const browser = await launch();
      for (const name of lessonNames(project)) {
        const page = await browser.newPage();
        page.setDefaultTimeout(PATIENCE);
        await page.goto(pathToFileURL(join(site, 'notebooks', `${name}.html`)).href);
        for (const figure of await figuresOn(page)) {
          if (wanted.length > 0 && !wanted.includes(figure)) continue;
          console.log(row(reader, name, figure, await moves(page, figure)));
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
