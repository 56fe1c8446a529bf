// The set-up, run whole in a copy of the project, with stand-ins for the tools that it calls (fixtures/fake-tool.mjs).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const project = path.join(__dirname, '..');
// Any addon that loads by itself does for the one that the compiler would make.
const addon = path.join(project, 'node_modules/zeromq/build/linux/x64/node/115/addon.node');
const onLinux = process.platform === 'linux' && process.arch === 'x64';
const options = { skip: onLinux ? false : 'the stand-ins are for Linux x64' };

/** A copy of what the set-up reads, with stand-ins for the tools named. */
function sandbox(t: TestContext, tools = ['npm', 'python3', 'g++']) {
  const root = mkdtempSync(path.join(tmpdir(), 'descent-lab-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const file of [
    'scripts/setup.mjs',
    'scripts/setup',
    'lib/native',
    'package.json',
    'lib/package.json',
    'queue/package.json',
    'publish/package.json',
    'web/package.json',
    'package-lock.json',
    'requirements.txt',
    'requirements-widgets.txt',
    'requirements-photos.txt',
    'data/photos',
    'publish/nbconvert',
  ]) {
    // the real photos, so that none is missing
    cpSync(path.join(project, file), path.join(root, file), { recursive: true });
  }
  mkdirSync(path.join(root, 'lib/src'), { recursive: true });
  writeFileSync(path.join(root, 'lib/src/index.ts'), 'export {};\n');
  mkdirSync(path.join(root, 'queue/src'), { recursive: true });
  writeFileSync(path.join(root, 'queue/src/index.ts'), 'export {};\n');
  const bin = path.join(root, 'bin');
  mkdirSync(bin);
  for (const tool of tools) {
    const fake = path.join(__dirname, 'fixtures', 'fake-tool.mjs');
    writeFileSync(path.join(bin, tool), `#!${process.execPath}\nimport(${JSON.stringify(fake)});\n`);
    chmodSync(path.join(bin, tool), 0o755);
  }
  const start = (env: Record<string, string> = {}, parts: string[] = []) =>
    spawn(process.execPath, ['scripts/setup.mjs', ...parts], {
      cwd: root,
      env: { PATH: bin, FAKE_TOOLS: bin, FAKE_ADDON: addon, ...env },
    });
  const calls = () => (existsSync(path.join(bin, 'calls')) ? readFileSync(path.join(bin, 'calls'), 'utf8') : '');
  return {
    root,
    /** All tool calls so far, one a line. */
    calls,
    /** Runs it to its end: exit code, what it printed, and the tool calls that it made. */
    run: async (env: Record<string, string> = {}, onStderr?: (soFar: string) => void, parts: string[] = []) => {
      const before = calls().length;
      const child = start(env, parts);
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (text: Buffer) => {
        stdout += text.toString();
      });
      child.stderr.on('data', (text: Buffer) => {
        stderr += text.toString();
        onStderr?.(stderr);
      });
      const code = await new Promise((resolve) => {
        child.on('close', resolve);
      });
      return { code, stdout, stderr, calls: calls().slice(before) };
    },
    /** Starts it, waits until the tool call that contains `when` hangs, and kills only the set-up's own process. */
    killDuring: async (when: string, signal: NodeJS.Signals) => {
      const hangs = path.join(bin, 'hangs');
      const child = start({ FAIL: JSON.stringify({ when, hang: true }) });
      while (!existsSync(hangs) || readFileSync(hangs, 'utf8') !== when) {
        assert.equal(child.exitCode, null, `it ended before it came to "${when}"`);
        await sleep(20);
      }
      child.kill(signal);
      await new Promise((resolve) => {
        child.on('exit', resolve);
      });
    },
    /** The process group that the lock names. */
    group: () =>
      (JSON.parse(readFileSync(path.join(root, '.setup/lock'), 'utf8')) as { tool: { pid: number } }).tool.pid,
  };
}
const fail = (when: string, print: string) => ({ FAIL: JSON.stringify({ when, print }) });
const doneSteps = (stderr: string) => stderr.split('\n').filter((line) => / done in \d+\.\d s/.test(line)).length;

test('everything is made once, and with nothing changed nothing is done or said', options, async (t) => {
  const { root, run } = sandbox(t);
  const first = await run();
  assert.equal(first.code, 0, first.stderr);
  assert.equal(first.stdout, '');
  assert.equal(doneSteps(first.stderr), 7, first.stderr);
  assert.match(first.calls, /npm ci --ignore-scripts/);
  assert.match(first.calls, /pip install .*--require-hashes/);
  assert.match(first.calls, /pip download .*--require-hashes/);
  assert.ok(!existsSync(path.join(root, '.setup/tmp')) && !existsSync(path.join(root, '.setup/lock')));
  assert.deepEqual(await run(), { code: 0, stdout: '', stderr: '', calls: '' });

  writeFileSync(path.join(root, 'lib/src/index.ts'), 'export const changed = 1;\n');
  const library = await run();
  assert.equal(library.code, 0);
  assert.match(library.calls, /^tsc -b lib queue\n$/);

  for (const file of ['lib/dist/index.js', 'queue/dist/.tsbuildinfo']) {
    // by hand, or by another compiler
    writeFileSync(path.join(root, file), 'changed');
    assert.equal((await run()).calls, 'tsc -b lib queue --force\n', file);
    assert.equal((await run()).calls, '');
  }

  for (const part of ['lib', 'queue'])
    writeFileSync(path.join(root, part, 'dist', 'gone.js'), '// its source was deleted');
  assert.equal((await run()).calls, 'tsc -b lib queue --force\n');
  for (const part of ['lib', 'queue']) {
    assert.deepEqual(
      ['index.js', 'gone.js'].map((file) => existsSync(path.join(root, part, 'dist', file))),
      [true, false],
    );
  }
  rmSync(path.join(root, 'queue/dist'), { recursive: true });
  assert.equal((await run()).calls, 'tsc -b lib queue --force\n');

  writeFileSync(path.join(root, 'requirements.txt'), '# changed\n');
  const python = await run();
  assert.equal(python.code, 0);
  assert.doesNotMatch(python.calls, /npm|tsc|g\+\+/);
  assert.match(python.calls, /-m venv[^]*pip install[^]*tslab install/); // The kernel lies inside .venv.

  rmSync(path.join(root, 'node_modules'), { recursive: true });
  const npm = await run();
  assert.equal(npm.code, 0);
  assert.doesNotMatch(npm.calls, /pip|g\+\+/); // TensorFlow and the compiled addon are kept in .setup.
});

test('the tools alone, or the library alone, can be asked for', options, async (t) => {
  const { root, run } = sandbox(t);
  const tools = await run({}, undefined, ['tools']);
  assert.equal(doneSteps(tools.stderr), 6, tools.stderr);
  assert.doesNotMatch(tools.calls, /tsc -b/);
  const library = await run({}, undefined, ['library']);
  assert.match(library.calls, /^tsc -b lib queue.*\n$/);
  assert.equal((await run()).calls, '');
  writeFileSync(path.join(root, 'lib/src/index.ts'), 'export const changed = 1;\n');
  assert.equal((await run({}, undefined, ['tools'])).calls, '', 'an edit of the library is no concern of the tools');
});

test('each failure is one message with its remedy, and the next run goes on from there', options, async (t) => {
  const { run } = sandbox(t);
  const failures: Array<[name: string, when: string, print: string, message: RegExp]> = [
    ['no network for npm', 'npm ci', 'npm error code EAI_AGAIN\nnpm error request failed', /not reached[^]*EAI_AGAIN/],
    ['no disk space for npm', 'npm ci', 'npm error code ENOSPC', /disk is full/],
    ['a changed npm package', 'npm ci', 'npm error code EINTEGRITY', /pins by its hash/],
    ['a folder that cannot be written', 'npm ci', 'npm error code EACCES', /cannot be written/],
    ['anything else', 'npm ci', 'npm error something new', /npm ci [^]*exit code 1[^]*something new/],
    [
      'no network for pip',
      'pip install',
      'Failed to establish a new connection\nNo matching distribution found',
      /was not reached/,
    ],
    ['no build for this Python', 'pip install', 'ERROR: No matching distribution found for x', /PyPI has no build/],
    ['no disk space for pip', 'pip download', 'ERROR: [Errno 28] No space left on device', /disk is full/],
    ['a changed wheel', 'pip download', 'THESE PACKAGES DO NOT MATCH THE HASHES', /pins by its hash/],
    ['no disk space for unpacking', 'zipfile', 'OSError: [Errno 28] No space left on device', /disk is full/],
    ['a type error in the library', 'tsc -b', 'index.ts(1,1): error TS1', /does not compile[^]*error TS1/],
  ];
  for (const [name, when, print, message] of failures) {
    const { code, stderr, calls } = await run(fail(when, print));
    assert.equal(code, 1, name);
    assert.match(stderr, message, name);
    assert.doesNotMatch(stderr, /^\s+at /m, name);
    assert.ok(calls.includes(when), name);
  }
  const { code, calls } = await run();
  assert.equal(code, 0);
  assert.equal(calls, 'tsc -b lib queue --force\n');
});

test('no Python, one that is too old, one without venv', options, async (t) => {
  const none = await sandbox(t, ['npm']).run();
  assert.equal(none.code, 1);
  assert.match(none.stderr, /3\.10 or newer is needed, and no Python was found.*apt install python3/);
  const { run } = sandbox(t);
  const old = await run({ PYTHON: '3 9 True' });
  assert.equal(old.code, 1);
  assert.match(old.stderr, /only 3\.9 was found/);
  const bare = await run({ PYTHON: '3 12 False' });
  assert.equal(bare.code, 1);
  assert.match(bare.stderr, /Python 3\.12 \(python3\) is here, its venv module is not.*python3-venv/);
  assert.doesNotMatch(bare.calls, /npm/); // What was complete stays so.
});

test('without a working compiler Zig compiles', options, async (t) => {
  const absent = await sandbox(t, ['npm', 'python3']).run();
  assert.equal(absent.code, 0, absent.stderr);
  assert.match(absent.calls, /pip install .*--require-hashes.*--target/);
  assert.match(absent.calls, /zig c\+\+ -target x86_64-linux-gnu\.2\.17 -shared/);
  const broken = await sandbox(t).run(fail('g++', 'fatal error: string: No such file'));
  assert.equal(broken.code, 0, broken.stderr);
  assert.match(broken.stderr, /g\+\+ could not compile[^]*No such file[^]*using Zig/);
  assert.match(broken.calls, /zig c\+\+/);
});

test('where the addon does not load, the step does not count as done', options, async (t) => {
  const { root, run } = sandbox(t);
  const { code, stderr } = await run({ FAKE_ADDON: __filename });
  assert.equal(code, 0);
  assert.match(stderr, /does not load here, so the library will use JavaScript/);
  assert.ok(!existsSync(path.join(root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node')));
  assert.match((await run()).calls, /g\+\+ -shared/);
});

test(
  'killed outright in each step in turn, the next run ends what is left of it and makes that step again',
  options,
  async (t) => {
    const { root, run, killDuring, group, calls } = sandbox(t);
    const steps = ['npm ci', 'requirements.txt', 'import sys, zipfile', 'g++ -shared', 'tslab install', 'tsc -b'];
    for (const step of steps) await killDuring(step, 'SIGKILL');
    const leftover = group();
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`ending what a run that was killed has left running \\(process ${leftover}\\)`));
    rmSync(path.join(root, 'bin/hangs'), { force: true });
    await sleep(300);
    assert.ok(!existsSync(path.join(root, 'bin/hangs')), 'none of the tools runs on');
    for (const step of steps) assert.equal(calls().split(step).length - 1, 2, step);
    assert.equal((await run()).calls, '');
  },
);

test('stopped politely, it ends its tools and gives the lock back', options, async (t) => {
  const { root, run, killDuring } = sandbox(t);
  await killDuring('npm ci', 'SIGINT');
  rmSync(path.join(root, 'bin/hangs'), { force: true });
  await sleep(300);
  assert.ok(!existsSync(path.join(root, 'bin/hangs')), 'npm has ended as well');
  assert.ok(!existsSync(path.join(root, '.setup/lock')));
  const { code, stderr } = await run();
  assert.equal(code, 0);
  assert.doesNotMatch(stderr, /waiting/);
});

test('two at once: one works, the other waits and finds everything done', options, async (t) => {
  const { run } = sandbox(t);
  const runs = await Promise.all([run(), run()]);
  assert.deepEqual(
    runs.map(({ code }) => code),
    [0, 0],
  );
  assert.deepEqual(runs.map(({ stderr }) => doneSteps(stderr)).sort(), [0, 7]);
});

test('two that begin at once in a new folder: the slower one finds it made', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-lab-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // What the slower one sees: no folder yet, and the folder there when it makes it.
  const slower = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const folder = ${JSON.stringify(folder)};
    const { existsSync } = fs;
    fs.existsSync = (name) => name !== folder && existsSync(name);
    syncBuiltinESMExports();
    const { takeLock } = await import(${JSON.stringify(pathToFileURL(path.join(project, 'lib/native/lock.mjs')).href)});
    await takeLock(folder + '/lock', console.error);
    console.log(existsSync(folder + '/lock'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', slower]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said += text.toString();
    });
  await new Promise((resolve) => {
    child.on('close', resolve);
  });
  assert.equal(said, 'true\n');
});

test('Node versions', async () => {
  const module = pathToFileURL(path.join(project, 'scripts/setup/node-version.mjs')).href;
  const { checkNode } = (await import(module)) as { checkNode: (version: string) => void };
  for (const version of ['20.19.0', '22.13.1', '24.0.0', '26.1.0']) checkNode(version);
  for (const version of ['18.20.0', '20.18.3', '21.7.0', '22.12.0', '23.11.0']) {
    assert.throws(() => checkNode(version), new RegExp(`Node ${version} is not supported`));
  }
});
