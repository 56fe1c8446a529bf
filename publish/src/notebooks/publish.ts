// From a checked notebook to files: its images, its page, and the notebook itself.
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { figureHash, sha256 } from 'descent-lab/internal';
import { figuresOf, type FigureOutput } from './figure-outputs';
import { readIfThere, writeIfChanged } from './files';
import { hasNotebook, readManifest, updateManifest, type Manifest } from './manifest';
import { serialise } from './committed-form';
import type { Notebook } from './notebook';
import { notebookHtml } from '../page/cells';
import { foldSwitch, page } from '../page/page';
import type { Project } from './project';

/** Draws an animation. */
export type RenderGif = (figure: FigureOutput) => Promise<Buffer>;

/** What a GIF may weigh, in bytes: a README with three of them has to open on a phone. */
const gifLimit = 1_500_000;

/** The GIFs that the README shows, by the names of their figures. */
export function gifsInReadme(project: Project): Set<string> {
  const text = readIfThere(project.readme)?.toString() ?? '';
  return new Set([...text.matchAll(/figures\/([\w-]+)\.gif/g)].map(([, name]) => name!));
}

/** The GIF on disk if it was made from these data, else a new one. */
async function gifOf(project: Project, figure: FigureOutput, known: Manifest[string] | undefined, render: RenderGif) {
  const old = readIfThere(join(project.figures, `${figure.name}.gif`));
  if (old && known?.data === figureHash(figure.payload) && known.gif === sha256(old)) return old;
  const file = `figures/${figure.name}.gif`;
  if (!figure.payload.frames?.length) throw new Error(`README.md shows ${file}, but that figure has no frames`);
  const gif = await render(figure);
  if (gif.length <= gifLimit) return gif;
  throw new Error(`${file} would take ${gif.length} bytes; at most ${gifLimit}`);
}

/** The page of a notebook, in the folder of the images; the pages of the other notebooks lie as the notebooks do. */
export function notebookPage(notebook: Notebook, name = ''): string {
  const root = dirname(name) === '.' ? '' : '../';
  const rewriteLink = (address: string): string =>
    address
      .replace(/^(?:\.\/)?((?:\.\.\/)*[\w/-]+)\.ipynb(?=$|#)/, '$1.html')
      .replace(new RegExp(`^${root}\\.\\./figures/`), root);
  const { title, html } = notebookHtml(notebook, { rewriteLink });
  return page({ title, html, header: foldSwitch, plotly: `${root}plotly.js` });
}

/** Copies the charts' script to where the pages look for it. */
export function copyPlotly(project: Project): void {
  const script = createRequire(__filename).resolve('plotly.js-strict-dist-min');
  writeIfChanged(join(project.figures, 'plotly.js'), readFileSync(script));
}

/**
 * Writes all that comes of a notebook, each file whole or not at all, and removes the images of figures that it, or a
 * notebook that is gone, had. Everything is made before the first file is written. Returns whether the notebook's file changed.
 */
export async function publish(project: Project, name: string, notebook: Notebook, render: RenderGif): Promise<boolean> {
  const manifest = readManifest(project);
  const wanted = gifsInReadme(project);
  const files = new Map<string, string | Buffer>();
  const entries: Manifest = {};
  for (const figure of figuresOf(notebook)) {
    const known = manifest[figure.name!];
    if (known && known.notebook !== name && hasNotebook(project, known)) {
      throw new Error(`its figure ${figure.name} has the name of one in ${known.notebook}.ipynb`);
    }
    const entry: Manifest[string] = { notebook: name, data: figureHash(figure.payload), png: sha256(figure.png!) };
    files.set(`${figure.name}.png`, figure.png!);
    if (wanted.has(figure.name!)) {
      const gif = await gifOf(project, figure, known, render);
      files.set(`${figure.name}.gif`, gif);
      entry.gif = sha256(gif);
    }
    entries[figure.name!] = entry;
  }
  files.set(`${name}.html`, notebookPage(notebook, name));
  copyPlotly(project);
  for (const [file, content] of files) writeIfChanged(join(project.figures, file), content);
  for (const [figure, entry] of Object.entries(manifest)) {
    if (entry.notebook !== name && hasNotebook(project, entry)) continue;
    for (const type of ['png', 'gif']) {
      if (!files.has(`${figure}.${type}`)) rmSync(join(project.figures, `${figure}.${type}`), { force: true });
    }
  }
  const changed = writeIfChanged(join(project.notebooks, `${name}.ipynb`), serialise(notebook));
  updateManifest(project, name, entries);
  return changed;
}
