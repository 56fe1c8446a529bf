// What every page of the site has around its content.
import { foldSwitch, page } from '../page/page';
import { filePath, frontPage, fromTo, libraryPage, playgroundPage } from './addresses';
import { GLOSSARY } from './glossary';
import { running, runningData, type RunningPage } from './running';

/** For who teaches with the notebooks. */
export const TEACHING = 'docs/teaching.md';

/** The files that all pages share. */
export const shared = {
  style: 'assets/site.css',
  script: 'assets/page.js',
  search: 'assets/search.js',
  searchEngine: 'assets/minisearch.js',
  searchIndex: 'assets/search-index.js',
  plotly: 'assets/plotly.js',
};

/** One page. */
export interface SitePage {
  title: string;
  /** Its content, as HTML. */
  html: string;
  /** Whether it has code cells to fold. */
  folds?: boolean;
  /** What it runs cells with, if it does. */
  runs?: RunningPage;
}

function header(path: string, folds: boolean): string {
  const link = (target: string, text: string): string =>
    `<a href="${fromTo(path, target)}"${target === path ? ' aria-current="page"' : ''}>${text}</a>`;
  return `<a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Site">
${link(frontPage, '<b>descent-lab</b>')}
<a href="${fromTo(path, frontPage)}#notebooks">Notebooks</a>
${link(libraryPage, 'Library')}
${link(playgroundPage, 'Playground')}
${link(filePath(TEACHING), 'Teaching')}
${link(filePath(GLOSSARY), 'Glossary')}
</nav>
${folds ? foldSwitch : ''}
<search hidden>
<input type="search" id="search" placeholder="Search" aria-label="Search the notebooks and the library"
  autocomplete="off" spellcheck="false" aria-controls="results">
<div id="results" hidden><p role="status"></p><ol></ol></div>
</search>`;
}

/** The page's file; `path` is its own path in the site. */
export function sitePage(path: string, { title, html, folds = false, runs }: SitePage): string {
  const script = (file: string): string => `<script defer src="${fromTo(path, file)}"></script>`;
  return page({
    title: path === frontPage ? title : `${title} · descent-lab`,
    html,
    header: header(path, folds),
    plotly: fromTo(path, shared.plotly),
    shared:
      `<link rel="stylesheet" href="${fromTo(path, shared.style)}">\n` +
      `${script(shared.script)}\n${script(shared.search)}` +
      (runs === undefined ? '' : `\n${script(running.start)}`),
    ...(runs !== undefined && { data: runningData(path, runs) }),
  });
}
