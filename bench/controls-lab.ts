// How soon charts follow their controls in JupyterLab: node --import ./scripts/tsx.mjs bench/controls-lab.ts rate-to-try
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { lessonNames, projectAt } from 'descent-lab-publish';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { launchBrowser } from '../tests/support/browser';
import { explorablesOf } from '../tests/support/explorables';
import { emptyNotebook, startLab, withoutLab } from '../tests/support/jupyterlab';
import { openNotebook, runCell, showCell, writeCode } from '../tests/support/lab-page';
import { head, measureMoves, row, type Moves } from './moves';
import { root } from './places';

export const program = new Script('node --import ./scripts/tsx.mjs bench/controls-lab.ts')
  .description('Moves the first slider of each chart that has some, and prints how long until the chart has followed.')
  .argument('[names...]', 'names of figures; all without any');

async function main(): Promise<void> {
  const wanted = program.parse().args;
  const reason = await withoutLab();
  if (reason) throw new Error(reason);
  const project = projectAt(root);
  const folder = emptyNotebook(20);
  const [lab, browser] = await Promise.all([startLab(folder), launchBrowser()]);
  try {
    console.log(head);
    for (const name of lessonNames(project)) {
      for (const { figure, code } of explorablesOf(join(project.notebooks, `${name}.ipynb`))) {
        if (wanted.length > 0 && !wanted.includes(figure)) continue;
        const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
        await openNotebook(page, lab, 'work');
        for (const [i, source] of code.entries()) {
          await writeCode(page, i, source);
          await runCell(page, i);
        }
        const cell = await showCell(page, code.length - 1);
        await cell.locator('.widget-slider .noUi-handle').first().waitFor();
        const own = `document.querySelector('[data-windowed-list-index="${code.length - 1}"]')`;
        const handle = `${own}.querySelector('.widget-slider .noUi-handle')`;
        const press = `${handle}.dispatchEvent(new KeyboardEvent('keydown', { key: i % 10 < 5 ? 'ArrowRight' : 'ArrowLeft', bubbles: true, cancelable: true }))`;
        const taken = await page.evaluate<Moves>(measureMoves(own, press));
        console.log(row('JupyterLab', name, figure, taken));
        await page.context().close();
        await lab.endKernels();
      }
    }
  } finally {
    await browser.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) run(main, ({ message }) => message);
