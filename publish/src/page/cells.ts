// A notebook's cells as HTML.
import { CONTROLS_MIME, dataElement, escapeHtml, type PanelSpec } from 'descent-lab/internal';
import { panelHtml } from 'descent-lab-web';
import { cutAtExercises, exerciseNumber } from '../notebooks/exercises';
import { figureOf, type FigureOutput } from '../notebooks/figure-outputs';
import { codeCells, textOf, type Cell, type Notebook, type Output } from '../notebooks/notebook';
import { highlight, markdownRenderer, type Heading, type MarkdownOptions } from './markdown';
import { safeHtml } from './safe-html';

/** A notebook as a part of a page. */
export interface NotebookHtml {
  /** Its first heading. */
  title: string;
  headings: Heading[];
  html: string;
}

// eslint-disable-next-line no-control-regex -- terminal colours begin with the escape sign
const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');
const textBlock = (text: string): string => (text.trim() ? `<pre class="output">${escapeHtml(plain(text))}</pre>` : '');

/** How a chart stands in a page. */
export type ChartHtml = (figure: FigureOutput) => string;

/** How high a chart is, in CSS pixels. */
export const heightOf = ({ payload }: FigureOutput): number =>
  typeof payload.layout.height === 'number' ? payload.layout.height : 450;

/** The still, as high as the chart that takes its place, and beside it the data that bring it to life. */
export const chartInside: ChartHtml = (figure) => {
  const { name, description, payload, png } = figure;
  const still =
    png &&
    `<img class="in-light" src="data:image/png;base64,${png.toString('base64')}" alt="${escapeHtml(description)}" ` +
      `style="--height:${heightOf(figure)}px">`;
  return (
    `<figure class="chart" id="${escapeHtml(name ?? '')}"><div class="plot">${still ?? ''}</div>` +
    `${dataElement(payload)}</figure>`
  );
};

/** The controls of the chart below, which answer where cells run. */
const panel = (spec: PanelSpec): string =>
  `<div class="panel" role="group" aria-label="Controls of the chart below">${panelHtml(spec)}${dataElement(spec)}</div>`;

function output(out: Output, number: number, { chart = chartInside, runs }: NotebookOptions): string {
  if (out.output_type === 'stream') return textBlock(textOf(out.text));
  if (out.output_type === 'error') return textBlock(`${out.ename}: ${out.evalue}`);
  const figure = figureOf(out.data, number);
  if (figure) return chart(figure);
  const controls = out.data[CONTROLS_MIME];
  if (controls && runs) return panel(controls as unknown as PanelSpec);
  const alt = escapeHtml(textOf(out.data['text/plain']).trim());
  const html = out.data['text/html'];
  if (html !== undefined) return `<div class="output">${safeHtml(textOf(html))}</div>`;
  for (const type of ['image/png', 'image/jpeg', 'image/gif']) {
    const image = out.data[type];
    if (image !== undefined) {
      const data = escapeHtml(textOf(image).replace(/\s/g, ''));
      return `<figure><img src="data:${type};base64,${data}" alt="${alt}"></figure>`;
    }
  }
  return textBlock(textOf(out.data['text/plain']));
}

/** A button of a cell: what it does is in the page's own script, loaded at the first press. */
export const cellButton = (action: string, text: string, label: string, more = ''): string =>
  `<button type="button" data-action="${action}" data-part="${action}" aria-label="${label}"${more}>${text}</button>`;

/** Around a cell that readers may run and change; `more` are further buttons. */
const runnable = (id: string, number: number, code: string, outputs: string, more: string): string =>
  `<section class="cell" id="${escapeHtml(id)}" aria-label="Cell ${number}">${code}
<div class="tools">${cellButton('run', '▶ Run', `Run cell ${number}`)}${cellButton('edit', 'Edit', `Edit cell ${number}`)}` +
  `${cellButton('restore', 'Put back', `Put cell ${number} back as it was`, ' hidden')}${more}<span data-part="state"></span></div>
<div data-part="outputs">${outputs}</div></section>`;

/** A cell's code with its parts marked. */
export const codeHtml = ({ source }: Cell): string =>
  `<pre class="code"><code>${highlight(textOf(source))}</code></pre>`;

/** What a cell shows. */
export const outputsHtml = (cell: Cell, options: NotebookOptions, number = 0): string =>
  (cell.outputs ?? [])
    .map((out) => output(out, number, options))
    .filter(Boolean)
    .join('\n');

function codeCell(cell: Cell, number: number, options: NotebookOptions): string {
  const { runs, tools } = options;
  const outputs = outputsHtml(cell, options, number);
  const code =
    `<details class="code" open><summary>${options.codeTitle?.(number) ?? `Code of cell ${number}`}</summary>` +
    `${codeHtml(cell)}</details>`;
  return runs
    ? runnable(`cell-${cell.id ?? number}`, number, code, outputs, tools?.(number) ?? '')
    : `${code}\n${outputs}`;
}

/** An image that was pasted into a Markdown cell travels with it. */
function withAttachments(cell: Cell): string {
  return textOf(cell.source).replace(/attachment:([^)\s]+)/g, (address, name: string) => {
    const [type, data] = Object.entries(cell.attachments?.[name] ?? {})[0] ?? [];
    return type ? `data:${type};base64,${textOf(data)}` : address;
  });
}

/** How a notebook becomes a page. */
export interface NotebookOptions extends MarkdownOptions {
  /** Default: the chart's data and its still inside the page. */
  chart?: ChartHtml;
  /** Whether readers may run and change the cells. */
  runs?: boolean;
  /** More buttons of a cell that readers may run, by its number. */
  tools?: (number: number) => string;
  /** What stands above a cell's code. Default: `Code of cell 1`. */
  codeTitle?: (number: number) => string;
  /** What follows the text of an exercise, by its number, as HTML. */
  afterExercise?: (number: number) => string;
}

/** All cells of a notebook, in order. */
export function notebookHtml(notebook: Notebook, options: NotebookOptions = {}): NotebookHtml {
  const markdown = markdownRenderer(options);
  const numbers = new Map(codeCells(notebook).map((cell, i) => [cell, i + 1]));
  const parts = notebook.cells.map((cell) => {
    const number = numbers.get(cell);
    if (number) return codeCell(cell, number, options);
    if (cell.cell_type !== 'markdown') return '';
    return cutAtExercises(withAttachments(cell))
      .map((text) => markdown.render(text) + (options.afterExercise?.(exerciseNumber(text) ?? NaN) ?? ''))
      .join('');
  });
  return { title: markdown.headings[0]?.text ?? 'Notebook', headings: markdown.headings, html: parts.join('\n') };
}
