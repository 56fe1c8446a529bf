// The charts with controls of a notebook, and the code of the cells that they take.
import { neededFor } from 'descent-lab-web';
import { figuresOf } from '../../publish/src/notebooks/figure-outputs';
import { codeCells, readNotebook, textOf } from '../../publish/src/notebooks/notebook';

/** A chart with controls. */
export interface Explorable {
  figure: string;
  /** The cells' code in order, its own the last. */
  code: string[];
}

/** Those of a notebook's file. */
export function explorablesOf(file: string): Explorable[] {
  const notebook = readNotebook(file);
  const sources = codeCells(notebook).map(({ source }) => textOf(source));
  return figuresOf(notebook).flatMap(({ name, cell }) => {
    if (name === undefined || !/\binteract\(/.test(sources[cell - 1]!)) return [];
    return [{ figure: name, code: neededFor(sources, cell - 1).map((i) => sources[i]!) }];
  });
}
