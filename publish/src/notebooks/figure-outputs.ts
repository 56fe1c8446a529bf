// The charts among a notebook's outputs.
import type { Payload } from 'descent-lab/internal';
import { codeCells, plotlyMime, textOf, type Notebook } from './notebook';

/** A chart as a notebook holds it. */
export interface FigureOutput {
  /** The number of its cell as JupyterLab shows it. */
  cell: number;
  name?: string;
  /** The text alternative. */
  description: string;
  payload: Payload;
  png?: Buffer;
}

/** One output's chart; undefined where it is none. */
export function figureOf(data: Record<string, unknown>, cell: number): FigureOutput | undefined {
  const payload = data[plotlyMime] as Payload | undefined;
  if (!payload) return undefined;
  const png = data['image/png'];
  return {
    cell,
    name: (payload.layout.meta as { name?: string } | undefined)?.name,
    description: textOf(data['text/plain']).trim(),
    payload,
    png: png === undefined ? undefined : Buffer.from(textOf(png), 'base64'),
  };
}

/** All charts of a notebook, in order. */
export const figuresOf = (notebook: Notebook): FigureOutput[] =>
  codeCells(notebook).flatMap((cell, i) =>
    (cell.outputs ?? []).flatMap((output) => ('data' in output ? (figureOf(output.data, i + 1) ?? []) : [])),
  );
