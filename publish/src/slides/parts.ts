// Where a notebook's slides begin, by rule: headings, cells, and how much fits.
import MarkdownIt from 'markdown-it';
import { cutAtExercises, endOf } from '../notebooks/exercises';
import { codeCells, textOf, type Cell, type Notebook } from '../notebooks/notebook';

/** What one slide shows. */
export interface Slide {
  /** Whether it begins a column: a section of the notebook. The others stand below it. */
  begins: boolean;
  /** The section that it goes on with, where its own text does not begin with a heading. */
  running?: string;
  /** Its content: Markdown, or the code of a cell, its outputs, or both. */
  markdown?: string;
  cell?: Cell;
  shows?: 'code' | 'outputs' | 'both';
}

/** Pixels, on a stage of 720. */
const ROOM = 560;
const PROSE = { line: 36, letters: 88, gap: 15 };
const CODE = { line: 25, gap: 42 };

const blocks = new MarkdownIt({ html: true });

/** The blocks of a Markdown text, a `<details>` with all in it as one. */
export function blocksOf(markdown: string): string[] {
  const lines = markdown.split('\n');
  const found: string[] = [];
  let open = 0;
  for (const { level, map } of blocks.parse(markdown, {})) {
    if (level !== 0 || !map) continue;
    const text = lines.slice(...map).join('\n').trimEnd(); // prettier-ignore
    if (open > 0) found.push(`${found.pop()!}\n\n${text}`);
    else found.push(text);
    open += (text.match(/<details/g)?.length ?? 0) - (text.match(/<\/details>/g)?.length ?? 0);
  }
  return found;
}

const linesOf = (text: string): number => text.replace(/\n+$/, '').split('\n').length;
const proseHeight = (text: string): number => Math.ceil(text.length / PROSE.letters) * PROSE.line;

/** About how high a block is. */
function heightOf(block: string): number {
  const heading = /^(#+) /.exec(block);
  if (heading) return [0, 220, 70, 60][heading[1]!.length] ?? 50;
  if (block.startsWith('```')) return (linesOf(block) - 2) * CODE.line + CODE.gap;
  if (block.startsWith('|')) return linesOf(block) * 42;
  if (block.startsWith('<details')) return 60;
  if (block.startsWith('![')) return ROOM;
  if (block.includes('$$')) return 90 + proseHeight(block.replace(/\$\$[^]*?\$\$/g, ''));
  // a formula's source is longer than the formula
  const text = block.replace(/\]\([^)]*\)/g, ']').replace(/\\[a-z]+|[{}$]/g, '');
  const items = text.split(/^(?=\s*(?:[-*]|\d+\.) )/m);
  return items.reduce((sum, item) => sum + proseHeight(item), 0) + PROSE.gap;
}

/** A list that fills more than a slide, item by item. */
const divided = (block: string): string[] =>
  heightOf(block) > ROOM && /^([-*]|\d+\.) /.test(block) ? block.split(/\n(?=[-*] |\d+\. )/) : [block];

const isPrediction = (block: string): boolean => block.startsWith('**Predict first.**');

/** A cell's text as slides. A question to think about ends one, so that its answer is not seen with it. */
function textSlides(markdown: string): { markdown: string; begins: boolean }[] {
  const slides: { blocks: string[]; height: number; begins: boolean }[] = [];
  for (const block of cutAtExercises(markdown).flatMap(blocksOf).flatMap(divided)) {
    const height = heightOf(block);
    const last = slides.at(-1);
    const begins = /^##? /.test(block);
    const isFull = !last || last.height + height > ROOM || isPrediction(last.blocks.at(-1)!);
    if (isFull || begins || /^### /.test(block)) slides.push({ blocks: [block], height, begins });
    else {
      last.blocks.push(block);
      last.height += height;
    }
  }
  return slides.map(({ blocks, begins }) => ({ markdown: blocks.join('\n\n'), begins }));
}

const isChart = (output: NonNullable<Cell['outputs']>[number]): boolean =>
  'data' in output && Object.keys(output.data).some((type) => /plotly|^image\/|^text\/html$/.test(type));

/** Code with what it printed, where both fit; with a chart, or much text, the code comes first. */
function cellSlides(cell: Cell): Pick<Slide, 'cell' | 'shows'>[] {
  const outputs = cell.outputs ?? [];
  if (outputs.length === 0) return [{ cell, shows: 'code' }];
  const printed = outputs.map((output) => ('text' in output ? textOf(output.text) : '')).join('\n');
  const height = (linesOf(textOf(cell.source)) + linesOf(printed)) * CODE.line + 2 * CODE.gap;
  if (!outputs.some(isChart) && height <= ROOM) return [{ cell, shows: 'both' }];
  const charts = outputs.filter(isChart).map((output) => ({ ...cell, outputs: [output] }));
  const others = outputs.filter((output) => !isChart(output));
  return [
    { cell, shows: 'code' },
    ...(others.length ? [{ cell: { ...cell, outputs: others }, shows: 'outputs' as const }] : []),
    ...charts.map((cell) => ({ cell, shows: 'outputs' as const })),
  ];
}

/** A notebook's slides, in order. What checks the statements of the text, at its end, is left out. */
export function slidesOf(notebook: Notebook): Slide[] {
  const code = new Set(codeCells(notebook));
  let section = '';
  return notebook.cells.slice(0, endOf(notebook)).flatMap((cell): Slide[] => {
    if (code.has(cell)) return cellSlides(cell).map((slide) => ({ begins: false, running: section, ...slide }));
    if (cell.cell_type !== 'markdown') return [];
    return textSlides(textOf(cell.source)).map(({ markdown, begins }): Slide => {
      if (begins) section = /^#+ (.*)/.exec(markdown)![1]!;
      return { begins, markdown, ...(!begins && { running: section }) };
    });
  });
}
