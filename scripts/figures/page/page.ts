// A whole page: works from a file, with no network, on a phone, in light and dark.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from './markdown';

const part = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

/** What goes into a page. */
export interface PageParts {
  title: string;
  /** The content, as HTML. */
  html: string;
  /** Links to other pages, as HTML; none where there is one page only. */
  nav?: string;
  /** The charts' script, as an address from this page. */
  plotly: string;
}

/** The page's file. */
export const page = ({ title, html, nav = '', plotly }: PageParts): string => `<!doctype html>
<html lang="en" data-plotly="${escapeHtml(plotly)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${part('page.css')}</style>
</head>
<body>
<header>
${nav}
<label><input type="checkbox" id="fold"> Hide the code</label>
</header>
<main>
${html}
</main>
<script>
${part('live.js')}</script>
</body>
</html>
`;
