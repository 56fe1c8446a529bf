// A notebook's page of the site, run in a browser as a reader would.
import type { Browser } from 'puppeteer-core';
import { join } from 'node:path';
import { codeCells, readNotebook, textOf } from '../../publish/src/notebooks/notebook';
import { ownRoot } from '../../publish/src/notebooks/project';
import { fragmentOf } from '../../web/src/page/link';
import { PATIENCE } from './readers';

/** What a cell shows. */
export interface ShownCell {
  state: string;
  /** What it printed. */
  printed: string;
  /** Errors, and what was printed as such. */
  problems: string;
  charts: number;
  /** What it says of statements of the text that do not hold. */
  unmet: string;
}

/** What happened on a page. */
export interface PageRun {
  cells: ShownCell[];
  /** Errors of the page itself. */
  errors: string[];
  /** The scripts that it had, before the first press and after it. */
  before: string[];
  after: string[];
  /** The addresses that it asked for, where a browser tells. */
  requests: string[];
  /** Milliseconds to the first cell that was done, and to the last. */
  first: number;
  all: number;
  /** The longest that the page did not answer, in milliseconds. */
  gap: number;
  /** The longest task of the page's scripts since the first cell was done, in milliseconds, where a browser tells. */
  task?: number;
}

/** Opens a page, presses Run all, and waits for the end. */
export async function runPage(browser: Browser, address: string): Promise<PageRun> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const [errors, requests]: [string[], string[]] = [[], []];
  page.on('pageerror', (error) => errors.push(String((error as Error).stack ?? error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewport({ width: 1000, height: 800 });
  await page.goto(address, { waitUntil: 'load' });
  const scripts = async (): Promise<string[]> =>
    (await page.evaluate('[...document.scripts].map(({ src }) => src)')) as string[];
  const before = await scripts();
  // as a text: what compiles these tests would put its own helpers into a function
  await page.evaluate(`(() => {
    window.gap = 0;
    window.tasks = [];
    const types = PerformanceObserver.supportedEntryTypes;
    if (types.includes('longtask'))
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries())).observe({ type: 'longtask' });
    let last = performance.now();
    (function frame() {
      const now = performance.now();
      window.gap = Math.max(window.gap, now - last);
      last = now;
      requestAnimationFrame(frame);
    })();
  })()`);
  const start = performance.now();
  await page.click('[data-action="run-all"]');
  await page.waitForSelector('.cell:is([data-state="done"], [data-state="failed"])');
  const first = performance.now() - start;
  await page.evaluate('window.firstDone = performance.now()');
  await page.waitForSelector('main:not([data-running]) .cell[data-state]');
  const all = performance.now() - start;
  const gap = (await page.evaluate('window.gap')) as number;
  const task = (await page.evaluate(`PerformanceObserver.supportedEntryTypes.includes('longtask')
    ? Math.max(0, ...window.tasks.filter(({ startTime }) => startTime > window.firstDone).map(({ duration }) => duration))
    : null`)) as number | null;
  const cells = (await page.evaluate(`[...document.querySelectorAll('.cell')].map((cell) => {
    const textIn = (selector) => [...cell.querySelectorAll(selector)].map((one) => one.textContent).join('');
    return {
      state: cell.dataset.state ?? '',
      printed: textIn('[data-part="outputs"] > pre.stdout'),
      problems: textIn('pre.error, pre.stderr'),
      charts: cell.querySelectorAll('figure.chart').length,
      unmet: /Of \\d+ statements? of the text.*/s.exec(textIn('[data-part="outputs"]'))?.[0] ?? '',
    };
  })`)) as ShownCell[];
  const after = await scripts();
  await page.close();
  return { cells, errors, before, after, requests, first, all, gap, ...(task !== null && { task }) };
}

const DESCENT = `import { descend, tf } from 'descent-lab';
const { stopped } = await descend({
  loss: ({ x }) => x.square().sum(),
  variables: { x: tf.linspace(-1, 1, 100) },
  optimizer: tf.train.adam(1e-6),
  iterations: 1e7,
});
console.log(stopped);`;

/** Stops a descent in the playground so many times. @returns milliseconds from each press to the end of its cell */
export async function timeStop(browser: Browser, playground: string, times: number): Promise<number[]> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.goto(playground + (await fragmentOf([DESCENT])), { waitUntil: 'load' });
  await page.waitForSelector('[data-part="foreign"]:not([hidden])');
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    await page.click('[data-action="run"]');
    await page.waitForSelector('.cell[data-state="running"]');
    await new Promise((go) => setTimeout(go, i === 0 ? 5000 : 1000 + 137 * i)); // the first one starts the kernel too
    const ms = await page.evaluate(`new Promise((resolve) => {
      const start = performance.now();
      new MutationObserver(() => document.querySelector('.cell[data-state="done"]') && resolve(performance.now() - start))
        .observe(document.querySelector('.cell'), { attributes: true });
      document.querySelector('[data-action="stop"]').click();
    })`);
    taken.push(ms as number);
  }
  await page.close();
  return taken;
}

/** What the committed notebook printed, cell by cell, and how many charts it shows. */
export function committedCells(name: string): { printed: string; charts: number }[] {
  return codeCells(readNotebook(join(ownRoot, 'notebooks', `${name}.ipynb`))).map(({ outputs = [] }) => ({
    printed: outputs
      .flatMap((output) => {
        if (output.output_type === 'stream') return output.name === 'stdout' ? [textOf(output.text)] : [];
        const isText = output.output_type === 'execute_result' && Object.keys(output.data).join() === 'text/plain';
        return isText ? [`${textOf(output.data['text/plain'])}\n`] : [];
      })
      .join(''),
    charts: outputs.filter((output) => 'data' in output && 'application/vnd.plotly.v1+json' in output.data).length,
  }));
}
