// The lessons as lessons: how long they are, their heads, and that each exercise has a hint and a solution, folded in its page.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test, { describe } from 'node:test';
import { exercisesOf, solutionOf, solutionsOf } from '../publish/src/notebooks/exercises';
import { lessonProblems } from '../publish/src/notebooks/lesson-rules';
import { readNotebook, textOf, type Notebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { lessonNames, notebookNames, solutionNames } from '../publish/src/notebooks/run';
import { notebookHtml } from '../publish/src/page/cells';
import { foldedSolutions } from '../publish/src/page/solutions';

const { notebooks } = projectAt(ownRoot);
const read = (name: string, folder = notebooks): Notebook => readNotebook(join(folder, `${name}.ipynb`));

for (const name of lessonNames(projectAt(ownRoot))) {
  test(`${name} is a lesson`, () => {
    const own = solutionOf(name);
    const solutions = existsSync(join(notebooks, `${own}.ipynb`)) ? read(own) : undefined;
    const problems = lessonProblems(name, read(name), solutions);
    assert.deepEqual(problems, [], problems.join('\n'));
  });
}

test('solutions are those of a lesson', () => {
  const lessons = lessonNames(projectAt(ownRoot)).map(solutionOf);
  assert.deepEqual(
    solutionNames(projectAt(ownRoot)).filter((name) => !lessons.includes(name)),
    [],
  );
});

describe('a small lesson', () => {
  const folder = join(__dirname, 'fixtures', 'lesson');
  const name = '07-small';
  const own = solutionOf(name);
  const lesson = (): Notebook => read(name, folder);
  const solutions = (): Notebook => read(own, folder);

  test('is found with its solutions', () => {
    const project = { ...projectAt(ownRoot), notebooks: folder };
    assert.deepEqual(notebookNames(project), [name, own]);
    for (const prefix of ['07', 'solutions/07', '07-small'])
      assert.ok(notebookNames(project, [prefix]).includes(own), prefix);
    assert.deepEqual(notebookNames(project, ['solutions']), [own]);
    assert.deepEqual(lessonNames(project), [name]);
    assert.throws(
      () => notebookNames(project, ['08']),
      /no notebook begins with "08": there are 07-small, solutions\/07/,
    );
  });

  test('has exercises and solutions, bound by their numbers', () => {
    assert.deepEqual(
      exercisesOf(lesson()).map(({ number, title }) => [number, title]),
      [
        [1, 'one number'],
        [2, 'thirds'],
      ],
    );
    const solved = solutionsOf(solutions());
    assert.deepEqual(
      [...solved].map(([number, cells]) => [number, cells.map(({ id }) => id)]),
      [
        [1, ['one', 'one-code']],
        [2, ['two', 'two-code']],
      ],
      'without what prepares and what verifies',
    );
  });

  test('is a good one', () => assert.deepEqual(lessonProblems(name, lesson(), solutions()), []));

  const edit = (notebook: Notebook, id: string, from: string | RegExp, to: string): void => {
    const cell = notebook.cells.find((cell) => cell.id === id)!;
    const source = textOf(cell.source).replace(from, to);
    assert.notEqual(source, textOf(cell.source));
    cell.source = source;
  };
  const breaks: Record<string, [RegExp, (lesson: Notebook, solutions: Notebook) => void]> = {
    'too many cells': [
      /it has 26 cells, at most 25/,
      ({ cells }) => {
        while (cells.length < 26) cells.push(cells[0]!);
      },
    ],
    'a long line': [/a line of code takes 101 characters/, ({ cells }) => (cells[1]!.source = 'x'.repeat(101))],
    'a long line in the solutions': [
      /in its solutions a line of code takes 101/,
      (_, { cells }) => (cells[1]!.source = 'x'.repeat(101)),
    ],
    'a long import': [
      /an import has 9 names/,
      ({ cells }) => (cells[1]!.source = `import {\n  ${[...'abcdefghi'].join(', ')},\n} from 'descent-lab';`),
    ],
    'no number': [/lacks a title such as "# 7\. Title"/, (lesson) => edit(lesson, 'head', '# 7. ', '# ')],
    'no time': [/lacks a line "- \*\*Time/, (lesson) => edit(lesson, 'head', 'Time', 'Place')],
    'no goal': [/lacks a line "- \*\*You will be able to/, (lesson) => edit(lesson, 'head', 'will', 'may')],
    'no prerequisites': [/lacks a line "- \*\*You need/, (lesson) => edit(lesson, 'head', 'need', 'want')],
    'no hint': [/exercise 2 has no hint/, (lesson) => edit(lesson, 'exercises', 'Change **one** sign.', '')],
    'no blank line in a hint': [/exercise 1 has no hint/, (lesson) => edit(lesson, 'exercises', '</summary>\n', '</summary>')], // prettier-ignore
    'no solution': [/exercise 2 has no solution/, (_, { cells }) => cells.splice(4, 2)],
    'no exercise': [
      /there is a solution of exercise 2, and no such exercise/,
      (lesson) => edit(lesson, 'exercises', /### Exercise 2[^]*/, ''),
    ],
    'no exercises': [/it has no exercises/, ({ cells }) => cells.splice(2, 1)],
    'no code': [/the solution of exercise 1 has no code/, (_, { cells }) => cells.splice(3, 1)],
    'another order': [/exercise 3 is out of order/, (lesson) => edit(lesson, 'exercises', 'Exercise 2', 'Exercise 3')],
    'another title': [/exercise 2 is "halves", and its/, (lesson) => edit(lesson, 'exercises', 'thirds', 'halves')],
    'no check': [/does not end with "## Check"/, (lesson) => edit(lesson, 'exercises', '## Check', '')],
    'no link': [/nothing in it links to its solutions/, (lesson) => edit(lesson, 'exercises', /^Solutions.*$/m, '')],
  };
  for (const [what, [message, change]] of Object.entries(breaks)) {
    test(`is found to have ${what}`, () => {
      const both = [lesson(), solutions()] as const;
      change(...both);
      assert.match(lessonProblems(name, ...both).join('\n'), message);
    });
  }
  test('is found to have no solutions', () =>
    assert.match(lessonProblems(name, lesson()).join('\n'), /exercise 1 has no solution\nexercise 2 has no solution/));

  test('shows each solution folded below its exercise, and hints as details', () => {
    const { html, headings } = notebookHtml(lesson(), {
      afterExercise: foldedSolutions(solutions(), `${own}.html`, { rewriteLink: (address) => `of/${address}` }),
    });
    const [, first, second, check] = html.split(/(?=<h3 id="exercise-|<h2 id="check")/);
    for (const [part, text] of [
      [first!, 'It prints 2'],
      [second!, '<h3 id="solution-2-why">Why</h3>'],
    ] as const) {
      const order = ['<details><summary>Hint</summary>', '</details>', '<details class="solution">', text].map(
        (piece) => part.indexOf(piece),
      );
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
        part,
      );
      assert.ok(!order.includes(-1), part);
    }
    assert.match(first!, /<summary>Hint<\/summary>\n<p>Half of 16 is <span[^>]*><span[^>]*><math/, 'Markdown within');
    assert.match(first!, /Code of the solution<\/summary><pre class="code"><code>.*start/);
    assert.match(first!, /<a href="solutions\/07-small\.html#exercise-1-one-number">Run and change it/);
    assert.match(first!, /href="of\/\.\.\/07-small\.ipynb#exercises"/);
    assert.match(check!, /Which of this page/, 'below the last solution');
    assert.equal(headings.length, 5, "a solution's headings are not the lesson's");
    assert.doesNotMatch(html, /<h2 id="solution-1/, "its heading is the exercise's");
  });
});
