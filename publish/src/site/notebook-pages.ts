// The notebooks as pages of the site.
import { join } from 'node:path';
import { escapeHtml } from 'descent-lab/internal';
import { nameProblems } from '../notebooks/chart-rules';
import { lessonOf, solutionOf } from '../notebooks/exercises';
import { checkNotebook } from '../notebooks/check';
import { figuresOf, type FigureOutput } from '../notebooks/figure-outputs';
import { readManifest } from '../notebooks/manifest';
import { readNotebook, type Notebook } from '../notebooks/notebook';
import { notebookHtml, type NotebookHtml } from '../page/cells';
import type { Project } from '../notebooks/project';
import { describeProblem } from '../notebooks/report';
import { notebookNames, solutionNames } from '../notebooks/run';
import { foldedSolutions } from '../page/solutions';
import { filePath, fromTo, linksOf, notebookPath } from './addresses';
import { liveChart, stillsOf, type Stills } from './charts';
import { GLOSSARY, linkTerms, readGlossary } from './glossary';
import type { Readme } from './readme';
import { notebookOffers, originalPath, runningBar } from './running';

/** A notebook in the site. */
export interface SiteNotebook extends NotebookHtml {
  name: string;
  path: string;
  figures: FigureOutput[];
  stills: Stills;
  notebook: Notebook;
  /** Of solutions: the name of the lesson whose exercises they solve. */
  lesson?: string;
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
 * Reads all notebooks, the solutions last. They are called what README.md calls them; `warn` is told of those whose outputs are not what
 * their source makes.
 */
export async function readNotebooks(
  project: Project,
  readme: Readme,
  want: (file: string) => void,
  warn: (text: string) => void,
): Promise<SiteNotebook[]> {
  const fileOf = (name: string): string => `notebooks/${name}.ipynb`;
  const solved = new Map(
    solutionNames(project).map((name) => [lessonOf(name), readNotebook(join(project.root, fileOf(name)))]),
  );
  const glossary = readGlossary(project.root);
  const read = async (name: string): Promise<SiteNotebook> => {
    const [path, file] = [notebookPath(name), fileOf(name)];
    const lesson = lessonOf(name);
    const notebook = readNotebook(join(project.root, file));
    const stale = staleness(file, notebook);
    if (stale.length) warn(`${stale.join('\n')}\nnpm run figures -- ${name} executes it again`);
    const figures = figuresOf(notebook);
    for (const problem of figures.flatMap(nameProblems)) throw new Error(describeProblem(file, notebook, problem));
    const linksFrom = (file: string) => linksOf(project.root, file, path, want);
    const solutions = solved.get(name);
    const own = notebookPath(solutionOf(name));
    const stills = await stillsOf([...figures, ...(solutions ? figuresOf(solutions) : [])], warn);
    const parts = notebookHtml(notebook, {
      chart: liveChart(path, stills),
      rewriteLink: linksFrom(file),
      runs: true,
      ...(solutions && {
        afterExercise: foldedSolutions(solutions, fromTo(path, own), {
          chart: liveChart(path, stills),
          rewriteLink: linksFrom(fileOf(solutionOf(name))),
        }),
      }),
    });
    const title = readme.notebooks.get(name)?.title ?? parts.title;
    const html = linkTerms(parts.html, glossary, fromTo(path, filePath(GLOSSARY)));
    const emblem = emblemOf(project, figures);
    return {
      ...parts,
      html,
      title,
      name,
      path,
      figures,
      stills,
      notebook,
      ...(emblem && { emblem }),
      ...(lesson && { lesson }),
    };
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

/** What the notebooks follow. */
const ARTICLE = 'https://www.toptal.com/python/gradient-descent-in-tensorflow';

/** What a reader may take along, and where it comes from. */
const source = ({ path, name, lesson }: SiteNotebook, own: SiteNotebook | undefined): string =>
  `<p class="taken"><a href="${fromTo(path, originalPath(name))}" download>Download this notebook (.ipynb)</a>` +
  (lesson && own ? `<a href="${fromTo(path, own.path)}">The lesson</a>` : '') +
  `<span>After <a href="${ARTICLE}">The Many Applications of Gradient Descent in TensorFlow</a> by Alan Reiner</span></p>\n`;

/** One notebook's content, with ways to the one before and the one after. */
export function notebookContent(notebook: SiteNotebook, all: SiteNotebook[]): string {
  const lessons = all.filter(({ lesson }) => lesson === undefined);
  const i = lessons.indexOf(notebook);
  const own = all.find(({ name }) => name === notebook.lesson);
  const way = (other: SiteNotebook | undefined, rel: string, mark: (title: string) => string): string =>
    other
      ? `<a rel="${rel}" href="${fromTo(notebook.path, other.path)}">${mark(escapeHtml(other.title))}</a>`
      : '<span></span>';
  const before = (title: string): string => `← ${title}`;
  const ways = notebook.lesson
    ? way(own, 'up', before)
    : way(lessons[i - 1], 'prev', before) + way(lessons[i + 1], 'next', (title) => `${title} →`);
  const firstHeading = notebook.html.indexOf('</h1>') + (notebook.html.includes('</h1>') ? '</h1>'.length : 1);
  return `${notebook.html.slice(0, firstHeading)}\n${source(notebook, own)}${contents(notebook)}${runningBar(notebookOffers(notebook.path, notebook.name))}${notebook.html.slice(firstHeading)}
<nav class="ways" aria-label="Other notebooks">${ways}</nav>`;
}
