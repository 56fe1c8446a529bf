// Shows a queue in the browser: npm run dashboard -- --queue redis://HOST:PORT
import { DescentError } from 'descent-lab';
import { shownAddress, startDashboard } from 'descent-lab-queue';
import { Script } from './command';
import { run } from './edge';
import { withQueue } from './engine';
import { integer } from './numbers';

export const program = withQueue(new Script('npm run dashboard --')
  .description('Serves bull-board: the jobs of a queue, which of them failed and why, and buttons to retry or drop them.'))
  .option('--port <number>', 'the port; 0 for any that is free', integer(0, 65535), 3000)
  .option('--host <address>', 'the address to listen at; the board asks for no password', '127.0.0.1')
  .showHelpAfterError('(--help shows all options)');

async function main(): Promise<void> {
  const { queue, queueName, port, host } =
    program.parse().opts<{ queue?: string; queueName?: string; port: number; host: string }>();
  if (queue === undefined) throw new DescentError('--queue is needed: redis://HOST:PORT, or DESCENT_LAB_QUEUE');
  const { address, close } = await startDashboard({ url: queue, name: queueName, port, host });
  console.log(`${address} shows ${shownAddress(queue)}`);
  process.once('SIGINT', () => {
    console.error('stopped');
    void close();
  });
}

if (require.main === module) run(main);
