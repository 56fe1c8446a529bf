// The notebook format, as far as it is used here: https://nbformat.readthedocs.io/en/latest/format_description.html
import { readFileSync } from 'node:fs';

/** Text that the format allows to be cut into lines. */
export type Multiline = string | string[];
/** Media types to their data: text (base64 for an image), or JSON for a JSON type. */
export type MimeBundle = Record<string, unknown>;

/** One output of a code cell. */
export type Output =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: Multiline }
  | { output_type: 'display_data'; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: 'execute_result';
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count?: number | null;
    }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

/** One cell. */
export interface Cell {
  cell_type: 'code' | 'markdown' | 'raw';
  id?: string;
  metadata: Record<string, unknown>;
  source: Multiline;
  attachments?: Record<string, MimeBundle>;
  outputs?: Output[];
  execution_count?: number | null;
}

/** A whole notebook. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** The media type that JupyterLab draws as a live chart. */
export { PLOTLY_MIME as plotlyMime } from 'descent-lab/internal';

/** The text of a multi-line field. */
export function textOf(text: unknown): string {
  if (Array.isArray(text)) return text.join('');
  return typeof text === 'string' ? text : '';
}

/** The cells that a kernel runs, in order: the first is [1] in JupyterLab. */
export const codeCells = (notebook: Notebook): Cell[] =>
  notebook.cells.filter((cell) => cell.cell_type === 'code' && textOf(cell.source).trim() !== '');

/** Reads a notebook. Throws, naming the file, where it is no notebook of format 4. */
export function readNotebook(file: string): Notebook {
  let notebook: Notebook;
  try {
    notebook = JSON.parse(readFileSync(file, 'utf8')) as Notebook;
  } catch (error) {
    throw new Error(`${file} is not a notebook: ${(error as Error).message}`, { cause: error });
  }
  if (notebook.nbformat === 4 && Array.isArray(notebook.cells)) return notebook;
  throw new Error(`${file} is not a notebook of format 4`);
}
