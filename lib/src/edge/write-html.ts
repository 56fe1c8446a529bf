import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../data/files';
import type { Figure } from '../figures';
import { darkenedText } from '../figures/chart/dark';
import { dataElement, escapeHtml, htmlPage } from './html';
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
export function writeHtml(path: string, figures: Figure[], { title, intro }: HtmlOptions): void {
  const plotly = readFileSync(plotlyScript(), 'utf8');
  const charts = figures.map(
    (figure) => `<figure>
<div class="chart" role="group" aria-label="${escapeHtml(figure.description)}"></div>
${dataElement(payloadOf(figure))}
<figcaption>${escapeHtml(figure.description)}</figcaption>
</figure>`,
  );
  const body = `<h1>${escapeHtml(title)}</h1>
${intro ? `<p>${escapeHtml(intro)}</p>\n` : ''}${charts.join('\n')}`;
  writeFileAtomically(path, htmlPage({ title, style, body, scripts: [plotly, draw] }));
}

const style = `body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; }
figure { margin: 2rem 0; overflow-x: auto; }
.chart { min-width: 520px; }
figcaption { font-size: 0.9rem; }
@media (prefers-color-scheme: dark) { body { color: #e4e7eb; background: #14171b; } }
`;

const draw = `
const darkened = ${darkenedText};
const dark = matchMedia('(prefers-color-scheme: dark)');
const draw = () => {
  for (const chart of document.querySelectorAll('.chart')) {
    const figure = JSON.parse(chart.nextElementSibling.textContent);
    const drawn = dark.matches ? darkened(figure) : figure;
    Plotly.react(chart, { ...drawn, config: { ...figure.config, responsive: true } });
  }
};
draw();
dark.addEventListener('change', draw);
`;
