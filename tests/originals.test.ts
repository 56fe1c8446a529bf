import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import assert from 'node:assert/strict';
import { originals, ORIGINALS_SOURCES } from '../scripts/originals/originals';
import { download } from '../scripts/originals/download';

const root = join(__dirname, '..');
const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

/** Runs with a server of its own and a folder of its own. */
async function withServer(
  handler: Handler,
  run: (address: string, folder: string, calls: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const calls: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => handler(request, response, calls.push(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'originals-'));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, folder, calls);
  } finally {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Serves from the place that is asked for, as far as `end`, and then cuts the connection. */
function serve(request: IncomingMessage, response: ServerResponse, end = content.length): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': content.length - from,
    etag: '"one"',
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  });
  if (end === content.length) return void response.end(content.subarray(from));
  response.write(content.subarray(from, end), () => setTimeout(() => response.destroy(), 100));
}

test('a file comes whole, and nothing is left beside it', () =>
  withServer(
    (request, response) => serve(request, response),
    async (address, folder) => {
      const path = join(folder, 'deep', 'file');
      assert.equal(await download(address, path, { sha256 }), sha256);
      assert.deepEqual(readFileSync(path), content);
      assert.deepEqual(readdirSync(join(folder, 'deep')), ['file']);
    },
  ));

test('a connection that is cut is made again, and goes on where it broke', () =>
  withServer(
    (request, response, call) => serve(request, response, call === 1 ? 100_000 : call === 2 ? 200_000 : undefined),
    async (address, folder, calls) => {
      const path = join(folder, 'file');
      // No hash is known: the server's tag says that the rest belongs to it.
      assert.equal(await download(address, path), sha256);
      assert.deepEqual(readFileSync(path), content);
      assert.equal(calls.length, 3);
      assert.match(calls[1]!.headers.range!, /^bytes=[1-9]\d+-$/);
      assert.equal(calls[2]!.headers['if-range'], '"one"');
    },
  ));

test('after three cuts it gives up, and the next run goes on', () => {
  let cut = 50_000;
  return withServer(
    (request, response) => serve(request, response, cut),
    async (address, folder, calls) => {
      const path = join(folder, 'file');
      await assert.rejects(
        download(address, path, { sha256 }),
        /could not be fetched, 3 times: .*goes on after the 50000 bytes/,
      );
      assert.ok(!existsSync(path));
      cut = content.length;
      assert.equal(await download(address, path, { sha256 }), sha256);
      assert.equal(calls.at(-1)!.headers.range, 'bytes=50000-');
      assert.deepEqual(readdirSync(folder), ['file']);
    },
  );
});

test('a server that does not know ranges gives the file from the beginning', () =>
  withServer(
    (_, response, call) => {
      response.writeHead(200, { 'content-length': content.length });
      if (call > 1) return void response.end(content);
      response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 100));
    },
    async (address, folder) => {
      assert.equal(await download(address, join(folder, 'file'), { sha256 }), sha256);
    },
  ));

test('without a hash and without a tag nothing is patched together', () =>
  withServer(
    (_, response, call) => {
      response.writeHead(200, { 'content-length': content.length });
      if (call > 1) return void response.end(content);
      response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 100));
    },
    async (address, folder, calls) => {
      assert.equal(await download(address, join(folder, 'file')), sha256);
      assert.equal(calls[1]!.headers.range, undefined);
    },
  ));

test('another file than the wanted one is refused and removed; a 404 is not asked again', () =>
  withServer(
    (request, response) => {
      if (request.url === '/there') return void response.end('something else');
      response.writeHead(404).end('gone');
    },
    async (address, folder, calls) => {
      await assert.rejects(
        download(`${address}/there`, join(folder, 'file'), { sha256 }),
        new RegExp(`14 bytes is [0-9a-f]{64}, not ${sha256}`),
      );
      assert.deepEqual(readdirSync(folder), []);
      await assert.rejects(
        download(`${address}/gone`, join(folder, 'file')),
        /\/gone could not be fetched: the server answers 404 Not Found/,
      );
      assert.equal(calls.length, 2);
      await assert.rejects(
        download(`${address}/there`, join(folder, 'file'), { limit: 5 }),
        /larger than the 0.000005 MB/,
      );
    },
  ));

test('a server that hangs, before the answer or in it, is left after the timeout', () =>
  withServer(
    (request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(200, { 'content-length': 1000 });
      response.write('a beginning');
    },
    async (address, folder) => {
      for (const path of ['/silent', '/stuck']) {
        await assert.rejects(
          download(address + path, join(folder, 'file'), { timeout: 100, attempts: 2 }),
          /2 times: the server said nothing for 0.1 s/,
        );
      }
    },
  ));

/** Runs the script without blocking the server in this process. */
const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', './scripts/tsx.mjs', 'scripts/originals.ts', ...args],
      { cwd: root },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

test("the list names the article's files, each pinned but the weights", () => {
  assert.deepEqual(
    originals.filter((original) => !original.sha256).map(({ name }) => name),
    ['model.h5'],
  );
  assert.equal(originals.length, 7);
  for (const { sha256: pinned } of originals) if (pinned) assert.match(pinned, /^[0-9a-f]{64}$/);
  assert.match(ORIGINALS_SOURCES.repository, /^https:.*\/723a9760e7ca262ec8b57e6a0bfd0dd5217b3c94$/);
});

test('where it cannot write it says so in one line, before anything is fetched', async () => {
  const below = join(__filename, 'below');
  const told = /below.* cannot be written: a part of its path is a file, not a folder$/;
  const { code, stderr } = await run('--out', below);
  assert.equal(code, 1);
  assert.match(stderr.trim(), told);
  await withServer(
    (_request, response) => response.end(content),
    async (address, _folder, calls) => {
      await assert.rejects(download(address, join(below, 'file')), { name: 'DescentError', message: told });
      assert.equal(calls.length, 0);
    },
  );
});

const weights = join(root, '..', 'shared', 'models', 'cats-dogs.weights.h5');

test(
  'the script says of each file what happened, takes only weights that fit, and fails in the end',
  { skip: existsSync(weights) ? false : 'the weights of ../shared/models are not here' },
  () => {
    let h5: Buffer = Buffer.from('no weights');
    return withServer(
      (request, response) => {
        if (request.url === '/w/dogs_and_cats/model.h5') return void response.end(h5);
        if (request.url?.endsWith('img_3.jpg')) return void response.writeHead(404).end();
        response.end("not the article's");
      },
      async (address, folder) => {
        const args = ['--out', folder, '--repository', `${address}/r/`, '--weights', `${address}/w`];
        const first = await run(...args);
        assert.equal(first.code, 1);
        assert.doesNotMatch(first.stderr, /\n\s+at /, 'no stack');
        for (const name of ['height_v_weight.csv', 'img_0.jpg', 'img_1.jpg', 'img_2.jpg', 'img_4.jpg']) {
          assert.match(first.stderr, new RegExp(`/r/.*${name} is not the file that is wanted`));
        }
        assert.match(first.stderr, /img_3\.jpg could not be fetched: the server answers 404/);
        assert.match(first.stderr, /put aside as .*model\.h5\.refused/);
        assert.deepEqual(readdirSync(folder), ['model.h5.refused']);

        h5 = readFileSync(weights);
        const good = join(folder, 'img_3.jpg');
        writeFileSync(good, 'not the photo'); // somebody else's, so it stays
        const second = await run(...args);
        assert.equal(second.code, 1);
        assert.match(
          second.stderr,
          /img_3\.jpg is there and is not the article's file: move it away, or name another folder/,
        );
        assert.equal(readFileSync(good, 'utf8'), 'not the photo');
        assert.match(
          second.stdout,
          /model\.h5 fetched, sha256 e926c1e9d0a5ccb24d6fe2a5984db55aebf4e9dcb1a665ec87c767db12985964/,
        );
        assert.ok(existsSync(join(folder, 'model', 'model.json')));
        assert.match((await run(...args)).stdout, /model\.h5 is there, sha256 e926[^]*model is there/);
      },
    );
  },
);

test('an address that is none is refused', async () => {
  const { code, stderr } = await run('--weights', 'somewhere');
  assert.equal(code, 1);
  assert.match(stderr, /--weights.*An address such as/);
});
