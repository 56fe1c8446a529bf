// What a reader does in JupyterLab, in few words.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { Cell } from '../../publish/src/notebooks/notebook';
import type { Lab } from './jupyterlab';

/** How long anything may take on a busy machine. Milliseconds. */
export const PATIENCE = 180_000;

/** The parts of JupyterLab's application object that are used here, inside the page. */
interface LabWindow {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
    shell: {
      currentWidget: {
        sessionContext: { session?: { kernel?: { status: string } } };
        content: {
          activeCellIndex: number;
          widgets: { model: { type: string; trusted: boolean } }[];
          model: {
            sharedModel: { toJSON(): { cells: Cell[] }; getCell(index: number): { setSource(code: string): void } };
          };
          scrollToItem(index: number, align: string): Promise<void>;
        };
      };
    };
  };
}

/** Waits until the notebook at hand is drawn and its kernel has nothing to do. */
export async function untilIdle(page: Page): Promise<void> {
  await page.locator('.jp-NotebookPanel .jp-Cell').first().waitFor({ timeout: PATIENCE });
  await page.waitForFunction(
    () => {
      const { jupyterapp } = globalThis as unknown as LabWindow;
      // For a moment after the first cell is drawn no widget is the current one yet.
      return jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle';
    },
    undefined,
    { timeout: PATIENCE },
  );
}

/** Waits until the kernel of the notebook at hand has something to do. */
export const untilBusy = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    () =>
      (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status ===
      'busy',
    undefined,
    { timeout: PATIENCE },
  );

/** Opens a notebook and waits for its kernel. */
export async function openNotebook(page: Page, lab: Lab, name: string): Promise<void> {
  await page.goto(`${lab.url}/lab/tree/${name}.ipynb?token=${lab.token}&reset`);
  await untilIdle(page);
}

/** All cells as they are now. */
export const cellsOf = (page: Page): Promise<Cell[]> =>
  page.evaluate(
    () => (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells,
  );

/** Whether JupyterLab trusts the outputs of all code cells. */
export const isTrusted = (page: Page): Promise<boolean> =>
  page.evaluate(() =>
    (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.widgets.every(
      ({ model }) => model.type !== 'code' || model.trusted,
    ),
  );

/** Executes one of JupyterLab's commands, as a menu or a button does. Rejects when it takes too long. */
export const command = (page: Page, id: string, args: object = {}): Promise<void> =>
  Promise.race([
    page.evaluate(
      async ([id, args]) => {
        await (globalThis as unknown as LabWindow).jupyterapp.commands.execute(id, args);
      },
      [id, args] as const,
    ),
    sleep(2 * PATIENCE, undefined, { ref: false }).then(() => {
      throw new Error(`${id} takes too long`);
    }),
  ]);

/** A chart that comes to stand under the mouse turns live, and JupyterLab puts an image of its own for the still. */
const moveAway = (page: Page): Promise<void> => page.mouse.move(0, 0);

/** Clears all outputs, restarts the kernel, runs all cells, and waits until the last one is done or one has failed. */
export async function restartAndRunAll(page: Page): Promise<void> {
  await command(page, 'editmenu:clear-all');
  const run = command(page, 'notebook:restart-run-all');
  await page.locator('.jp-Dialog button.jp-mod-accept').click();
  await moveAway(page);
  await run;
}

/** Saves the notebook and opens the page anew. */
export async function saveAndReload(page: Page): Promise<void> {
  await moveAway(page);
  await command(page, 'docmanager:save');
  await page.reload();
  await untilIdle(page);
}

/** Scrolls to a cell and makes it the active one; JupyterLab draws only those that are near the window. */
export async function showCell(page: Page, index: number): Promise<Locator> {
  await moveAway(page);
  await page.evaluate((i) => {
    const { content } = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget;
    content.activeCellIndex = i;
    return content.scrollToItem(i, 'start');
  }, index);
  const cell = page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);
  await cell.waitFor();
  return cell;
}

/** Puts the cursor at the end of a cell that holds this code, as if it had been typed. */
export async function writeCode(page: Page, index: number, code: string): Promise<Locator> {
  await page.evaluate(
    ([i, text]) =>
      (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.model.sharedModel
        .getCell(i)
        .setSource(text),
    [index, code] as const,
  );
  const cell = await showCell(page, index);
  await cell.locator('.cm-content').click();
  await page.keyboard.press('Control+End');
  return cell;
}

/** Runs a cell and waits for its end. */
export async function runCell(page: Page, index: number): Promise<Locator> {
  const cell = await showCell(page, index);
  await command(page, 'notebook:run-cell');
  assert.notEqual((await cellsOf(page))[index]!.execution_count, null, `cell ${index} did not run`);
  return cell;
}
