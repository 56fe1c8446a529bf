// Where a notebook's slides begin, by rule: headings, cells, and how much fits.
import MarkdownIt from 'markdown-it';
import { cutAtExercises, withoutCheck } from '../notebooks/exercises';
import { codeCells, textOf, type Cell, type Notebook, type Output } from '../notebooks/notebook';

/** A part of a slide: Markdown, or the code of a cell, or outputs. */
export type Part = { markdown: string } | { code: Cell } | { outputs: Cell };

/** What one slide shows. */
export interface Slide {
  /** Whether it begins a column: a section of the notebook. The others stand below it. */
  begins: boolean;
  /** The section that it goes on with, where its own text does not begin with a heading. */
  running?: string;
  parts: Part[];
}

/** Pixels, on a stage of 720. */
const ROOM = 560;
const PROSE = { line: 36, letters: 92, gap: 15 };
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

const isPrediction = (block: string): boolean => block.includes('**Predict first.**');

/** A part before it is known with which others it shares a slide. */
interface Piece {
  part: Part;
  height: number;
  /** Whether it begins a slide, and even a column of them. */
  begins: 'slide' | 'column' | undefined;
  /** Whether nothing follows it on its slide. */
  ends: boolean;
}

const piece = (part: Part, height: number, { begins, ends = false }: Partial<Piece> = {}): Piece => ({
  part,
  height,
  begins,
  ends,
});

/** A question to think about ends a slide, so that its answer is not seen with it. */
const textPieces = (markdown: string): Piece[] =>
  cutAtExercises(markdown)
    .flatMap(blocksOf)
    .flatMap(divided)
    .map((block) =>
      piece({ markdown: block }, heightOf(block), {
        begins: /^##? /.test(block) ? 'column' : /^### /.test(block) ? 'slide' : undefined,
        ends: isPrediction(block),
      }),
    );

const isChart = (output: Output): boolean =>
  'data' in output && Object.keys(output.data).some((type) => /plotly|^image\/|^text\/html$/.test(type));

const printedLines = (output: Output): number =>
  linesOf('text' in output ? textOf(output.text) : 'data' in output ? textOf(output.data['text/plain']) : '');

/** Code, what it printed, and each chart on a slide of its own. */
function cellPieces(cell: Cell): Piece[] {
  const outputs = cell.outputs ?? [];
  const printed = outputs.filter((output) => !isChart(output));
  const lines = printed.reduce((sum, output) => sum + printedLines(output), 0);
  return [
    piece({ code: cell }, linesOf(textOf(cell.source)) * CODE.line + CODE.gap),
    ...(printed.length ? [piece({ outputs: { ...cell, outputs: printed } }, lines * CODE.line + CODE.gap)] : []),
    ...outputs
      .filter(isChart)
      .map((output) => piece({ outputs: { ...cell, outputs: [output] } }, ROOM, { begins: 'slide', ends: true })),
  ];
}

/** A notebook's slides, in order. What checks the statements of the text, at its end, is left out. */
export function slidesOf(notebook: Notebook): Slide[] {
  const code = new Set(codeCells(notebook));
  const pieces = withoutCheck(notebook).flatMap((cell) => {
    if (code.has(cell)) return cellPieces(cell);
    return cell.cell_type === 'markdown' ? textPieces(textOf(cell.source)) : [];
  });
  const slides: (Slide & { height: number; isFull: boolean })[] = [];
  let section = '';
  for (const { part, height, begins, ends } of pieces) {
    const last = slides.at(-1);
    if (begins === 'column' && 'markdown' in part) section = /^#+ (.*)/.exec(part.markdown)![1]!;
    if (begins || !last || last.isFull || last.height + height > ROOM) {
      const isColumn = begins === 'column';
      const running = isColumn || section === '' ? {} : { running: section };
      slides.push({ begins: isColumn, ...running, parts: [part], height, isFull: ends });
    } else {
      last.parts.push(part);
      last.height += height;
      last.isFull = ends;
    }
  }
  return slides.map(({ begins, running, parts }) => ({ begins, ...(running !== undefined && { running }), parts }));
}
