import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { bestSpread } from '../lib/src/spreads';
import { DescentError, evaluate, Random } from 'descent-lab';
import { listPhotos, readPhoto } from '../lib/src/pictures';
import { loadClassifier } from '../lib/src/classifiers';
import { objectives, tune } from '../lib/src/races';
import { parseAttacks } from '../lib/src/evaluation';
import {
  checkJob,
  codeVersion,
  decode,
  encode,
  evaluateOn,
  execute,
  folderHash,
  jobName,
  Machine,
  photoRoot,
  poolEngine,
  readPhotoList,
  redisOptions,
  Refusal,
  ServerError,
  shownAddress,
  spreadOn,
  staysBelow,
  tuneOn,
  unpack,
  type Job,
  type PhotoRoot,
} from 'descent-lab-queue';
import { inFlight } from '../queue/src/engine';
import { versionOf } from '../queue/src/hashes';
import { patientRoot } from '../queue/src/patient-root';
import { Others } from '../queue/src/redis/rest';
import * as dashboardCommand from '../scripts/dashboard';
import * as evaluateCommand from '../scripts/evaluate';
import * as raceCommand from '../scripts/race';
import { damaged } from './support/fuzz';
import { inProcess } from './support/in-process';
import { TinyRun } from './support/tiny-run';

let tiny: TinyRun;
before(async () => {
  tiny = await TinyRun.make();
});
after(() => tiny.remove());

const spreadJob = {
  code: codeVersion(),
  task: 'spread',
  loss: 'best',
  vectors: 5,
  dimensions: 3,
  restarts: 10,
  iterations: 5,
  seed: 1,
  first: 0,
  count: 10,
} as const;

test('a result arrives with the bits that it had', () => {
  const numbers = [0.1 + 0.2, -0, NaN, Infinity, -Infinity, 5e-324, 2 ** 53, null, true, 'é', { a: [[]] }];
  assert.deepEqual(decode(encode(numbers)), numbers); // strict: tells -0 from 0
  assert.throws(() => decode(encode('x'.repeat(2000)), 1000));
});

test('a path stays below the root, or is refused', async () => {
  for (const path of ['cat/1.jpg', 'a/b/c.png', 'cat/..jpg', 'cat/ä ö.jpg']) assert.ok(staysBelow(path), path);
  // What separates on Windows, or names a drive, is a letter of a file's name elsewhere.
  for (const path of ['C:x', 'a\\..\\b', '\\x']) {
    assert.deepEqual([staysBelow(path, 'win32'), staysBelow(path, 'linux')], [false, true], path);
  }
  for (const path of ['../x', 'cat/../../x', '/etc/passwd', '', 'cat//x', './x', 'cat/\0', 'a/.']) {
    assert.ok(!staysBelow(path, 'win32'), path);
    assert.ok(!staysBelow(path), path);
    assert.throws(() => photoRoot(tiny.photos).read(path), /does not lie below the root/);
  }
  assert.deepEqual([...tiny.asked], []);
  const content = await photoRoot(tiny.photos).read('cat/0.png');
  assert.deepEqual(await photoRoot(tiny.url).read('cat/0.png'), content);
  await assert.rejects(photoRoot(tiny.url).read('cat/none.png'), { name: 'DescentError', message: /none\.png.*404/ });
});

test('a photo is blamed only where it fails while its server is there', async () => {
  const away = new ServerError('it cannot be reached');
  const fails = (times: number): PhotoRoot => ({
    read: () => (times-- > 0 ? Promise.reject(away) : Promise.resolve(Buffer.from('a photo'))),
    problem: () => Promise.resolve(undefined), // it has come back since
  });
  assert.equal(String(await patientRoot(fails(1), 60).read('cat/0.png')), 'a photo');
  await assert.rejects(patientRoot(fails(2), 60).read('cat/0.png'), away);
});

test('only a job is done, and only by the code, network and photos that it is meant for', async () => {
  const machine = new Machine({ model: tiny.model, root: tiny.photos });
  const job = {
    code: codeVersion(),
    task: 'evaluate',
    batch: 0,
    model: folderHash(tiny.model),
    first: 0,
    photos: ['cat/0.png'],
    sums: '0'.repeat(64),
    without: [],
    attacks: ['pgd'],
    epsilons: [0.1],
    seed: 1,
  };
  const refuses = (change: object, message: RegExp, name = 'DescentError', by = machine): Promise<void> =>
    assert.rejects(execute({ ...job, ...change }, by), { name, message });
  await refuses({ task: 'eval' }, /this is no job/);
  await refuses({ photos: ['../secret.png'] }, /must be a path below the root/);
  await refuses({ model: '/models/x' }, /this is no job/);
  await refuses({ attacks: ['pgd', 'magic'] }, /must be an attack/);
  await refuses({ script: 'x' }, /this is no job.*script/);
  await refuses({ code: '0'.repeat(64) }, /other code than the run.*not 000000000000/, 'Refusal');
  await refuses({ model: folderHash(tiny.otherModel) }, /another one than the run's/, 'Refusal');
  await refuses({}, /cat\/0\.png.*not those of the run: their list has another sha256/, 'Refusal');
  await refuses({}, /has no --model/, 'Refusal', new Machine({}));
  await refuses({ transferTo: '0'.repeat(64) }, /has no --transfer-to/, 'Refusal');
  await refuses({}, /has no --root/, 'Refusal', new Machine({ model: tiny.model }));
  assert.ok(new Refusal('x') instanceof Error);
});

const evaluateJob = {
  code: codeVersion(),
  task: 'evaluate',
  batch: 0,
  model: 'a'.repeat(64),
  first: 4,
  photos: ['cat/0.png', 'dog/1.png'],
  sums: 'b'.repeat(64),
  without: [],
  attacks: ['pgd', 'noise'],
  epsilons: [0.1],
  seed: 1,
} as const;
const raceJob = {
  code: codeVersion(),
  task: 'race',
  objective: 'beale',
  optimizer: 'sgd',
  hyper: {},
  rates: [0.1, 0.2],
  start: [1, 1],
  steps: 2,
} as const;
const idleJob = { code: codeVersion(), task: 'idle', number: 1 } as const;
const deep = (depth: number): unknown => Array.from({ length: depth }).reduce((inner) => [inner], 0);
const many = <T>(count: number, item: T): T[] => new Array<T>(count).fill(item);

test('a job that asks for too much, or for what is none of its business, is refused in a line', () => {
  for (const job of [spreadJob, evaluateJob, raceJob, idleJob]) assert.deepEqual(checkJob(job), job);
  const race = (change: object): unknown => ({ ...raceJob, ...change });
  const spread = (change: object): unknown => ({ ...spreadJob, ...change });
  const evaluation = (change: object): unknown => ({ ...evaluateJob, ...change });
  const cases: [unknown, RegExp][] = [
    [undefined, /expected object/],
    [null, /expected object/],
    ['spread', /expected object/],
    [[], /expected object/],
    [{}, /task/],
    [deep(1000), /too deep/],
    [{ ...idleJob, number: deep(50) }, /too deep/],
    [{ ...idleJob, number: 1e300 }, /number/],
    [{ ...idleJob, number: -1 }, /number/],
    [{ ...idleJob, code: 'x'.repeat(1e6) }, /code/],
    [{ ...idleJob, ['k'.repeat(1e6)]: 1 }, /Unrecognized key/],
    [JSON.parse('{"task":"idle","__proto__":{"code":"x"}}'), /code|__proto__/],
    [race({ rates: many(100_000, 0.1) }), /longer than 4,096/],
    [race({ rates: many(257, 0.1) }), /rates: at most 256/],
    [race({ rates: many(256, 0.1), steps: 1_000_000 }), /rates x steps: at most 10,000,000, not 256,000,000/],
    [race({ steps: 2 ** 40 }), /steps: at most 1,000,000/],
    [race({ steps: 0.5 }), /steps/],
    [race({ start: [0, Infinity] }), /start/],
    [race({ rates: [0] }), /rates\.0/],
    [race({ rates: [] }), /rates/],
    [race({ objective: '../x.ts' }), /objective/],
    [race({ objective: 'constructor' }), /objective/],
    [race({ optimizer: '__proto__' }), /optimizer/],
    [race({ hyper: Object.fromEntries(many(33, 0).map((_, i) => [`h${i}`, i])) }), /hyper: at most 32/],
    [race({ hyper: Object.fromEntries(many(5000, 0).map((_, i) => [`h${i}`, i])) }), /longer than 4,096/],
    [race({ hyper: { learningRate: 'x' } }), /hyper/],
    [spread({ vectors: 20_000, dimensions: 2000 }), /vectors: at most 4,096/],
    [spread({ dimensions: 1e12 }), /dimensions: at most 4,096/],
    [spread({ vectors: 4096, dimensions: 4096, count: 1 }), /vectors x dimensions: at most 1,048,576, not 16,777,216/],
    [spread({ iterations: 1e9 }), /iterations: at most 1,000,000/],
    [
      spread({ vectors: 4096, dimensions: 256, iterations: 1e6, count: 1 }),
      /^this is no job .* dimensions: at most 100,000,000,000,000, not/,
    ],
    [spread({ restarts: 1e15, count: 10 }), /restarts x vectors x dimensions: at most 4,294,967,296/],
    [spread({ restarts: 1e6, count: 1e6 }), /no batch/],
    [spread({ first: 5 }), /no batch/],
    [spread({ loss: 'toString' }), /loss/],
    [spread({ start: [[1, 2, 3]] }), /start: 5 lists of 3/],
    [spread({ start: many(5, [1, 2]) }), /start: 5 lists of 3/],
    [spread({ start: many(5, many(5000, 1)) }), /longer than 4,096/],
    [spread({ start: many(5, [1, 2, null]) }), /start/],
    [spread({ seed: 2 ** 32 }), /seed: at most 4,294,967,295/],
    [spread({ seed: -1 }), /seed/],
    [evaluation({ epsilons: [1e300] }), /epsilons\.0: at most 1/],
    [evaluation({ epsilons: [0] }), /epsilons\.0/],
    [evaluation({ epsilons: many(257, 0.1) }), /epsilons: at most 256/],
    [evaluation({ seed: 1e15 }), /seed/],
    [evaluation({ photos: many(4097, 'cat/1.png') }), /longer than 4,096/],
    [evaluation({ photos: [] }), /photos/],
    [
      evaluation({ photos: many(4096, 'cat/1.png'), attacks: ['pgd'], epsilons: many(98, 0.1) }),
      /photos x attacks x epsilons: at most 400,000/,
    ],
    [evaluation({ photos: [`cat/${'x'.repeat(1e6)}`] }), /photos\.0/],
    [evaluation({ attacks: ['pgd+'.repeat(1e5)] }), /attacks\.0/],
    [evaluation({ without: ['../x'] }), /without\.0: must be a path below/],
    ...['../../etc/passwd', '/etc/passwd', 'cat/\0', 'cat/../../x', ''].map((photo): [unknown, RegExp] => [
      evaluation({ photos: [photo] }),
      /photos\.0: must be a path below the root/,
    ]),
    [evaluation({ model: '/models' }), /model/],
    [evaluation({ sums: undefined }), /sums/],
    [evaluation({ root: '/' }), /root/],
  ];
  for (const [job, message] of cases) {
    const told = JSON.stringify(job)?.slice(0, 120);
    assert.throws(
      () => checkJob(job),
      (error: Error) => {
        assert.ok(error instanceof DescentError, `${told}: ${error.stack}`);
        assert.match(error.message, message, told);
        assert.match(error.message, /^this is no job for a queue: /);
        assert.ok(!error.message.includes('\n') && error.message.length < 400, error.message);
        return true;
      },
      told,
    );
  }
});

const trial = {
  label: 'cat',
  epsilon: 0,
  success: null,
  linf: null,
  l2: null,
  psnr: null,
  transfer: null,
  attack: 'none',
};
const untouched = [
  { ...trial, index: 4, photo: 'cat/0.png', truth: 'cat' },
  { ...trial, index: 5, photo: 'dog/1.png', truth: 'dog' },
];
const attacked = ['pgd', 'noise'].map((attack) => ({
  ...untouched[0]!,
  attack,
  epsilon: 0.1,
  success: true,
  linf: 0.1,
  l2: 1.5,
  psnr: 30,
  transfer: null,
}));
const trials = [...untouched, ...attacked];
const results: [Job, object | null][] = [
  [evaluateJob as unknown as Job, { trials, skipped: [] }],
  [
    { ...spreadJob, vectors: 2, dimensions: 2, count: 2 },
    {
      scores: [170, 175],
      best: {
        vectors: [
          [1, 0],
          [-1, 0.1],
        ],
        start: [
          [1, 0],
          [0, 1],
        ],
        score: 175,
      },
    },
  ],
  [
    raceJob as unknown as Job,
    {
      optimizer: 'sgd',
      hyper: { learningRate: 0.2, nesterov: false },
      steps: 2,
      final: [1, 2],
      finalLoss: NaN,
      path: [
        [1, 1],
        [1, 2],
        [1, 2],
      ],
      loss: [3, 2, NaN],
    },
  ],
  [idleJob, null],
];

test('what comes back for a job is a whole result of this job, or is refused in a line', () => {
  for (const [job, result] of results) assert.deepEqual(unpack(job, encode(result)), result);
  const [evaluation, spread, race, idle] = results.map(([job]) => job);
  const [, found, run] = results.map(([, result]) => result);
  const { best } = found as { best: object };
  const wrong: [Job, unknown][] = [
    ...results.flatMap(([job]) =>
      [{}, [], 0, 'x', true, { trials: 'abc' }, { trials: [null], skipped: [] }].map((value): [Job, unknown] => [
        job,
        value,
      ]),
    ),
    [evaluation!, null],
    [spread!, null],
    [race!, null],
    [idle!, []],
    ...[
      trials.slice(1),
      trials.slice(0, -1),
      [...trials, trials[3]!],
      [...trials.slice(0, 3), trials[2]!],
      [],
      trials.map((one) => ({ ...one, photo: 'cat/2.png' })),
      trials.map((one) => ({ ...one, index: one.index + 1 })),
      trials.map((one) => ({ ...one, truth: 'dog' })),
      trials.map((one) => ({ ...one, success: null })),
      trials.map((one) => ({ ...one, attack: 'fgsm' })),
      trials.map((one) => ({ ...one, epsilon: 0.1 })),
      trials.map((one) => ({ ...one, label: null })),
      trials.map((one) => ({ ...one, linf: 'x' })),
      trials.map((one) => ({ ...one, l2: NaN })),
      trials.map((one) => ({ ...one, more: 1 })),
    ].map((some): [Job, unknown] => [evaluation!, { trials: some, skipped: [] }]),
    [evaluation!, { trials, skipped: ['a', 'b', 'c'] }],
    [spread!, { ...found, stopped: 'interrupted' }],
    [spread!, { ...found, scores: [175] }],
    [spread!, { ...found, best: { ...best, score: 176 } }],
    [spread!, { ...found, best: { ...best, vectors: [[1, 0]] } }],
    [
      spread!,
      {
        ...found,
        best: {
          ...best,
          start: [
            [1, 0],
            [1, null],
          ],
        },
      },
    ],
    [race!, { ...run, optimizer: 'adam' }],
    [race!, { ...run, hyper: { learningRate: 0.3 } }],
    [race!, { ...run, steps: 3 }],
    [race!, { ...run, path: [[1, 1]] }],
    [race!, { ...run, steps: 0, path: [[1, 1]], loss: [3] }],
    [race!, { ...run, stopped: 'interrupted' }],
    [race!, { ...run, final: [1] }],
  ];
  const texts: [Job, unknown][] = [
    ...wrong.map(([job, result]): [Job, unknown] => [job, encode(result)]),
    ...results.flatMap(([job]) =>
      [undefined, null, {}, 5, '', 'x', 'AAAA', '\0'].map((text): [Job, unknown] => [job, text]),
    ),
  ];
  for (const [job, text] of texts) {
    const told = `${job.task}: ${typeof text === 'string' && text.length > 8 ? JSON.stringify(decode(text)) : String(text)}`;
    assert.throws(
      () => unpack(job, text),
      (error: Error) => {
        assert.ok(error instanceof DescentError, `${told}: ${error.stack}`);
        assert.match(error.message, /^what came back is no result: /, told);
        assert.ok(!error.message.includes('\n') && error.message.length < 400, error.message);
        return true;
      },
      told,
    );
  }
});

test("a result that unpacks to more than the job's could be is not unpacked", () => {
  const bomb = deflateRawSync(Buffer.alloc(100e6, '[')).toString('base64');
  assert.ok(bomb.length < 200_000);
  for (const [job] of results)
    assert.throws(() => unpack(job, bomb), { name: 'DescentError', message: /cannot be unpacked: .*larger than/ });
});

/** Damages a text by chance, and does not mind what is refused in a line. */
function survives(whole: string, seed: number, use: (text: string) => void): void {
  const random = new Random(seed);
  for (let i = 0; i < 200; i++) {
    const text = Buffer.from(damaged(random, Buffer.from(whole))).toString();
    try {
      use(text);
    } catch (error) {
      assert.ok(
        error instanceof DescentError,
        `damage ${i} of seed ${seed}, ${text.slice(0, 300)}: ${(error as Error).stack}`,
      );
    }
  }
}

test('damaged jobs and results are taken or refused in a line', () => {
  const read = (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return text;
    }
  };
  for (const [i, [job, result]] of results.entries()) {
    survives(JSON.stringify(job), i, (text) => checkJob(read(text)));
    survives(JSON.stringify(result), i, (text) => unpack(job, deflateRawSync(text).toString('base64')));
    survives(encode(result), i, (text) => unpack(job, text));
  }
});

test('a worker that meets the same jobs of others again and again rests, for longer each time', () => {
  const others = new Others();
  const meet = (...ids: string[]): number[] => ids.map((id) => others.meet(id));
  assert.deepEqual(meet('a', 'b', 'c', 'd'), [0, 0, 0, 0]);
  assert.deepEqual(
    meet('a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'a'),
    [0, 0, 1000, 2000, 4000, 8000, 16000, 30000, 30000],
  );
  others.reset();
  assert.deepEqual(meet('a', 'e', 'b', 'c'), [0, 0, 0, 1000]);
});

test('the same work has the same name', () => {
  assert.equal(jobName(spreadJob), jobName({ ...spreadJob }));
  assert.notEqual(jobName(spreadJob), jobName({ ...spreadJob, first: 10 }));
});

test('the name of the code knows the versions of the packages that compute', () => {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  assert.equal(versionOf('sharp'), `sharp ${dependencies['sharp']}`);
  for (const name of ['pure-rand', '@tensorflow/tfjs']) assert.match(versionOf(name), /^\S+ \d+\.\d+\.\d+$/);
  assert.equal(versionOf('no-such-package'), 'no-such-package none');
});

test('jobs are under way up to a width, and what fails ends it', async () => {
  const jobs = Array.from({ length: 20 }, (_, number): Job => ({ code: codeVersion(), task: 'idle', number }));
  let flying = 0,
    most = 0;
  const seen: number[] = [];
  for await (const { job } of inFlight(jobs, 3, async (one) => {
    most = Math.max(most, ++flying);
    await new Promise((resolve) => setImmediate(resolve));
    flying--;
    return { job: one, result: null };
  }))
    seen.push((job as Extract<Job, { task: 'idle' }>).number);
  assert.equal(most, 3);
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    jobs.map((_, i) => i),
  );
  await assert.rejects(async () => {
    for await (const { job } of inFlight(jobs, 3, () => Promise.reject(new Error('broken')))) assert.fail(job.task);
  }, /broken/);
});

test("on this machine's cores an evaluation, a search and a tuning are what they are in one process", async () => {
  const engine = poolEngine({ model: tiny.model, root: tiny.photos }, 2);
  try {
    const [here, there] = [await tiny.evaluate(), await tiny.evaluate(engine)];
    assert.equal(here.trials.filter(({ success }) => success).length > 5, true);
    assert.deepEqual(there, here);
    // 150 vectors have so many pairs that two restarts are a batch
    const search = { loss: 'best', vectors: 150, dimensions: 4, restarts: 7, iterations: 20, seed: 5 } as const;
    const found = await bestSpread(search);
    assert.equal(found.found.length, 7);
    assert.deepEqual(await bestSpread({ ...search, elsewhere: spreadOn(engine, search) }), found);
    const race = { start: objectives.beale.start, steps: 10 };
    for (const optimizer of ['sgd', 'adadelta'] as const) {
      // sgd diverges at large rates
      assert.deepEqual(
        await tune(objectives.beale, optimizer, race, tuneOn(engine, { objective: 'beale', ...race }, { optimizer })),
        await tune(objectives.beale, optimizer, race),
      );
    }
  } finally {
    await engine.close(true);
  }
});

const noColons = process.platform === 'win32' ? 'no such name can be given on Windows' : false;
test("on this machine's cores any name goes and any batch, and no photo is read here", { skip: noColons }, async () => {
  const folder = join(tiny.folder, 'names');
  for (const name of ['cat', 'dog']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['12:30.png', 'a\\b.png', 'C:x.png']) {
    copyFileSync(join(tiny.photos, 'cat/0.png'), join(folder, 'cat', name));
  }
  copyFileSync(join(tiny.photos, 'dog/1.png'), join(folder, 'dog', '1.png'));
  const classifier = await loadClassifier(tiny.model);
  const engine = poolEngine({ model: tiny.model, root: folder }, 2);
  try {
    const settings = { attacks: parseAttacks('pgd'), epsilons: [0.1], seed: 2 ** 32 - 1 };
    const run = (elsewhere?: ReturnType<typeof evaluateOn>) =>
      evaluate({
        ...settings,
        classifier,
        batch: 2,
        elsewhere,
        photos: listPhotos(folder, classifier.classes),
        read: (path) => readPhoto(path, classifier.input),
        fingerprint: '',
        journal: join(folder, elsewhere ? 'there' : 'here'),
      });
    const there = await run(evaluateOn(engine, { ...settings, model: folderHash(tiny.model) }));
    assert.deepEqual(there.trials, (await run()).trials);
    assert.ok(there.trials.some(({ photo, label }) => photo === 'cat/12:30.png' && label !== null));
  } finally {
    await engine.close(true);
    classifier.dispose();
  }
});

test('a search on an engine ends when nothing can be better, or when it is stopped', async () => {
  const engine = poolEngine({}, 2);
  try {
    const best = [[1, 0], [-1, 0]]; // prettier-ignore
    const search = {
      loss: 'min-angle',
      vectors: 2,
      dimensions: 2,
      restarts: 50,
      iterations: 1200,
      seed: 1,
      start: best,
    } as const;
    const here = await bestSpread(search);
    assert.ok(here.found.length < 50 && here.stopped === undefined);
    assert.deepEqual(await bestSpread({ ...search, elsewhere: spreadOn(engine, search) }), here);
    const stop = new AbortController();
    const long = { ...search, vectors: 9, start: undefined };
    const part = await bestSpread({
      ...long,
      elsewhere: spreadOn(engine, long, stop.signal),
      onProgress: () => stop.abort(),
    });
    assert.ok(part.found.length >= 1 && part.found.length < 50);
    assert.equal(part.stopped, 'interrupted');
  } finally {
    await engine.close(false);
  }
});

test("an error in a job on this machine is the command's", async () => {
  const engine = poolEngine({ model: tiny.model, root: join(tiny.folder, 'elsewhere') }, 1);
  await assert.rejects(
    tiny.evaluate(engine),
    (error: unknown) => error instanceof DescentError && /elsewhere is no folder/.test(error.message),
  );
  await engine.close(false);
});

test('a list names photos, with or without their sums', () => {
  const file = join(tiny.folder, 'own.txt');
  writeFileSync(file, `./cat/a b.jpg\n${'a'.repeat(64)} *dog/2.jpg\r\n\n`);
  assert.deepEqual(readPhotoList(file, ['cat', 'dog']), [
    { index: 0, photo: 'cat/a b.jpg', path: 'cat/a b.jpg', truth: 'cat' },
    { index: 1, photo: 'dog/2.jpg', path: 'dog/2.jpg', truth: 'dog', sum: 'a'.repeat(64) },
  ]);
  for (const line of ['fox/1.jpg', '../cat/1.jpg', '1.jpg', 'cat/../../x']) {
    writeFileSync(file, `cat/1.jpg\n${line}\n`);
    assert.throws(() => readPhotoList(file, ['cat', 'dog']), /line 2: a path such as cat\/1.jpg is needed/);
  }
  mkdirSync(join(tiny.folder, 'none'));
  assert.throws(() => readPhotoList(join(tiny.folder, 'none.txt'), ['cat']), /none.txt: there is no such file$/);
});

test("a queue's address: TLS, user, password; an error does not show the password", () => {
  assert.deepEqual(redisOptions('rediss://me:p%40ss@redis.example:6390/2'), {
    host: 'redis.example',
    port: 6390,
    db: 2,
    tls: { servername: 'redis.example' },
    username: 'me',
    password: 'p@ss',
    maxRetriesPerRequest: null,
  });
  assert.deepEqual(
    [redisOptions('redis://[::1]').host, redisOptions('redis://h').port, redisOptions('redis://h').tls],
    ['::1', 6379, undefined],
  );
  assert.equal(shownAddress('rediss://me:secret@h:1'), 'rediss://h:1');
  for (const text of ['http://h', 'h:6379', 'redis://', 'redis://me:secret@h/x']) {
    assert.throws(
      () => redisOptions(text),
      (error: Error) =>
        error.name === 'DescentError' && /redis:\/\/HOST:PORT/.test(error.message) && !error.message.includes('secret'),
    );
  }
});

test('a photo that the list has no sum for is read once to take it', async () => {
  tiny.asked.clear();
  const { attacks, epsilons } = { attacks: parseAttacks('pgd'), epsilons: [0.1] };
  const jobs: Job[] = [];
  const elsewhere = evaluateOn(
    {
      note: '',
      close: () => Promise.resolve(),
      async *outcomes(list) {
        for await (const job of list) {
          jobs.push(job);
          yield { job, failure: 'not done' };
        }
      },
    },
    { attacks, epsilons, seed: 1, model: 'a'.repeat(64), photos: photoRoot(tiny.url) },
  );
  const photos = [{ index: 0, photo: 'cat/0.png', path: '', truth: 'cat' }];
  await assert.rejects(
    async () => {
      for await (const { batch } of elsewhere([{ batch: 0, photos }], 'run')) assert.fail(`${batch} is done`);
    },
    { name: 'DescentError', message: /^batch 0 fails even without its photos: not done\. See to the workers/ },
  );
  const [first, alone, without] = jobs as Extract<Job, { task: 'evaluate' }>[];
  assert.equal(first!.sums, alone!.sums);
  assert.deepEqual(without!.without, ['cat/0.png']);
});

test("what a photos' server does is a photo's fault only where the server is there", async (t) => {
  t.after(() => {
    tiny.before = () => undefined;
    tiny.down = false;
  });
  const waits: string[] = [];
  const machine = (patience: number): Machine =>
    new Machine({ root: tiny.url, patience }, (reason) => waits.push(reason));
  const read = (patience: number): Promise<Buffer> => machine(patience).photos.read('cat/0.png');
  tiny.before = () => 500;
  await assert.rejects(read(600), { name: 'ServerError', message: /cat\/0\.png answers 500/ });
  tiny.before = () => 404;
  await assert.rejects(read(600), { name: 'DescentError', message: /cat\/0\.png cannot be read: 404/ });
  tiny.before = () => 503;
  await assert.rejects(read(0), { name: 'ServerError', message: /cat\/0\.png answers 503/ });
  assert.deepEqual(waits, []);
  let times = 0;
  tiny.before = () => (times++ < 2 ? 503 : undefined);
  assert.deepEqual(await read(600), readFileSync(join(tiny.photos, 'cat/0.png')));
  assert.equal(times, 3);
  assert.match(waits.join(), /^http:\S+cat\/0\.png answers 503 Service Unavailable$/);
  tiny.down = true;
  await assert.rejects(read(0), { name: 'Unable', message: /\/photos cannot be reached: .*, for 0 s now/ });
});

test("a network that cannot be read is the worker's fault", async () => {
  for (const folder of [join(tiny.folder, 'nowhere'), tiny.list]) {
    await assert.rejects(new Machine({ model: folder }).network('model', '0'.repeat(64)), {
      name: 'Unable',
      message: /^--model: .*: there is no such file/,
    });
    await assert.rejects(new Machine({ model: folder }).check(), { name: 'DescentError', message: /holds no model/ });
  }
  const damaged = join(tiny.folder, 'damaged');
  mkdirSync(damaged);
  await assert.rejects(new Machine({ model: damaged }).network('model', folderHash(damaged)), {
    name: 'Unable',
    message: /^--model: .*damaged holds no model/,
  });
});

/** A script of ours, to its end. */
function runScript(args: readonly string[], env: NodeJS.ProcessEnv = {}): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['--import', './scripts/tsx.mjs', ...args], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

/** The same while this process goes on, whose server it asks. */
async function endOf(...args: string[]): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['--import', './scripts/tsx.mjs', ...args], {
    cwd: join(__dirname, '..'),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stderr };
}

test('a number that makes no sense is refused before anything begins', async () => {
  const nowhere = ['--queue', 'redis://127.0.0.1:1'];
  for (const [command, args, message] of [
    [dashboardCommand, [...nowhere, '--port', 'abc'], /--port.*integer from 0 to 65535/],
    [dashboardCommand, [...nowhere, '--port', '65536'], /--port.*integer from 0 to 65535/],
    [evaluateCommand, ['photos', '--seed', '9007199254740993'], /--seed.*integer from 0 to 4294967295/],
    [evaluateCommand, ['photos', '--batch', '0'], /--batch.*integer from 1 to 10000/],
    [evaluateCommand, ['photos', '--batch', '4097', ...nowhere], /--batch.*at most 4096/],
  ] as const) {
    const { status, stderr } = await inProcess(command, args);
    assert.equal(status, 1, stderr);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^\s+at /m);
  }
});

test('a server that fails, or is not there, is told in one line, and the run goes on when it is back', async (t) => {
  const { url } = tiny;
  t.after(() => {
    tiny.before = () => undefined;
  });
  for (const cores of ['1', '2']) {
    const out = join(tiny.folder, `from-url-${cores}.csv`);
    const evaluation = (root: string): string[] => [
      root,
      '--list',
      tiny.list,
      '--model',
      tiny.model,
      '--attack',
      'fgsm',
      '--epsilons',
      '0.1',
      '--batch',
      '4',
      '--cores',
      cores,
      '--out',
      out,
    ];
    tiny.before = (photo) => (photo === 'dog/13.png' ? 503 : undefined);
    const failed = await endOf('scripts/evaluate.ts', ...evaluation(url));
    assert.equal(failed.status, 1, failed.stderr);
    assert.match(
      failed.stderr,
      /^http:\S+\/dog\/13\.png answers 503 Service Unavailable\. Call again in the same way/m,
    );
    assert.doesNotMatch(failed.stderr, /^\s+at /m);
    assert.ok(!existsSync(out));
    tiny.before = () => undefined;
    const again = await inProcess(evaluateCommand, evaluation(url));
    assert.equal(again.status, 0, again.stderr);
    assert.match(readFileSync(out, 'utf8'), /\nfgsm,/);
  }
  const nobody = await inProcess(evaluateCommand, [
    'http://127.0.0.1:1/photos',
    '--list',
    tiny.list,
    '--model',
    tiny.model,
    '--cores',
    '1',
    '--out',
    join(tiny.folder, 'nobody.csv'),
  ]);
  assert.equal(nobody.status, 1, nobody.stderr);
  assert.match(
    nobody.stderr,
    /^http:\/\/127\.0\.0\.1:1\/photos\/cat\/\d+\.png cannot be reached: .+\. Call again in the same way/m,
  );
  assert.doesNotMatch(nobody.stderr, /^\s+at /m);
});

test('a queue from the environment is for what can use it: a plain race runs here, an error in one is one line', async () => {
  const env = { DESCENT_LAB_QUEUE: 'redis://127.0.0.1:1' };
  const race = ['scripts/race.ts', '--optimizers', 'sgd', '--steps', '3'];
  const plain = runScript(race, env);
  assert.equal(plain.status, 0, plain.stderr);
  const asked = await inProcess(raceCommand, [...race.slice(1), '--queue', 'redis://127.0.0.1:1']);
  assert.match(asked.stderr, /^--queue goes with --tune/);
});
