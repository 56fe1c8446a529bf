// Wherever the library takes a name, it takes an object of one's own, and a command a file of code.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { attack, descend, DescentError, fitLine, race, Random, tf } from 'descent-lab';
import { attackNames, findAttack, type Attack } from '../lib/src/attacks';
import { bestSpread } from '../lib/src/spreads';
import {
  chain,
  clipByGlobalNorm,
  correctBias,
  createOptimizer,
  hyperparameters,
  scaleByLearningRate,
  scaleByMoments,
  scaleBySign,
  stepSchedule,
  trace,
  type OptimizerHyper,
  type OptimizerMaker,
} from '../lib/src/optimizers';
import { learningRateLandscape, objectives, tune } from '../lib/src/races';
import { loadAttack } from '../lib/src/attacks/load-attack';
import { loadOptimizer } from '../lib/src/optimizers/load-optimizer';
import { loadSpreadLoss } from '../lib/src/spreads/load-loss';
import { raceFigure } from '../lib/src/figures';
import { raceRunners } from '../lib/src/races/runners';
import { type Classifier } from '../lib/src/classifiers';
import * as attackCommand from '../scripts/attack';
import { findLibrary } from '../scripts/cli/find-library';
import * as evaluateCommand from '../scripts/evaluate';
import * as fitCommand from '../scripts/fit';
import * as raceCommand from '../scripts/race';
import * as spreadCommand from '../scripts/spread';
import { inProcess, type Answer } from './support/in-process';

const root = join(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'own-'));
after(() => rmSync(folder, { recursive: true, force: true }));
findLibrary();

/** Writes a file of a reader's own. */
function put(name: string, code: string): string {
  writeFileSync(join(folder, name), code);
  return join(folder, name);
}

const commands = {
  attack: attackCommand,
  evaluate: evaluateCommand,
  fit: fitCommand,
  race: raceCommand,
  spread: spreadCommand,
};
const here = (script: keyof typeof commands, ...args: string[]): Promise<Answer> => inProcess(commands[script], args);
/** As a reader starts it. */
const command = (script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, ['--import', './scripts/tsx.mjs', `scripts/${script}.ts`, ...args], {
    cwd: root,
    encoding: 'utf8',
  });

// ---- optimisers ----

const adam = (learningRate?: number): OptimizerMaker =>
  chain(scaleByMoments({ beta1: 0.8 }), correctBias({ beta1: 0.8, beta2: 0.999 }), scaleByLearningRate(learningRate));

test("a chain of adam's links is adam, bit by bit, wherever an optimiser is taken", async () => {
  const before = tf.memory().numTensors;
  const run = { loss: objectives.beale.loss, start: objectives.beale.start };
  const way = async (optimizer: tf.Optimizer | OptimizerMaker): Promise<unknown> => {
    const { loss, records } = await descend({
      loss: ({ point }) => run.loss(point as tf.Tensor as tf.Tensor1D),
      variables: { point: run.start },
      optimizer,
      iterations: 50,
    });
    return { loss, records };
  };
  const theirs = await way(createOptimizer('adam', { learningRate: 0.1, beta1: 0.8 }));
  assert.deepEqual(await way(adam(0.1)), theirs, 'what makes it');
  assert.deepEqual(await way(adam()(0.1)), theirs, 'and what it makes');

  const [named, own] = await race({
    objective: objectives.beale,
    steps: 50,
    runners: [
      { optimizer: 'adam', hyper: { learningRate: 0.1, beta1: 0.8 } as OptimizerHyper },
      { optimizer: adam(1), hyper: { learningRate: 0.1 }, name: 'mine' },
    ],
  });
  assert.deepEqual(own, { ...named, optimizer: 'mine', hyper: { learningRate: 0.1 } });

  const options = { steps: 20, name: 'mine' };
  const hyper = { beta1: 0.8 } as OptimizerHyper;
  const rates = [0.001, 0.1];
  const landscape = await learningRateLandscape(objectives.beale, 'adam', rates, { ...options, hyper });
  assert.deepEqual(await learningRateLandscape(objectives.beale, adam(), rates, options), landscape);
  const tuned = await tune(objectives.beale, 'adam', { ...options, hyper });
  const { hyper: alone, ...found } = await tune(objectives.beale, adam(), options);
  assert.deepEqual({ ...found, hyper: tuned.hyper }, tuned);
  assert.equal(alone.learningRate, tuned.hyper.learningRate);

  const fit = (optimizer: tf.Optimizer | OptimizerMaker) =>
    fitLine([1, 2, 4], [2, 3, 5], { optimizer, iterations: 20 });
  assert.deepEqual(await fit(adam(0.1)), await fit(createOptimizer('adam', { learningRate: 0.1, beta1: 0.8 })));
  assert.equal(tf.memory().numTensors, before);
});

test('races by name, with names of their own and a colour each', async () => {
  const mine: OptimizerMaker = (learningRate = 0.01) => tf.train.momentum(learningRate as number, 0.5);
  const runs = await race({ objective: objectives.beale, steps: 3, runners: { adam: 'adam', mine, other: chain() } });
  assert.deepEqual(
    runs.map(({ optimizer, hyper }) => [optimizer, hyper.learningRate]),
    [
      ['adam', 0.001],
      ['mine', 0.01],
      ['other', 1],
    ],
  );
  const [unnamed] = await race({ objective: objectives.beale, steps: 1, runners: [{ optimizer: mine }] });
  assert.equal(unnamed!.optimizer, 'mine');
  const { data } = raceFigure({ objective: objectives.beale, runs }, { name: 'own', title: 'Own' });
  const lines = data
    .filter(({ name }) => name === 'mine' || name === 'other')
    .map(({ line }) => line as { color?: string });
  assert.ok(lines.length >= 4);
  for (const { color } of lines) assert.match(String(color), /^#/);
});

test('links that share a slot name remember apart, and a clipped norm is that of all variables', () => {
  const before = tf.memory().numTensors;
  const w = tf.tidy(() => [tf.variable(tf.scalar(0)), tf.variable(tf.tensor1d([0, 0]))]);
  const gradients = [tf.scalar(12), tf.tensor1d([3, -4])]; // the common norm is 13
  // Scaled to 6.5 the first is 6. Two traces of 1/2: m = 6, 9, then n = m + n / 2 = 6, 12: together 18.
  const optimizer = chain(clipByGlobalNorm(6.5), trace(0.5), trace(0.5))();
  for (let i = 0; i < 2; i++) {
    optimizer.applyGradients(w.map(({ name }, k) => ({ name, tensor: gradients[k]! })));
  }
  assert.deepEqual([w[0]!.dataSync()[0], ...w[1]!.dataSync()], [-18, -4.5, 6]);
  assert.deepEqual(optimizer.learningRate, 1);
  optimizer.dispose();
  tf.dispose([w, gradients]);
  assert.equal(tf.memory().numTensors, before);
});

test("a chain's state goes on as if never stopped, and its rate may be a schedule or a description", async () => {
  const schedule = stepSchedule({ initialLearningRate: 0.5, decayRate: 0.5, decaySteps: 1 });
  const [w, gradient] = tf.tidy(() => [tf.variable(tf.scalar(0)), tf.keep(tf.scalar(1))] as const);
  const make = chain(trace(0.5), trace(0.5), scaleByLearningRate(schedule.config));
  const step = (optimizer: tf.Optimizer): void => optimizer.applyGradients([{ name: w.name, tensor: gradient }]);
  const [whole, first, second] = [make(), make(schedule), make()];
  step(whole);
  step(whole);
  const end = w.dataSync()[0];
  assert.equal(end, -1); // 0.5 * 1, then 0.25 * (1.5 + 0.5)
  w.assign(tf.tidy(() => tf.scalar(0)));
  step(first);
  const saved = await first.getWeights();
  assert.deepEqual(
    saved.map(({ name }) => name.replace(w.name, 'w')),
    ['iter', 'w/momentum', 'w/momentum-1'],
  );
  await second.setWeights(saved);
  saved[0]!.tensor.dispose();
  step(second);
  assert.equal(w.dataSync()[0], end);
  assert.throws(() => whole.getConfig(), /a chain of your own cannot be saved/);
  for (const optimizer of [whole, first, second]) optimizer.dispose();
  tf.dispose([w, gradient]);
  assert.equal(hyperparameters('sgd', { learningRate: schedule.config }).learningRate instanceof Function, true);
  assert.throws(
    () => createOptimizer('sgd', { learningRate: { name: 'stairs' } }),
    /unknown schedule 'stairs'; known: constant/,
  );
});

test("an optimiser of one's own that is none, or takes no rate, is refused in a line", async () => {
  const deaf = (): tf.Optimizer => tf.train.sgd(0.1);
  const { beale } = objectives;
  const raced = (optimizer: unknown, hyper = {}) =>
    race({ objective: beale, steps: 1, runners: [{ optimizer: optimizer as OptimizerMaker, hyper }] });
  const cases: [run: () => unknown, message: RegExp][] = [
    [() => chain(scaleBySign(), 3 as never), /^link 2 of the chain is no transform/],
    [() => chain(scaleByLearningRate(1), scaleByLearningRate(2)), /^a chain has one learning rate/],
    [() => chain(scaleByLearningRate())(), /^the chain has no learning rate: give it one/],
    [() => chain(scaleBySign())(0.1), /^the chain takes no learning rate/],
    [() => clipByGlobalNorm(0), /^the limit of clipping must be a number above 0, not 0$/],
    [() => tune(beale, deaf), /has the learning rate 0\.1 where 0\.00001 was asked for: take it as the argument/],
    [() => raced(deaf, { beta1: 0.5 }), /^an optimizer of your own takes a learning rate, and no beta1$/],
    [() => raced(() => 7), /^an optimizer of your own is a function that returns a tf\.Optimizer, not 7$/],
    [() => raced('sdg'), /^unknown optimizer 'sdg'; known: sgd/],
    [
      () => descend({ loss: ({ x }) => x, variables: { x: 0 }, optimizer: (() => 7) as never, iterations: 1 }),
      /^the optimizer must be a tf\.Optimizer, a function without parameters that makes one, or an update .* not 7$/,
    ],
    [
      () => raceRunners([{ name: 'adam', optimizer: deaf }, 'adam']),
      /^two optimizers are called 'adam': give the file of one another name$/,
    ],
  ];
  for (const [run, message] of cases) {
    await assert.rejects(
      async () => await run(),
      (error) => error instanceof DescentError && message.test(error.message),
      String(message),
    );
  }
});

// ---- attacks ----

/** Two classes: how bright a picture is above and below the middle. */
const classifier: Classifier = {
  name: 'halves',
  classes: ['cat', 'dog'],
  input: { height: 4, width: 4, channels: 1 },
  logits: (images) => {
    const [above, below] = tf.split(images, 2, 1).map((half) => half.square().sum([1, 2, 3]));
    return tf.stack([above!, below!], 1) as tf.Tensor2D;
  },
  probabilities: (images) => classifier.logits(images).softmax(),
  dispose: () => undefined,
};

const pictures = (count: number): tf.Tensor4D => {
  const random = new Random(2);
  return tf.tensor4d(
    Array.from({ length: 16 * count }, () => random.uniform(0.3, 0.7)),
    [count, 4, 4, 1],
  );
};
const randoms = (count: number): Random[] => Array.from({ length: count }, (_, i) => new Random(i));

test("an attack of one's own that equals a row does what the row does", async () => {
  const images = pictures(3);
  const before = tf.memory().numTensors;
  for (const name of attackNames) {
    const own: Attack = { ...findAttack(name), name: 'mine' };
    const run = (method: Attack | typeof name) => attack(classifier, images, { attack: method, randoms: randoms(3) });
    assert.deepEqual(await run(own), await run(name), name);
  }
  const still: Attack = { ...findAttack('fgsm'), name: 'still', normalise: (gradient) => gradient.mul(0) };
  const [example] = await attack(classifier, images, { attack: still });
  assert.deepEqual([example!.steps.length, example!.steps[1]!.linf, example!.success], [2, 0, false]);
  assert.equal(tf.memory().numTensors, before);
  images.dispose();
});

test('several sizes in one call are what each is alone; a least change is sought once and has to be within', async () => {
  const images = pictures(4);
  const before = tf.memory().numTensors;
  const epsilons = [0.001, 0.01, 0.3];
  for (const name of ['fgsm', 'pgd', 'pgd-l2', 'noise'] as const) {
    const sizes = await attack(classifier, images, { attack: name, epsilons, randoms: randoms(4) });
    assert.deepEqual(
      sizes.map(({ epsilon }) => epsilon),
      epsilons,
    );
    for (const { epsilon, examples } of sizes) {
      assert.deepEqual(
        examples,
        await attack(classifier, images, { attack: name, epsilon, randoms: randoms(4) }),
        name,
      );
    }
  }
  for (const norm of ['l2', 'linf'] as const) {
    let runs = 0;
    const own: Attack = {
      ...findAttack('deepfool'),
      name: 'mine',
      norm,
      budget: (asked) => {
        if (asked.epsilon === undefined) runs++;
        return findAttack('deepfool').budget(asked);
      },
    };
    const alone = await attack(classifier, images, { attack: own });
    const middle = alone.map(({ steps }) => steps.at(-1)![norm]).sort((a, b) => a - b)[1]!;
    runs = 0;
    const sizes = await attack(classifier, images, { attack: own, epsilons: [middle / 1e3, middle, 10] });
    assert.equal(runs, 1);
    assert.deepEqual(
      sizes.map(({ examples }) => examples.filter(({ success }) => success).length),
      [0, 2, 4],
    );
    for (const { examples } of sizes) {
      assert.deepEqual(
        examples.map(({ steps }) => steps),
        alone.map(({ steps }) => steps),
      );
    }
  }
  await assert.rejects(
    attack(classifier, images, { epsilon: 1, epsilons } as never),
    /give epsilon or epsilons, not both/,
  );
  await assert.rejects(attack(classifier, images, { epsilons: [0.1, 0] }), /epsilon must be a number above 0, not 0/);
  assert.equal(tf.memory().numTensors, before);
  images.dispose();
});

test('an object that is no attack is refused in a line that names the field', () => {
  const fgsm = findAttack('fgsm');
  for (const [wrong, message] of [
    [{ ...fgsm, name: 'a b' }, /its name is a b: take one of the library's/],
    [{ ...fgsm, norm: 'l1' }, /its norm is l1/],
    [{ ...fgsm, seeks: undefined }, /its seeks is undefined/],
    [{ ...fgsm, normalise: undefined }, /its normalise is undefined/],
    [{}, /must have name, norm, seeks, normalise, project, budget, and its name is undefined/],
  ] as const) {
    assert.throws(() => findAttack(wrong as never), { name: 'DescentError', message });
  }
});

// ---- files ----

const CODE = {
  attack:
    "import { attacks } from 'descent-lab';\nexport default { ...attacks.findAttack('article'), name: 'mine' };\n",
  optimizer:
    "import { optimizers } from 'descent-lab';\nconst { chain, scaleByLearningRate } = optimizers;\n" +
    'const mine: optimizers.OptimizerMaker = chain(scaleByLearningRate(0.25));\nexport default mine;\n',
  loss: 'export const mine = (vectors: any, tf: any) => tf.matMul(vectors, vectors, false, true).square().sum();\n',
};

test('a file of each kind is loaded; of a bad one its name, its line and what is wrong are told in one line', async () => {
  const loaders = { attack: loadAttack, optimizer: loadOptimizer, loss: loadSpreadLoss };
  assert.equal((await loadAttack(put('an-attack.ts', CODE.attack))).name, 'mine');
  const { name, optimizer } = await loadOptimizer(put('an-optimizer.ts', CODE.optimizer));
  assert.equal(name, 'an-optimizer');
  const [run] = await race({ objective: objectives.ravine, start: [1, 0], steps: 1, runners: [{ optimizer, name }] });
  assert.deepEqual([run!.hyper, run!.final], [{ learningRate: 0.25 }, [0.75, 0]]);
  const { minAngleDegrees } = await bestSpread({
    vectors: 3,
    dimensions: 3,
    loss: await loadSpreadLoss(put('a-loss.ts', CODE.loss)),
  });
  assert.ok(Math.abs(minAngleDegrees - 90) < 0.01, String(minAngleDegrees));
  const cases: [kind: keyof typeof loaders, code: string, message: RegExp][] = [
    ['attack', 'export const a = 3;', /\.ts must export an attack: export default \{ .* \}; it exports none$/],
    ['attack', 'export default { normalise: 3 };', /\.ts: an attack of your own must have .* its name is undefined/],
    ['attack', CODE.attack.replace('mine', 'pgd'), /\.ts: the attack needs a name of its own, since there is a 'pgd'/],
    ['attack', "\n\nthrow new Error('no\\nway');", /\.ts, line 3, cannot be read: no way$/],
    ['optimizer', 'export const a = () => 1, b = () => 2;', /\.ts must export one function that .* it exports a, b$/],
    ['optimizer', 'export default 3;', /\.ts must export one function that makes an optimizer: .* it exports none$/],
    ['loss', 'export default {', /cannot be read: /],
    ['loss', 'export default 3;', /\.ts must export one function of a tensor: .* it exports none$/],
  ];
  for (const [i, [kind, code, message]] of cases.entries()) {
    await assert.rejects(
      loaders[kind](put(`bad-${i}.ts`, code)),
      (error: Error) => error instanceof DescentError && message.test(error.message) && !error.message.includes('\n'),
      code,
    );
  }
  for (const load of Object.values(loaders)) {
    await assert.rejects(load('no/such.ts'), /^DescentError: there is no file no\/such\.ts$/);
    await assert.rejects(load('magic'), /unknown (attack|optimizer|loss) 'magic'; known: /);
  }
  const none = (await loadOptimizer(put('returns-none.ts', '\nexport default () => 1;'))).optimizer as OptimizerMaker;
  assert.throws(() => none(), /returns-none\.ts: an optimizer of your own is a function that returns .*, not 1$/);
  const throws = await loadSpreadLoss(put('throws.ts', '\nexport default (v: any) => v.matMull(3);'));
  await assert.rejects(
    bestSpread({ vectors: 3, dimensions: 2, loss: throws, iterations: 1 }),
    /throws\.ts, line 2: v\.matMull is not a function \(in the loss, at iteration 0\)$/,
  );
});

test('npm run race, fit and spread take files, which --queue does not', async () => {
  const optimizer = put('mine.ts', CODE.optimizer);
  const { stdout } = command(
    ...['race', '--objective', 'ravine', '--start=1,0', '--steps', '1', '--optimizers', `sgd,${optimizer}`],
    ...['--set', 'mine.learningRate=0.5', '--json'],
  );
  const { runs } = JSON.parse(stdout) as { runs: { optimizer: string; final: number[] }[] };
  assert.deepEqual(
    runs.map((run) => [run.optimizer, run.final]),
    [
      ['sgd', [0.99, 0].map(Math.fround)],
      ['mine', [0.5, 0]],
    ],
  );
  const fit = await here('fit', 'data/height-weight.csv', '--x', 'Height', '--y', 'Weight', '--optimizer', optimizer);
  assert.match(fit.stdout, /It stands on the exact line after \d+ iterations/);
  const loss = put('my-loss.ts', CODE.loss);
  const spread = await here('spread', '--vectors', '3', '--dimensions', '3', '--loss', loss, '--json');
  assert.ok(Math.abs((JSON.parse(spread.stdout) as { minAngleDegrees: number }).minAngleDegrees - 90) < 0.01);
  const late = put(
    'late.ts',
    "import { optimizers } from 'descent-lab';\nexport default optimizers.chain({\n  slots: {},\n  update: () => nothing.here,\n});\n",
  );
  const { status, stderr } = command('race', '--optimizers', late, '--steps', '1');
  assert.deepEqual([status, stderr], [1, `${late}, line 4: nothing is not defined\n`]);
  for (const [script, ...args] of [
    ['race', '--optimizers', `sgd,${optimizer}`, '--tune'],
    ['spread', '--vectors', '3', '--dimensions', '3', '--loss', loss],
    ['evaluate', 'photos', '--attack', put('queued.ts', CODE.attack)],
  ] as const) {
    const refused = await here(script, ...args, '--queue', 'redis://localhost:1');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^--queue sends no code: it takes the (optimisers|losses|attacks) by name, .*\n$/);
  }
});

test('npm run attack and evaluate take files, and a journal of other code is not gone on with', async () => {
  const out = join(folder, 'out');
  const photo = join('data', 'photos', 'cat-chelsea.png');
  const own = await here('attack', photo, '--attack', put('for-attack.ts', CODE.attack), '--out', out, '--json');
  const named = command('attack', photo, '--out', out, '--json');
  assert.equal(own.status, 0, own.stderr);
  assert.equal(own.stdout, named.stdout);

  const photos = join(folder, 'photos');
  for (const [kind, source] of [
    ['cat', 'cat-chelsea.png'],
    ['dog', 'dog-resting.jpg'],
  ] as const) {
    mkdirSync(join(photos, kind), { recursive: true });
    copyFileSync(join(root, 'data', 'photos', source), join(photos, kind, source));
  }
  const table = join(folder, 'table.csv');
  const file = join(folder, 'once.ts');
  const words = ['--attack', `noise,${file},${file}+jpeg80`, '--epsilons', '4/255', '--batch', '1'];
  const evaluation = [photos, ...words, '--per-photo', join(folder, 'photos.csv'), '--out', table];
  const once = `import { attacks } from 'descent-lab';
let first: number | undefined;
const normalise: attacks.Normalise = (gradient, context) => {
  const { seed } = context.randoms![0]!;
  if (seed !== (first ??= seed)) throw new Error('enough');
  return attacks.findAttack('deepfool').normalise(gradient, context);
};
export default { ...attacks.findAttack('deepfool'), name: 'once', normalise };
`;
  writeFileSync(file, once);
  const first = command('evaluate', ...evaluation);
  assert.equal(first.status, 1);
  assert.match(first.stderr, /once\.ts, line 5: enough\n$/);
  writeFileSync(file, `${once}// other code\n`);
  const other = await here('evaluate', ...evaluation);
  assert.equal(other.status, 1);
  assert.match(other.stderr, /table\.csv\.unfinished was left by an evaluation with other settings/);
  writeFileSync(file, once);
  const again = command('evaluate', ...evaluation); // a module is read once in a process
  assert.equal(again.status, 0, again.stderr);
  assert.ok(!existsSync(`${table}.unfinished`));
  assert.match(readFileSync(table, 'utf8'), /\nonce,0\.0156\d+,2,1\.0,1\.0,.*\nonce\+jpeg80,0\.0156/);
  assert.match(
    readFileSync(join(folder, 'photos.csv'), 'utf8'),
    /^index,photo,truth,label,noise_epsilon,once_epsilon,once_l2,once\+jpeg80_epsilon\n/,
  );
});
