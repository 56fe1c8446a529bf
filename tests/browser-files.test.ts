// The files of a page beside Node's own: the same calls, the same results, the same codes.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import * as page from '../lib/src/browser/fs';
import * as crypto from '../lib/src/browser/crypto';
import * as zlib from '../lib/src/browser/zlib';
import { process as standIn } from '../lib/src/browser/process';

type Fs = typeof fs;

/** Calls on a folder that is there and empty, one after the other. */
const CALLS: ((fs: Fs, at: (name: string) => string) => unknown)[] = [
  (fs, at) => fs.readdirSync(at('.')),
  (fs, at) => fs.writeFileSync(at('a.txt'), 'one\n'),
  (fs, at) => fs.appendFileSync(at('a.txt'), Uint8Array.of(195, 164)),
  (fs, at) => fs.readFileSync(at('a.txt'), 'utf8'),
  (fs, at) => [...fs.readFileSync(at('a.txt'))],
  (fs, at) => fs.readFileSync(at('a.txt'), { encoding: 'hex' }),
  (fs, at) => fs.readFileSync(at('missing')),
  (fs, at) => fs.readFileSync(at('.')),
  (fs, at) => fs.readFileSync(at('a.txt/inside')),
  (fs, at) => fs.writeFileSync(at('no/such/folder'), ''),
  (fs, at) => fs.writeFileSync(at('.'), ''),
  (fs, at) => fs.mkdirSync(at('b/c')),
  (fs, at) => void fs.mkdirSync(at('b/c'), { recursive: true }),
  (fs, at) => fs.mkdirSync(at('b')),
  (fs, at) => fs.mkdirSync(at('b'), { recursive: true }),
  (fs, at) => fs.mkdirSync(at('a.txt/x'), { recursive: true }),
  (fs, at) => fs.writeFileSync(at('b/c/d.bin'), Uint8Array.of(1, 2, 3)),
  (fs, at) => fs.readdirSync(at('.')),
  (fs, at) => (fs.readdirSync(at('.'), { recursive: true }) as string[]).sort(),
  (fs, at) => fs.readdirSync(at('a.txt')),
  (fs, at) => fs.readdirSync(at('missing')),
  (fs, at) => [fs.existsSync(at('b')), fs.existsSync(at('b/c/d.bin')), fs.existsSync(at('x'))],
  (fs, at) => fs.statSync(at('missing')),
  (fs, at) => fs.statSync(at('missing'), { throwIfNoEntry: false }),
  (fs, at) => [fs.statSync(at('a.txt')).size, fs.statSync(at('b')).isDirectory(), fs.statSync(at('a.txt')).isFile()],
  (fs, at) => fs.copyFileSync(at('a.txt'), at('copy.txt')),
  (fs, at) => fs.renameSync(at('copy.txt'), at('b/moved.txt')),
  (fs, at) => fs.renameSync(at('missing'), at('x')),
  (fs, at) => fs.renameSync(at('b'), at('moved')),
  (fs, at) => (fs.readdirSync(at('moved'), { recursive: true }) as string[]).sort(),
  (fs, at) => fs.truncateSync(at('a.txt'), 2),
  (fs, at) => fs.readFileSync(at('a.txt'), 'latin1'),
  (fs, at) => {
    const file = fs.openSync(at('moved/c/d.bin'), 'r');
    const into = Buffer.alloc(4);
    const counts = [fs.readSync(file, into, 0, 2, null), fs.readSync(file, into, 2, 2, null), fs.readSync(file, into, 0, 1, 2)]; // prettier-ignore
    fs.closeSync(file);
    return [counts, [...into]];
  },
  (fs) => fs.closeSync(4095),
  (fs, at) => fs.accessSync(at('missing')),
  (fs, at) => fs.accessSync(at('a.txt'), fs.constants.R_OK),
  (fs, at) => fs.unlinkSync(at('missing')),
  (fs, at) => fs.rmSync(at('missing'), { force: true }),
  (fs, at) => fs.rmSync(at('moved')),
  (fs, at) => fs.rmSync(at('moved'), { recursive: true }),
  (fs, at) => fs.readdirSync(at('.')),
];

test('the same calls give the same results and the same errors', () => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'files-'));
  try {
    page.mkdirSync('/files');
    CALLS.forEach((call, i) => {
      const outcome = (own: Fs, root: string): unknown => {
        try {
          return { result: call(own, (name) => join(root, name)) };
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          return { code, message: (error as Error).message.split(',')[0]!.replaceAll(root, '') };
        }
      };
      const [ours, theirs] = [outcome(page as unknown as Fs, '/files'), outcome(fs, folder)];
      assert.deepEqual(ours, theirs, `call ${i}: ${call.toString().slice(0, 80)}`);
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('hashes and gzip are those of Node', () => {
  for (const text of ['', 'descent', 'x'.repeat(100_000)]) {
    const hash = createHash('sha256').update(text);
    assert.equal(crypto.createHash('sha256').update(text).digest('hex'), hash.digest('hex'));
    assert.equal(zlib.gunzipSync(gzipSync(text)).toString(), gunzipSync(gzipSync(text)).toString());
  }
  assert.throws(() => zlib.gunzipSync(gzipSync('x'.repeat(100_000)), { maxOutputLength: 1000 }), {
    code: 'ERR_BUFFER_TOO_LARGE',
  });
  assert.throws(() => zlib.gunzipSync(gzipSync('descent'.repeat(99)).subarray(0, 30)));
  assert.match(crypto.randomUUID(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('listeners hear what a page tells its process, once or until they are taken off', () => {
  const heard: string[] = [];
  const always = (): unknown => heard.push('always');
  standIn.on('SIGINT', always).once('SIGINT', () => heard.push('once'));
  assert.ok(standIn.emit('SIGINT'), 'somebody listens');
  standIn.emit('SIGINT');
  standIn.off('SIGINT', always);
  assert.deepEqual([heard, standIn.emit('SIGINT')], [['always', 'once', 'always'], false]);
});
