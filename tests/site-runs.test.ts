// The notebooks' pages, run in the browsers that readers have, from the disk and from a server, in a subfolder: every cell.
import assert from 'node:assert/strict';
import test, { after, before, describe, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { lessonNames, solutionNames } from '../publish/src/notebooks/run';
import { builtSite } from './support/built-site';
import { committedCells, runPage } from './support/notebook-page';
import { readers } from './support/readers';
import { serveFolder, STRICT, type StaticServer } from './support/static-server';

/** The lines that may be others than in the committed notebook, and why. */
const OTHER_LINES: Record<string, { line: RegExp; why: string }[]> = {
  '01-fit-a-line': [
    { line: /^tape: /, why: 'sums of 150 numbers in float32, which each backend adds up in its own order' },
    {
      line: /^the loss is Infinity at iteration 1[89]/,
      why: 'the same: numbers near 1e38 pass the border an iteration later',
    },
  ],
};

const own = projectAt(ownRoot);
const names = lessonNames(own);

let site = '';
let server: StaticServer;

before(async () => {
  site = await builtSite();
  server = await serveFolder(site, { under: '/a/book/' });
});
after(() => server?.close());

/** Runs a page, and holds what its cells show to the committed notebook. @returns the errors that the page met */
async function check(t: TestContext, browser: Browser, base: string, name: string): Promise<string[]> {
  const run = await runPage(browser, `${base}notebooks/${name}.html`);
  t.diagnostic(
    `first result ${Math.round(run.first)} ms, all ${Math.round(run.all)} ms, longest pause ${Math.round(run.gap)} ms`,
  );
  const isKernel = (address: string): boolean => /\/assets\/(kernel|notebook|editor|binaries|files)/.test(address);
  assert.deepEqual(run.before.filter(isKernel), [], 'something was loaded before the first press');
  assert.ok(run.after.some(isKernel), 'the kernel was loaded');
  const elsewhere = [...run.requests, ...run.after].filter(
    (address) => address !== '' && !address.startsWith(base) && !/^(data|blob):/.test(address),
  );
  assert.deepEqual(elsewhere, [], 'another host was asked');
  committedCells(name).forEach(({ printed, charts }, i) => {
    const cell = run.cells[i]!;
    assert.equal(cell.problems, '', `cell ${i + 1}`);
    assert.equal(cell.state, 'done', `cell ${i + 1}`);
    assert.equal(cell.unmet, '', `cell ${i + 1}`);
    assert.equal(cell.charts, charts, `charts of cell ${i + 1}`);
    const others = OTHER_LINES[name] ?? [];
    const lines = (text: string): string[] =>
      text.split('\n').filter((text) => !others.some(({ line }) => line.test(text)));
    assert.deepEqual(lines(cell.printed), lines(printed), `cell ${i + 1}`);
  });
  return run.errors;
}

void (async () => {
  const all = await readers();
  const first = all.find(({ missing }) => !missing);
  for (const reader of all) {
    describe(`in ${reader.name}`, { skip: reader.missing }, () => {
      let browser: Browser;
      before(async () => {
        if (!reader.missing) browser = await reader.launch();
      });
      after(() => browser?.close());

      // Each lesson once in each browser, and once from each origin; each browser has lessons from both.
      test('the lessons, in turn from the disk and from a server', async (t) => {
        const origins = { 'the disk': `${pathToFileURL(site).href}/`, 'a server': server.address };
        for (const [i, name] of names.entries()) {
          const origin = (i + all.indexOf(reader)) % 2 === 0 ? 'the disk' : 'a server';
          await t.test(`${name}, from ${origin}`, async (t) =>
            assert.deepEqual(await check(t, browser, origins[origin], name), []),
          );
        }
      });

      // one browser and one place tell of all: their cells are of the same kinds
      test('the solutions, from the disk', { skip: reader !== first }, async (t) => {
        for (const name of solutionNames(own)) {
          await t.test(name, async (t) =>
            assert.deepEqual(await check(t, browser, `${pathToFileURL(site).href}/`, name), []),
          );
        }
      });

      test('from a server with the strictest policy', async (t) => {
        const strict = await serveFolder(site, { headers: { 'content-security-policy': STRICT } });
        t.after(() => strict.close());
        // the others take minutes each in plain JavaScript
        for (const name of ['01-fit-a-line', 'your-own']) {
          await t.test(name, async (t) => {
            const errors = await check(t, browser, strict.address, name);
            assert.deepEqual(
              errors.filter((error) => !/Content.Security.Policy/i.test(error)),
              [],
            );
          });
        }
      });
    });
  }
})();
