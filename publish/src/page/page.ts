// A whole page: works from a file, with no network, on a phone, in light and dark.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { darkenedText, escapeHtml, htmlPage, redrawText } from 'descent-lab/internal';

const part = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

/** The style of every page, and the scripts that bring it to life. */
export const pageStyle = part('page.css');
export const narrowScript = part('narrow.js');
export const pageScript = [
  `const redraw = ${redrawText};`,
  `const darkened = ${darkenedText};`,
  narrowScript,
  ...['live.js', 'controls.js', 'reading.js', 'fold.js'].map(part),
].join('\n');

/** Folds all code of a notebook away, or shows it. */
export const foldSwitch = '<label class="fold"><input type="checkbox" id="fold"> Hide the code</label>';

/** What goes into a page. */
export interface PageParts {
  title: string;
  /** The content, as HTML. */
  html: string;
  /** What stands above it, as HTML. */
  header: string;
  /** The charts' script, as an address from this page. */
  plotly: string;
  /** Elements for the head that bring style and scripts from files of their own; without them, both are in the page. */
  shared?: string;
  /** What the page's scripts are told, as attributes of its `main`: where a page has them, its cells run in a worker. */
  data?: string;
}

/** The page's file. */
export const page = ({ title, html, header, plotly, shared, data }: PageParts): string =>
  htmlPage({
    title,
    head: `<meta name="color-scheme" content="light dark">\n${shared ? `${shared}\n` : ''}`,
    body: `<header>\n${header}\n</header>\n<main id="content" data-plotly="${escapeHtml(plotly)}"${data ?? ''}>\n${html}\n</main>`,
    ...(data !== undefined && { worker: true }),
    ...(!shared && { style: pageStyle, scripts: [pageScript] }),
  });
