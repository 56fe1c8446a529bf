// The front page: what it is, one moving figure for each notebook, how to start.
import { escapeHtml } from 'descent-lab/internal';
import { markdownRenderer } from '../page/markdown';
import { frontPage, fromTo, libraryPage, playgroundPage } from './addresses';
import { pressedChart } from './charts';
import type { SiteNotebook } from './notebook-pages';
import type { Readme } from './readme';

/** Its content. `rewriteLink` is for README.md's own links. */
export function frontContent(
  readme: Readme,
  notebooks: SiteNotebook[],
  rewriteLink: (address: string) => string,
): string {
  const html = (markdown: string): string => markdownRenderer({ rewriteLink }).render(markdown);
  const card = ({ name, title, path, emblem }: SiteNotebook): string => `<section>
<h3><a href="${fromTo(frontPage, path)}">${escapeHtml(title)}</a></h3>
${html(readme.notebooks.get(name)?.text ?? '')}${emblem ? pressedChart(frontPage, emblem) : ''}
</section>`;
  return `<h1>descent-lab</h1>
<div class="lead">${html(readme.intro)}</div>
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
