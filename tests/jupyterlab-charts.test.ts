// Charts in JupyterLab follow its theme, and stills are as large as the charts that take their place.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { bundleOf } from '../lib/src/edge/display';
import { ownRoot } from '../publish/src/notebooks/project';
import { launchBrowser } from './support/browser';
import { startLab, withoutLab, type Lab } from './support/jupyterlab';
import { cellsOf, command, openNotebook } from './support/lab-page';
import { losses, turningLine } from './snapshots/figures';

/** A folder with a notebook of two charts that were shown before. */
async function shownCharts(): Promise<string> {
  const output = join(ownRoot, 'tests', 'output');
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(output, 'charts-'));
  const cells = await Promise.all(
    [losses(), turningLine()].map(async (figure, i) => {
      const { data, metadata } = await bundleOf(figure);
      const outputs = [{ output_type: 'display_data', data, metadata }];
      return { cell_type: 'code', id: `cell-${i}`, metadata: {}, source: '', outputs, execution_count: null };
    }),
  );
  const kernelspec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' };
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
  writeFileSync(join(folder, 'charts.ipynb'), JSON.stringify(notebook));
  return folder;
}

describe('charts in JupyterLab', async () => {
  const skip = await withoutLab();
  let folder: string;
  let lab: Lab;
  let browser: Browser;
  let page: Page;
  before(async () => {
    if (skip) return;
    folder = await shownCharts();
    [lab, browser] = await Promise.all([startLab(folder), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    await openNotebook(page, lab, 'charts');
  });
  after(async () => {
    if (skip) return;
    await browser?.close();
    await lab?.close();
    rmSync(folder, { recursive: true });
  });
  const theme = (name: 'Light' | 'Dark') => command(page, 'apputils:change-theme', { theme: `JupyterLab ${name}` });
  const charts = () => page.locator('.jp-RenderedPlotly');
  const papers = () =>
    charts().evaluateAll((all) => all.map((one) => one.querySelector<HTMLElement>('.main-svg')?.style.background));
  const until = async (wanted: string, count: number) =>
    page.waitForFunction(
      ([colour, many]) =>
        [...document.querySelectorAll<HTMLElement>('.jp-RenderedPlotly .main-svg:first-child')].filter(
          ({ style }) => style.background === colour,
        ).length === many,
      [wanted, count] as const,
      { timeout: 60_000 },
    );

  test('a still is as large as its chart, and says what it shows', { skip }, async () => {
    const image = charts().first().locator('img');
    await image.waitFor();
    const { width, height } = (await image.boundingBox())!;
    assert.deepEqual([Math.round(width), Math.round(height)], [720, 400]);
    assert.equal(await image.evaluate((one: HTMLImageElement) => one.naturalWidth), 1440);
    assert.equal(await image.getAttribute('alt'), losses().description);
  });

  test('in the dark theme charts are drawn dark, and light again after it', { skip }, async () => {
    const before = await cellsOf(page);
    await theme('Dark');
    await until('rgb(20, 23, 27)', 2);
    await theme('Light');
    await until('rgb(255, 255, 255)', 2);
    assert.equal((await papers()).length, 2);
    assert.deepEqual(await cellsOf(page), before, 'the notebook keeps its light stills');
  });

  test('in a narrow window a chart is laid out for it', { skip }, async () => {
    await page.setViewportSize({ width: 900, height: 1400 });
    await theme('Dark');
    await until('rgb(20, 23, 27)', 2);
    const titles = await page.locator('.jp-RenderedPlotly .gtitle').evaluateAll(
      (all) =>
      all.map((one) => one.getBoundingClientRect().right < one.closest('.jp-RenderedPlotly')!.getBoundingClientRect().right), // prettier-ignore
    );
    assert.deepEqual(titles, [true, true], 'no title is cut');
    await theme('Light');
  });
});
