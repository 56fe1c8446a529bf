// `npm run handout -- 01`: the notebooks on paper, as PDF files.
import { join, relative } from 'node:path';
import { Option } from 'commander';
import { lessonNames, makeHandouts, notebookNames, ownRoot, papers, projectAt, type Paper } from 'descent-lab-publish';
import { Script } from './cli/command';
import { run } from './cli/edge';

export const program = new Script('npm run handout --')
  .description(
    'Prints the notebooks as they were executed last: handouts/01-fit-a-line.pdf, with every chart, the hints of the ' +
      'exercises, and page numbers. The solutions are notebooks of their own: "npm run handout -- solutions/01".',
  )
  .argument('[names...]', 'beginnings of notebook names, such as 01; none means all lessons')
  .addOption(new Option('--paper <size>', 'the size of the paper').choices(papers).default('A4'));

async function main(): Promise<void> {
  const names = program.parse().processedArgs[0] as string[];
  const { paper } = program.opts<{ paper: Paper }>();
  const project = projectAt(ownRoot);
  const lessons = lessonNames(project);
  const asked = names.some((name) => name.startsWith('solutions'));
  const chosen = notebookNames(project, names).filter((name) => asked || lessons.includes(name));
  for (const file of await makeHandouts(project, chosen, join(ownRoot, 'handouts'), paper))
    console.log(relative(process.cwd(), file));
}

if (require.main === module) run(main, ({ message }) => `handout: ${message}`);
