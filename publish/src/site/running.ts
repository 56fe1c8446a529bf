// What a page of the site needs to run its cells: the kernel, the page's own script, and the files that cells read.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from 'descent-lab/internal';
import { editorScript, kernelScript, libraryBinaries, notebookScript, readyScript } from 'descent-lab-web';
import type { Notebook } from '../notebooks/notebook';
import { codeCells, textOf } from '../notebooks/notebook';
import { fromTo } from './addresses';
import { completionsScript } from './completions';

/** Where these files are in the site. */
export const running = { start: 'assets/start.js', notebook: 'assets/notebook.js', assets: 'assets/' };

/** The folders whose files cells may read. */
const READ = ['data', 'data/photos', 'models/cats-dogs'];

/** A file as a script, which a page that was opened from the disk can load where it may not fetch. */
const asScript = (name: string, content: Buffer): string =>
  `(window.fileContents ??= {})[${JSON.stringify(name)}] = '${content.toString('base64')}';\n`;

/** The files that all notebooks share, by their paths in the site. */
export async function runningFiles(root: string): Promise<[path: string, content: string | Buffer][]> {
  const shipped = READ.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => statSync(join(root, folder, name)).isFile() && !name.endsWith('.md'))
      .map((name) => ({ path: `${folder}/${name}`, content: readFileSync(join(root, folder, name)) })),
  );
  const binaries = Object.entries(libraryBinaries()).map(([name, file]): [string, string] => [
    `assets/binaries/${name}.js`,
    asScript(name, readFileSync(file)),
  ]);
  return [
    ['assets/kernel.js', await kernelScript()],
    [running.notebook, await notebookScript(shipped.map(({ path, content }) => ({ path, bytes: content.length })))],
    ['assets/editor.js', await editorScript()],
    ['assets/completions.js', completionsScript(root)],
    [running.start, readFileSync(join(__dirname, 'assets', 'start.js'), 'utf8')],
    ...binaries,
    ...shipped.map(({ path, content }): [string, string] => [`assets/files/${path}.js`, asScript(path, content)]),
  ];
}

/** Where the texts of a notebook are, for who downloads it. */
export const sourcePath = (name: string): string => `notebooks/${name}.source.js`;
/** Where its compiled cells are. */
export const cellsPath = (name: string): string => `notebooks/${name}.cells.js`;
/** The notebook's own file, without outputs. */
export const originalPath = (name: string): string => `notebooks/${name}.ipynb`;

/** What a notebook's page may load: its cells compiled, its texts to be downloaded with the reader's cells, the original. */
export function notebookFiles(name: string, notebook: Notebook): [path: string, content: string][] {
  const cells = notebook.cells.map((cell, i) => ({
    id: cell.id ?? `cell-${i}`,
    markdown: cell.cell_type === 'code' ? null : textOf(cell.source),
  }));
  const source = JSON.stringify({ name, cells, metadata: notebook.metadata });
  const bare = notebook.cells.map((cell) =>
    cell.cell_type === 'code' ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  const sources = codeCells(notebook).map((cell) => textOf(cell.source));
  return [
    [cellsPath(name), readyScript(sources, `${name}.cells.js`)],
    [sourcePath(name), `window.notebookSource = ${source};\n`],
    [originalPath(name), `${JSON.stringify({ ...notebook, cells: bare }, null, 1)}\n`],
  ];
}

/** A page that runs cells. */
export interface RunningPage {
  /** The script with what is downloaded beside the cells. */
  source: string;
  /** The script with its cells, compiled. */
  cells?: string;
  /** Whether the cells are the reader's own, who may add others. */
  isOwn?: boolean;
}

/** What a page says of itself to its scripts, as attributes. */
export const runningData = (page: string, { source, cells, isOwn = false }: RunningPage): string =>
  Object.entries({
    notebook: fromTo(page, running.notebook),
    assets: `${fromTo(page, running.notebook).replace(/[^/]*$/, '')}`,
    source: fromTo(page, source),
    ...(cells !== undefined && { cells: fromTo(page, cells) }),
    ...(isOwn && { own: 'true' }),
  })
    .map(([key, value]) => ` data-${key}="${escapeHtml(value)}"`)
    .join('');

/** A button for all cells. */
export const pageButton = (action: string, text: string): string =>
  `<button type="button" data-action="${action}">${text}</button>`;

/** What is offered beside the cells of a notebook. */
export const notebookOffers = (page: string, name: string): string =>
  `${pageButton('restore-all', 'Put all cells back')}<a href="${fromTo(page, originalPath(name))}" download>Download the original</a>`;

/** The buttons for all cells of a page; `offers` are those that not every page has, as HTML. */
export const runningBar = (offers: string): string => `<div class="kernel">
<div role="group" aria-label="Run these cells">${pageButton('run-all', '▶ Run all')}${pageButton('stop', '■ Stop')}${pageButton('run-stale', 'Run stale cells')}</div>
<p data-part="status" role="status"></p><p data-part="note"></p>
<details><summary>More</summary><div role="group" aria-label="More">${pageButton('restart', 'Restart the kernel')}${pageButton('add-file', 'Add a file of your own')}<input type="file" data-part="file" multiple hidden>${pageButton('download', 'Download as .ipynb')}${offers}</div></details>
</div>`;
