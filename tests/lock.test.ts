// One lock for the set-up and all commands: whose it is, when it is nobody's, and that one at a time holds it.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { takeLock } from '../lib/native/lock.mjs';

const module = pathToFileURL(path.join(__dirname, '..', 'lib/native/lock.mjs')).href;
const limit = { timeout: 60_000 };
const onLinux = { ...limit, skip: process.platform === 'linux' ? false : "/proc is Linux's" };

function lockIn(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'made', 'lock');
}

/** A process that takes a lock and then runs more code. */
const holder = (lock: string, code: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
  import { takeLock, noteTool } from ${JSON.stringify(module)};
  import { appendFileSync } from 'node:fs';
  import { spawn } from 'node:child_process';
  const lock = ${JSON.stringify(lock)};
  const release = await takeLock(lock, console.log);
  ${code}`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );

const ended = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve) => {
    child.once('exit', resolve);
  });
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(10);
};
const holds = (lock: string): boolean => existsSync(lock);
const forever = 'setInterval(() => undefined, 1000);';

/** Takes it, and gives it back; what was said of it. */
async function take(lock: string): Promise<string[]> {
  const said: string[] = [];
  const release = await takeLock(lock, (text) => said.push(text));
  assert.equal((JSON.parse(readFileSync(lock, 'utf8')) as { pid: number }).pid, process.pid, 'it is ours');
  release();
  assert.deepEqual(readdirSync(path.dirname(lock)), [], 'nothing is left of it');
  return said;
}

test('a lock is taken in a folder that it makes, and given back', limit, async (t) => {
  assert.deepEqual(await take(lockIn(t)), []);
});

test("a file that is no lock is nobody's, and one line says so", limit, async (t) => {
  const texts = ['', 'garbage', '{"pid":', '{}', 'null', '[]', '{"pid":"1"}', '\0\0\0\0'];
  await Promise.all(
    texts.map(async (text) => {
      const lock = lockIn(t);
      await take(lock); // makes the folder
      writeFileSync(lock, text);
      assert.deepEqual(
        await take(lock),
        [`${lock} was left damaged by a run that has ended: removed`],
        JSON.stringify(text),
      );
    }),
  );
});

test("the lock of a process that was killed is nobody's, of a zombie too", onLinux, async (t) => {
  const lock = lockIn(t);
  // A shell that becomes `sleep` is a parent that never asks how its child ended.
  const parent = spawn(
    'sh',
    [
      '-c',
      `"$0" --input-type=module -e "$1" & exec sleep 600`,
      process.execPath,
      `
    import { takeLock } from ${JSON.stringify(module)};
    await takeLock(${JSON.stringify(lock)}, console.log);
    ${forever}`,
    ],
    { stdio: 'ignore' },
  );
  t.after(() => parent.kill('SIGKILL'));
  await until(() => holds(lock));
  const { pid } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await until(() => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
  // What it leaves if it is killed while it takes the lock, as it may just have been: a second name of the same file.
  if (!existsSync(`${lock}.${pid}`)) linkSync(lock, `${lock}.${pid}`);
  assert.ok(process.kill(pid, 0), 'a signal still reaches it');
  assert.deepEqual(await take(lock), []);
});

test('a number that another process has now, or this one, holds nothing', limit, async (t) => {
  const lock = lockIn(t);
  await take(lock);
  const other = spawn('sleep', ['600']);
  t.after(() => other.kill('SIGKILL'));
  for (const pid of [process.pid, ...(process.platform === 'linux' ? [other.pid] : [])]) {
    writeFileSync(lock, JSON.stringify({ pid, began: 'another boot 1', taken: 'then' }));
    assert.deepEqual(await take(lock), [], String(pid));
  }
});

test(
  'of one that runs it is said, once, who it is and where; a signal ends the waiting, busy may refuse',
  limit,
  async (t) => {
    const lock = lockIn(t);
    const other = holder(lock, forever);
    t.after(() => other.kill('SIGKILL'));
    await until(() => holds(lock));
    const stop = new AbortController();
    const said: string[] = [];
    const waiting = takeLock(
      lock,
      (text) => {
        said.push(text);
        setTimeout(() => stop.abort(), 500);
      },
      { signal: stop.signal },
    );
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.deepEqual(said, [`waiting for another run to end (process ${other.pid} holds ${lock})`]);
    const busy = (pid: number): never => {
      throw new Error(`${pid} is at it`);
    };
    await assert.rejects(takeLock(lock, assert.fail, { busy }), { message: `${other.pid} is at it` });
    const gone = ended(other);
    other.kill('SIGKILL');
    await gone;
    assert.deepEqual(await take(lock), []);
  },
);

test('whoever ends gives it back', limit, async (t) => {
  const lock = lockIn(t);
  await ended(holder(lock, 'process.exit(3);'));
  assert.deepEqual(readdirSync(path.dirname(lock)), []);
});

test(
  'the tool that a killed run has left running is ended first; another process of its number is not',
  onLinux,
  async (t) => {
    const lock = lockIn(t);
    for (const own of [true, false]) {
      const run = holder(
        lock,
        `noteTool(spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).pid); ${forever}`,
      );
      await until(() => holds(lock) && readFileSync(lock, 'utf8').includes('"tool"'));
      const gone = ended(run);
      run.kill('SIGKILL');
      await gone;
      const held = JSON.parse(readFileSync(lock, 'utf8')) as { tool: { pid: number; began: string } };
      const { pid } = held.tool;
      if (!own) writeFileSync(lock, JSON.stringify({ ...held, tool: { pid, began: 'another boot 1' } }));
      const said = await take(lock);
      assert.deepEqual(said, own ? [`ending what a run that was killed has left running (process ${pid})`] : []);
      const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
      assert.equal(state === '' || state.startsWith('Z'), own, `the tool is ${state || 'gone'}`);
      if (!own) process.kill(pid, 'SIGKILL');
    }
  },
);

test('of many that want it, some killed while they hold it, one at a time has it', limit, async (t) => {
  const lock = lockIn(t);
  const log = path.join(path.dirname(path.dirname(lock)), 'log');
  writeFileSync(log, '');
  const contenders = Array.from({ length: 12 }, (_, i) =>
    holder(
      lock,
      `
    for (let turn = 0; turn < 3; turn++) {
      appendFileSync(${JSON.stringify(log)}, 'in ${i}\\n');
      if (${i % 3 === 0} && turn === 1) process.kill(process.pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 5));
      appendFileSync(${JSON.stringify(log)}, 'out ${i}\\n');
    }
    release();`,
    ),
  );
  await Promise.all(contenders.map(ended));
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  assert.equal(new Set(lines).size, 24, 'all had it');
  let inside: string | undefined;
  for (const line of lines) {
    const [what, who] = line.split(' ');
    if (what === 'in')
      assert.ok(inside === undefined || (Number(inside) % 3 === 0 && Number(who) !== Number(inside)), line);
    else assert.equal(who, inside, line);
    inside = what === 'in' ? who : undefined;
  }
  assert.deepEqual(await take(lock), []);
});
