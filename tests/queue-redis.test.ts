import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { Queue, Worker } from 'bullmq';
import { bestSpread } from '../lib/src/spreads';
import { DescentError } from 'descent-lab';
import { objectives, tune } from '../lib/src/races';
import { loadClassifier } from '../lib/src/classifiers';
import type { Trial } from '../lib/src/evaluation';
import { decodePhoto } from '../lib/src/pictures/read-photo';
import {
  codeVersion,
  encode,
  execute,
  Machine,
  photoRoot,
  queueEngine,
  redisOptions,
  spreadOn,
  startWorker,
  tuneOn,
  type Engine,
  type Job,
} from 'descent-lab-queue';
import { noRedis, RedisServer, until } from './support/redis';
import { TinyRun } from './support/tiny-run';

const skip = noRedis;
const options = { skip, timeout: 300_000 };
const quick = { skip, timeout: 60_000 };
const root = join(__dirname, '..');
let redis: RedisServer;
let tiny: TinyRun;
let expected: Trial[];
before(async () => {
  if (skip) return;
  redis = await RedisServer.start();
  tiny = await TinyRun.make();
  expected = (await tiny.evaluate()).trials;
});
after(async () => {
  if (skip) return;
  for (const { process } of processes) process.kill('SIGKILL');
  await redis.stop();
  await tiny.remove();
});

/** A command of ours, and what it has said. */
interface Running {
  process: ChildProcess;
  said: () => string;
  ended: Promise<number | null>;
}
const processes: Running[] = [];

function start(script: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const started = spawn(process.execPath, ['--import', './scripts/tsx.mjs', `scripts/${script}.ts`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (text: Buffer) => {
      said += text.toString();
    });
  const ended = new Promise<number | null>((resolve) => started.once('close', resolve));
  const running = { process: started, said: () => said, ended };
  processes.push(running);
  return running;
}

/** A worker on a queue of that name; the photos come from the server, which can hold them back. */
async function worker(name: string, more: string[] = [], url = redis.url): Promise<Running> {
  const running = start('worker', [
    '--queue',
    url,
    '--queue-name',
    name,
    '--model',
    tiny.model,
    '--root',
    tiny.url,
    '--lost-after',
    '3',
    ...more,
  ]);
  await until(() => running.said().includes('waits for jobs') || running.process.exitCode !== null, 'the worker waits');
  return running;
}

/** Waits for a line: Redis knows of an event before the process that caused it has told it. */
async function says({ said }: Pick<Running, 'said'>, line: RegExp): Promise<void> {
  await until(
    () => line.test(said()),
    () => `a process says ${line}, but it says\n${said()}`,
  );
}

async function end(...running: Running[]): Promise<void> {
  for (const { process } of running) process.kill('SIGTERM');
  await Promise.all(running.map(({ ended }) => ended));
}

const engineFor = (
  name: string,
  run: string,
  more: { drop?: boolean; onNotice?: (text: string) => void } = {},
  url = redis.url,
): Promise<Engine> => queueEngine({ url, name, run, ...more });

/** The evaluation on a queue, from here. */
async function evaluateOnQueue(name: string, url = redis.url): Promise<Awaited<ReturnType<TinyRun['evaluate']>>> {
  const engine = await engineFor(name, 'evaluation', { drop: true }, url);
  try {
    return await tiny.evaluate(engine);
  } finally {
    await engine.close(true);
  }
}

/** The processes that a worker computes in (Linux). */
const childrenOf = ({ process: { pid } }: Running): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** What is left of a queue's jobs. */
async function left(name: string): Promise<number> {
  const queue = new Queue(name, { connection: redisOptions(redis.url) });
  const counts = await queue.getJobCounts();
  await queue.close();
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Jobs that do nothing. */
const idle = (count: number): Job[] =>
  Array.from({ length: count }, (_, number) => ({ task: 'idle', code: codeVersion(), number }));

async function numbersOf(engine: Engine, jobs: Job[]): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { job } of engine.outcomes(jobs)) numbers.push((job as { number: number }).number);
  return numbers.sort((a, b) => a - b);
}

/** Lets the next photo that is asked for wait until `release`; `held` resolves when it is asked for. */
function hold(after = 0): { held: Promise<string>; release: () => void } {
  let release = (): void => undefined,
    asked = (_: string): void => undefined,
    count = 0;
  const held = new Promise<string>((resolve) => {
    asked = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  tiny.before = (photo) => {
    if (count++ !== after) return undefined;
    asked(photo);
    return gate;
  };
  return {
    held,
    release: () => {
      tiny.before = () => undefined;
      release();
    },
  };
}

test('two workers give the tables of one machine, and leave nothing in Redis', options, async () => {
  const workers = await Promise.all([worker('all'), worker('all', ['--concurrency', '2'])]);
  assert.deepEqual((await evaluateOnQueue('all')).trials, expected);

  const search = { loss: 'best', vectors: 150, dimensions: 4, restarts: 7, iterations: 20, seed: 5 } as const;
  const race = { start: objectives.beale.start, steps: 10 };
  const engine = await engineFor('all', 'search');
  await assert.rejects(engineFor('all', 'search'), /process \d+ on .* is at this run already/);
  assert.deepEqual(await bestSpread({ ...search, elsewhere: spreadOn(engine, search) }), await bestSpread(search));
  for (const optimizer of ['sgd', 'adadelta'] as const) {
    assert.deepEqual(
      await tune(objectives.beale, optimizer, race, tuneOn(engine, { objective: 'beale', ...race }, { optimizer })),
      await tune(objectives.beale, optimizer, race),
    );
  }
  assert.ok((await left('all')) > 0, 'results stay until the end');
  await engine.close(true);
  assert.equal(await left('all'), 0);
  for (const own of workers) await says(own, /^done: /m);
  await end(...workers);
});

test('a worker killed in the middle of a job: another one does it', options, async () => {
  const { held, release } = hold();
  const first = await worker('killed');
  const run = evaluateOnQueue('killed');
  await held;
  const children = childrenOf(first);
  assert.equal(children.length, 1);
  first.process.kill('SIGKILL');
  await first.ended;
  await until(() => !children.some(isAlive), 'the process that computes has ended too');
  release();
  const second = await worker('killed');
  assert.deepEqual((await run).trials, expected);
  await end(second);
});

test("a job's process killed, the worker alive: the job is tried again", options, async () => {
  const { held, release } = hold();
  const own = await worker('child');
  const run = evaluateOnQueue('child');
  await held;
  for (const pid of childrenOf(own)) process.kill(pid, 'SIGKILL');
  release();
  assert.deepEqual((await run).trials, expected);
  await says(own, /failed: .*Unexpected exit code/);
  await end(own);
});

for (const [how, forgets] of [
  ['from its append-only file', false],
  ['empty', true],
] as const) {
  test(`a Redis killed and started again, ${how}: the run goes on`, options, async () => {
    const other = await RedisServer.start();
    const { held, release } = hold(5);
    const own = await worker('restart', [], other.url);
    const run = evaluateOnQueue('restart', other.url);
    await held;
    await other.kill();
    if (forgets) other.forget();
    release();
    await other.begin();
    assert.deepEqual((await run).trials, expected);
    await end(own);
    await other.stop();
  });
}

test('a coordinator killed and started again takes the run up, to the same tables', options, async () => {
  const [out, perPhoto] = [join(tiny.folder, 'out.csv'), join(tiny.folder, 'photos.csv')];
  const command = [
    tiny.photos,
    '--list',
    tiny.list,
    '--model',
    tiny.model,
    '--attack',
    'article,pgd',
    '--epsilons',
    '0.01,0.1',
    '--batch',
    '2',
    '--out',
    out,
    '--per-photo',
    perPhoto,
  ];
  const tables = (): string[] => [out, perPhoto].map((file) => readFileSync(file, 'utf8'));
  assert.equal(await start('evaluate', [...command, '--cores', '1']).ended, 0);
  const whole = tables();
  tiny.asked.clear();
  const { held, release } = hold(12);
  const own = await worker('coordinator');
  const elsewhere = [...command, '--queue', redis.url, '--queue-name', 'coordinator'];
  const first = start('evaluate', elsewhere);
  await held;
  await until(
    () => existsSync(`${out}.unfinished`) && readFileSync(`${out}.unfinished`, 'utf8').split('\n').length > 4,
    'some batches are in the journal',
  );
  first.process.kill('SIGKILL');
  await first.ended;
  release();
  writeFileSync(out, '');
  const again = start('evaluate', elsewhere);
  assert.equal(await again.ended, 0, again.said());
  assert.deepEqual(tables(), whole);
  assert.ok(!existsSync(`${out}.unfinished`));
  assert.equal(tiny.asked.size, 24);
  assert.ok(
    [...tiny.asked.values()].every((times) => times === 1),
    'no photo has been read twice',
  );
  await end(own);
});

test('Ctrl-C ends a run that waits for workers, and it can be called again at once', options, async () => {
  const out = join(tiny.folder, 'waits.csv');
  const running = start('evaluate', [
    tiny.photos,
    '--list',
    tiny.list,
    '--model',
    tiny.model,
    '--attack',
    'pgd',
    '--epsilons',
    '0.1',
    '--batch',
    '2',
    '--out',
    out,
    '--queue',
    redis.url,
    '--queue-name',
    'waits',
  ]);
  const marks = (): Promise<string[]> => redis.ask((client) => client.keys('waits-run:*'));
  await until(async () => (await marks()).length > 0 && (await left('waits')) > 0, 'the jobs are on the queue');
  running.process.kill('SIGINT');
  assert.equal(await running.ended, 130);
  assert.match(running.said(), /^stopped; called again in the same way it goes on$/m);
  assert.deepEqual(await marks(), [], 'the mark of the run is gone');
  assert.ok(existsSync(`${out}.unfinished`));
});

test(
  'a photo that fails its job three times is set aside and named; the others are as if it could not be read',
  options,
  async () => {
    const own = await worker('poison');
    tiny.asked.clear();
    tiny.before = (photo) => (photo === 'dog/5.png' ? 500 : undefined);
    const { trials, aside } = await evaluateOnQueue('poison');
    assert.deepEqual(aside, ['dog/5.png']);
    assert.equal(tiny.asked.get('dog/5.png'), 6); // three times with its batch, three times alone
    tiny.before = (photo) => (photo === 'dog/5.png' ? 404 : undefined);
    assert.equal(await left('poison'), 0);
    const unread = join(tiny.folder, 'unread');
    mkdirSync(unread);
    const { input } = await loadClassifier(tiny.model);
    const here = await tiny.evaluate(undefined, {
      read: async (path) => decodePhoto(await photoRoot(tiny.url).read(path), input, path),
    });
    assert.equal(here.trials.find(({ photo }) => photo === 'dog/5.png')!.label, null);
    assert.deepEqual(trials, here.trials);
    tiny.before = () => undefined;
    await end(own);
  },
);

test('a part, too, names the photos that were set aside', options, async () => {
  const own = await worker('part');
  tiny.before = (photo) => (photo === 'dog/1.png' ? 500 : undefined);
  const out = join(tiny.folder, 'part.csv');
  const part = start('evaluate', [
    tiny.photos,
    '--list',
    tiny.list,
    '--model',
    tiny.model,
    '--attack',
    'pgd',
    '--epsilons',
    '0.1',
    '--batch',
    '2',
    '--shard',
    '1/12',
    '--out',
    out,
    '--queue',
    redis.url,
    '--queue-name',
    'part',
  ]);
  assert.equal(await part.ended, 0, part.said());
  assert.match(part.said(), /^set aside, .*: dog\/1\.png$/m);
  tiny.before = () => undefined;
  await end(own);
});

test(
  'a worker with another network or other photos says so, goes on waiting, and the run waits for a right one',
  options,
  async () => {
    const notices: string[] = [];
    const other = join(tiny.folder, 'other-photos');
    for (const name of ['cat', 'dog']) mkdirSync(join(other, name), { recursive: true });
    const engine = await engineFor('refuse', 'evaluation', { drop: true, onNotice: (text) => notices.push(text) });
    const run = tiny.evaluate(engine);
    const wrong: Running[] = [];
    for (const [args, message] of [
      [['--model', tiny.otherModel], /another one than the run's: its sha256 is/],
      [['--root', other], /not those of the run: their list has another sha256/],
    ] as const) {
      wrong.push(await worker('refuse', [...args]));
      await until(
        () => notices.some((text) => /^\S+-\d+ refuses: /.test(text) && message.test(text)),
        'the run hears of it',
      );
      await says(wrong.at(-1)!, message);
    }
    const right = await worker('refuse');
    assert.deepEqual((await run).trials, expected);
    await engine.close(true);
    assert.equal(await left('refuse'), 0);
    for (const {
      process: { exitCode },
      said,
    } of wrong) {
      assert.equal(exitCode, null, 'it goes on');
      assert.equal(said().match(/leaves jobs of the run [0-9a-f]{12} to others/g)?.length, 1, said());
      assert.doesNotMatch(said(), /^\s+at |failed: |done: /m);
    }
    await end(right, ...wrong);
  },
);

test(
  'jobs of runs that nobody follows, of other code, and of anybody end no worker and hold up no other run',
  options,
  async () => {
    const queue = new Queue('abandoned', { connection: redisOptions(redis.url) });
    const jobs = idle(2);
    const old = await engineFor('abandoned', 'old');
    const oldRun = numbersOf(old, [...jobs, ...jobs.map((job) => ({ ...job, code: '0'.repeat(64) }))]);
    oldRun.catch(() => undefined);
    await until(async () => (await queue.getWaitingCount()) === 4, "the old run's jobs are there");
    await old.close(false); // as a process that is killed leaves them, but for its mark, which fades
    const anybody = (data: unknown): Promise<unknown> => queue.add('idle', data);
    await anybody({ task: 'idle', code: '0'.repeat(64), number: 1 });
    await anybody({
      task: 'race',
      code: codeVersion(),
      objective: 'beale',
      optimizer: 'sgd',
      hyper: {},
      start: [1, 1],
      steps: 1,
      rates: new Array(100_000).fill(0.1),
    });
    const own = await worker('abandoned', ['--root', tiny.photos]);
    await until(
      async () => (await queue.getDelayedCount()) === 3 && (await queue.getFailedCount()) === 1,
      'the worker has met them all',
    );
    await says(
      own,
      /^worker: leaves jobs of the run [0-9a-f]{12} to others: this worker runs other code than the run/m,
    );
    await says(own, /^failed: \d+: this is no job for a queue: a list in it is longer than 4,096/m);

    const notices: string[] = [];
    const engine = await engineFor('abandoned', 'evaluation', { drop: true, onNotice: (text) => notices.push(text) });
    assert.deepEqual((await tiny.evaluate(engine)).trials, expected);
    await engine.close(true);
    assert.ok(
      notices.includes(
        '3 jobs of runs that nobody follows any more are dropped; such a run, called again, asks for them again',
      ),
      notices.join(),
    );

    await end(own);
    const again = await engineFor('abandoned', 'old');
    const numbers = numbersOf(again, [...jobs, ...idle(3).slice(2)]);
    await until(async () => (await queue.getWaitingCount()) === 1, 'the old run asks for what it lacks');
    const other = await engineFor('abandoned', 'other');
    const otherRun = numbersOf(other, idle(1));
    const last = await worker('abandoned');
    assert.deepEqual(
      [await numbers, await otherRun],
      [[0, 1, 2], [0]],
      'a run that is called again has all its jobs done',
    );
    await Promise.all([again.close(true), other.close(true)]);
    assert.deepEqual([last.process.exitCode, await queue.getDelayedCount()], [null, 0]);
    await end(last);
    await queue.close();
  },
);

test('what is no result is told in a line and asked for again; three times in a row end the run', quick, async () => {
  const notices: string[] = [];
  const engine = await engineFor('liar', 'run', { onNotice: (text) => notices.push(text) });
  const liar = new Worker('liar', null, { connection: redisOptions(redis.url), name: 'the-liar' });
  const lie = async (value: unknown): Promise<void> => {
    let job: Awaited<ReturnType<typeof liar.getNextJob>>;
    await until(async () => (job = await liar.getNextJob('token', { block: false })) !== undefined, 'there is a job');
    await job!.moveToCompleted(value, 'token', false);
  };
  const lies = [{}, null, { trials: 'abc' }, 'x', encode({ trials: 'abc' })];
  const run = numbersOf(engine, idle(lies.length));
  for (const value of lies) await lie(value);
  await until(() => notices.length >= lies.length, 'each is told');
  for (const text of notices) {
    assert.match(
      text,
      /^job [0-9a-f]{12}-[0-9a-f]{24} \(idle\), done by the-liar: what came back is no result: .*; it is done again$/,
    );
  }
  const honest = await startWorker({ url: redis.url, name: 'liar' });
  assert.deepEqual(await run, [0, 1, 2, 3, 4]);
  await honest.close();

  const second = numbersOf(engine, [{ task: 'idle', code: codeVersion(), number: 9 }]);
  const ended = assert.rejects(
    second,
    (error: unknown) =>
      error instanceof DescentError &&
      !error.message.includes('\n') &&
      /^job \S+ \(idle\), done by the-liar: what came back is no result: .*, 3 times in a row\. See to the workers/.test(
        error.message,
      ),
  );
  for (let i = 0; i < 3; i++) await lie({});
  await ended;
  await liar.close();
  await engine.close(true);
});

test('the command refuses a job that is too large with the words that a worker has', quick, async () => {
  const engine = await engineFor('large', 'run');
  const job: Job = {
    task: 'race',
    code: codeVersion(),
    objective: 'beale',
    optimizer: 'sgd',
    hyper: {},
    start: [1, 1],
    steps: 2 ** 40,
    rates: [0.1],
  };
  const refused = {
    name: 'DescentError',
    message: 'this is no job for a queue: steps: at most 1,000,000. Ask for less, or ' + 'do it without a queue',
  };
  await assert.rejects(numbersOf(engine, [job]), refused);
  await assert.rejects(execute(job, new Machine({})), refused);
  assert.equal(await left('large'), 0);
  await engine.close(true);
});

test(
  'a worker that loses its network or its photos gives the job back and ends, and no photo is blamed',
  options,
  async () => {
    const copies = join(tiny.folder, 'copies');
    for (const name of ['model', 'photos']) cpSync(join(tiny.folder, name), join(copies, name), { recursive: true });
    const cases = [
      [
        ['--model', join(copies, 'model')],
        () => rmSync(join(copies, 'model'), { recursive: true }),
        /^--model: .*model: there is no such file/m,
      ],
      [
        ['--root', join(copies, 'photos')],
        () => rmSync(join(copies, 'photos'), { recursive: true }),
        /^--root: .*photos is no folder$/m,
      ],
      [
        ['--patience', '1'],
        () => {
          tiny.down = true;
        },
        /^http:\S+\/photos cannot be reached: .*, for 1 s now\. Start this worker/m,
      ],
    ] as const;
    const workers = [];
    for (const [args, lose, message] of cases) {
      workers.push({ message, ...(await worker('loses', [...args])) });
      lose();
    }
    const run = evaluateOnQueue('loses');
    for (const {
      ended,
      said,
      message,
      process: { pid },
    } of workers) {
      assert.equal(await ended, 1);
      assert.match(said(), message);
      assert.doesNotMatch(said(), /^\s+at |failed: /m);
      assert.ok(!isAlive(pid!));
    }
    const right = await worker('loses', ['--root', tiny.photos]);
    const { trials, aside } = await run;
    tiny.down = false;
    assert.deepEqual([trials, aside], [expected, []]);
    await end(right);
  },
);

test("a photos' server that is away for a moment is waited for", options, async () => {
  const own = await worker('hiccup');
  tiny.down = true;
  const run = evaluateOnQueue('hiccup');
  await says(own, /^waits: http:\S+\/photos cannot be reached: /m);
  tiny.down = false;
  const { trials, aside } = await run;
  assert.deepEqual([trials, aside], [expected, []]);
  assert.doesNotMatch(own.said(), /failed: /);
  await end(own);
});

test('a Redis that is full, and jobs that somebody drops: the run says so, asks again and ends', options, async () => {
  const other = await RedisServer.start(['--maxmemory-policy', 'noeviction']);
  const notices: string[] = [];
  const engine = await engineFor('full', 'run', { onNotice: (text) => notices.push(text) }, other.url);
  await other.ask((client) => client.config('SET', 'maxmemory', '1'));
  const run = numbersOf(engine, idle(3));
  await until(() => notices.some((text) => /Redis.*OOM/.test(text)), 'the run says that Redis refuses', 30);
  await other.ask((client) => client.config('SET', 'maxmemory', '0'));
  const queue = new Queue('full', { connection: redisOptions(other.url) });
  await until(async () => (await queue.getWaitingCount()) === 3, 'the jobs are there', 30);
  await queue.remove((await queue.getWaiting())[1]!.id!); // as a button in bull-board does
  const own = await startWorker({ url: other.url, name: 'full' });
  assert.deepEqual(await run, [0, 1, 2]);
  await own.close();
  await queue.close();
  await engine.close(true);
  await other.stop();
});

test('a Redis that takes nothing when a command starts is waited for, and asked without haste', options, async () => {
  for (const [question, answer, refuse, take] of [
    ['full', /OOM command not allowed/, ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['a copy', /READONLY You can't write/, ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ] as const) {
    const other = await RedisServer.start(['--maxmemory-policy', 'noeviction']);
    const tell = ([command, ...rest]: readonly string[]): Promise<unknown> =>
      other.ask((client) => client.call(command!, ...rest));
    await tell(refuse);
    const own = await worker('start', ['--root', tiny.photos, '--quiet'], other.url);
    const list = [
      '--list',
      tiny.list,
      '--model',
      tiny.model,
      '--attack',
      'pgd',
      '--epsilons',
      '0.1',
      '--batch',
      '4',
      '--queue',
      other.url,
      '--queue-name',
      'start',
    ];
    const [waits, stopped] = ['waits.csv', 'stopped.csv'].map((name) =>
      start('evaluate', [tiny.photos, ...list, '--out', join(tiny.folder, `${question}-${name}`)]),
    ) as [Running, Running];
    for (const one of [waits, stopped, own]) await says(one, answer);
    stopped.process.kill('SIGINT');
    assert.equal(await stopped.ended, 130, stopped.said());
    const { 1: errors } = /total_error_replies:(\d+)/.exec(await other.ask((client) => client.info('stats')))!;
    assert.ok(Number(errors) < 200, `${errors} questions in vain`);
    await tell(take);
    assert.equal(await waits.ended, 0, waits.said());
    for (const { said } of [waits, stopped, own]) {
      assert.doesNotMatch(said(), /^\s+at /m);
      assert.equal(said().match(new RegExp(answer, 'g'))!.length, 1, `it is said once: ${said().slice(0, 2000)}`);
    }
    await end(own);
    await other.stop();
  }
});

test('what is no Redis, or one that still reads its file: one line', options, async () => {
  const answers = (text: string): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer((socket) =>
        socket
          .on('error', () => undefined)
          .on('data', (commands) => {
            socket.write(text.repeat(commands.toString().match(/^\*\d/gm)!.length));
          }),
      );
      server.listen(0, '127.0.0.1', () => resolve(server));
    });
  const url = (server: Server): string => `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [web, loading] = await Promise.all([
    answers('HTTP/1.1 400 Bad Request\r\n\r\n'),
    answers('-LOADING Redis is loading the dataset in memory\r\n'),
  ]);
  await assert.rejects(queueEngine({ url: url(web), run: 'run' }), {
    name: 'DescentError',
    message: /: it answers as no Redis does$/,
  });
  const notices: string[] = [],
    stop = new AbortController();
  await assert.rejects(
    queueEngine({
      url: url(loading),
      run: 'run',
      signal: stop.signal,
      onNotice: (text) => {
        notices.push(text);
        stop.abort();
      },
    }),
    { name: 'AbortError' },
  );
  assert.deepEqual(notices, [
    'Redis takes nothing (LOADING Redis is loading the dataset in memory); this waits, and asks again',
  ]);
  await assert.rejects(queueEngine({ url: `${redis.url}/99`, run: 'run' }), {
    name: 'DescentError',
    message: /ERR DB index is out of range/,
  });
  for (const server of [web, loading]) server.close();
});

test("a run that another process has taken over ends, and leaves the other one's mark alone", options, async () => {
  const engine = await engineFor('taken', 'run');
  const run = numbersOf(engine, idle(1));
  const key = (await redis.ask((client) => client.keys('taken-run:*')))[0]!;
  await redis.ask((client) => client.set(key, 'process 1 on elsewhere', 'PX', 600_000));
  await assert.rejects(
    run,
    (error: unknown) =>
      error instanceof DescentError && /process 1 on elsewhere has taken this run over/.test(error.message),
  );
  await engine.close(false);
  assert.equal(await redis.ask((client) => client.get(key)), 'process 1 on elsewhere');
});

test('a Redis that lets nobody see what it is: one line, and the command ends', options, async () => {
  await redis.ask((client) =>
    client.acl('SETUSER', 'limited', 'on', '>pw', '~*', '+ping', '+set', '+get', '+del', '+eval'),
  );
  const race = start('race', ['--tune', '--optimizers', 'sgd', '--queue', redis.url.replace('//', '//limited:pw@')]);
  assert.equal(await race.ended, 1);
  assert.match(race.said(), /^the Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: NOPERM/m);
});

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'there is no openssl on this machine';
test('TLS and a password', { ...options, skip: skip || noOpenssl }, async () => {
  const [key, certificate] = ['key.pem', 'cert.pem'].map((name) => join(tiny.folder, name)) as [string, string];
  spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost',
  ]);
  const secure = await RedisServer.start([
    '--port',
    '0',
    '--tls-port',
    'PORT',
    '--tls-cert-file',
    certificate,
    '--tls-key-file',
    key,
    '--tls-auth-clients',
    'no',
    '--requirepass',
    'open sesame',
  ]);
  const address = (password: string): string => `rediss://:${password}@localhost:${secure.port}`;
  const trust = { NODE_EXTRA_CA_CERTS: certificate };
  const race = (url: string, env: NodeJS.ProcessEnv): Running =>
    start('race', ['--tune', '--optimizers', 'sgd', '--steps', '5', '--queue', url, '--json'], env);
  const own = start('worker', ['--queue', address('open%20sesame')], trust);
  const results = await Promise.all(
    [race(address('open%20sesame'), trust), race(address('wrong'), trust), race(address('open%20sesame'), {})].map(
      async (one) => ({ code: await one.ended, said: one.said() }),
    ),
  );
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 1, 1],
  );
  assert.match(results[0]!.said, /"optimizer":"sgd"/);
  assert.match(results[1]!.said, /^no Redis to work with at rediss:\/\/localhost:\d+: .*(WRONGPASS|invalid)/m);
  assert.match(results[2]!.said, /^no Redis to work with at .*(certificate|self)/m);
  assert.ok(
    results.every(({ said }) => !said.includes('sesame')),
    'no password is shown',
  );
  await end(own);
  await secure.stop();
});

test('a queue that is not there, and calls that make no sense, get one line', options, async () => {
  const absent = join(tiny.folder, 'absent');
  const calls = [
    start('worker', ['--queue', 'redis://127.0.0.1:1']),
    start('worker', []),
    ...[
      ['--model', absent],
      ['--transfer-to', absent],
      ['--root', absent],
      ['--root', __filename],
      ['--root', 'http://127.0.0.1:1/x'],
    ].map((args) => start('worker', ['--queue', redis.url, ...args])),
    start('race', ['--queue', redis.url]),
    start('race', ['--tune', '--objective', 'x.ts', '--queue', redis.url]),
  ];
  const messages = [
    /^no Redis to work with at redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/,
    /^--queue is needed/,
    /^\S+absent holds no model/,
    /^\S+absent holds no model/,
    /^--root: \S+absent is no folder$/m,
    /^--root: .*queue-redis\.test\.ts is no folder$/m,
    /^--root: http:\/\/127\.0\.0\.1:1\/x cannot be reached: /,
    /^--queue goes with --tune/,
    /there is no file x\.ts/,
  ];
  for (const [i, { ended, said }] of calls.entries()) {
    assert.equal(await ended, 1);
    assert.match(said(), messages[i]!);
    assert.equal(said().trim().split('\n').length, 1, said());
  }
});
