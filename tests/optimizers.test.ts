import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import {
  createOptimizer,
  hyperparameters,
  optimizerNames,
  stepSchedule,
  type OptimizerHyper,
  type OptimizerName,
} from '../lib/src/optimizers';
import { descend, DescentError, tf } from 'descent-lab';
import { type DescentOptimizer } from '../lib/src/optimizers/descent-optimizer';

interface Run {
  problem: 'linreg' | 'beale' | 'rosenbrock';
  optimizer: string;
  hyper: Record<string, number | boolean>;
  start: [number, number];
  traj: [number, number][];
  max_abs_dev_f64: [number, number];
  safe_steps: number;
}
/** Keras 2.15's own trajectories. */
const { runs } = JSON.parse(readFileSync(join(__dirname, 'reference', 'optimizers.json'), 'utf8')) as { runs: Run[] };

// Four points with the moments of the article's 150 rows: a mean squared error depends on the data through these alone.
const moments = {
  height: 68.88158895396604,
  weight: 185.59078006817163,
  varHeight: 6.252235854399778,
  varWeight: 355.27831931,
  cov: 37.77049073573878,
};
const along = Math.sqrt(moments.varHeight);
const across = Math.sqrt(moments.varWeight - moments.cov ** 2 / moments.varHeight);
const signs = [
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;
const heights = signs.map(([a]) => moments.height + along * a);
const weights = signs.map(([a, b]) => moments.weight + (moments.cov / along) * a + across * b);

const problems: Record<Run['problem'], (p: tf.Tensor, q: tf.Tensor) => tf.Tensor> = {
  linreg: (slope, intercept) => slope.mul(heights).add(intercept).sub(weights).square().mean(),
  beale: (x, y) =>
    tf.addN(
      [
        [1.5, 1],
        [2.25, 2],
        [2.625, 3],
      ].map(([c, n]) => x.mul(y.pow(n!)).sub(x).add(c!).square()),
    ),
  rosenbrock: (x, y) => x.sub(1).square().add(y.sub(x.square()).square().mul(100)),
};

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const setUp = ({ optimizer, hyper }: Run): [OptimizerName, OptimizerHyper] => [
  optimizer.split('_')[0] as OptimizerName, // rmsprop_centered is rmsprop with the hyperparameter centered
  Object.fromEntries(Object.entries(hyper).map(([name, value]) => [camelCase(name), value])),
];

for (const run of runs) {
  test(`${run.optimizer} on ${run.problem} takes Keras' way`, async () => {
    const before = tf.memory().numTensors;
    const { records } = await descend({
      loss: ({ p, q }) => problems[run.problem](p, q),
      variables: { p: run.start[0], q: run.start[1] },
      optimizer: createOptimizer(...setUp(run)),
      iterations: run.safe_steps,
    });
    assert.equal(tf.memory().numTensors, before);
    assert.equal(records.length, run.safe_steps + 1);
    records.forEach(({ p, q }, k) =>
      [p, q].forEach((value, i) => {
        const keras = run.traj[k]![i]!;
        const allowed = Math.max(10 * run.max_abs_dev_f64[i]!, 1e-4 * Math.abs(keras));
        assert.ok(Math.abs(value - keras) <= allowed, `step ${k}, coordinate ${i}: ${value}, Keras ${keras}`);
      }),
    );
  });
}

test('there are 48 reference runs', () => {
  assert.equal(runs.length, 48);
});

// ---- tfjs' own defects, for the reader to see ----

const diverges = async (make: (run: Run) => tf.Optimizer, run: Run): Promise<number> => {
  const { traj, start } = run;
  const result = await descend({
    loss: ({ p, q }) => problems[run.problem](p, q),
    variables: { p: start[0], q: start[1] },
    optimizer: make(run),
    iterations: 50,
  }).catch((error: unknown) => (error as { trajectory: { final: { p: number; q: number } } }).trajectory);
  return Math.max(Math.abs(result.final.p - traj[50]![0]), Math.abs(result.final.q - traj[50]![1]));
};

test("tfjs' Adadelta divides by the accumulator of before and ends far off", async () => {
  for (const run of runs.filter(({ optimizer }) => optimizer.startsWith('adadelta'))) {
    const { learning_rate, rho, epsilon } = run.hyper as Record<string, number>;
    const theirs = await diverges(() => tf.train.adadelta(learning_rate, rho, epsilon), run);
    assert.ok(!(theirs < 1), `${run.problem}: off by ${theirs}`);
    assert.ok((await diverges((it) => createOptimizer(...setUp(it)), run)) < 1e-4);
  }
});

test("tfjs' centred RMSprop is NaN where the gradient is zero; ours stays", () => {
  const step = (optimizer: tf.Optimizer): number => {
    const w = variable(2);
    const zero = tf.scalar(0);
    optimizer.applyGradients([{ name: w.name, tensor: zero }]);
    const value = w.dataSync()[0]!;
    tf.dispose([w, zero]);
    optimizer.dispose();
    return value;
  };
  assert.ok(Number.isNaN(step(tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true))));
  assert.equal(step(createOptimizer('rmsprop', { learningRate: 0.1, centered: true })), 2);
});

/** A variable whose initial tensor is freed. */
const variable = (value: number | number[]): tf.Variable => tf.tidy(() => tf.variable(tf.tensor(value)));

/** How far one step goes from 0 against the gradient g. */
function stride(optimizer: tf.Optimizer, g: number): number {
  const w = variable(0);
  const gradient = tf.scalar(g);
  optimizer.applyGradients({ [w.name]: gradient });
  const value = w.dataSync()[0]!;
  tf.dispose([w, gradient]);
  optimizer.dispose();
  return -value;
}

test("tfjs' Adam adds epsilon after the bias correction, so tiny gradients go too far; ours is Keras'", () => {
  // Keras, first step: lr * sqrt(1 - b2) / (1 - b1) * (1 - b1) g / (sqrt(1 - b2) g + epsilon), with g = epsilon = 1e-7.
  const expected = Math.sqrt(0.001) / (Math.sqrt(0.001) + 1);
  assert.ok(Math.abs(stride(createOptimizer('adam', { learningRate: 1 }), 1e-7) - expected) < 1e-6); // 0.031
  assert.ok(Math.abs(stride(tf.train.adam(1), 1e-7) - 0.5) < 1e-4); // g / (g + epsilon)
});

// ---- as a tf.Optimizer ----

/**
 * Two steps of each, computed by hand at the rate 0.5 with the gradients 4 and then 1. The first alone tells little: of
 * Adam's kin it is the rate, whatever they make of what they remember.
 */
const byHand: Record<string, [first: number, second: number]> = {
  sgd: [2, 0.5],
  momentum: [2, 0.9 * 2 + 0.5],
  nesterov: [2 + 0.9 * 2, 0.5 + 0.9 * (0.9 * 2 + 0.5)],
  adagrad: [2 / Math.sqrt(0.1 + 16), 0.5 / Math.sqrt(0.1 + 16 + 1)],
  rmsprop: [2 / Math.sqrt(1.6), 0.5 / Math.sqrt(0.9 * 1.6 + 0.1)],
  adam: [0.5, (0.5 * (0.9 * 0.4 + 0.1)) / 0.19 / Math.sqrt((0.999 * 0.016 + 0.001) / 0.001999)],
  adamax: [0.5, (0.5 * (0.9 * 0.4 + 0.1)) / 0.19 / (0.999 * 4)],
  lion: [0.5, 0.5],
};

for (const [name, expected] of Object.entries(byHand)) {
  test(`${name}: two steps, as computed by hand`, () => {
    const optimizer = createOptimizer(name as OptimizerName, { learningRate: 0.5 });
    const w = variable(0);
    const positions = [4, 1].map((g) => {
      tf.tidy(() => optimizer.applyGradients({ [w.name]: tf.scalar(g) }));
      return w.dataSync()[0]!;
    });
    [-positions[0]!, positions[0]! - positions[1]!].forEach((stride, k) =>
      assert.ok(Math.abs(stride - expected[k]!) < 1e-5, `step ${k + 1}: ${stride}, expected ${expected[k]}`),
    );
    w.dispose();
    optimizer.dispose();
  });
}

test('of every optimiser it is known from elsewhere what it does: Keras has it, or its steps are here by hand', () => {
  const known = [...Object.keys(byHand), ...runs.map((run) => setUp(run)[0])];
  assert.deepEqual(
    optimizerNames.filter((name) => !known.includes(name)),
    [],
  );
});

const named = (optimizer: tf.Optimizer, form: 'map' | 'list'): number[] => {
  const variables = [variable([1, -2]), variable(3), variable(7)];
  const gradients = [tf.tensor1d([0.5, 0.25]), tf.scalar(-1)];
  const entries = gradients.map((tensor, i) => ({ name: variables[i]!.name, tensor }));
  for (let i = 0; i < 3; i++) {
    if (form === 'list') optimizer.applyGradients([...entries, { name: variables[2]!.name, tensor: null as never }]);
    else optimizer.applyGradients(Object.fromEntries(entries.map(({ name, tensor }) => [name, tensor])));
  }
  const values = variables.flatMap((variable) => [...variable.dataSync()]);
  tf.dispose([variables, gradients]);
  optimizer.dispose();
  return values;
};

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

for (const name of optimizerNames) {
  test(`${name} takes gradients as a map or a list, frees its state, and leaves a variable without a gradient`, () => {
    const before = tf.memory().numTensors;
    const map = named(createOptimizer(name, { learningRate: 0.1 }), 'map');
    assert.deepEqual(named(createOptimizer(name, { learningRate: 0.1 }), 'list'), map);
    assert.equal(map[3], 7);
    assert.notEqual(map[0], 1);
    assert.equal(tf.memory().numTensors, before);
  });

  test(`${name} trains a model, and goes on from a saved state as if never stopped`, async () => {
    const before = tf.memory().numTensors;
    const x = tf.tensor2d([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [0.5, 0.2],
      [0.3, 0.9],
    ]);
    const y = tf.tensor2d([[0], [1], [1], [2], [0.7], [1.2]]);
    const fit = (model: tf.LayersModel, epochs: number): Promise<tf.History> =>
      model.fit(x, y, { epochs, batchSize: 6, shuffle: false, verbose: 0 });
    const build = (optimizer: DescentOptimizer): tf.LayersModel => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, activation: 'tanh', inputShape: [2], kernelInitializer: seeded(1) }),
          tf.layers.dense({ units: 1, kernelInitializer: seeded(2) }),
        ],
      });
      model.compile({ optimizer, loss: 'meanSquaredError' });
      return model;
    };
    const learningRate = name === 'adadelta' || name === 'ftrl' ? 1 : 0.02;
    const unbroken = createOptimizer(name, { learningRate });
    const whole = build(unbroken);
    const { history } = await fit(whole, 20);
    assert.ok((history['loss']![19] as number) < (history['loss']![0] as number));

    const first = createOptimizer(name, { learningRate });
    const half = build(first);
    await fit(half, 10);
    const saved = await first.getWeights();
    const second = createOptimizer(name, { learningRate });
    await second.setWeights(saved);
    assert.equal(second.iterations, 10);
    saved[0]!.tensor.dispose();
    const other = build(second);
    other.setWeights(half.getWeights());
    first.dispose();
    await fit(other, 10);
    const values = (model: tf.LayersModel): number[] => model.getWeights().flatMap((w) => [...w.dataSync()]);
    assert.deepEqual(values(other), values(whole));
    for (const model of [whole, half, other]) model.dispose();
    for (const optimizer of [unbroken, second]) optimizer.dispose();
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before);
  });
}

test('minimize returns the loss and leaks nothing', () => {
  const before = tf.memory().numTensors;
  const w = variable(3);
  const optimizer = createOptimizer('nadam', { learningRate: 0.1 });
  const cost = optimizer.minimize(() => w.square() as tf.Scalar, true, [w])!;
  assert.equal(cost.dataSync()[0], 9);
  assert.ok(w.dataSync()[0]! < 3);
  cost.dispose();
  optimizer.dispose();
  w.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('a saved model comes back with its optimiser and its schedule', async () => {
  const before = tf.memory().numTensors;
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const learningRate = stepSchedule({ initialLearningRate: 0.1, decayRate: 0.5, decaySteps: 2 });
  const optimizer = createOptimizer('adamw', { learningRate, beta1: 0.8, clipnorm: 1 });
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const data = tf.tensor2d([[1], [2]]);
  await model.fit(data, data, { epochs: 3, verbose: 0 });
  let artifacts: tf.io.ModelArtifacts | undefined;
  // JSON as a file would hold it
  await model.save(
    tf.io.withSaveHandler((given) => {
      artifacts = {
        ...given,
        trainingConfig: JSON.parse(JSON.stringify(given.trainingConfig)) as tf.io.TrainingConfig,
      };
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const } });
    }),
    { includeOptimizer: true },
  );
  const again = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
  const theirs = again.optimizer as DescentOptimizer;
  assert.deepEqual(theirs.getConfig(), optimizer.getConfig());
  assert.equal(theirs.iterations, 3);
  assert.equal(theirs.learningRate, 0.05);
  for (const it of [model, again, optimizer, theirs]) it.dispose();
  data.dispose();
  assert.ok(tf.memory().numTensors <= before + 1); // tfjs forgets the iteration count of each model.save
});

test('unknown names and values out of range: the message says what is known', () => {
  const says = (make: () => unknown, expected: RegExp): void => {
    try {
      make();
    } catch (error) {
      assert.ok(error instanceof DescentError);
      assert.match(error.message, expected);
      return;
    }
    assert.fail('no error');
  };
  says(() => createOptimizer('sdg' as never), /unknown optimizer 'sdg'; known: sgd, momentum, nesterov, adagrad/);
  says(
    () => createOptimizer('adam', { momentum: 0.9 } as never),
    /adam has no hyperparameter 'momentum'; it has: learningRate, beta1, beta2, epsilon, amsgrad, weightDecay, clip/,
  );
  says(() => createOptimizer('adam', { beta1: 1 }), /adam\.beta1 must be a number from 0 to below 1, not 1/);
  says(() => createOptimizer('sgd', { learningRate: 0 }), /sgd\.learningRate must be a number above 0, not 0/);
  says(() => createOptimizer('adam', { amsgrad: 1 as never }), /adam\.amsgrad must be true or false, not 1/);
});

test('a state of another optimiser is refused', async () => {
  const optimizer = createOptimizer('adam');
  const tensors = [0, 1].map((i) => ({ name: `${i}`, tensor: tf.scalar(i) }));
  await assert.rejects(
    optimizer.setWeights(tensors),
    /keeps 2 tensors for each variable \(m, v\); 1 saved tensors do not fit/,
  );
  tf.dispose(tensors.map(({ tensor }) => tensor));
});

test("the defaults are Keras 2.15's", () => {
  assert.deepEqual(hyperparameters('adamw'), {
    learningRate: 0.001,
    weightDecay: 0.004,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    amsgrad: false,
  });
  assert.equal(hyperparameters('sgd').learningRate, 0.01);
  assert.equal(hyperparameters('lion').learningRate, 0.0001);
  assert.equal(hyperparameters('adagrad', { learningRate: undefined }).learningRate, 0.001);
});

test('weight decay multiplies by 1 - rate * decay, with every optimiser', () => {
  for (const name of optimizerNames.filter((each) => each !== 'ftrl')) {
    const w = variable(10);
    const zero = tf.scalar(0);
    const optimizer = createOptimizer(name, { learningRate: 0.1, weightDecay: 0.5 });
    optimizer.applyGradients([{ name: w.name, tensor: zero }]);
    assert.ok(Math.abs(w.dataSync()[0]! - 9.5) < 1e-5, name);
    optimizer.dispose();
    tf.dispose([w, zero]);
  }
});
