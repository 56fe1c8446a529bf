// `npm run figures`: executes the notebooks and writes their figures; `npm run figures -- 01` those that begin with 01.
import { availableParallelism } from 'node:os';
import { missingGifs, notebookNames, ownRoot, projectAt, renderGif, runNotebooks } from 'descent-lab-publish';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { integer, LONGEST } from './cli/numbers';

interface Options {
  timeout: number;
  jobs: number;
}

export const program = new Script('npm run figures --')
  .description(
    'Executes the notebooks with nbconvert. Where all cells succeed it keeps the outputs in the notebook ' +
      'and writes figures/: an image for each chart, the GIFs that README.md shows, and a page for each notebook that ' +
      'works offline.',
  )
  .argument('[names...]', 'beginnings of notebook names, such as 01; none means all')
  .option('--timeout <seconds>', 'time that one cell may take', integer(1, LONGEST), 900)
  // Starting Python and a kernel takes one core: two at a time are almost twice as fast on two.
  .option('--jobs <count>', 'notebooks at the same time', integer(1, 64), Math.min(2, availableParallelism()));

async function main(): Promise<void> {
  const names = program.parse().processedArgs[0] as string[];
  const { timeout, jobs } = program.opts<Options>();
  const project = projectAt(ownRoot);
  const log = (text: string): void => console.log(text);
  const interruption = new AbortController();
  const { signal } = interruption;
  process.on('SIGINT', () => interruption.abort());
  const chosen = notebookNames(project, names);
  const running = runNotebooks(project, chosen, { timeout, jobs, renderGif, log, signal });
  const failed = await running.catch((error: Error) => {
    throw signal.aborted ? new Error('stopped: a notebook that was not finished is as it was before') : error;
  });
  if (failed.length) throw new Error(`${failed.length} of ${chosen.length} notebooks failed: ${failed.join(', ')}`);
  const missing = names.length ? [] : missingGifs(project);
  if (missing.length) throw new Error(`README.md shows ${missing.join(', ')}, and no notebook has such a figure`);
}

if (require.main === module) run(main, ({ message }) => `figures: ${message}`);
