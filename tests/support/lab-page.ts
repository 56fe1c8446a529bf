// What a reader does in JupyterLab, in few words.
import type { Locator, Page } from 'playwright-core';
import type { Lab } from './jupyterlab';

/** A cell as JupyterLab holds it. */
export interface LabCell {
  cell_type: string;
  execution_count: number | null;
  outputs?: { output_type: string; name?: string; text?: string | string[]; data?: Record<string, unknown> }[];
}

/** The parts of JupyterLab's application object that are used here, inside the page. */
interface LabWindow {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<unknown> };
    shell: {
      currentWidget: {
        sessionContext: { session?: { kernel?: { status: string } } };
        content: {
          model: { sharedModel: { toJSON(): { cells: LabCell[] } } };
          scrollToItem(index: number, align: string): Promise<void>;
        };
      };
    };
  };
}

/** Opens a notebook and waits for its kernel. */
export async function openNotebook(page: Page, lab: Lab, name: string): Promise<void> {
  await page.goto(`${lab.url}/lab/tree/${name}.ipynb?token=${lab.token}&reset`);
  await page.locator('.jp-NotebookPanel .jp-Cell').first().waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => {
    const { jupyterapp } = globalThis as unknown as LabWindow;
    return jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle';
  }, undefined, { timeout: 60_000 });
}

/** All cells as they are now. */
export const cellsOf = (page: Page): Promise<LabCell[]> => page.evaluate(() =>
  (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells);

/** Clears all outputs, restarts the kernel, runs all cells, and waits until the last one is done or one has failed. */
export async function restartAndRunAll(page: Page, timeout: number): Promise<void> {
  await page.evaluate(async () => {
    const own = globalThis as unknown as LabWindow & { allRun: boolean };
    const { commands } = own.jupyterapp;
    await commands.execute('editmenu:clear-all');
    own.allRun = false;
    void commands.execute('notebook:restart-run-all').finally(() => (own.allRun = true));
  });
  await page.locator('.jp-Dialog button.jp-mod-accept').click();
  await page.waitForFunction(() => (globalThis as unknown as { allRun: boolean }).allRun, undefined, { timeout });
}

/** Scrolls to a cell; JupyterLab draws only those that are near the window. */
export async function showCell(page: Page, index: number): Promise<Locator> {
  await page.evaluate((i) => {
    const { content } = (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget;
    return content.scrollToItem(i, 'start');
  }, index);
  const cell = page.locator(`.jp-Cell[data-windowed-list-index="${index}"]`);
  await cell.waitFor();
  return cell;
}
