// The exercises of a lesson, and their solutions in a notebook of its own: the number in the heading binds them.
import { basename } from 'node:path';
import { textOf, type Cell, type Notebook } from './notebook';
import { verifies } from './rules';

/** The folder of the solutions, in that of the notebooks. */
export const SOLUTIONS = 'solutions';

/** The solutions of a lesson: `solutions/01-fit-a-line`. */
export const solutionOf = (lesson: string): string => `${SOLUTIONS}/${lesson}`;
/** The lesson of solutions. Undefined for any other notebook. */
export const lessonOf = (name: string): string | undefined =>
  name.startsWith(`${SOLUTIONS}/`) ? basename(name) : undefined;

/** An exercise as a lesson sets it. */
export interface Exercise {
  number: number;
  title: string;
  /** Its Markdown, with the heading. */
  text: string;
}

/** A text cut before each line that begins an exercise, or a section, which ends one. What stands above them comes first. */
export const cutAtExercises = (text: string): string[] => text.split(/^(?=### Exercise \d+\b|## )/m);

const headed = /^#{2,3} Exercise (\d+)\b[:.]?[ \t]*(.*)/;

/** The number of the exercise that a text begins with, as a lesson's or a solution's heading names it. */
export const exerciseNumber = (text: string): number | undefined => {
  const number = headed.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
};

const markdownOf = ({ cells }: Notebook): string[] =>
  cells.filter(({ cell_type }) => cell_type === 'markdown').map(({ source }) => textOf(source));

/** The exercises of a lesson, in order. */
export const exercisesOf = (lesson: Notebook): Exercise[] =>
  markdownOf(lesson)
    .flatMap(cutAtExercises)
    .flatMap((text) => {
      const [, number, title] = headed.exec(text) ?? [];
      return number === undefined ? [] : [{ number: Number(number), title: title!, text }];
    });

/** The cells of each solution, by the number of its exercise: from its heading to the next heading of that level. */
export function solutionsOf(solutions: Notebook): Map<number, Cell[]> {
  const found = new Map<number, Cell[]>();
  let current: Cell[] | undefined;
  for (const cell of withoutCheck(solutions)) {
    const text = textOf(cell.source);
    const isMarkdown = cell.cell_type === 'markdown';
    const number = isMarkdown ? exerciseNumber(text) : undefined;
    if (number !== undefined) found.set(number, (current = []));
    else if (isMarkdown && /^#{1,2} /.test(text)) current = undefined;
    current?.push(cell);
  }
  return found;
}

/** The cells without those that close a notebook: the section "Check", and the check of the statements. */
export function withoutCheck({ cells }: Notebook): Cell[] {
  const last = cells.findLastIndex(({ cell_type }) => cell_type === 'code');
  if (!verifies(cells[last])) return cells;
  const rest = cells.slice(0, last);
  const above = rest.at(-1);
  if (above?.cell_type !== 'markdown') return rest;
  const text = textOf(above.source).replace(/\n*^## Check$[^]*/m, '');
  return [...rest.slice(0, -1), ...(text ? [{ ...above, source: text }] : [])];
}
