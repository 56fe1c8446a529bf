// Controls above a chart in JupyterLab: keys, the mouse on the chart, errors, what is saved, a kernel that is started anew,
// two views, the stop button, a notebook that is opened again.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import test from 'node:test';
import { textOf } from '../publish/src/notebooks/notebook';
import { launchBrowser } from './support/browser';
import { emptyNotebook, startLab, withoutLab } from './support/jupyterlab';
import {
  cellsOf,
  command,
  openNotebook,
  PATIENCE,
  runCell,
  saveAndReload,
  untilBusy,
  untilIdle,
  writeCode,
} from './support/lab-page';

/** A chart that says where its controls stand; beyond 7 m/s it fails. */
const DIAL = `import { interact, point, slider } from 'descent-lab';
await interact({
  speed: slider({ from: 0, to: 10, step: 1, start: 3, unit: 'm/s' }),
  place: point({ x: [0, 1], y: [0, 1], start: [0.5, 0.5] }),
}, async ({ speed, place: { x, y } }) => {
  if (speed > 7) throw new RangeError('too fast: ' + speed);
  return { name: 'dial', description: 'a dial at ' + speed, data: [{ x: [0, 1], y: [0, speed / 10] }],
    layout: { title: { text: speed + ' at ' + x + ', ' + y }, height: 300, xaxis: { range: [0, 1] }, yaxis: { range: [0, 1] } } };
});`;

/** A chart whose draw never ends at 1, and at 2 not before it is stopped. */
const ENDLESS = `import { descend, interact, slider, tf } from 'descent-lab';
await interact({ mode: slider({ from: 0, to: 3, step: 1 , start: 0 }) }, async ({ mode }) => {
  while (mode === 1);
  const run = await descend({ loss: ({ x }) => x.square(), variables: { x: 1 }, optimizer: tf.train.sgd(1e-9),
    iterations: mode === 2 ? 1e9 : 1, record: false });
  return { name: 'endless', description: 'mode ' + mode, data: [{ x: [0, 1], y: [0, 1] }],
    layout: { title: { text: 'mode ' + mode + (run.iterations > 1 ? ', stopped' : '') }, height: 300 } };
});`;

test('controls in JupyterLab answer, and the saved notebook keeps the last chart', async (t) => {
  const reason = await withoutLab();
  if (reason) return t.skip(reason);
  const folder = emptyNotebook(2);
  const lab = await startLab(folder);
  const browser = await launchBrowser();
  t.after(async () => {
    await browser.close();
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const page = await (await browser.newContext({ viewport: { width: 1300, height: 900 } })).newPage();
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  await openNotebook(page, lab, 'work');
  await writeCode(page, 0, DIAL);
  const cell = await runCell(page, 0);
  const speed = cell.locator('.widget-slider', { hasText: 'speed' }).locator('.noUi-handle');
  const output = cell.locator('.jp-OutputArea');
  const says = (text: string): Promise<void> => cell.locator('.gtitle').filter({ hasText: text }).last().waitFor();
  const box = async () => {
    const { height, width } = (await cell.locator('.jp-RenderedPlotly').boundingBox())!;
    return { height, width };
  };

  await cell.locator('.jp-RenderedPlotly img').waitFor(); // a still, until something moves
  const before = await box();
  await speed.focus();
  for (let i = 0; i < 3; i++) await speed.press('ArrowRight');
  await says('6 at 0.5, 0.5');
  assert.deepEqual(await box(), before, 'the chart keeps its place and its size');
  assert.equal((await cell.locator('.jp-RenderedPlotly .main-svg:visible').count()) > 0, true);

  const line = (): Promise<string | null> =>
    cell.locator('.scatterlayer path.js-line:visible').last().getAttribute('d');
  const lineAtSix = await line();
  for (let i = 0; i < 2; i++) await speed.press('ArrowRight');
  await output.getByText('too fast: 8').waitFor();
  await says('7 at 0.5, 0.5'); // the last good one
  assert.notEqual(await line(), lineAtSix, 'the line moves with the title');
  for (let i = 0; i < 4; i++) await speed.press('ArrowLeft');
  await says('4 at 0.5, 0.5');
  assert.equal(await output.getByText('too fast').count(), 0);

  const area = (await cell.locator('.nsewdrag[data-subplot="xy"]').last().boundingBox())!;
  await page.mouse.click(area.x + 0.2 * area.width, area.y + 0.25 * area.height);
  await says('4 at 0.2, 0.75');
  await cell.locator('.widget-slider', { hasText: 'place x' }).getByText('0.2', { exact: true }).waitFor();
  assert.equal(await cell.locator('.js-plotly-plot:visible').count(), 1, 'one chart, which changes in place');

  for (const end = Date.now() + PATIENCE; ; await page.waitForTimeout(200)) {
    const outputs = (await cellsOf(page))[0]!.outputs ?? [];
    const [saved] = outputs.filter((output) => 'data' in output && 'image/png' in output.data);
    if (saved && 'data' in saved && textOf(saved.data['text/plain']) === 'a dial at 4') break;
    assert.ok(Date.now() < end, JSON.stringify(outputs).slice(0, 2000));
  }

  await command(page, 'notebook:create-output-view');
  const view = page.locator('.jp-LinkedOutputView');
  await view.locator('.jp-RenderedPlotly .main-svg:visible').first().waitFor();
  await speed.focus();
  await speed.press('ArrowRight');
  await says('5 at 0.2, 0.75');
  await view.locator('.gtitle').filter({ hasText: '5 at 0.2, 0.75' }).last().waitFor();
  await page.locator('.lm-TabBar-tab', { hasText: 'Output View' }).locator('.lm-TabBar-tabCloseIcon').click();
  await view.waitFor({ state: 'detached' });

  await writeCode(page, 1, ENDLESS);
  const endless = await runCell(page, 1);
  const mode = endless.locator('.noUi-handle');
  const stopped = endless.locator('[role="status"]');
  const shows = (text: string) => endless.locator('.gtitle').filter({ hasText: text }).last().waitFor();
  const interruptDraw = async () => {
    await untilBusy(page);
    await page.waitForTimeout(1000); // as a reader, who waits before losing patience
    await command(page, 'kernelmenu:interrupt');
    await untilIdle(page);
  };
  await endless.locator('.jp-RenderedPlotly img').waitFor();
  await mode.focus();
  await mode.press('ArrowRight');
  await interruptDraw();
  await stopped.filter({ hasText: /interrupted/ }).waitFor();
  await endless.locator('.jp-RenderedPlotly img').waitFor(); // the start’s, which is the last good one
  await mode.press('ArrowRight');
  await interruptDraw();
  await shows('mode 2, stopped');
  await mode.press('ArrowRight');
  await shows('mode 3');
  assert.equal(await stopped.textContent(), '');

  await page.waitForTimeout(2000); // what is saved follows the hand
  await lab.endKernels();
  await saveAndReload(page);
  for (const [one, controls] of [
    [cell, 'speed, place'],
    [endless, 'mode'],
  ] as const) {
    await one.getByText(`Controls: ${controls}. They answer once this cell runs`).waitFor();
    await one.locator('.jp-RenderedPlotly img').waitFor();
  }

  const restarted = command(page, 'kernelmenu:restart');
  await page.locator('.jp-Dialog button.jp-mod-accept').click();
  await restarted;
  await untilIdle(page);
  await runCell(page, 0);
  await cell.locator('.jp-RenderedPlotly img').waitFor();
  await speed.focus();
  await speed.press('ArrowLeft');
  await says('2 at 0.5, 0.5');
  assert.deepEqual(errors, []);
});
