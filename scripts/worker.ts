// Does the jobs of a queue on this machine: npm run worker -- --queue redis://HOST:PORT --root photos
import { DescentError } from 'descent-lab';
import { isUrl, shownAddress, startWorker } from 'descent-lab-queue';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { withQueue } from './cli/engine';
import { modelOption } from './cli/network';
import { integer, LONGEST } from './cli/numbers';
import { folder } from './cli/outputs';

interface Options {
  queue?: string;
  queueName?: string;
  concurrency: number;
  model: string;
  transferTo?: string;
  root?: string;
  lostAfter: number;
  patience: number;
  quiet?: boolean;
}

export const program = withQueue(
  new Script('npm run worker --').description(
    'Works for every evaluate, spread and race --tune that is called with the same --queue, until it is\n' +
      'stopped: Ctrl-C lets the jobs under way finish, a second one does not.',
  ),
)
  .option(
    '--concurrency <number>',
    'jobs at a time, each in a process with the network in its memory',
    integer(1, 256),
    1,
  )
  .addOption(modelOption())
  .option('--transfer-to <folder>', 'the second network, for runs that have one')
  .option('--root <folder or url>', 'where the photos of the run lie on this machine; jobs can name nothing outside')
  .option(
    '--lost-after <seconds>',
    'a worker without a sign of life for so long counts as dead',
    integer(1, LONGEST),
    30,
  )
  .option(
    '--patience <seconds>',
    'how long the server of the photos may be away or busy before the worker ends',
    integer(0, LONGEST),
    60,
  )
  .option('--quiet', 'say nothing of each job')
  .reads({ model: folder, transferTo: folder, root: (root) => (isUrl(root) ? [] : folder(root)) });

export async function main(): Promise<void> {
  const { queue, queueName, quiet, ...options } = program.parse().opts<Options>();
  if (queue === undefined) throw new DescentError('--queue is needed: redis://HOST:PORT, or DESCENT_LAB_QUEUE');
  const worker = await startWorker({
    ...options,
    url: queue,
    name: queueName,
    onJob: quiet ? undefined : (message) => console.error(message),
    onNotice: (message) => console.error(`worker: ${message}`),
  });
  console.error(`worker: waits for jobs at ${shownAddress(queue)}, ${options.concurrency} at a time`);
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => {
      console.error('worker: finishes the jobs under way');
      worker.close().then(resolve, resolve);
    });
  });
  const refused = await Promise.race([worker.refused, stopped]);
  if (refused !== undefined) throw new DescentError(refused);
}

if (require.main === module) run(main);
