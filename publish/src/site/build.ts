// The whole site, from the executed notebooks and the library's source: made beside the earlier one, then put in its place.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { takeLock } from '../../../lib/native/lock.mjs';
import { pageScript, pageStyle } from '../page/page';
import type { Project } from '../notebooks/project';
import { filePath, frontPage, libraryPage, linksOf, playgroundPage } from './addresses';
import { readApi } from './api';
import { apiPage, apiPath, libraryContent, subjectTitle } from './api-pages';
import { chartFiles } from './charts';
import { filePage } from './file-pages';
import { firstNotebook, frontContent } from './front';
import { GLOSSARY, readGlossary } from './glossary';
import { notebookContent, readNotebooks } from './notebook-pages';
import { playgroundContent, playgroundSource, playgroundSourceScript } from './playground';
import { readReadme } from './readme';
import { cellsPath, notebookFiles, runningFiles, sourcePath } from './running';
import { replaceFolder, restoreFolder } from './replace-folder';
import { searchScript, sectionEntries, textOfHtml, type Entry } from './search';
import { shared, sitePage, TEACHING, type SitePage } from './shell';

/** What a build made. */
export interface Site {
  /** Every file's path and size in bytes. */
  sizes: Map<string, number>;
  notebooks: number;
  names: number;
}

/** How to build. */
export interface SiteOptions {
  /** The folder that the site is, replaced as a whole. */
  out: string;
  /** Is told what the reader should know: a notebook that has to be executed again, a doc comment that is missing. */
  warn: (text: string) => void;
}

const asset = (name: string): string => readFileSync(join(__dirname, 'assets', name), 'utf8');
const { resolve } = createRequire(__filename);
/** The search engine for a browser lies beside the one for Node, under no name of its own. */
const searchEngine = join(dirname(resolve('minisearch')), '..', 'umd', 'index.js');

const sharedFiles = (entries: Entry[]): [string, string | Buffer][] => [
  [shared.style, `${pageStyle}${asset('site.css')}`],
  [shared.script, pageScript],
  [shared.search, asset('search.js')],
  [shared.searchEngine, readFileSync(searchEngine, 'utf8').replace(/\n\/\/# sourceMappingURL.*/, '')],
  [shared.searchIndex, searchScript(entries)],
  [shared.plotly, readFileSync(resolve('plotly.js-strict-dist-min'))],
];

/** All files of the site by their paths. */
async function siteFiles(project: Project, scratch: string, warn: SiteOptions['warn']) {
  const files = new Map<string, string | Buffer>();
  const entries: Entry[] = [];
  const add = (path: string, page: SitePage): unknown => files.set(path, sitePage(path, page));
  const wanted = new Set<string>();
  const want = (file: string): unknown => wanted.add(file);

  const readme = readReadme(readFileSync(project.readme, 'utf8'));
  const notebooks = await readNotebooks(project, readme, want, warn);
  for (const notebook of notebooks) {
    add(notebook.path, {
      title: notebook.title,
      html: notebookContent(notebook, notebooks),
      folds: true,
      runs: { source: sourcePath(notebook.name), cells: cellsPath(notebook.name) },
    });
    // Solutions are found in the lesson's page, where they stand too.
    if (!notebook.lesson) entries.push(...sectionEntries(notebook.html, notebook.path, notebook.title));
    for (const [path, content] of [
      ...notebook.figures.flatMap((figure) => chartFiles(figure, notebook.stills)),
      ...notebookFiles(notebook.name, notebook.notebook),
    ])
      files.set(path, content);
  }
  for (const guide of [TEACHING, GLOSSARY]) if (existsSync(join(project.root, guide))) want(guide);
  for (const [term, { id, means }] of readGlossary(project.root))
    entries.push({ title: term, where: 'Glossary', url: `${filePath(GLOSSARY)}#${id}`, text: means });
  const rewriteLink = linksOf(project.root, 'README.md', frontPage, want);
  const lessons = notebooks.filter(({ lesson }) => lesson === undefined);
  const first = firstNotebook(lessons);
  add(frontPage, {
    title: 'descent-lab',
    html: frontContent(readme, lessons, rewriteLink),
    ...(first && { runs: { source: sourcePath(first.name), cells: cellsPath(first.name) } }),
  });
  const playground = playgroundContent(rewriteLink);
  add(playgroundPage, { ...playground, folds: true, runs: { source: playgroundSource, isOwn: true } });
  entries.push(...sectionEntries(playground.html, playgroundPage, playground.title));
  files.set(playgroundSource, playgroundSourceScript);

  const { names, warnings } = await readApi(project.root, scratch);
  if (warnings.length) warn(`${warnings.length} complaints about doc comments, such as: ${warnings[0]}`);
  for (const name of names) {
    const page = apiPage(name, want);
    add(apiPath(name), page);
    const text = textOfHtml(page.html.replace(/<p class="where">.*?<\/p>|<h1[^]*?<\/h1>|<pre[^]*?<\/pre>/g, ''));
    entries.push({ title: name.name, where: `${subjectTitle(name)} · ${name.kind}`, url: apiPath(name), text });
  }
  add(libraryPage, { title: 'The library', html: libraryContent(names) });

  for (const file of wanted) {
    // Grows while it is walked.
    const page = filePage(project.root, file, want);
    add(filePath(file), page);
    if (file === TEACHING) entries.push(...sectionEntries(page.html, filePath(file), page.title));
  }
  for (const [path, content] of [...sharedFiles(entries), ...(await runningFiles(project.root))])
    files.set(path, content);
  return { files, notebooks: lessons.length, names: names.length };
}

/**
 * Builds the site. A build that fails or is interrupted leaves the earlier site whole; a second one at the same time
 * waits for the first.
 */
export async function buildSite(project: Project, { out, warn }: SiteOptions): Promise<Site> {
  const workshop = join(project.root, '.setup', 'site');
  const release = await takeLock(join(workshop, 'lock'), warn);
  try {
    clear(workshop);
    restoreFolder(out);
    const { files, ...counts } = await siteFiles(project, join(workshop, 'api'), warn);
    const finished = join(workshop, 'finished');
    for (const [path, content] of files) {
      mkdirSync(dirname(join(finished, path)), { recursive: true });
      writeFileSync(join(finished, path), content);
    }
    replaceFolder(finished, out);
    return { ...counts, sizes: new Map([...files].map(([path, content]) => [path, Buffer.byteLength(content)])) };
  } finally {
    clear(workshop);
    release();
  }
}

/** Empties the folder of unfinished work, the lock apart. */
function clear(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder).filter((name) => !name.startsWith('lock'))) {
    rmSync(join(folder, entry), { recursive: true, force: true });
  }
}
