// `npm run slides -- 01`: the notebooks as slides for a class, which work from the disk without a network.
import { join, relative } from 'node:path';
import { lessonNames, makeSlides, notebookNames, ownRoot, projectAt } from 'descent-lab-publish';
import { Script } from './cli/command';
import { run } from './cli/edge';

export const program = new Script('npm run slides --')
  .description(
    'Makes slides/ of the notebooks as they were executed last: open slides/01-fit-a-line.html in a browser. The arrow keys ' +
      'lead on, down within a section and right to the next; Esc shows all, F fills the screen. Charts are live. The folder ' +
      'works from the disk without a network.',
  )
  .argument('[names...]', 'beginnings of notebook names, such as 01; none means all');

async function main(): Promise<void> {
  const project = projectAt(ownRoot);
  const chosen = notebookNames(project, program.parse().args);
  const lessons = lessonNames(project).filter((name) => chosen.includes(name));
  for (const file of await makeSlides(project, lessons, join(ownRoot, 'slides')))
    console.log(relative(process.cwd(), file));
}

if (require.main === module) run(main, ({ message }) => `slides: ${message}`);
