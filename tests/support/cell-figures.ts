// Runs the code of a notebook here, as a page's worker does, and keeps the figures that it shows.
import * as library from 'descent-lab';
import { figureAt, startOf } from '../../lib/src/edge/interact';
import { unmet, type Statements } from '../../lib/src/edge/verify';
import type { Figure } from '../../lib/src/figures';
import { Cells } from '../../web/src/cells';

/** What cells showed. */
export interface Shown {
  figures: Map<string, Figure>;
  /** The statements that do not hold, if the cells verify some. */
  unmet: string[];
}

/** Runs cells in turn. Of a chart with controls it keeps the figure where these stand at first. */
export async function showsOf(sources: readonly string[]): Promise<Shown> {
  const shown: Shown = { figures: new Map(), unmet: [] };
  const keep = (figure: Figure): void => void shown.figures.set(figure.name, figure);
  const interact: typeof library.interact = async (controls, draw) =>
    keep(await figureAt(startOf(controls), controls, draw));
  const edge = {
    display: keep,
    interact,
    verify: (statements: Statements) => void shown.unmet.push(...unmet(statements)),
  };
  const cells = new Cells({
    importModule: (name) =>
      name === 'descent-lab' ? Promise.resolve({ ...library, ...edge }) : (import(name) as Promise<object>),
  });
  for (const [i, source] of sources.entries()) {
    await cells.run(source, i + 1).catch((error: unknown) => {
      throw new Error(cells.describe(error).text, { cause: error });
    });
  }
  return shown;
}
