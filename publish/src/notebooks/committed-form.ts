// The form in which a notebook is committed: the same on every machine and every day.
import { sorted } from 'descent-lab/internal';
import type { MadeFrom } from './made-from';
import { codeCells, plotlyMime, textOf, type Cell, type Notebook, type Output } from './notebook';

const metadata = {
  kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
  language_info: {
    codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
    file_extension: '.ts',
    mimetype: 'text/typescript',
    name: 'typescript',
    version: '3.7.2', // What the kernel says of itself, whatever TypeScript it has.
  },
};

/** What a front end or nbconvert notes in a cell about one run or one reader's screen. */
const passing = ['execution', 'ExecuteTime', 'trusted', 'scrolled', 'collapsed'];

const withoutPassing = (notes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(notes).filter(([key]) => !passing.includes(key)));

/** How a stream was cut into messages is chance: what it wrote with nothing else between is one output. */
function joined(outputs: Output[]): Output[] {
  return outputs.reduce<Output[]>((all, output) => {
    const before = all.at(-1);
    if (output.output_type !== 'stream') return [...all, output];
    const text = lines(textOf(output.text));
    if (before?.output_type !== 'stream' || before.name !== output.name) return [...all, { ...output, text }];
    return [...all.slice(0, -1), { ...before, text: lines(textOf(before.text) + textOf(output.text)) }];
  }, []);
}

const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function committedCell(cell: Cell, outputs: Output[] | undefined, count: number | null): Cell {
  const kept = { ...cell, metadata: withoutPassing(cell.metadata) };
  if (cell.cell_type !== 'code') return kept;
  const numbered = joined(outputs ?? []).map((output) =>
    output.output_type === 'execute_result' ? { ...output, execution_count: count } : output,
  );
  return { ...kept, outputs: numbered, execution_count: count };
}

/** The notebook as its author wrote it, with the outputs of a run and what they were made from. */
export function committedForm(source: Notebook, executed: Notebook, from?: MadeFrom): Notebook {
  const numbers = new Map(codeCells(source).map((cell, i) => [cell, i + 1]));
  return {
    ...source,
    metadata: from ? { ...metadata, made_from: from } : metadata,
    cells: source.cells.map((cell, i) => committedCell(cell, executed.cells[i]?.outputs, numbers.get(cell) ?? null)),
  };
}

/** A notebook's file. A chart's data take one line: indented by number they would take three times the space. */
export function serialise(notebook: Notebook): string {
  const charts: string[] = [];
  const outline = JSON.stringify(
    sorted(notebook), // as Jupyter writes them, or a save in JupyterLab would move them all
    (key, value: unknown) => {
      if (key !== plotlyMime) return value;
      charts.push(JSON.stringify(value));
      return `@chart ${charts.length - 1}@`;
    },
    1,
  );
  return `${outline.replace(/"@chart (\d+)@"/g, (_, i: string) => charts[Number(i)]!)}\n`;
}
