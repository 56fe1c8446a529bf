// The solutions of a lesson's exercises as its page shows them: folded, each below its exercise.
import { solutionsOf } from '../notebooks/exercises';
import type { Notebook } from '../notebooks/notebook';
import { notebookHtml, type NotebookOptions } from './cells';

/**
 * What a lesson's page shows below an exercise: nothing where it has no solution.
 *
 * @param address of the solutions' own page, where they run
 */
export function foldedSolutions(
  solutions: Notebook,
  address: string,
  options: NotebookOptions,
): (exercise: number) => string {
  const cells = solutionsOf(solutions);
  return (exercise) => {
    const own = cells.get(exercise);
    if (!own) return '';
    const prefix = `solution-${exercise}-`;
    const { html, headings } = notebookHtml(
      { ...solutions, cells: own },
      { ...options, prefix, codeTitle: () => 'Code of the solution' },
    );
    const place = headings[0]!.id.slice(prefix.length);
    return (
      `<details class="solution"><summary>Solution</summary>\n${html.replace(/^<h2 [^]*?<\/h2>\n/, '')}\n` +
      `<p><a href="${address}#${place}">Run and change it on a page of its own</a></p></details>\n`
    );
  };
}
