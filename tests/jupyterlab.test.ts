// A reader's way through each notebook, in the project's own JupyterLab and a real browser.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { checkNotebook } from '../publish/src/notebooks/check';
import { differences } from './support/compare';
import { figureOf, type FigureOutput } from '../publish/src/notebooks/figure-outputs';
import { readNotebook, textOf, type Cell } from '../publish/src/notebooks/notebook';
import { ownRoot } from '../publish/src/notebooks/project';
import { launchBrowser } from './support/browser';
import { startLab, withoutLab, type Lab } from './support/jupyterlab';
import {
  cellsOf,
  isTrusted,
  openNotebook,
  PATIENCE,
  restartAndRunAll,
  runCell,
  saveAndReload,
  showCell,
} from './support/lab-page';
import { enliven, hover, play, slide, untilStill } from './support/live-chart';

const notebooks = join(ownRoot, 'notebooks');
const names = existsSync(notebooks)
  ? readdirSync(notebooks)
      .filter((file) => file.endsWith('.ipynb'))
      .map((file) => file.slice(0, -6))
  : [];
const screenshots = join(ownRoot, 'tests', 'output', 'jupyterlab');

/** A chart on the page. */
interface Shown {
  figure: FigureOutput;
  place: Locator;
}

/** Goes from chart to chart. */
async function* chartsOf(page: Page, cells: Cell[]): AsyncGenerator<Shown> {
  for (const [index, cell] of cells.entries()) {
    for (const [position, output] of (cell.outputs ?? []).entries()) {
      const figure = 'data' in output && figureOf(output.data, index);
      if (!figure) continue;
      const shown = await showCell(page, index);
      yield { figure, place: shown.locator('.jp-OutputArea-child').nth(position) };
    }
  }
}

const liveChart = ({ place }: Shown): Locator => place.locator('.jp-RenderedPlotly');
const still = ({ place }: Shown): Locator => place.locator('img');

/** The notebook as it comes from GitHub, whose outputs JupyterLab does not trust: every chart is there as an image. */
async function lookUntrusted(page: Page): Promise<void> {
  assert.equal(await isTrusted(page), false);
  for await (const shown of chartsOf(page, await cellsOf(page))) await untilStill(still(shown));
}

const isInSpace = ({ type }: { type?: unknown }): boolean => typeof type === 'string' && /3d$|^surface$/.test(type);

/** Whether some flat mark says its value to the mouse: charts that print their numbers need not, nor do surfaces. */
const speaks = ({ payload }: FigureOutput): boolean =>
  payload.data.some((trace) => !isInSpace(trace) && trace['hoverinfo'] !== 'skip' && trace['hoverinfo'] !== 'none');

/** Runs it all and tries each chart. */
async function runAndTry(page: Page, name: string): Promise<Cell[]> {
  await restartAndRunAll(page);
  const cells = await cellsOf(page);
  assert.deepEqual(checkNotebook({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }), []);
  const committed = readNotebook(join(notebooks, `${name}.ipynb`));
  assert.deepEqual(differences(committed, { cells }), [], 'a fresh run gives what is committed');
  for await (const shown of chartsOf(page, cells)) {
    const chart = liveChart(shown);
    await enliven(chart);
    try {
      if (speaks(shown.figure)) assert.match(await hover(chart), /\d/);
      if (shown.figure.payload.frames) {
        await play(chart);
        await slide(chart);
      }
      await chart.screenshot({ path: join(screenshots, `${name}-${shown.figure.name}.png`) });
    } catch (error) {
      throw new Error(`the chart ${shown.figure.name}`, { cause: error });
    }
  }
  return cells;
}

/** What stands in the cells and below them, but for the stills: JupyterLab may put its own in their place. */
const contents = (cells: Cell[]): unknown =>
  cells.map(({ source, outputs = [] }) => [
    source,
    outputs.map((output) => ('data' in output ? { ...output.data, 'image/png': undefined } : output)),
  ]);

/** Whether it is in space, and whether it moves. */
const kindOf = ({ payload: { data, frames } }: FigureOutput): string =>
  `${data.some(isInSpace)} ${frames !== undefined}`;

/** Saves, opens the page anew, and finds the same: all as stills, and the first of each kind alive. */
async function saveAndSeeAgain(page: Page, cells: Cell[]): Promise<void> {
  await saveAndReload(page);
  const again = await cellsOf(page);
  assert.deepEqual(contents(again), contents(cells));
  const alive = new Set<string>();
  for await (const shown of chartsOf(page, again)) {
    await untilStill(still(shown));
    const kind = kindOf(shown.figure);
    if (!alive.has(kind)) await enliven(liveChart(shown));
    alive.add(kind);
  }
}

/** Replaces a number in notebook 2, as a reader does, and runs the cell again. */
async function editNumber(page: Page): Promise<void> {
  const code = 'optimizer: tf.train.sgd(0.01), iterations: 200';
  const index = (await cellsOf(page)).findIndex(({ source }) => textOf(source).includes(code));
  const printed = async (): Promise<string> => {
    const outputs = (await cellsOf(page))[index]!.outputs ?? [];
    return outputs.map((output) => (output.output_type === 'stream' ? textOf(output.text) : '')).join('');
  };
  const before = await printed();
  const cell = await showCell(page, index);
  const number = cell.locator('.cm-line span', { hasText: /^0\.01$/ });
  const { width, height } = (await number.boundingBox())!;
  await number.dblclick({ position: { x: width - 3, y: height / 2 } }); // selects what follows the point
  await page.keyboard.type('02');
  await runCell(page, index);
  assert.match(textOf((await cellsOf(page))[index]!.source), /sgd\(0\.02\)/);
  const [was, is] = [before, await printed()].map((text) => /least angle .*°/.exec(text)?.[0]);
  assert.ok(was && is && was !== is, `${was} became ${is}`);
}

test('every notebook runs in JupyterLab, and its charts live', { timeout: 1_800_000 }, async (t: TestContext) => {
  const reason = names.length ? await withoutLab() : 'there are no notebooks yet';
  if (reason) return t.skip(reason);
  mkdirSync(screenshots, { recursive: true });
  const inCheckout = (): Buffer[] => names.map((name) => readFileSync(join(notebooks, `${name}.ipynb`)));
  const originals = inCheckout();
  const lab = await startLab();
  t.after(() => lab.close());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  await t.test('it lets nobody in without its token, and nobody from another machine', () => checkDoors(lab));
  for (const name of names) {
    await t.test(name, async (t) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
      page.setDefaultTimeout(PATIENCE);
      const foreign: string[] = [];
      page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (/^(http|ws)/.test(protocol) && host !== new URL(lab.url).host) foreign.push(request.url());
      });
      const step = async <T>(what: string, does: Promise<T>): Promise<T> => {
        const start = performance.now();
        const result = await does;
        t.diagnostic(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
        return result;
      };
      try {
        await step('open', openNotebook(page, lab, name));
        await step('untrusted', lookUntrusted(page));
        const cells = await step('run and try', runAndTry(page, name));
        await step('save and see again', saveAndSeeAgain(page, cells));
        if (name === '02-spread-vectors') await step('edit a number', editNumber(page));
        assert.deepEqual(foreign, [], 'JupyterLab asks no other host for anything');
      } finally {
        await page.screenshot({ path: join(screenshots, `${name}.png`) });
        await page.close();
        await lab.endKernels();
      }
    });
  }
  assert.deepEqual(inCheckout(), originals, 'the notebooks of the checkout stay as they are');
});

async function checkDoors({ url, token }: Lab): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  assert.ok(token.length >= 32 && hostname === 'localhost');
  assert.equal((await fetch(`${url}/api/contents`)).status, 403);
  assert.equal((await fetch(`${url}/api/contents?token=${token}`)).status, 200);
  for (const { address, family, internal } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    if (internal || family !== 'IPv4') continue;
    await assert.rejects(fetch(`${protocol}//${address}:${port}/api`), `${address} answers`);
  }
}
