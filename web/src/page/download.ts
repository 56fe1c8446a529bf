// The notebook with the reader's edits, as a file for JupyterLab.
import type { Cell } from './cell';
import { loadScript } from './scripts';

/** A notebook's cells, in order: the sources of its texts, and null for each of its code cells; or all are on the page. */
export interface Source {
  name: string;
  cells?: { id: string; markdown: string | null }[];
  metadata: object;
}

declare global {
  interface Window {
    /** In notebooks/NAME.source.js. */
    notebookSource?: Source;
  }
}

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** Offers the notebook for download, with what its cells show since they ran in this page. */
export async function download(main: HTMLElement, cells: readonly Cell[]): Promise<void> {
  await loadScript(new URL(main.dataset['source']!, document.baseURI).href);
  const { name, cells: places, metadata } = window.notebookSource!;
  const own = cells.map(({ element: { id } }) => ({ id, markdown: null }));
  const waiting = [...cells];
  const code = (id: string): object => {
    const { source, outputs } = waiting.shift()!;
    const shown = outputs.results();
    return { cell_type: 'code', execution_count: null, id, metadata: {}, outputs: shown, source: linesOf(source) };
  };
  const notebook = {
    cells: (places ?? own).map(({ id, markdown }) =>
      markdown === null ? code(id) : { cell_type: 'markdown', id, metadata: {}, source: linesOf(markdown) },
    ),
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([`${JSON.stringify(notebook, null, 1)}\n`], { type: 'application/x-ipynb+json' }),
  );
  link.download = `${name.replace(/^.*\//, '')}.ipynb`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
