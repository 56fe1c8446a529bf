// `npm run dev`: every figure on one page, made anew whenever the library's source is saved.
import { notebookNames, ownRoot, projectAt, serveGallery } from 'descent-lab-publish';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { integer } from './cli/numbers';

export const program = new Script('npm run dev --')
  .description(
    'Serves a page of all figures, each as it is committed and, where the source in lib/src makes another one of the same ' +
      'data, beside it as it is now. The page follows every save. The notebooks run once, for their data.',
  )
  .argument('[names...]', 'beginnings of notebook names, such as 01; none means all')
  .option('--port <number>', 'the port; where it is taken, any that is free', integer(0, 65535), 5151);

async function main(): Promise<void> {
  const names = program.parse().processedArgs[0] as string[];
  const project = projectAt(ownRoot);
  const { port } = program.opts<{ port: number }>();
  const { address, close } = await serveGallery(project, notebookNames(project, names), port);
  console.log(`${address} shows the figures; Ctrl-C ends it`);
  process.once('SIGINT', close);
}

if (require.main === module) run(main, ({ message }) => `dev: ${message}`);
