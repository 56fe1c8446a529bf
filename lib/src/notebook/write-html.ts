import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../data/files';
import type { Figure } from '../plot';
import { payloadOf } from './payload';
import { plotlyScript } from './plotly-script';

/** What the page says above its figures. */
export interface HtmlOptions {
  /** The page's heading. */
  title: string;
  /** A paragraph below it, as plain text. */
  intro?: string;
}

/**
 * Writes figures as one HTML file that opens anywhere, offline: live charts, animations with their controls.
 * Some 10 MB, nearly all of it Plotly's script.
 *
 * @throws DescentError where plotly.js-dist is not installed, or the file cannot be written.
 */
export function writeHtml(path: string, figures: Figure[], options: HtmlOptions): void {
  writeFileAtomically(path, html(figures, options, readFileSync(plotlyScript(), 'utf8')));
}

/** The page's text; `plotly` is Plotly's script. */
export function html(figures: Figure[], { title, intro }: HtmlOptions, plotly: string): string {
  const charts = figures.map((figure) => `<figure>
<div class="chart" role="group" aria-label="${escape(figure.description)}"></div>
<script type="application/json">${JSON.stringify(payloadOf(figure)).replaceAll('<', '\\u003c')}</script>
<figcaption>${escape(figure.description)}</figcaption>
</figure>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1f2937; background: #fff; }
body { font: 1rem/1.5 system-ui, sans-serif; }
figure { margin: 2rem 0; overflow-x: auto; }
.chart { min-width: 520px; }
figcaption { color: #4b5563; font-size: 0.9rem; }
</style>
</head>
<body>
<h1>${escape(title)}</h1>
${intro ? `<p>${escape(intro)}</p>\n` : ''}${charts.join('\n')}
<script>${plotly.replace(/<\/script/gi, '<\\/script')}</script>
<script>
for (const chart of document.querySelectorAll('.chart')) {
  const figure = JSON.parse(chart.nextElementSibling.textContent);
  Plotly.newPlot(chart, { ...figure, config: { ...figure.config, responsive: true } });
}
</script>
</body>
</html>
`;
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]!);
