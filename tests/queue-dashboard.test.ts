import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import test, { after, before } from 'node:test';
import { text } from 'node:stream/consumers';
import { Queue } from 'bullmq';
import { redisOptions, startDashboard, type DashboardOptions } from 'descent-lab-queue';
import { launchBrowser, withoutBrowser } from './support/browser';
import { noRedis, RedisServer } from './support/redis';

const options = { skip: noRedis, timeout: 120_000 };
const TOKEN = '0123456789abcdef';
let redis: RedisServer;
before(async () => {
  if (!noRedis) redis = await RedisServer.start();
});
after(async () => {
  if (!noRedis) await redis.stop();
});

type Dashboard = Awaited<ReturnType<typeof startDashboard>> & { port: number; cookie: string };

/** A dashboard of a queue with one job, while `use` asks it. */
async function withDashboard(
  more: Partial<DashboardOptions>,
  use: (dashboard: Dashboard, queue: Queue) => Promise<void>,
): Promise<void> {
  const queue = new Queue('board', { connection: redisOptions(redis.url) });
  await queue.add('idle', { html: '<img src=x onerror="document.title=1">' }, { jobId: 'run-1' });
  const dashboard = await startDashboard({ url: redis.url, name: 'board', port: 0, token: TOKEN, ...more });
  const port = Number(new URL(dashboard.address).port);
  try {
    await use({ ...dashboard, port, cookie: `descent-lab-dashboard-${port}=${TOKEN}` }, queue);
  } finally {
    await dashboard.close();
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Asks as anybody may, with whatever headers. */
async function ask(
  port: number,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body = '',
): Promise<Answer> {
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }).end(body);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
}

const EMPTY = '/api/queues/board/empty',
  ADD = '/api/queues/board/add';

test('the dashboard answers only at names of its own', options, () =>
  withDashboard({ allowedHosts: ['Board.example'] }, async ({ port, cookie }) => {
    const at = async (host: string): Promise<number> => (await ask(port, 'GET', '/', { host, cookie })).status;
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `[::1]:${port}`,
      'board.example',
    ]) {
      assert.equal(await at(host), 200, host);
    }
    for (const host of [
      'evil.example.com',
      `evil.example.com:${port}`,
      'localhost',
      `localhost:${port + 1}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
      `localhost.:${port}`,
      'board.example:80',
    ]) {
      const { status, body } = await ask(port, 'GET', '/', { host, cookie });
      assert.equal(status, 403, host);
      assert.match(body, /--allow-host/);
    }
  }),
);

test('the dashboard lets in who shows its token, once', options, () =>
  withDashboard({}, async ({ address, port, cookie }) => {
    assert.equal(address, `http://127.0.0.1:${port}/?token=${TOKEN}`);
    const wrong = [
      ['/', {}],
      ['/?token=', {}],
      ['/?token=0123456789abcdeF', {}],
      [`/?token=${TOKEN}0`, {}],
      ['/?token=wrong', { cookie }],
      ['/', { cookie: `${cookie}0` }],
      ['/', { cookie: cookie.replace(/\d+=/, '1=') }],
      ['/api/queues', {}],
      ['/static/favicon.ico', {}],
    ] as const;
    for (const [path, headers] of wrong) {
      const { status, body } = await ask(port, 'GET', path, headers);
      assert.equal(status, 401, path);
      assert.ok(!body.includes(TOKEN));
    }
    const first = await ask(port, 'GET', `/?token=${TOKEN}`);
    assert.equal(first.status, 200);
    assert.deepEqual(first.headers['set-cookie'], [`${cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    assert.ok(!first.body.includes(TOKEN), 'the address that follows has no token');
    assert.match((await ask(port, 'GET', '/', { cookie })).body, /Bull Dashboard/);
    const { queues } = JSON.parse((await ask(port, 'GET', '/api/queues', { cookie })).body) as {
      queues: { name: string }[];
    };
    assert.deepEqual(
      queues.map(({ name }) => name),
      ['board'],
    );
  }),
);

test('without a token of its own the dashboard makes one up, and it takes no short one', options, async () => {
  const tokens: string[] = [];
  while (tokens.length < 2) {
    await withDashboard({ token: undefined }, ({ address }) => {
      tokens.push(new URL(address).searchParams.get('token')!);
      return Promise.resolve();
    });
  }
  for (const token of tokens) assert.match(token, /^[0-9a-f]{48}$/);
  assert.notEqual(tokens[0], tokens[1]);
  await assert.rejects(startDashboard({ url: redis.url, port: 0, token: 'x'.repeat(15) }), {
    name: 'DescentError',
    message: /16/,
  });
  await assert.rejects(startDashboard({ url: redis.url, port: 70_000 }), { name: 'DescentError', message: /70000/ });
  await assert.rejects(startDashboard({ url: redis.url, port: redis.port }), {
    name: 'DescentError',
    message: /cannot listen at 127/,
  });
});

test('no page of another origin changes anything, whatever it can make a browser send', options, () =>
  withDashboard({ allowChanges: true }, async ({ port, cookie }, queue) => {
    const own = `http://127.0.0.1:${port}`,
      evil = 'http://evil.example',
      json = 'application/json',
      job = '{"name":"idle","data":{}}';
    const requests: [string, string, OutgoingHttpHeaders, string?][] = [
      ['POST', ADD, { origin: evil, 'content-type': 'text/plain' }, job], // what a browser sends without asking before
      ['POST', ADD, { origin: own, 'content-type': 'text/plain' }, job],
      ['POST', ADD, { 'content-type': 'text/plain' }, job],
      ['POST', ADD, { 'content-type': json }, job],
      ['POST', ADD, { origin: 'null', 'content-type': json }, job],
      ['POST', ADD, { origin: own, 'sec-fetch-site': 'cross-site', 'content-type': json }, job],
      ['POST', ADD, { origin: own, 'sec-fetch-site': 'same-site', 'content-type': json }, job],
      ['POST', ADD, { origin: `http://127.0.0.1:${port + 1}`, 'content-type': json }, job],
      ['PUT', EMPTY, { origin: evil }],
      ['PUT', EMPTY, {}],
      ['PUT', EMPTY, { origin: own, host: 'evil.example.com' }],
      ['PUT', EMPTY, { origin: 'http://evil.example.com', host: 'evil.example.com' }], // DNS rebinding
      ['PUT', '/api/queues/board/pause', { origin: evil }],
      ['GET', '/api/queues', { origin: evil }],
      [
        'OPTIONS',
        ADD,
        { origin: evil, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      ],
    ];
    for (const [method, path, headers, body] of requests) {
      const { status, headers: answered } = await ask(port, method, path, { cookie, ...headers }, body);
      assert.equal(status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
      assert.equal(
        Object.keys(answered).find((name) => name.startsWith('access-control')),
        undefined,
      );
    }
    assert.equal((await ask(port, 'PUT', EMPTY, { origin: own })).status, 401, 'no token');
    assert.deepEqual([await queue.isPaused(), await queue.getWaitingCount()], [false, 1]);
    const { status } = await ask(port, 'PUT', EMPTY, { cookie, origin: own, 'sec-fetch-site': 'same-origin' });
    assert.ok(status < 300, `its own page may: ${status}`);
    assert.equal(await queue.getWaitingCount(), 0);
  }),
);

test('the dashboard only shows, unless it is told otherwise', options, () =>
  withDashboard({}, async ({ port, cookie }, queue) => {
    for (const [method, path] of [
      ['PUT', EMPTY],
      ['POST', ADD],
      ['PUT', '/api/queues/pause'],
      ['DELETE', '/api/queues/board'],
    ] as const) {
      const { status, body } = await ask(port, method, path, { cookie, origin: `http://127.0.0.1:${port}` });
      assert.equal(status, 403, path);
      assert.match(body, /--allow-changes/);
    }
    assert.deepEqual([await queue.isPaused(), await queue.getWaitingCount()], [false, 1]);
  }),
);

test(
  "the dashboard's page loads nothing from elsewhere, is shown in no other page, and tells nobody its address",
  options,
  () =>
    withDashboard({}, async ({ port, cookie }) => {
      const { body, headers } = await ask(port, 'GET', '/', { cookie });
      assert.doesNotMatch(body, /(?:src|href)="(?:https?:)?\/\//);
      const policy = headers['content-security-policy'] as string;
      for (const rule of [
        "default-src 'none'",
        "script-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'none'",
      ])
        assert.ok(policy.split('; ').includes(rule), `${rule} in ${policy}`);
      assert.deepEqual(
        [headers['x-frame-options'], headers['referrer-policy'], headers['x-content-type-options']],
        ['DENY', 'no-referrer', 'nosniff'],
      );
    }),
);

test('the dashboard ends though a visitor is just asking', options, async () => {
  const { address, close } = await startDashboard({ url: redis.url, port: 0 });
  const port = Number(new URL(address).port);
  const visitor = connect(port, '127.0.0.1');
  visitor.write('GET / HTTP/1.1\r\n');
  await once(visitor, 'connect');
  assert.equal((await ask(port, 'GET', '/')).status, 401); // by now the visitor's line has arrived
  await close();
});

test('in a browser the dashboard shows a job, and no request leaves', { ...options, timeout: 240_000 }, async (t) => {
  const reason = await withoutBrowser();
  if (reason !== undefined) return t.skip(reason);
  const browser = await launchBrowser();
  try {
    await withDashboard({}, async ({ address, port }) => {
      const page = await browser.newPage();
      const asked: string[] = [],
        wrong: string[] = [];
      page.on('request', (one) => asked.push(one.url()));
      page.on('console', (message) => {
        if (message.type() === 'error') wrong.push(message.text());
      });
      page.on('pageerror', (error) => wrong.push(error.message));
      await page.goto(address);
      await page.waitForURL(`http://127.0.0.1:${port}/`);
      await page.goto(`http://127.0.0.1:${port}/queue/board?status=waiting`);
      await page.getByText('onerror').first().waitFor();
      assert.ok(asked.length > 5);
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(`http://127.0.0.1:${port}/`) && !url.startsWith('data:')),
        [],
      );
      assert.deepEqual(wrong, []);
      assert.ok(!page.url().includes('token'));
      assert.notEqual(await page.title(), '1');
    });
  } finally {
    await browser.close();
  }
});
