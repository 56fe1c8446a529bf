// The notebooks' pages, run in the browsers that readers have, from the disk and from a server, in a subfolder: every cell.
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { notebookNames } from '../publish/src/notebooks/run';
import { builtSite } from './support/built-site';
import { committedCells, runPage } from './support/notebook-page';
import { readers } from './support/readers';
import { serveFolder, type StaticServer } from './support/static-server';

/** The lines that may be others than in the committed notebook, by notebook and cell, and why. */
const OTHER_LINES: Record<string, Record<number, { line: RegExp; why: string }>> = {
  '01-fit-a-line': {
    4: { line: /^tape: /, why: 'sums of 150 numbers in float32, which each backend adds up in its own order' },
    17: {
      line: /^the loss is Infinity at iteration 1[89]/,
      why: 'the same: numbers near 1e38 pass the border an iteration later',
    },
  },
};

const names = notebookNames(projectAt(ownRoot));
let site = '';
let server: StaticServer;

before(async () => {
  site = await builtSite();
  server = await serveFolder(site, { under: '/a/book/' });
});
after(() => server?.close());

void (async () => {
  for (const reader of await readers()) {
    describe(`in ${reader.name}`, { skip: reader.missing }, () => {
      for (const origin of ['the disk', 'a server'] as const) {
        test(`from ${origin}`, async (t) => {
          const browser = await reader.launch();
          t.after(() => browser.close());
          const base = origin === 'the disk' ? `${pathToFileURL(site).href}/` : server.address;
          for (const name of names) {
            await t.test(name, async (t) => {
              const run = await runPage(browser, `${base}notebooks/${name}.html`);
              t.diagnostic(
                `first result ${Math.round(run.first)} ms, all ${Math.round(run.all)} ms, longest pause ${Math.round(run.gap)} ms`,
              );
              assert.deepEqual(run.errors, []);
              const isKernel = (address: string): boolean =>
                /\/assets\/(kernel|notebook|editor|binaries|files)/.test(address);
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
                assert.equal(cell.charts, charts, `charts of cell ${i + 1}`);
                const other = OTHER_LINES[name]?.[i + 1]?.line;
                const lines = (text: string): string[] => text.split('\n').filter((line) => !other?.test(line));
                assert.deepEqual(lines(cell.printed), lines(printed), `cell ${i + 1}`);
              });
            });
          }
        });
      }
    });
  }
})();
