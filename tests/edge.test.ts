// What every command does at its edge: stopped it ends in order, its output may be closed or full, and it writes
// nothing outside the project.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import test, { type TestContext } from 'node:test';
import { jupyterEnv, venvBin } from '../publish/src/notebooks/jupyter';

const root = join(__dirname, '..');
const limit = { timeout: 120_000 };
const tsx = ['--import', './scripts/tsx.mjs'];

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A script of ours whose main function is `code`; `say` writes a line. `shell`: what npm puts between. */
function start(t: TestContext, code: string, shell: string[] = []) {
  const folder = folderOf(t);
  const from = (path: string): string => JSON.stringify(join(root, path));
  writeFileSync(
    join(folder, 'script.ts'),
    `
    import { takeLock } from ${from('lib/native/lock.mjs')};
    import { run } from ${from('scripts/cli/edge')};
    import { descend, DescentError, tf } from ${from('lib/src/index')};
    const say = (text: string): void => console.log(text);
    const forever = () => new Promise(() => setInterval(() => undefined, 1000));
    run(async () => {
      await takeLock(${JSON.stringify(join(folder, 'lock'))}, say);
      ${code}
    });`,
  );
  const words = [...shell, process.execPath, ...tsx, join(folder, 'script.ts')];
  const child = spawn(words[0]!, words.slice(1), {
    cwd: root,
    env: { ...process.env, npm_lifecycle_event: shell[0] ?? '' },
  });
  t.after(() => child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    /** Waits until it has said something, then sends signals. */
    when: (said: string, ...signals: NodeJS.Signals[]) =>
      new Promise<void>((resolve, reject) => {
        const look = (text?: Buffer): void => {
          stdout += text?.toString() ?? '';
          if (!stdout.includes(said)) return;
          child.stdout.off('data', look);
          for (const signal of signals) child.kill(signal);
          resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`it ended: ${stdout}${stderr}`)));
        look();
      }),
    end: async () => {
      child.stdout.on('data', (text: Buffer) => {
        stdout += text.toString();
      });
      return { code: await closed, stdout, stderr, locked: existsSync(join(folder, 'lock')) };
    },
  };
}

const loop = `
  const { stopped, iterations } = await descend({ variables: { x: [1] }, loss: ({ x }) => tf.sum(x), iterations: 1e9,
    optimizer: tf.train.sgd(0), every: 1e9, record: () => say('runs') });
  say(\`\${stopped} after \${iterations > 0}\`);`;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} stops the loop that runs, and the work goes on with what there is`, limit, async (t) => {
    const { when, end } = start(t, loop);
    await when('runs', signal);
    assert.deepEqual(await end(), { code, stdout: 'runs\nruns\ninterrupted after true\n', stderr: '', locked: false });
  });

  test(`${signal} ends at once what has nothing to save, in one line`, limit, async (t) => {
    const { when, end } = start(t, "say('waits'); await forever();");
    await when('waits', signal);
    assert.deepEqual(await end(), { code, stdout: 'waits\n', stderr: 'stopped\n', locked: false });
  });
}

test('the same signal from the terminal and from npm is one; another one ends it at once', limit, async (t) => {
  const { when, end } = start(
    t,
    `
    let count = 0;
    process.on('SIGINT', () => {
      if (++count === 1) process.kill(process.pid, 'SIGINT');
      say(\`heard \${count}\`);
    });
    say('waits');
    await forever();`,
  );
  await when('waits', 'SIGINT');
  await when('heard 2', 'SIGTERM');
  const { code, stderr, locked } = await end();
  assert.deepEqual({ code, stderr, locked }, { code: 130, stderr: 'stopped\n', locked: false });
});

test(
  'a signal that npm passes on to its shell alone reaches it',
  { ...limit, skip: process.platform === 'win32' },
  async (t) => {
    const { when, end } = start(t, loop, ['sh', '-c', '"$0" "$@"; exit $?']);
    await when('runs', 'SIGTERM');
    const { stdout, locked } = await end();
    assert.deepEqual({ stdout, locked }, { stdout: 'runs\nruns\ninterrupted after true\n', locked: false });
  },
);

test("what cannot go on without the rest says so, and keeps the signal's code", limit, async (t) => {
  const { when, end } = start(t, `${loop} throw new DescentError('half a search is none');`);
  await when('runs', 'SIGTERM');
  const { code, stderr } = await end();
  assert.deepEqual({ code, stderr }, { code: 143, stderr: 'half a search is none\n' });
});

const commands: [name: string, ...args: string[]][] = [
  ['scripts/fit.ts', 'data/height-weight.csv', '--x', 'Height', '--y', 'Weight', '--json', '--iterations', '5'],
  ['scripts/spread.ts', '--vectors', '3', '--dimensions', '2', '--restarts', '1', '--iterations', '5'],
  ['scripts/race.ts', '--steps', '2', '--optimizers', 'sgd'],
  ['scripts/classify.ts', 'data/photos/cat-garden.jpg', 'data/photos/cat-kitten.jpg'],
  ['scripts/check-notebooks.ts', 'your-own'],
  ['scripts/doctor.mjs'],
];

test(
  'a stdout that nobody reads ends a command in silence with 141, a full one in one line',
  { ...limit, skip: existsSync('/dev/full') ? false : 'there is no /dev/full' },
  () => {
    const full = openSync('/dev/full', 'w');
    for (const [script, ...rest] of [commands[0]!, commands.at(-1)!]) {
      const args = [...tsx, script, ...rest];
      const options = { cwd: root, encoding: 'utf8' } as const;
      const { status, stderr } = spawnSync(process.execPath, args, { ...options, stdio: ['ignore', full, 'pipe'] });
      assert.equal(status, 1, script);
      assert.match(stderr, /^the output cannot be written: ENOSPC: .*\n/m, script);
      assert.doesNotMatch(stderr, /^\s+at |node:/m, script);
      const piped = spawnSync(
        'sh',
        ['-c', `{ "$@"; echo "code $?" >&2; } | exec true`, 'sh', process.execPath, ...args],
        options,
      );
      assert.match(piped.stderr, /^code 141$/m, script);
      assert.doesNotMatch(piped.stderr, /^\s+at |EPIPE|node:/m, script);
    }
    const [script, ...rest] = commands[0]!;
    const untold = spawnSync(process.execPath, [...tsx, script, ...rest.filter((word) => word !== '--json')], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', full],
    }); // it tells of the table on stderr
    assert.equal(untold.status, 0, 'a full stderr is no reason to end');
    assert.match(untold.stdout, /^descent: /);
  },
);

test('no command keeps or loads anything outside the project', limit, (t) => {
  const [home, temporary] = ['home', 'tmp'].map((name) => join(folderOf(t), name)) as [string, string];
  for (const folder of [home, temporary]) mkdirSync(folder);
  const env = {
    ...process.env,
    HOME: home,
    TMPDIR: temporary,
    TSX_DISABLE_CACHE: '',
    XDG_CACHE_HOME: '',
    npm_lifecycle_event: '',
  };
  for (const [script, ...args] of commands) {
    spawnSync(process.execPath, [...tsx, script, ...args], { cwd: root, env, stdio: 'ignore' });
    assert.deepEqual([readdirSync(home), readdirSync(temporary)], [[], []], script);
  }
});

test('every npm script, hook and container runs TypeScript without a cache that others could write into', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [name, command] of Object.entries(scripts)) {
    if (/\.ts$|--import/.test(command)) assert.match(command, /--import \.\/scripts\/tsx\.mjs /, name);
  }
  for (const file of [
    'scripts/hooks/pre-commit',
    'deploy/Dockerfile',
    'scripts/check/test-files.ts',
    'bench/bench.ts',
    'bench/compare.ts',
    'bench/queue/running.ts',
  ])
    assert.match(readFileSync(join(root, file), 'utf8'), /--import\W+\.\/scripts\/tsx\.mjs/, file);
});

test('an npm script has the name of its file: by that `run` knows that npm started it, and where paths count from', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const files = Object.entries(scripts).flatMap(([name, command]) => {
    const [file] = /[\w/-]+\.(?:ts|mjs)$/.exec(command) ?? [];
    return file === undefined || ['build', 'test'].includes(name) ? [] : [{ name, file }]; // these two take no paths
  });
  assert.ok(files.length > 15);
  for (const { name, file } of files) {
    assert.equal(name.split(':').at(-1), parse(file).name, `${file} has to be named like its npm script, ${name}`);
  }
});

test('Jupyter keeps its settings, its data and what it runs in the project', limit, (t) => {
  const env = { ...jupyterEnv(), HOME: folderOf(t) };
  const { stdout } = spawnSync(venvBin('jupyter'), ['--paths', '--json'], { env, encoding: 'utf8' });
  const paths = JSON.parse(stdout) as Record<'config' | 'data' | 'runtime', string[]>;
  for (const [kind, [first]] of Object.entries(paths)) {
    assert.ok(
      [join(root, '.setup'), join(root, 'publish'), join(root, '.venv')].some((own) => first!.startsWith(own)),
      `${kind}: ${first}`,
    );
  }
  const ipython = spawnSync(
    venvBin('python'),
    ['-I', '-c', 'from IPython.paths import get_ipython_dir; print(get_ipython_dir())'],
    { env, encoding: 'utf8' },
  );
  assert.deepEqual([ipython.stdout, ipython.stderr], [`${join(root, '.setup', 'ipython')}\n`, '']);
});

test('npm answers a mistyped name with the right one, and with -s prints nothing of its own', limit, () => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')),
  );
  const npm = (...args: string[]) => spawnSync('npm', ['run', ...args], { cwd: root, encoding: 'utf8', env });
  const typo = npm('fitt');
  assert.equal(typo.status, 1);
  assert.match(typo.stderr, /Missing script: "fitt"[^]*npm run fit\b/);
  const fit = npm('-s', 'fit', '--', 'data/height-weight.csv', '--x', 'Height', '--y', 'Weight', '--json');
  assert.equal(fit.status, 0, fit.stderr);
  assert.ok((JSON.parse(fit.stdout) as { slope: number }).slope > 6, fit.stdout);
});
