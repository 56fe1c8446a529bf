import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Queue } from 'bullmq';
import { DescentError } from 'descent-lab';
import { Hono, type MiddlewareHandler } from 'hono';
import { connect, QUEUE_NAME, redisOptions, type QueueAddress } from './connection';
import { closedPage, guard } from './guard';
import type { Waiting } from './passing';

export interface DashboardOptions extends QueueAddress, Waiting {
  /** Default: 3000; 0 for any that is free. */
  port?: number;
  /** The address to listen at. Default: 127.0.0.1, this machine alone. */
  host?: string;
  /** What a visitor has to show, of 16 characters or more. Default: a random one. */
  token?: string;
  /** Other names that lead to it, such as a proxy's: `board.example` or `board.example:8080`. */
  allowedHosts?: readonly string[];
  /** Whether it has buttons that retry, drop and add jobs. Default: it only shows. */
  allowChanges?: boolean;
}

/** Characters of a token that cannot be guessed. */
const LEAST = 16;

/**
 * Serves bull-board to those who have its token.
 * @throws DescentError without a Redis, where the port is taken, or for a token that is too short
 */
export async function startDashboard({
  url,
  name = QUEUE_NAME,
  port = 3000,
  host = '127.0.0.1',
  token = randomBytes(24).toString('hex'),
  allowedHosts = [],
  allowChanges = false,
  ...waiting
}: DashboardOptions): Promise<{ address: string; close: () => Promise<void> }> {
  if (token.length < LEAST) throw new DescentError(`the dashboard's token needs ${LEAST} characters or more`);
  (await connect(url, waiting)).disconnect();
  const queue = new Queue(name, { connection: redisOptions(url), skipMetasUpdate: true });
  queue.on('error', () => undefined); // it connects anew by itself
  const adapter = new HonoAdapter(serveStatic);
  createBullBoard({ queues: [new BullMQAdapter(queue, { readOnlyMode: !allowChanges })], serverAdapter: adapter });
  const access = { hosts: new Set(allowedHosts.map((one) => one.toLowerCase())), token, cookie: '', allowChanges };
  const app = new Hono()
    .use(closedPage, guard(access), withoutForeignLinks)
    .route('/', adapter.setBasePath('/').registerPlugin());
  let server: Server;
  try {
    server = serve({ fetch: app.fetch, port, hostname: host }) as Server; // throws for a port that cannot be
    await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  } catch (error) {
    await queue.close();
    throw new DescentError(`the dashboard cannot listen at ${host}:${port}: ${(error as Error).message}`);
  }
  const { port: own } = server.address() as { port: number };
  for (const one of ownNames(host)) access.hosts.add(`${one}:${own}`.replace(/:80$/, '')); // no browser names the port 80
  access.cookie = `descent-lab-dashboard-${own}`; // a browser sends it to every port of a host
  return {
    address: `http://${isAny(host) ? '127.0.0.1' : inUrl(host)}:${own}/?token=${encodeURIComponent(token)}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections(); // an open page asks again every few seconds, and would keep its own for ever
      await closed;
      await queue.close();
    },
  };
}

const isAny = (host: string): boolean => host === '0.0.0.0' || host === '::';
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host.toLowerCase());

/** How a browser may call a machine that listens at an address: of all addresses, those that it has. */
const ownNames = (host: string): string[] => [
  'localhost',
  '127.0.0.1',
  '[::1]',
  ...(isAny(host)
    ? Object.values(networkInterfaces()).flatMap((all) => all!.map(({ address }) => inUrl(address)))
    : [inUrl(host)]),
];

/** bull-board's page asks another host for its typefaces, which the page's policy forbids: so it need not try. */
const withoutForeignLinks: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.get('content-type')?.startsWith('text/html')) return;
  const page = await c.res.text();
  c.res = new Response(page.replace(/<link [^>]*href="https?:[^>]*>/g, ''), c.res);
};
