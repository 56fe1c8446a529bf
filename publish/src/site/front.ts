// The front page: what it is, one moving figure for each notebook, how to start.
import { escapeHtml } from 'descent-lab/internal';
import { markdownRenderer } from '../page/markdown';
import { frontPage, fromTo, libraryPage, playgroundPage } from './addresses';
import { neededFor } from 'descent-lab-web';
import { pressedChart, touchedChart } from './charts';
import { codeCells, textOf } from '../notebooks/notebook';
import { notebookHtml } from '../page/cells';
import type { SiteNotebook } from './notebook-pages';
import type { Readme } from './readme';
import { runningBar } from './running';

/** The chart that answers in the first screen. */
const FIRST = 'race-to-try';

/** The notebook that has it, if there is one. */
export const firstNotebook = (notebooks: readonly SiteNotebook[]): SiteNotebook | undefined =>
  notebooks.find(({ figures }) => figures.some(({ name }) => name === FIRST));

/** The cell of that chart, and hidden before it those that it needs. */
function toTry({ notebook, path, stills }: SiteNotebook): string {
  const cells = codeCells(notebook);
  const last = cells.findIndex(({ outputs }) => JSON.stringify(outputs).includes(`"name":"${FIRST}"`));
  const needed = neededFor(
    cells.map(({ source }) => textOf(source)),
    last,
  ).map((i) => cells[i]!);
  const { html } = notebookHtml({ ...notebook, cells: needed }, { chart: touchedChart(frontPage, stills), runs: true });
  const sections = html.split(/(?=<section class="cell")/);
  const shown = sections.pop()!.replace('<details class="code" open>', '<details class="code">');
  const hidden = sections.map((section) => section.replace('<section', '<section hidden'));
  return `<div class="try">${runningBar('')}${hidden.join('')}${shown}
<p>Six optimisers run from where you press, or drag to. The code is below, and can be changed:
<a href="${fromTo(frontPage, path)}">the notebook</a> explains it.</p></div>`;
}

/** Its content. `rewriteLink` is for README.md's own links. */
export function frontContent(
  readme: Readme,
  notebooks: SiteNotebook[],
  rewriteLink: (address: string) => string,
): string {
  const html = (markdown: string): string => markdownRenderer({ rewriteLink }).render(markdown);
  const card = ({ name, title, path, emblem, stills }: SiteNotebook): string => `<section>
<h3><a href="${fromTo(frontPage, path)}">${escapeHtml(title)}</a></h3>
${html(readme.notebooks.get(name)?.text ?? '')}${emblem ? pressedChart(frontPage, emblem, stills) : ''}
</section>`;
  const first = firstNotebook(notebooks);
  return `<h1>descent-lab</h1>
<div class="lead">${html(readme.intro)}</div>
${first ? toTry(first) : ''}
<p><a href="#start">How to start</a></p>
<h2 id="notebooks">The notebooks</h2>
<p>Each as a page with its code and live charts. Press a chart to see it move.</p>
<div class="cards">
${notebooks.map(card).join('\n')}
</div>
<h2 id="start">How to start</h2>
<p>Every cell runs in these pages, with nothing installed: open a notebook and press Run, or Edit and change a number. The
<a href="${fromTo(frontPage, playgroundPage)}">playground</a> has cells of your own. To keep files, use other packages or
all of your machine, run the notebooks yourself: in the project's folder,</p>
${html(readme.start)}
<h2 id="library">The library</h2>
${html(readme.library)}
<p><a href="${fromTo(frontPage, libraryPage)}">All of the library, name by name</a></p>`;
}
