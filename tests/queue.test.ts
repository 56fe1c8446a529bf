import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { bestSpread, DescentError, evaluate, listPhotos, loadClassifier, objectives, parseAttacks, readPhoto,
  tune } from 'descent-lab';
import { codeVersion, decode, encode, evaluateOn, execute, folderHash, jobName, Machine, photoRoot, poolEngine,
  readPhotoList, redisOptions, Refusal, shownAddress, spreadOn, staysBelow, tuneOn, type Job } from 'descent-lab-queue';
import { inFlight } from '../queue/src/engine';
import { versionOf } from '../queue/src/hashes';
import { TinyRun } from './support/tiny-run';

let tiny: TinyRun;
before(async () => { tiny = await TinyRun.make(); });
after(() => tiny.remove());

const spreadJob = { code: codeVersion(), task: 'spread', loss: 'best', vectors: 5, dimensions: 3, restarts: 10,
  iterations: 5, seed: 1, first: 0, count: 10 } as const;

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

test('only a job is done, and only by the code, network and photos that it is meant for', async () => {
  const machine = new Machine({ model: tiny.model, root: tiny.photos });
  const job = { code: codeVersion(), task: 'evaluate', batch: 0, model: folderHash(tiny.model), first: 0,
    photos: ['cat/0.png'], sums: '0'.repeat(64), without: [], attacks: ['pgd'], epsilons: [0.1], seed: 1 };
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

test('the same work has the same name', () => {
  assert.equal(jobName(spreadJob), jobName({ ...spreadJob }));
  assert.notEqual(jobName(spreadJob), jobName({ ...spreadJob, first: 10 }));
});

test('the name of the code knows the versions of the packages that compute', () => {
  const { dependencies } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string> };
  assert.equal(versionOf('sharp'), `sharp ${dependencies['sharp']}`);
  for (const name of ['pure-rand', '@tensorflow/tfjs']) assert.match(versionOf(name), /^\S+ \d+\.\d+\.\d+$/);
  assert.equal(versionOf('no-such-package'), 'no-such-package none');
});

test('jobs are under way up to a width, and what fails ends it', async () => {
  const jobs = Array.from({ length: 20 }, (_, number): Job => ({ code: codeVersion(), task: 'idle', number }));
  let flying = 0, most = 0;
  const seen: number[] = [];
  for await (const { job } of inFlight(jobs, 3, async (one) => {
    most = Math.max(most, ++flying);
    await new Promise((resolve) => setImmediate(resolve));
    flying--;
    return { job: one, result: null };
  })) seen.push((job as Extract<Job, { task: 'idle' }>).number);
  assert.equal(most, 3);
  assert.deepEqual(seen.sort((a, b) => a - b), jobs.map((_, i) => i));
  await assert.rejects(async () => {
    for await (const { job } of inFlight(jobs, 3, () => Promise.reject(new Error('broken')))) assert.fail(job.task);
  }, /broken/);
});

test('on this machine\'s cores an evaluation, a search and a tuning are what they are in one process', async () => {
  const engine = poolEngine({ model: tiny.model, root: tiny.photos }, 2);
  try {
    const [here, there] = [await tiny.evaluate(), await tiny.evaluate(engine)];
    assert.equal(here.trials.filter(({ flipped }) => flipped).length > 5, true);
    assert.deepEqual(there, here);
    // 150 vectors have so many pairs that two restarts are a batch
    const search = { loss: 'best', vectors: 150, dimensions: 4, restarts: 7, iterations: 20, seed: 5 } as const;
    const found = await bestSpread(search);
    assert.equal(found.found.length, 7);
    assert.deepEqual(await bestSpread({ ...search, elsewhere: spreadOn(engine, search) }), found);
    const race = { start: objectives.beale.start, steps: 10 };
    for (const optimizer of ['sgd', 'adadelta'] as const) { // sgd diverges at large rates
      assert.deepEqual(await tune(objectives.beale, optimizer, race, tuneOn(engine, { objective: 'beale', ...race }, { optimizer })),
        await tune(objectives.beale, optimizer, race));
    }
  } finally {
    await engine.close(true);
  }
});

const noColons = process.platform === 'win32' ? 'no such name can be given on Windows' : false;
test('on this machine\'s cores any name goes and any batch, and no photo is read here', { skip: noColons }, async () => {
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
    const run = (elsewhere?: ReturnType<typeof evaluateOn>) => evaluate({ ...settings, classifier, batch: 2, elsewhere,
      photos: listPhotos(folder, classifier.classes), read: (path) => readPhoto(path, classifier.input), fingerprint: '',
      journal: join(folder, elsewhere ? 'there' : 'here') });
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
    const search = { loss: 'min-angle', vectors: 2, dimensions: 2, restarts: 50, iterations: 1200, seed: 1 } as const;
    const { spreadMethods } = await import('descent-lab');
    const here = await spreadMethods['min-angle'](search);
    assert.ok(here.found.length < 50 && here.stopped === undefined);
    assert.deepEqual(await spreadMethods['min-angle']({ ...search, elsewhere: spreadOn(engine, search) }), here);
    const stop = new AbortController();
    const long = { ...search, vectors: 9 };
    const part = await spreadMethods['min-angle']({ ...long, elsewhere: spreadOn(engine, long, stop.signal),
      onProgress: () => stop.abort() });
    assert.ok(part.found.length >= 1 && part.found.length < 50);
    assert.equal(part.stopped, 'interrupted');
  } finally {
    await engine.close(false);
  }
});

test('an error in a job on this machine is the command\'s', async () => {
  const engine = poolEngine({ model: tiny.model, root: join(tiny.folder, 'elsewhere') }, 1);
  await assert.rejects(tiny.evaluate(engine), (error: unknown) =>
    error instanceof DescentError && /elsewhere cannot be read: there is none/.test(error.message));
  await engine.close(false);
});

test('a list names photos, with or without their sums', () => {
  const file = join(tiny.folder, 'own.txt');
  writeFileSync(file, `./cat/a b.jpg\n${'a'.repeat(64)} *dog/2.jpg\r\n\n`);
  assert.deepEqual(readPhotoList(file, ['cat', 'dog']), [
    { index: 0, photo: 'cat/a b.jpg', path: 'cat/a b.jpg', truth: 'cat' },
    { index: 1, photo: 'dog/2.jpg', path: 'dog/2.jpg', truth: 'dog', sum: 'a'.repeat(64) }]);
  for (const line of ['fox/1.jpg', '../cat/1.jpg', '1.jpg', 'cat/../../x']) {
    writeFileSync(file, `cat/1.jpg\n${line}\n`);
    assert.throws(() => readPhotoList(file, ['cat', 'dog']), /line 2: a path such as cat\/1.jpg is needed/);
  }
  mkdirSync(join(tiny.folder, 'none'));
  assert.throws(() => readPhotoList(join(tiny.folder, 'none.txt'), ['cat']), /none.txt: there is no such file$/);
});

test('a queue\'s address: TLS, user, password; an error does not show the password', () => {
  assert.deepEqual(redisOptions('rediss://me:p%40ss@redis.example:6390/2'), { host: 'redis.example', port: 6390, db: 2,
    tls: { servername: 'redis.example' }, username: 'me', password: 'p@ss', maxRetriesPerRequest: null });
  assert.deepEqual([redisOptions('redis://[::1]').host, redisOptions('redis://h').port, redisOptions('redis://h').tls],
    ['::1', 6379, undefined]);
  assert.equal(shownAddress('rediss://me:secret@h:1'), 'rediss://h:1');
  for (const text of ['http://h', 'h:6379', 'redis://', 'redis://me:secret@h/x']) {
    assert.throws(() => redisOptions(text), (error: Error) =>
      error.name === 'DescentError' && /redis:\/\/HOST:PORT/.test(error.message) && !error.message.includes('secret'));
  }
});

test('a photo that the list has no sum for is read once to take it', async () => {
  tiny.asked.clear();
  const { attacks, epsilons } = { attacks: parseAttacks('pgd'), epsilons: [0.1] };
  const jobs: Job[] = [];
  const elsewhere = evaluateOn({ note: '', close: () => Promise.resolve(), async *outcomes(list) {
    for await (const job of list) {
      jobs.push(job);
      yield { job, failure: 'not done' };
    }
  } }, { attacks, epsilons, seed: 1, model: 'a'.repeat(64), photos: photoRoot(tiny.url) });
  const photos = [{ index: 0, photo: 'cat/0.png', path: '', truth: 'cat' }];
  await assert.rejects(async () => {
    for await (const { batch } of elsewhere([{ batch: 0, photos }], 'run')) assert.fail(`${batch} is done`);
  }, { name: 'DescentError', message: /^batch 0 fails even without its photos: not done\. See to the workers/ });
  const [first, alone, without] = jobs as Extract<Job, { task: 'evaluate' }>[];
  assert.equal(first!.sums, alone!.sums);
  assert.deepEqual(without!.without, ['cat/0.png']);
});

test('what a photos\' server does is a photo\'s fault only where the server is there', async (t) => {
  t.after(() => { tiny.before = () => undefined; tiny.down = false; });
  const waits: string[] = [];
  const machine = (patience: number): Machine => new Machine({ root: tiny.url, patience }, (reason) => waits.push(reason));
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
  await assert.rejects(read(0), { name: 'Refusal', message: /\/photos cannot be reached: .*, for 0 s now/ });
});

test('a network that cannot be read is the worker\'s fault', async () => {
  for (const folder of [join(tiny.folder, 'nowhere'), tiny.list]) {
    await assert.rejects(new Machine({ model: folder }).network('model', '0'.repeat(64)), { name: 'Refusal',
      message: /^--model: .* cannot be read: / });
    await assert.rejects(new Machine({ model: folder }).check(), { name: 'DescentError', message: /holds no model/ });
  }
  const damaged = join(tiny.folder, 'damaged');
  mkdirSync(damaged);
  await assert.rejects(new Machine({ model: damaged }).network('model', folderHash(damaged)), { name: 'Refusal',
    message: /^--model: .*damaged holds no model/ });
});

/** A script of ours, to its end. */
function runScript(args: readonly string[], env: NodeJS.ProcessEnv = {}): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', ...args],
    { cwd: join(__dirname, '..'), encoding: 'utf8', env: { ...process.env, ...env } });
}

/** The same while this process goes on, whose server it asks. */
async function endOf(...args: string[]): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: join(__dirname, '..'), stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => { stderr += text.toString(); });
  const [status] = await once(child, 'close') as [number | null];
  return { status, stderr };
}

test('a number that makes no sense is refused before anything begins', () => {
  for (const [args, message] of [
    [['scripts/dashboard.ts', '--queue', 'redis://127.0.0.1:1', '--port', 'abc'], /--port.*integer from 0 to 65535/],
    [['scripts/dashboard.ts', '--queue', 'redis://127.0.0.1:1', '--port', '65536'], /--port.*integer from 0 to 65535/],
    [['scripts/evaluate.ts', 'photos', '--seed', '9007199254740993'], /--seed.*integer from 0 to 4294967295/],
    [['scripts/evaluate.ts', 'photos', '--batch', '0'], /--batch.*integer from 1 to 10000/],
    [['scripts/evaluate.ts', 'photos', '--batch', '4097', '--queue', 'redis://127.0.0.1:1'], /--batch.*at most 4096/],
  ] as const) {
    const { status, stderr } = runScript(args);
    assert.equal(status, 1, stderr);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^\s+at /m);
  }
});

test('a server that fails, or is not there, is told in one line, and the run goes on when it is back', async (t) => {
  const { url } = tiny;
  t.after(() => { tiny.before = () => undefined; });
  for (const cores of ['1', '2']) {
    const out = join(tiny.folder, `from-url-${cores}.csv`);
    const evaluate = (root: string) => endOf('scripts/evaluate.ts', root, '--list', tiny.list, '--model', tiny.model, '--attack', 'fgsm',
      '--epsilons', '0.1', '--batch', '4', '--cores', cores, '--out', out);
    tiny.before = (photo) => (photo === 'dog/13.png' ? 503 : undefined);
    const failed = await evaluate(url);
    assert.equal(failed.status, 1, failed.stderr);
    assert.match(failed.stderr, /^http:\S+\/dog\/13\.png answers 503 Service Unavailable\. Call again in the same way/m);
    assert.doesNotMatch(failed.stderr, /^\s+at /m);
    assert.ok(!existsSync(out));
    tiny.before = () => undefined;
    const again = await evaluate(url);
    assert.equal(again.status, 0, again.stderr);
    assert.match(readFileSync(out, 'utf8'), /\nfgsm,/);
  }
  const nobody = await endOf('scripts/evaluate.ts', 'http://127.0.0.1:1/photos', '--list', tiny.list, '--model', tiny.model, '--cores', '1',
    '--out', join(tiny.folder, 'nobody.csv'));
  assert.equal(nobody.status, 1, nobody.stderr);
  assert.match(nobody.stderr, /^http:\/\/127\.0\.0\.1:1\/photos\/cat\/\d+\.png cannot be reached: .+\. Call again in the same way/m);
  assert.doesNotMatch(nobody.stderr, /^\s+at /m);
});

test('a queue from the environment is for what can use it: a plain race runs here, an error in one is one line', () => {
  const env = { DESCENT_LAB_QUEUE: 'redis://127.0.0.1:1' };
  const race = ['scripts/race.ts', '--optimizers', 'sgd', '--steps', '3'];
  const plain = runScript(race, env);
  assert.equal(plain.status, 0, plain.stderr);
  assert.match(runScript([...race, '--queue', 'redis://127.0.0.1:1']).stderr, /^--queue goes with --tune/);
});
