// Shows a queue in the browser: npm run dashboard -- --queue redis://HOST:PORT
import { Option } from 'commander';
import { DescentError } from 'descent-lab';
import { shownAddress, startDashboard } from 'descent-lab-queue';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { withQueue } from './cli/engine';
import { integer } from './cli/numbers';

interface Options {
  queue?: string;
  queueName?: string;
  port: number;
  host: string;
  token?: string;
  allowHost?: string[];
  allowChanges?: boolean;
}

export const program = withQueue(
  new Script('npm run dashboard --').description(
    'Serves bull-board: the jobs of a queue, and which of them failed and why. Who opens it needs its token,\n' +
      'which is in the address that is printed.',
  ),
)
  .option('--port <number>', 'the port; 0 for any that is free', integer(0, 65535), 3000)
  .option('--host <address>', 'the address to listen at', '127.0.0.1')
  .addOption(
    new Option('--token <text>', 'the token, of 16 characters or more (default: a random one each time)').env(
      'DESCENT_LAB_DASHBOARD_TOKEN',
    ),
  )
  .option(
    '--allow-host <names...>',
    'other names that lead to it, as a browser shows them: board.example, or with a ' + 'port board.example:8080',
  )
  .option('--allow-changes', 'with buttons that retry, drop and add jobs; without, it only shows');

export async function main(): Promise<void> {
  const { queue, queueName, allowHost, ...options } = program.parse().opts<Options>();
  if (queue === undefined) throw new DescentError('--queue is needed: redis://HOST:PORT, or DESCENT_LAB_QUEUE');
  const { address, close } = await startDashboard({
    ...options,
    url: queue,
    name: queueName,
    allowedHosts: allowHost,
    onNotice: (message) => console.error(`dashboard: ${message}`),
  });
  console.log(`${address} shows ${shownAddress(queue)}`);
  process.once('SIGINT', () => {
    console.error('stopped');
    void close();
  });
}

if (require.main === module) run(main);
