// The notebooks as pages of the site.
import { join } from 'node:path';
import { escapeHtml } from 'descent-lab/internal';
import { nameProblems } from '../notebooks/chart-rules';
import { checkNotebook } from '../notebooks/check';
import { figuresOf, type FigureOutput } from '../notebooks/figure-outputs';
import { readManifest } from '../notebooks/manifest';
import { readNotebook, type Notebook } from '../notebooks/notebook';
import { notebookHtml, type NotebookHtml } from '../page/cells';
import type { Project } from '../notebooks/project';
import { describeProblem } from '../notebooks/report';
import { notebookNames } from '../notebooks/run';
import { fromTo, linksOf, notebookPath } from './addresses';
import { liveChart, stillsOf, type Stills } from './charts';
import type { Readme } from './readme';
import { notebookOffers, runningBar } from './running';

/** A notebook in the site. */
export interface SiteNotebook extends NotebookHtml {
  name: string;
  path: string;
  figures: FigureOutput[];
  stills: Stills;
  notebook: Notebook;
  /** The one that stands for it on the front page: it moves, if any does. */
  emblem?: FigureOutput;
}

/** The figure that README.md shows moving, else the first that moves, else the first. */
function emblemOf(project: Project, figures: FigureOutput[]): FigureOutput | undefined {
  const manifest = readManifest(project);
  return (
    figures.find(({ name }) => manifest[name ?? '']?.gif) ??
    figures.find(({ payload }) => payload.frames?.length) ??
    figures[0]
  );
}

/** What is wrong with the outputs of a notebook as it stands in its file. */
function staleness(file: string, notebook: Notebook): string[] {
  return checkNotebook(notebook).map((problem) => describeProblem(file, notebook, problem));
}

/**
 * Reads all notebooks. They are called what README.md calls them; `warn` is told of those whose outputs are not what
 * their source makes.
 */
export async function readNotebooks(
  project: Project,
  readme: Readme,
  want: (file: string) => void,
  warn: (text: string) => void,
): Promise<SiteNotebook[]> {
  const read = async (name: string): Promise<SiteNotebook> => {
    const [path, file] = [notebookPath(name), `notebooks/${name}.ipynb`];
    const notebook = readNotebook(join(project.root, file));
    const stale = staleness(file, notebook);
    if (stale.length) warn(`${stale.join('\n')}\nnpm run figures -- ${name} executes it again`);
    const figures = figuresOf(notebook);
    for (const problem of figures.flatMap(nameProblems)) throw new Error(describeProblem(file, notebook, problem));
    const stills = await stillsOf(figures, warn);
    const parts = notebookHtml(notebook, {
      chart: liveChart(path, stills),
      rewriteLink: linksOf(project.root, file, path, want),
      runs: true,
    });
    const title = readme.notebooks.get(name)?.title ?? parts.title;
    return { ...parts, title, name, path, figures, stills, notebook, emblem: emblemOf(project, figures) };
  };
  const notebooks: SiteNotebook[] = [];
  for (const name of notebookNames(project)) notebooks.push(await read(name));
  return notebooks;
}

/** Its sections, to jump to. */
function contents({ headings }: SiteNotebook): string {
  const links = headings
    .filter(({ level }) => level === 2)
    .map(({ id, text }) => `<li><a href="#${id}">${escapeHtml(text)}</a></li>`);
  return links.length < 2
    ? ''
    : `<details class="contents"><summary>On this page</summary>` +
        `<nav aria-label="On this page"><ol>${links.join('')}</ol></nav></details>\n`;
}

/** One notebook's content, with ways to the one before and the one after. */
export function notebookContent(notebook: SiteNotebook, all: SiteNotebook[]): string {
  const i = all.indexOf(notebook);
  const way = (other: SiteNotebook | undefined, rel: string, mark: (title: string) => string): string =>
    other
      ? `<a rel="${rel}" href="${fromTo(notebook.path, other.path)}">${mark(escapeHtml(other.title))}</a>`
      : '<span></span>';
  const ways = way(all[i - 1], 'prev', (title) => `← ${title}`) + way(all[i + 1], 'next', (title) => `${title} →`);
  const firstHeading = notebook.html.indexOf('</h1>') + (notebook.html.includes('</h1>') ? '</h1>'.length : 1);
  return `${notebook.html.slice(0, firstHeading)}\n${contents(notebook)}${runningBar(notebookOffers(notebook.path, notebook.name))}${notebook.html.slice(firstHeading)}
<nav class="ways" aria-label="Other notebooks">${ways}</nav>`;
}
