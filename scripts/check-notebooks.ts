// `npm run check-notebooks`: whether the notebooks are what a run of the current source left; the git hook runs it too.
import { checkCommitted, notebookNames, ownRoot, projectAt } from 'descent-lab-publish';
import { Script } from './cli/command';
import { run } from './cli/edge';

export const program = new Script('npm run check-notebooks --')
  .description('Says which notebooks are not what a run of the current source left, and what else is wrong with them.')
  .argument('[names...]', 'beginnings of notebook names, such as 01; none means all');

async function main(): Promise<void> {
  const project = projectAt(ownRoot);
  const names = notebookNames(project, program.parse().args);
  const findings = await checkCommitted(project, names);
  for (const { text } of findings) console.error(`${text}\n`);
  if (findings.length) {
    throw new Error(`to be mended: ${[...new Set(findings.map(({ notebook }) => notebook))].join(', ')}`);
  }
  console.log(`${names.length} notebooks are executed, current and tidy`);
}

if (require.main === module) run(main, ({ message }) => `check-notebooks: ${message}`);
