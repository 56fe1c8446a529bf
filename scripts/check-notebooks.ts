// `npm run check-notebooks`: whether the notebooks are what a run of the current source left; the git hook runs it too.
import { run } from './edge';
import { checkCommitted } from './figures/committed';
import { ownRoot, projectAt } from './figures/project';
import { notebookNames } from './figures/run';

function main(): void {
  const project = projectAt(ownRoot);
  const names = notebookNames(project, process.argv.slice(2));
  const findings = checkCommitted(project, names);
  for (const { text } of findings) console.error(`${text}\n`);
  if (findings.length) {
    throw new Error(`${findings.length} of ${names.length} notebooks: ${findings.map(({ notebook }) => notebook).join(', ')}`);
  }
  console.log(`${names.length} notebooks are executed, current and tidy`);
}

run(main, ({ message }) => `check-notebooks: ${message}`);
