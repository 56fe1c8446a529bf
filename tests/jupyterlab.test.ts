// A reader's way through each notebook, in the project's own JupyterLab and a real browser.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { differences } from '../scripts/figures/compare';
import { figureOf } from '../scripts/figures/figure-outputs';
import { venvBin } from '../scripts/figures/jupyter';
import { readNotebook, type Cell } from '../scripts/figures/notebook';
import { ownRoot } from '../scripts/figures/project';
import { launchBrowser, withoutBrowser } from './support/browser';
import { startLab, type Lab } from './support/jupyterlab';
import { cellsOf, openNotebook, restartAndRunAll, showCell } from './support/lab-page';
import { enliven, play, slide } from './support/live-chart';

const notebooks = join(ownRoot, 'notebooks');
const names = existsSync(notebooks)
  ? readdirSync(notebooks).filter((file) => file.endsWith('.ipynb')).map((file) => file.slice(0, -6)) : [];
const screenshots = join(ownRoot, 'tests', 'output', 'jupyterlab');

/** Runs the notebook and tries each chart. Returns how many it has. */
async function readThrough(page: Page, lab: Lab, name: string): Promise<number> {
  const committed = readNotebook(join(notebooks, `${name}.ipynb`));
  await openNotebook(page, lab, name);
  await restartAndRunAll(page, 240_000);
  const cells = await cellsOf(page);
  assert.deepEqual(differences(committed, { cells: cells as unknown as Cell[] }), [], `a fresh run of ${name} gives what is committed`);
  let charts = 0;
  for (const [index, cell] of cells.entries()) {
    const outputs = cell.outputs ?? [];
    const complaint = outputs.find((output) => output.output_type === 'error' || output.name === 'stderr');
    assert.equal(complaint, undefined, `cell ${index} of ${name}: ${JSON.stringify(complaint)}`);
    if (cell.cell_type === 'code') assert.ok(cell.execution_count, `cell ${index} of ${name} was not run`);
    for (const [position, output] of outputs.entries()) {
      const figure = output.data && figureOf(output.data, index);
      if (!figure) continue;
      charts += 1;
      const shown = await showCell(page, index);
      const chart = shown.locator('.jp-OutputArea-child').nth(position).locator('.jp-RenderedPlotly');
      await enliven(chart);
      if (figure.payload.frames) {
        await play(chart);
        await slide(chart);
      }
      await chart.screenshot({ path: join(screenshots, `${name}-${figure.name}.png`) });
    }
  }
  return charts;
}

/** Why the test cannot run here; undefined where it can. */
async function hindrance(): Promise<string | undefined> {
  if (!existsSync(venvBin('jupyter'))) return 'no JupyterLab in .venv: run "npm run setup"';
  return withoutBrowser();
}

test('every notebook runs in JupyterLab, and its charts live', { timeout: 600_000 }, async (t: TestContext) => {
  const reason = names.length ? await hindrance() : 'there are no notebooks yet';
  if (reason) return t.skip(reason);
  mkdirSync(screenshots, { recursive: true });
  const lab = await startLab();
  t.after(() => lab.close());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  for (const name of names) {
    await t.test(name, async (t) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const foreign: string[] = [];
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (/^(http|ws)/.test(protocol) && host !== new URL(lab.url).host) foreign.push(request.url());
      });
      try {
        t.diagnostic(`${await readThrough(page, lab, name)} charts`);
        assert.deepEqual(foreign, [], 'JupyterLab asks no other host for anything');
      } finally {
        await page.screenshot({ path: join(screenshots, `${name}.png`) });
        await page.close();
      }
    });
  }
});
