// Working in a cell of JupyterLab: completion, documentation, and the stop button.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { textOf } from '../publish/src/notebooks/notebook';
import { ownRoot } from '../publish/src/notebooks/project';
import { launchBrowser } from './support/browser';
import { emptyNotebook, startLab, withoutLab } from './support/jupyterlab';
import { cellsOf, command, openNotebook, PATIENCE, runCell, showCell, untilIdle, writeCode } from './support/lab-page';

const begin = `import * as descent from 'descent-lab';
import { attack, classifiers, descend, evaluate, evaluation, race, races, spreads, tf } from 'descent-lab';
const classifier = await classifiers.loadClassifier('../models/cats-dogs');
const kept = 'kept';
const onItsWay = () => setTimeout(() => console.log('on its way'), 500); // only if the loop gives it a turn`;

/** Cells that would take hours, and what to print afterwards: it starts with true if they came some way. */
const long: Record<string, [cell: string, report: string]> = {
  descend: [
    `onItsWay();
const run = await descend({ loss: ({ x }) => x.sub(3).square(), variables: { x: 0 }, optimizer: tf.train.sgd(1e-6), iterations: 1e8, every: 1e6 });`,
    'run.stopped === "interrupted" && run.iterations > 10 && run.loss.length === run.iterations + 1, run.iterations',
  ],
  'spread search': [
    `onItsWay();
const best = await spreads.bestSpread({ vectors: 60, dimensions: 8, restarts: 1e4, iterations: 1e5 });`,
    'best.stopped === "interrupted" && best.minAngleDegrees > 5, best.minAngleDegrees',
  ],
  race: [
    `onItsWay();
const runs = await race({ objective: races.objectives.rosenbrock, runners: races.suitableRunners('rosenbrock'), steps: 1e7 });`,
    'runs.length === 1 && runs[0].stopped === "interrupted" && runs[0].steps > 10, runs[0].steps',
  ],
  attack: [
    `onItsWay();
const image = tf.fill([1, 128, 128, 3], 0.5) as tf.Tensor4D;
const examples = await attack(classifier, image, { steps: 1e6 }).catch((error) => error.examples);`,
    'examples[0].steps.length > 1, examples[0].steps.length',
  ],
  evaluate: [
    `onItsWay();
const photos = Array.from({ length: 1e4 }, (_, index) => ({ index: index, path: '', photo: 'grey', truth: 'cat' }));
const evaluated = await evaluate({ photos: photos, batch: 1, classifier: classifier, attacks: evaluation.parseAttacks('fgsm'), epsilons: [1 / 255],
  seed: 1, read: async () => new Float32Array(128 * 128 * 3).fill(0.5), fingerprint: '', journal: 'evaluation.unfinished' });`,
    'evaluated.stopped === "interrupted" && evaluated.trials.length > 1, evaluated.trials.length',
  ],
};

/** What stands below a cell. */
const printed = async (page: Page, index: number): Promise<string> =>
  ((await cellsOf(page))[index]!.outputs ?? [])
    .map((output) => (output.output_type === 'stream' ? textOf(output.text) : JSON.stringify(output)))
    .join('');

/** Writes code and presses Tab until a name is offered: JupyterLab drops an answer that takes more than a second. */
async function untilOffered(page: Page, code: string, name: string): Promise<void> {
  const offered = page.locator(`.jp-Completer-item[data-value="${name}"]`);
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    await writeCode(page, 1, code);
    await page.keyboard.press('Tab');
    const [yes] = await Promise.allSettled([offered.waitFor({ state: 'attached', timeout: 3000 })]);
    if (yes.status === 'fulfilled') return;
  }
  throw new Error(`${name} is not offered`);
}

async function run(page: Page, index: number, code: string): Promise<string> {
  await writeCode(page, index, code);
  await runCell(page, index);
  return printed(page, index);
}

/** Runs a cell, presses the stop button once it is on its way, and waits for the end. Returns how long that took. */
async function stop(page: Page, index: number, code: string, onItsWay: () => Promise<unknown>): Promise<number> {
  await writeCode(page, index, code);
  const ended = command(page, 'notebook:run-cell');
  await onItsWay();
  const pressed = performance.now();
  await page
    .locator(
      '.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] button, ' +
        '.jp-NotebookPanel-toolbar [data-jp-item-name="interrupt"] jp-button',
    )
    .first()
    .click();
  await ended;
  await untilIdle(page);
  return (performance.now() - pressed) / 1000;
}

test('cells in JupyterLab', { timeout: 1_800_000 }, async (t: TestContext) => {
  const reason = await withoutLab();
  if (reason) return t.skip(reason);
  const folder = emptyNotebook(16);
  const screenshots = join(ownRoot, 'tests', 'output', 'jupyterlab');
  mkdirSync(screenshots, { recursive: true });
  t.after(() => rmSync(folder, { recursive: true }));
  const lab = await startLab(folder);
  t.after(() => lab.close());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  await openNotebook(page, lab, 'work');
  assert.equal(await run(page, 0, begin), '');

  await t.test('Tab completes what the library and its objects have', async () => {
    for (const [object, name] of [
      ['descent', 'descend'],
      ['tf', 'valueAndGrad'],
      ['classifier', 'logits'],
    ] as const) {
      // The list is long, and only what can be seen of it is in the page: so with the beginning of the name.
      await untilOffered(page, `${object}.${name.slice(0, 3)}`, name);
      await page.screenshot({ path: join(screenshots, `completion-${object}.png`) });
      await page.keyboard.press('Escape');
    }
  });

  await t.test('Shift+Tab shows the documentation', async () => {
    await writeCode(page, 1, 'descent.descend');
    await page.keyboard.press('Shift+Tab');
    await page.locator('.jp-Tooltip', { hasText: 'step against the gradient of the loss' }).waitFor();
    await page.screenshot({ path: join(screenshots, 'documentation.png') });
    await page.keyboard.press('Escape');
  });

  await t.test('Shift+Tab inside the parentheses of a call shows its signature, with the formula set', async () => {
    await writeCode(page, 1, 'descent.losses.lineLoss(');
    await page.keyboard.press('Shift+Tab');
    const tooltip = page.locator('.jp-Tooltip', { hasText: /lineLoss\([^]*mean squared error/ });
    await tooltip.waitFor();
    await tooltip.locator('mjx-container').first().waitFor({ state: 'attached' });
    await page.screenshot({ path: join(screenshots, 'signature.png') });
    await page.keyboard.press('Escape');
  });

  let index = 2;
  for (const [name, [code, report]] of Object.entries(long)) {
    await t.test(`the stop button ends ${name} with what it has so far, and the kernel lives on`, async (t) => {
      const seconds = await stop(page, index, code, async () =>
        (await showCell(page, index)).locator('.jp-OutputArea-output', { hasText: 'on its way' }).first().waitFor(),
      );
      t.diagnostic(`stopped ${seconds.toFixed(2)} s after the click`);
      assert.match(await printed(page, index), /on its way\nInterrupted: the cell goes on/);
      index += 1;
      assert.match(await run(page, index, `console.log(kept, ${report});`), /^kept true/);
      index += 1;
    });
  }

  await t.test("the stop button ends a loop of one's own", async () => {
    // It lets no word out of the kernel; and a signal that comes before it begins waits for its end.
    const sign = join(lab.notebooks, 'begun');
    await writeCode(page, index + 1, 'console.log(kept, run.stopped);');
    await stop(page, index, `require('node:fs').writeFileSync('begun', ''); for (;;) {}`, async () => {
      while (!existsSync(sign)) await sleep(50);
    });
    await runCell(page, index + 1); // at once, as a quick reader does
    const [output] = (await cellsOf(page))[index]!.outputs!;
    assert.equal(output?.output_type === 'error' && output.ename, 'Interrupted');
    assert.match(await printed(page, index + 1), /^kept interrupted/);
    await page.screenshot({ path: join(screenshots, 'interrupted.png') });
    index += 2;
  });

  await t.test('an error is red, and shows the line and the place', async () => {
    await run(page, index, "const kind = 'cat';\nthrow new RangeError(`no ${kind}`);");
    const output = (await showCell(page, index)).locator('.jp-OutputArea-output').first();
    assert.match(
      await output.innerText(),
      /RangeError: no cat\n+cell \[\d+\], line 2:\n {2}throw new[^\n]*\n {8}\^\s*$/,
    );
    const [background, name] = await Promise.all([
      output.evaluate((element) => getComputedStyle(element).backgroundColor),
      output.locator('.ansi-red-fg').first().innerText(),
    ]);
    assert.match(background, /^rgb\(25\d, 2[0-4]\d, 2[0-4]\d\)$/);
    assert.equal(name, 'RangeError');
    await page.screenshot({ path: join(screenshots, 'error.png') });
    assert.match(await run(page, index + 1, 'console.log(kept);'), /^kept/); // at once
  });
});
