// What a lesson keeps to, so that a class can be held with it: short, with a head, and each exercise with hint and solution.
import { exercisesOf, solutionOf, solutionsOf } from './exercises';
import { codeCells, textOf, type Notebook } from './notebook';
import { verifies } from './rules';

/** How long a lesson may be. */
export const lengths = { cells: 25, line: 100, names: 8 };

const sourceOf = (notebook: Notebook): string =>
  codeCells(notebook)
    .map(({ source }) => textOf(source))
    .join('\n');

/** Lines and imports of any notebook. */
function codeProblems(notebook: Notebook): string[] {
  const source = sourceOf(notebook);
  const long = source.split('\n').filter((line) => line.length > lengths.line);
  const imports = [...source.matchAll(/^import\s+(?:type\s+)?\{([^}]*)\}/gm)].map(
    ([, names]) => names!.split(',').filter((name) => name.trim()).length,
  );
  return [
    ...long.map((line) => `a line of code takes ${line.length} characters, at most ${lengths.line}: ${line.trim()}`),
    ...imports
      .filter((count) => count > lengths.names)
      .map((count) => `an import has ${count} names, at most ${lengths.names}`),
  ];
}

/** What the head says: number and title, and how long, what for and what with. */
function headProblems(name: string, { cells }: Notebook): string[] {
  const body = cells.findIndex((cell) => /^## /m.test(textOf(cell.source)));
  const head = cells
    .slice(0, body < 0 ? undefined : body + 1)
    .filter(({ cell_type }) => cell_type === 'markdown')
    .map(({ source }) => textOf(source))
    .join('\n\n')
    .split(/^## /m)[0]!;
  const number = /^\d+/.exec(name)?.[0];
  const title = number === undefined ? /^# \S/ : new RegExp(`^# ${Number(number)}\\. \\S`);
  const wanted: [what: string, pattern: RegExp][] = [
    [`a title such as "# ${number === undefined ? '' : `${Number(number)}. `}Title"`, title],
    ['a line "- **Time:** ..."', /^- \*\*Time:\*\* .*\d+ minutes/m],
    ['a line "- **You will be able to** ..."', /^- \*\*You will be able to\*\* \S/m],
    ['a line "- **You need** ..."', /^- \*\*You need\*\* \S/m],
  ];
  return wanted.filter(([, pattern]) => !pattern.test(head)).map(([what]) => `its head lacks ${what}`);
}

const hint = /<details><summary>Hint<\/summary>\n\n[^]*?\S[^]*?\n\n<\/details>/;

/** Each exercise has one hint and one solution, and each solution its exercise, of the same name. */
function exerciseProblems(name: string, lesson: Notebook, solutions: Notebook | undefined): string[] {
  const exercises = exercisesOf(lesson);
  const solved = solutions ? solutionsOf(solutions) : new Map<number, Notebook['cells']>();
  const numbers = exercises.map(({ number }) => number);
  const link = `(${solutionOf(name)}.ipynb)`;
  const hasLink = lesson.cells.some(({ source }) => textOf(source).includes(link));
  return [
    ...(exercises.length ? [] : ['it has no exercises (### Exercise 1: ...)']),
    ...(hasLink ? [] : [`nothing in it links to its solutions ${link}`]),
    ...numbers.filter((number, i) => number !== i + 1).map((number) => `exercise ${number} is out of order`),
    ...exercises.flatMap(({ number, title, text }) => {
      const heading = textOf(solved.get(number)?.[0]?.source).split('\n')[0]!;
      return [
        ...(title ? [] : [`exercise ${number} has no title`]),
        ...(hint.test(text) ? [] : [`exercise ${number} has no hint`]),
        ...(solved.has(number) ? [] : [`exercise ${number} has no solution`]),
        ...(heading && heading !== `## Exercise ${number}: ${title}`
          ? [`exercise ${number} is "${title}", and its solution "${heading}"`]
          : []),
        ...(solved.get(number)?.some(({ cell_type }) => cell_type === 'code') === false
          ? [`the solution of exercise ${number} has no code`]
          : []),
      ];
    }),
    ...[...solved.keys()]
      .filter((number) => !numbers.includes(number))
      .map((number) => `there is a solution of exercise ${number}, and no such exercise`),
  ];
}

/** The check of the statements stands apart from the last exercise, whose solution a page folds in above it. */
function checkProblems({ cells }: Notebook): string[] {
  const above = textOf(cells.at(-2)?.source);
  return verifies(cells.at(-1)) && /^## Check$/m.test(above) ? [] : ['it does not end with "## Check" and `verify`'];
}

/** What is wrong with a lesson, and with its solutions, as a lesson. Nothing is said of what its cells show. */
export function lessonProblems(name: string, lesson: Notebook, solutions?: Notebook): string[] {
  const { length } = lesson.cells;
  return [
    ...(length > lengths.cells ? [`it has ${length} cells, at most ${lengths.cells}`] : []),
    ...codeProblems(lesson),
    ...headProblems(name, lesson),
    ...exerciseProblems(name, lesson, solutions),
    ...checkProblems(lesson),
    ...(solutions ? codeProblems(solutions).map((problem) => `in its solutions ${problem}`) : []),
  ];
}
