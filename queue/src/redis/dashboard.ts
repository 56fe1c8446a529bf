import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Queue } from 'bullmq';
import { DescentError } from 'descent-lab';
import { Hono } from 'hono';
import { connect, QUEUE_NAME, redisOptions, type QueueAddress } from './connection';

export interface DashboardOptions extends QueueAddress {
  /** Default: 3000; 0 for any that is free. */
  port?: number;
  /** The address to listen at. Default: 127.0.0.1, this machine alone; the board asks nobody for a password. */
  host?: string;
}

/** Serves bull-board. @throws DescentError without a Redis, or where the port is taken */
export async function startDashboard({ url, name = QUEUE_NAME, port = 3000, host = '127.0.0.1' }: DashboardOptions):
  Promise<{ address: string; close: () => Promise<void> }> {
  (await connect(url)).disconnect();
  const queue = new Queue(name, { connection: redisOptions(url) });
  queue.on('error', () => undefined); // it connects anew by itself
  const adapter = new HonoAdapter(serveStatic);
  createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: adapter });
  const app = new Hono().route('/', adapter.setBasePath('/').registerPlugin());
  let server: ReturnType<typeof serve>;
  try {
    server = serve({ fetch: app.fetch, port, hostname: host }); // throws for a port that cannot be
    await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  } catch (error) {
    await queue.close();
    throw new DescentError(`the dashboard cannot listen at ${host}:${port}: ${(error as Error).message}`);
  }
  const { port: own } = server.address() as { port: number };
  return {
    address: `http://${host}:${own}/`,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await queue.close();
    },
  };
}
