import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { classifierOf } from '../lib/src/classifiers';
import { createOptimizer, optimizerNames } from '../lib/src/optimizers';
import {
  curveOf,
  decades,
  detour,
  firstStep,
  gradientMoments,
  learningRateLandscape,
  objectives,
  readProblems,
  settledAfter,
  smallTable,
  stableRange,
  suitableRunners,
  trainNetwork,
  tune,
  turnsOf,
  type Objective,
  type Point,
  type RaceRun,
} from '../lib/src/races';
import { descend, race, Random, readTable, tf } from 'descent-lab';
import { findObjective } from '../lib/src/races/objectives';
import { heightAt, inside, regionOf } from '../lib/src/races/surface';
import {
  landscapeFigure,
  momentsFigure,
  raceFigure,
  raceSurfaceFigure,
  scheduleFigure,
  type Figure,
  type JsonObject,
} from '../lib/src/figures';
import { loadObjective } from '../lib/src/races/load-objective';
import { raceRunners } from '../lib/src/races/runners';
import { fool, iterationsToSpread, signStep } from '../scripts/experiments/race';

test('the standard functions: hand-computed heights', () => {
  // Beale at (1, 1): 1.5^2 + 2.25^2 + 2.625^2
  assert.ok(Math.abs(heightAt(objectives.beale, [1, 1]) - 14.203125) < 1e-5);
  assert.equal(heightAt(objectives.rosenbrock, [-1, 2]), 104); // 2^2 + 100 (2 - 1)^2
  assert.equal(heightAt(objectives.saddle, [2, 0]), 5);
  assert.equal(heightAt(objectives.ravine, [2, 1]), 27);
});

for (const objective of Object.values(objectives) as Objective[]) {
  test(`${objective.name} is flat and 0 at its lowest points`, () => {
    const before = tf.memory().numTensors;
    for (const optimum of objective.optima) {
      assert.ok(heightAt(objective, optimum) < 1e-10);
      tf.tidy(() => {
        const slope = tf
          .grad((point) => objective.loss(point as tf.Tensor1D))(tf.tensor1d(optimum))
          .dataSync();
        slope.forEach((part) => assert.ok(Math.abs(part) < 1e-4));
      });
    }
    assert.equal(tf.memory().numTensors, before);
  });

  test(`with suitable rates every optimiser goes down ${objective.name}`, async () => {
    const runs = await race({ objective, runners: suitableRunners(objective.name as 'beale'), steps: 60 });
    assert.deepEqual(
      runs.map(({ optimizer }) => optimizer),
      optimizerNames,
    );
    for (const { optimizer, loss, finalLoss, diverged } of runs) {
      assert.equal(diverged, undefined, optimizer);
      assert.ok(finalLoss < loss[0]! * 0.5, `${optimizer}: ${loss[0]} to ${finalLoss}`);
    }
  });
}

test('a run is what descend would do', async () => {
  const before = tf.memory().numTensors;
  const [run] = await race({
    objective: objectives.ravine,
    start: [1, 1],
    steps: 3,
    runners: raceRunners(['sgd'], { learningRate: 0.01 }),
  });
  const { records, loss } = await descend({
    loss: ({ point }) => objectives.ravine.loss(point),
    variables: { point: [1, 1] },
    iterations: 3,
    optimizer: tf.train.sgd(0.01),
  });
  assert.deepEqual(
    run!.path,
    records.map(({ point }) => point),
  );
  assert.deepEqual(run!.loss, loss);
  assert.equal(run!.finalLoss, loss[3]);
  assert.equal(run!.steps, 3);
  assert.deepEqual(run!.path[0], [1, 1]);
  assert.deepEqual(
    run!.final.map((value) => Number(value.toFixed(4))),
    [0.9703, 0.125],
  ); // 0.99^3, 0.5^3
  assert.deepEqual(run!.hyper, { learningRate: 0.01, momentum: 0, nesterov: false });
  assert.equal(tf.memory().numTensors, before);
});

test('divergence is a result', async () => {
  const before = tf.memory().numTensors;
  const [run, other] = await race({
    objective: objectives.beale,
    steps: 50,
    runners: raceRunners(['sgd', 'adam'], { set: ['sgd.learningRate=1', 'adam.learningRate=0.1'] }),
  });
  assert.ok(run!.diverged! > 0 && run!.diverged! < 10);
  assert.equal(run!.path.length, run!.loss.length);
  assert.ok(run!.loss.every(Number.isFinite) && run!.final.every(Number.isFinite));
  assert.equal(other!.steps, 50);
  assert.equal(tf.memory().numTensors, before);
});

test('a race that is stopped ends with the run that it stops', async () => {
  const runs = await race({
    objective: objectives.ravine,
    runners: raceRunners(['sgd', 'adam']),
    steps: 5,
    signal: AbortSignal.abort(),
  });
  assert.equal(runs.length, 1);
  assert.equal(runs[0]!.stopped, 'aborted');
});

test('settings as on a command line', () => {
  const set = ['adam.beta1=0.8', 'sgd.nesterov=true', 'sgd.learningRate=2'];
  assert.deepEqual(raceRunners(['adam', 'sgd'], { learningRate: 0.1, set }), [
    { optimizer: 'adam', hyper: { learningRate: 0.1, beta1: 0.8 } },
    { optimizer: 'sgd', hyper: { learningRate: 2, nesterov: true } },
  ]);
  assert.throws(() => raceRunners(['adam'], { set: ['adam.beta1'] }), /'adam\.beta1' is not NAME\.HYPER=VALUE/);
  assert.throws(() => raceRunners(['adam'], { set: ['adam.beta1=x'] }), /must be a number, true or false, not 'x'/);
  assert.throws(() => raceRunners(['adam'], { set: ['sgd.momentum=0.5'] }), /that does not run; running: adam/);
  assert.throws(() => raceRunners(['adam'], { set: ['foo.momentum=0.5'] }), /unknown optimizer 'foo'; known: sgd/);
  assert.throws(() => raceRunners(['adam'], { set: ['adam.rho=0.5'] }), /adam has no hyperparameter 'rho'; it /);
  assert.throws(() => raceRunners([]), /name at least one optimizer/);
});

test('rates by decades', () => {
  assert.deepEqual(decades(0.01, 1, 2), [0.01, 0.03162, 0.1, 0.3162, 1]);
});

test('the stable range: the rates around the best that end below the start', () => {
  const rates = [1, 2, 3, 4, 5, 6, 7];
  assert.deepEqual(stableRange({ rates, losses: [0.9, 20, 5, 1, 2, undefined, 0.95] }, 10), {
    best: 1,
    loss: 0.9,
    from: 1,
    to: 1,
  });
  assert.deepEqual(stableRange({ rates, losses: [11, 9, 5, 1, 2, undefined, 3] }, 10), {
    best: 4,
    loss: 1,
    from: 2,
    to: 5,
  });
  assert.equal(stableRange({ rates, losses: rates.map(() => undefined) }, 10), undefined);
});

test('the landscape of a parabola has the stable range that theory gives', async () => {
  // loss x^2 / 2 + 25 y^2: sgd is stable below 2 / 50, and fastest at 2 / (1 + 50).
  const rates = [0.01, 0.0392, 0.0399, 0.0401, 0.1];
  const landscape = await learningRateLandscape(objectives.ravine, 'sgd', rates, { start: [1, 1], steps: 300 });
  const range = stableRange(landscape, heightAt(objectives.ravine, [1, 1]))!;
  assert.deepEqual([range.best, range.from, range.to], [0.0392, 0.01, 0.0399]);
  assert.ok(landscape.diverged[4]! > 0 && landscape.losses[4] === undefined);
});

test('tuning finds a rate near the best', async () => {
  const run = await tune(objectives.ravine, 'sgd', { start: [1, 1], steps: 60 });
  const rate = run.hyper.learningRate as number;
  assert.ok(rate > 0.03 && rate < 0.04, String(rate));
});

test('an unknown ground lists the known ones, a missing file is named', async () => {
  assert.throws(() => findObjective('hill'), /unknown objective 'hill'; known: beale, rosenbrock, saddle, rav/);
  await assert.rejects(loadObjective('no-such-file.ts'), /there is no file no-such-file\.ts/);
});

const shortRace = (): ReturnType<typeof race> =>
  race({
    objective: objectives.beale,
    steps: 12,
    runners: [...suitableRunners('beale', ['sgd', 'adam']), { optimizer: 'lion', hyper: { learningRate: 9 } }],
  });

test('the race figures move every runner, in step, and start where the race starts', async () => {
  const runs = await shortRace();
  const runners = runs.length;
  for (const [draw, moving, head] of [
    [raceFigure, runners + 3, runners], // trails, then the heads, their names and the dots on the curves
    [raceSurfaceFigure, 2 * runners, 1],
  ] as const) {
    const { frames, data, description } = draw({ objective: objectives.beale, runs }, { name: 'test' });
    assert.equal(frames!.length, 13);
    for (const frame of frames!) assert.equal(frame.data.length, moving);
    const [first] = [frames![0]!.data[head]!];
    assert.deepEqual([(first.x as number[])[0], (first.y as number[])[0]], [1, 1.5]);
    const [x, y] = ['x', 'y'].map((key) => frames![12]!.data[0]![key] as number[]) as [number[], number[]];
    assert.equal(x.at(-1), Number(runs[0]!.final[0].toPrecision(3)));
    // No step is cut off: each lies on the line that is drawn.
    for (const [px, py] of runs[0]!.path) {
      const gaps = x.slice(1).map((bx, i) => {
        const [ax, ay, ux, uy] = [x[i]!, y[i]!, bx - x[i]!, y[i + 1]! - y[i]!];
        const along = Math.min(1, Math.max(0, ((px - ax) * ux + (py - ay) * uy) / (ux * ux + uy * uy || 1)));
        return Math.hypot(px - ax - along * ux, py - ay - along * uy);
      });
      assert.ok(Math.min(...gaps) < 0.02, `${px}, ${py} is ${Math.min(...gaps)} away`);
    }
    assert.deepEqual(
      new Set(data.flatMap(({ name }) => (['SGD', 'Adam', 'Lion'].includes(name as string) ? [name] : []))).size,
      3,
    );
    assert.match(description, /sgd, 0\.02: loss [\d.]+ at/);
  }
});

test('a path of more steps than frames keeps its zigzag', async () => {
  const runners = [{ optimizer: 'momentum' as const, hyper: { learningRate: 0.01 } }];
  const runs = await race({ objective: objectives.ravine, runners, steps: 120 });
  const crossings = (y: number[]): number => y.filter((value, i) => i > 0 && value * y[i - 1]! < 0).length;
  const big = runs[0]!.path.map(([, y]) => y).filter((y) => Math.abs(y) > 0.05);
  for (const draw of [raceFigure, raceSurfaceFigure]) {
    const { frames } = draw({ objective: objectives.ravine, runs }, { name: 'test', title: 'A test', frames: 12 });
    const drawn = (frames!.at(-1)!.data[0]!['y'] as number[]).filter((y) => Math.abs(y) > 0.05);
    assert.ok(crossings(big) > 5);
    assert.equal(crossings(drawn), crossings(big));
  }
});

test('the landscape figure has a row for each optimiser and marks what diverged', () => {
  const figure = landscapeFigure(
    [
      {
        name: 'ground',
        startLoss: 10,
        landscapes: [
          { optimizer: 'sgd', rates: [0.1, 1], losses: [0.1, undefined], diverged: [undefined, 3] },
          { optimizer: 'adam', rates: [0.1, 1], losses: [10, 1], diverged: [undefined, undefined] },
        ],
      },
    ],
    { name: 'test' },
  );
  const [heat, , , best, lost] = figure.data;
  assert.deepEqual(heat!.y, ['Adam', 'SGD']);
  assert.deepEqual(heat!.z, [
    [0, 1],
    [2, null],
  ]); // factors of ten below 10
  assert.deepEqual(
    [best!.x, best!.y],
    [
      [1, 0.1],
      ['Adam', 'SGD'],
    ],
  );
  assert.deepEqual([lost!.x, lost!.y], [[1], ['SGD']]);
  const title = (figure.layout['title'] as { text: string }).text.replaceAll('<br>', ' ');
  assert.equal(title, 'The final loss by learning rate: at 1 only SGD diverges');
  assert.match(figure.description, /ground: sgd 0\.1 \(stable from 0\.1 to 0\.1\)/);
});

test("Adam's and RMSprop's moments, by hand", () => {
  const near = (actual: number[], expected: number[]): void =>
    actual.forEach((value, i) =>
      assert.ok(Math.abs(value - expected[i]!) < 1e-12, `${actual.join()}, expected ${expected.join()}`),
    );
  const adam = gradientMoments([1, -0.5]); // m = 0.1, then 0.09 - 0.05 = 0.04, over 1 - 0.81
  near(adam.mean, [1, 0.04 / 0.19]);
  near(adam.size, [1, Math.sqrt((0.999 * 0.001 + 0.001 * 0.25) / (1 - 0.999 ** 2))]);
  near(gradientMoments([1, 1], { beta1: 0, beta2: 0.9, correct: false }).size, [Math.sqrt(0.1), Math.sqrt(0.19)]);
});

test('detour and first step of a run, by hand', () => {
  const run = {
    path: [
      [0, 0],
      [3, 0],
      [3, 4],
    ] as [number, number][],
    loss: [9, 4, 1],
  };
  assert.equal(detour(run), 7 / 5);
  assert.equal(
    firstStep(run, (_, loss) => loss < 5),
    1,
  );
  assert.equal(
    firstStep(run, ([x]) => x > 5),
    undefined,
  );
});

test('a table is read with numbers as numbers and empty cells as undefined', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'race-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.csv'), 'optimizer,rate,loss\nsgd,0.1,\nadam,1e-3,2\n');
  assert.deepEqual(readTable(join(folder, 'a.csv')), [
    { optimizer: 'sgd', rate: 0.1, loss: undefined },
    { optimizer: 'adam', rate: 0.001, loss: 2 },
  ]);
});

test('the problems of notebook 04: vectors, a network, the attack', async () => {
  const before = tf.memory().numTensors;
  const spreader = { optimizer: 'momentum' as const, hyper: { learningRate: 0.003 } };
  assert.ok((await iterationsToSpread(spreader, new Random(1)))! < 150);
  assert.equal(await iterationsToSpread(spreader, new Random(1), 20), undefined);

  const table = smallTable(new Random(1), 50);
  assert.deepEqual(table, smallTable(new Random(1), 50));
  const options = { optimizer: 'adam' as const, random: new Random(2), steps: 40 };
  const losses = await trainNetwork(table, { ...options, hyper: { learningRate: 0.1 } });
  assert.ok(losses!.length === 41 && losses![40]! < losses![0]! / 5);
  assert.equal(await trainNetwork(table, { ...options, optimizer: 'sgd', hyper: { learningRate: 1e6 } }), undefined);

  // Logits are the sums of the left and the right half of a 2x2 picture: 1.2 against 0.9 takes 20 steps of 1/255.
  const layers = [tf.layers.flatten({ inputShape: [2, 2, 1] }), tf.layers.dense({ units: 2 })];
  const model = tf.sequential({ layers });
  const weights = [
    tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ]),
    tf.zeros([2]),
  ];
  model.setWeights(weights);
  const classifier = classifierOf(model, {
    name: 'halves',
    classes: ['left', 'right'],
    input: { height: 2, width: 2, channels: 1, range: [0, 1] },
  } as unknown as Parameters<typeof classifierOf>[1]);
  const photo = tf.tensor4d([0.6, 0.45, 0.6, 0.45], [1, 2, 2, 1]);
  const fooled = await fool(classifier, photo, signStep, 30);
  assert.equal(fooled!.steps, 20);
  assert.ok(Math.abs(fooled!.largest - 20) < 1e-3 && Math.abs(fooled!.length - (2 * 20) / 255) < 1e-5);
  assert.equal(await fool(classifier, photo, createOptimizer('sgd', { learningRate: 1e-6 })), undefined);
  classifier.dispose();
  model.dispose();
  tf.dispose([photo, weights]);
  assert.equal(tf.memory().numTensors, before);
});

/** A figure's title, in one line. */
const titleOf = ({ layout }: Figure): string => (layout['title'] as { text: string }).text.replaceAll('<br>', ' ');

test('the figure of moments marks from where the gradient turns to where the momentum does', () => {
  // The means, their bias taken out: 4, 0.84 / 0.19 ..., and the third is (0.9 * 0.26 - 0.4) / 0.271, below zero.
  const gradient = [4, -1, -4, -4];
  const { mean } = gradientMoments(gradient);
  const turns = turnsOf(gradient, { mean });
  assert.ok(mean[1]! > 0 && mean[2]! < 0, mean.join());
  assert.deepEqual(turns, [{ gradient: 1, momentum: 2 }]);
  assert.deepEqual(turnsOf([1, -1, 1], { mean: [1, 1, 1] }), []);
  const run = { value: [0, 1, 2, 3, 4], gradient };
  const figure = momentsFigure({ here: { adam: run, rmsprop: run, floor: 1.5 } }, { name: 'm', variable: 'slope' });
  assert.equal(titleOf(figure), "Adam's momentum turns 1 step after the gradient");
  const [band] = figure.layout['shapes'] as JsonObject[];
  assert.deepEqual([band!['x0'], band!['x1'], band!['xref']], [1, 2, 'x2']);
  assert.match(figure.description, /here: slope 4\.0000 with Adam after 4 iterations.*floor is at 1\.5000/);
});

test('the figure of schedules draws rates and losses, none below its floor, and names the lowest', () => {
  const runs = [
    { name: 'half', rates: [1, 0.5], losses: [4, 2, 1] },
    { name: 'still', rates: [1, 1], losses: [4, 2, 0] },
  ];
  const { data, ...figure } = scheduleFigure(runs, { name: 's' });
  assert.deepEqual(
    data.slice(0, 4).map(({ y }) => y),
    [
      [1, 0.5],
      [4, 2, 1],
      [1, 1],
      [4, 2, 1e-8],
    ],
  );
  assert.equal(titleOf({ data, ...figure }), 'Lowest after 2 steps: still, at 0');
  assert.match(figure.description, /half: loss 1 after 2 steps/);
});

test('a race says how many are down and who is lowest', async () => {
  const runs = await race({
    objective: objectives.ravine,
    steps: 60,
    runners: raceRunners(['sgd', 'adagrad'], { set: ['sgd.learningRate=0.001', 'adagrad.learningRate=0.5'] }),
  });
  const still = raceFigure({ objective: objectives.ravine, runs }, { name: 'r', frames: 1 });
  assert.equal(titleOf(still), 'Ravine: after 60 steps 1 of 2 are down, Adagrad farthest');
  assert.equal(still.frames, undefined);
  assert.ok(still.data.length <= 2 + 3 * runs.length + 2, `${still.data.length} traces: a hand waits for each`);
});

test('the curve of a loss, and when a run has settled', () => {
  const { x, y } = curveOf((at) => at.square(), [-1, 1], 3);
  assert.deepEqual(
    [x, y],
    [
      [-1, 0, 1],
      [1, 0, 1],
    ],
  );
  assert.equal(settledAfter({ loss: [8, 1, 3, 1, 0.5] }, 0.25), 3);
  assert.equal(settledAfter({ loss: [8, 1, 3] }, 0.25), undefined);
});

test('the best of each optimiser on the problems of the book', () => {
  const problems = readProblems({
    vectors: 'data/race-vectors.csv',
    attack: 'data/race-attack.csv',
    network: 'data/race-network.csv',
  });
  assert.deepEqual(
    problems.map(({ optimizer }) => optimizer),
    optimizerNames,
  );
  const adam = problems.find(({ optimizer }) => optimizer === 'adam');
  assert.deepEqual(adam, { optimizer: 'adam', vectors: undefined, clipped: 106, attack: 4.48228, network: 0.00454225 });
});

test('a map holds the start, and stands while the start moves a little', () => {
  const from = (start: Point): RaceRun[] => [{ optimizer: 'own', hyper: {}, steps: 0, final: start, finalLoss: 1, path: [start], loss: [1] }]; // prettier-ignore
  const { region } = objectives.beale;
  assert.deepEqual(regionOf(objectives.beale, from([1, 1])), region);
  const above = regionOf(objectives.beale, from([1, 1.9]));
  assert.deepEqual(above.x, region.x);
  assert.deepEqual(
    above.y.map((y) => Number(y.toFixed(6))),
    [-1.8, 2.52],
  );
  assert.deepEqual(regionOf(objectives.beale, from([2, 2.5])), above);
  assert.ok(inside(regionOf(objectives.beale, from([-40, 30])), [-40, 30]));
});
