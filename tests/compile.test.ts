// A compiled run is the run of tensors, to rounding; and what cannot be one says so, or stops.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  descend,
  DescentError,
  DivergenceError,
  explain,
  linalg,
  losses,
  minimize,
  optimizers,
  Random,
  races,
  regression,
  spread,
  spreads,
  tf,
} from 'descent-lab';
import { forgetPrograms } from 'descent-lab/internal';
import type { DescendOptions, Trajectory } from 'descent-lab';
import { definitions } from '../lib/src/compile/kernels';

type Options = DescendOptions<Record<string, number>>;
type Run = Trajectory<Record<string, number>>;

/** The same run of tensors and compiled; `make` is called for each, so that nothing is shared. */
async function both(make: () => object, iterations = 60): Promise<[Run, Run]> {
  const run = (compile: boolean): Promise<Run> =>
    descend({ iterations, ...make(), compile } as unknown as Options) as unknown as Promise<Run>;
  return [await run(false), await run(true)];
}

/** Asserts that two runs are one, to a part of the largest number. */
function same([tape, compiled]: readonly [Run, Run], part = 2e-5): void {
  assert.equal(compiled.notCompiled, undefined);
  assert.equal(compiled.compiled, true);
  assert.equal(tape.compiled, false);
  assert.equal(tape.loss.length, compiled.loss.length);
  const scale = Math.max(...tape.loss.map(Math.abs), 1e-6);
  tape.loss.forEach((loss, k) =>
    assert.ok(Math.abs(loss - compiled.loss[k]!) <= part * scale, `loss ${k}: ${compiled.loss[k]} for ${loss}`),
  );
  assert.deepEqual(compiled.recorded, tape.recorded);
  const numbers = (run: Run): number[] =>
    [run.records, run.final].flatMap((all) =>
      JSON.stringify(all)
        .match(/-?\d[\d.e+-]*/g)!
        .map(Number),
    );
  const [ours, theirs] = [numbers(compiled), numbers(tape)];
  const largest = Math.max(1, ...theirs.map(Math.abs));
  ours.forEach((value, i) =>
    assert.ok(Math.abs(value - theirs[i]!) <= 10 * part * largest, `${value} for ${theirs[i]}`),
  );
}

const x = tf.tensor1d(Array.from({ length: 40 }, (_, i) => Math.sin(3 * i)));
const y = tf.tensor1d(Array.from({ length: 40 }, (_, i) => 2 * Math.sin(3 * i) + 1 + 0.1 * Math.cos(7 * i)));
const line = () => ({ loss: losses.lineLoss(x, y), variables: { slope: 0, intercept: 0 } });
const valley = () => ({
  loss: ({ point }: { point: tf.Tensor1D }) => races.objectives.rosenbrock.loss(point),
  variables: { point: [-0.5, 1] },
});

test('each optimiser takes the same steps, of a line and in a valley', async (t) => {
  for (const name of optimizers.optimizerNames) {
    await t.test(name, async () => {
      const optimizer = () => optimizers.createOptimizer(name, { learningRate: 0.002, clipnorm: 3, weightDecay: 0.01 });
      same(await both(() => ({ ...line(), optimizer })));
      same(await both(() => ({ ...valley(), optimizer })));
    });
  }
});

test('an optimiser that has made updates before goes on from there', async () => {
  const used = () => {
    const learningRate = optimizers.exponentialSchedule({ initialLearningRate: 0.05, decaySteps: 10, decayRate: 0.5 });
    const optimizer = optimizers.createOptimizer('adam', { learningRate });
    const other = tf.variable(tf.tensor1d([1, 1]), true, 'other');
    for (let i = 0; i < 20; i++) tf.tidy(() => optimizer.applyGradients({ other: tf.tensor1d([1, 2]) }));
    other.dispose();
    return { ...valley(), optimizer };
  };
  same(await both(used));
});

test('an update, and what keeps within bounds, may leave a variable as it is', async () => {
  const stays = {
    optimizer: (value: tf.Tensor, gradient: tf.Tensor, { name }: { name: string }) =>
      name === 'slope' ? value : value.sub(gradient.mul(0.1)),
  };
  same(await both(() => ({ ...line(), ...stays, constrain: (value: tf.Tensor) => value })));
});

test('so do those of TensorFlow.js, and updates by hand with what is kept within bounds', async () => {
  const makers = [
    () => tf.train.sgd(0.001), () => tf.train.momentum(0.0005, 0.9), () => tf.train.momentum(0.0005, 0.9, true), () => tf.train.adam(0.01),
    () => tf.train.adamax(0.01), () => tf.train.rmsprop(0.01), () => tf.train.adagrad(0.1), () => tf.train.rmsprop(0.01, 0.9, 0.5),
  ]; // prettier-ignore
  for (const optimizer of makers) same(await both(() => ({ ...valley(), optimizer })));
  const byHand = (value: tf.Tensor, gradient: tf.Tensor): tf.Tensor =>
    value.sub(gradient.clipByValue(-5, 5).mul(0.002));
  same(
    await both(() => ({
      ...valley(),
      optimizer: byHand,
      constrain: (value: tf.Tensor) => value.clipByValue(-0.4, 0.8),
    })),
  );
});

test('the losses of vectors, with their projection', async () => {
  const vectors = spreads.randomVectors(3, 9, 3);
  for (const loss of [losses.minAngleVarianceLoss, losses.rieszEnergyLoss, losses.forceLoss] as ((
    v: tf.Tensor2D,
  ) => tf.Scalar)[]) {
    const make = () => ({
      loss: ({ vectors: v }: { vectors: tf.Tensor2D }) => loss(v),
      variables: { vectors },
      optimizer: tf.train.sgd(1e-4),
      constrain: losses.toUnitLength,
      every: 7,
    });
    same(await both(make), 2e-4);
  }
});

test('a loss that changes with the iteration is called at each', async () => {
  const anneal = () => ({
    loss: ({ a }: { a: tf.Tensor }, iteration: number) =>
      a
        .mul(0.99 ** iteration)
        .sub(3)
        .square(),
    variables: { a: 0 },
    optimizer: tf.train.sgd(0.05),
  });
  same(await both(anneal, 200));
  // one that says nothing of it: it is the same at first, and another later
  const late = () => ({
    loss: (...[{ a }, iteration]: [{ a: tf.Tensor }, number]) => a.sub(Math.floor(iteration / 50)).square(),
    variables: { a: 5 },
    optimizer: tf.train.sgd(0.05),
  });
  same(await both(late, 200));
});

test('a rate that falls, in stairs too, and what reads the step for itself', async () => {
  const stairs = optimizers.stepSchedule({ initialLearningRate: 0.05, decayRate: 0.5, decaySteps: 30 });
  const mine = optimizers.chain(
    optimizers.trace(0.5),
    // one that warms up, and is the same from the tenth step on
    { slots: {}, update: (update, _slots, { iteration }) => update.mul(Math.min(1, iteration / 10)) },
    optimizers.scaleByLearningRate(stairs),
  );
  const late = optimizers.chain(
    { slots: {}, update: (update, _slots, { iteration }) => (iteration < 100 ? update : update.mul(2)).mul(1) },
    optimizers.scaleByLearningRate(0.01),
  );
  for (const name of ['sgd', 'adam', 'nadam', 'ftrl'] as const) {
    same(await both(() => ({ ...line(), optimizer: optimizers.createOptimizer(name, { learningRate: stairs }) }), 120));
  }
  same(await both(() => ({ ...line(), optimizer: mine }), 120));
  const byHand = (value: tf.Tensor, gradient: tf.Tensor, { iteration }: { iteration: number }): tf.Tensor =>
    value.sub(gradient.mul(iteration < 40 ? 0.05 : 0.01));
  same(await both(() => ({ ...line(), optimizer: byHand }), 120));
  const [tape, compiled] = await both(() => ({ ...line(), optimizer: late }), 120);
  assert.deepEqual(
    compiled.loss.slice(99).map((l) => l.toFixed(5)),
    tape.loss.slice(99).map((l) => l.toFixed(5)),
  );
  assert.match(compiled.notCompiled!, /^an operation is given another tensor at iteration 99$/);
});

/* eslint-disable no-restricted-properties -- a reader may draw from it */
test('random numbers are drawn at each step', async () => {
  const noisy = () => {
    const random = new Random(5);
    return {
      loss: ({ a }: { a: tf.Tensor }) => a.sub(tf.scalar(random.normal())).square(),
      variables: { a: 0 },
      optimizer: tf.train.sgd(0.05),
    };
  };
  same(await both(noisy));
  // of two values, the first two draws may well be the same
  const { random } = Math;
  const coin = () => {
    const draws = [1, 1, 1, 0, 1, 0, 0, 1, 1, 0];
    let k = 0;
    Math.random = () => draws[k++ % draws.length]!;
    return {
      loss: ({ a }: { a: tf.Tensor }) => a.sub(Math.random()).square(),
      variables: { a: 0 },
      optimizer: tf.train.sgd(0.05),
    };
  };
  try {
    same(await both(coin));
  } finally {
    Math.random = random;
  }
});

/* eslint-enable no-restricted-properties */

test("batches by the iteration, and a variable of the caller's that a callback moves", async () => {
  const rows = Array.from({ length: 61 }, (_, k) => tf.tensor1d([k % 40, (7 * k) % 40, (11 * k) % 40], 'int32'));
  const batches = () => ({
    loss: ({ slope }: { slope: tf.Tensor }, k: number) =>
      slope.mul(x.gather(rows[k]!)).sub(y.gather(rows[k]!)).square().mean(),
    variables: { slope: 0 },
    optimizer: tf.train.sgd(0.1),
  });
  same(await both(batches));
  tf.dispose(rows);
  const goal = tf.variable(tf.scalar(1));
  const moving = () => {
    goal.assign(tf.scalar(1));
    return {
      loss: ({ a }: { a: tf.Tensor }) => a.sub(goal).square(),
      variables: { a: 0 },
      optimizer: tf.train.sgd(0.1),
      onIteration: ({ iteration }: { iteration: number }) => void (iteration === 20 && goal.assign(tf.scalar(-2))),
    };
  };
  same(await both(moving));
  goal.dispose();
});

test('what cannot be compiled runs as it is, and says why', async (t) => {
  class Mine extends tf.SGDOptimizer {}
  const sgd = () => tf.train.sgd(0.05);
  const cases: [name: string, make: () => object, reason: RegExp, iterations?: number][] = [
    [
      'a value that is read',
      () => ({
        loss: ({ a }: { a: tf.Tensor }) => a.sub(a.dataSync()[0]! > 1 ? 3 : 4).square(),
        variables: { a: 0 },
        optimizer: sgd(),
      }),
      /^it reads a value on the way \(dataSync, arraySync\)/,
    ],
    [
      'a value that an update reads',
      () => ({
        ...line(),
        optimizer: (v: tf.Tensor, g: tf.Tensor) => v.sub(g.mul(g.dataSync()[0]! > 0 ? 0.01 : 0.02)),
      }),
      /^it reads a value on the way/,
    ],
    [
      'other operations later on',
      () => ({
        loss: ({ a }: { a: tf.Tensor }, k: number) => (k < 30 ? a.sub(3).square() : a.sub(3).abs()),
        variables: { a: 0 },
        optimizer: optimizers.createOptimizer('momentum', { learningRate: 0.01 }), // which remembers
      }),
      /^Abs stands where Square was at iteration 30$/,
    ],
    [
      'other operations from the second step on',
      () => ({
        loss: ({ a }: { a: tf.Tensor }, k: number) => (k < 1 ? a.sub(3).square() : a.sub(3).abs()),
        variables: { a: 0 },
        optimizer: sgd(),
      }),
      /^its operations are not the same at each iteration$/,
    ],
    [
      'shapes that change',
      () => ({
        loss: ({ a }: { a: tf.Tensor }, k: number) =>
          a
            .sub(tf.ones([k < 40 ? 3 : 4]))
            .square()
            .sum(),
        variables: { a: 0 },
        optimizer: sgd(),
      }),
      /^(the shape of a tensor changes|Fill is told something else).* at iteration 40$/,
    ],
    [
      'an operation that is told something else',
      () => ({
        loss: ({ a }: { a: tf.Tensor }, k: number) =>
          a
            .clipByValue(-1 - k, 1 + k)
            .sub(3)
            .square(),
        variables: { a: 0 },
        optimizer: sgd(),
      }),
      /^its operations are not the same at each iteration$/,
    ],
    [
      'an operation that is told something else later on',
      () => ({
        loss: ({ a }: { a: tf.Tensor }, k: number) =>
          a
            .clipByValue(-1, k < 30 ? 1 : 2)
            .sub(3)
            .square(),
        variables: { a: 0 },
        optimizer: sgd(),
      }),
      /^ClipByValue is told something else at iteration 30$/,
    ],
    [
      'operations past the kernels',
      () => {
        const past = (z: tf.Tensor): tf.Tensor => {
          const { kernelFunc } = tf.getKernel('Square', tf.getBackend());
          const made = kernelFunc({ inputs: { x: z }, backend: tf.backend(), attrs: {} }) as tf.TensorInfo;
          return 'rank' in made ? (made as tf.Tensor) : tf.engine().makeTensorFromTensorInfo(made);
        };
        const square = tf.customGrad((z, save) => {
          (save as tf.GradSaveFunc)([z as tf.Tensor]);
          return { value: past(z as tf.Tensor), gradFunc: (dy: tf.Tensor, [x]: tf.Tensor[]) => dy.mul(x!).mul(2) };
        });
        return { loss: ({ a }: { a: tf.Tensor }) => square(a.sub(3)), variables: { a: 0 }, optimizer: sgd() };
      },
      /^it runs operations of the library past the kernels that are recorded$/,
    ],
    [
      "an optimiser of the reader's own",
      () => ({ ...line(), optimizer: new Mine(0.05) }),
      /^the optimizer Mine may keep numbers outside of tensors$/,
    ],
  ];
  for (const [name, make, reason, iterations] of cases) {
    await t.test(name, async () => {
      const before = tf.memory().numTensors;
      const [tape, compiled] = await both(make, iterations);
      assert.equal(compiled.compiled, false);
      assert.match(compiled.notCompiled!, reason);
      tape.loss.forEach((loss, k) =>
        assert.ok(Math.abs(loss - compiled.loss[k]!) <= 1e-5 * Math.max(1, Math.abs(loss)), `loss ${k}`),
      );
      assert.equal(tf.memory().numTensors, before);
    });
  }
});

test('from a crowd, where vectors are closer than 0.001, it goes the way that tensors go', async () => {
  for (const [name, loss] of Object.entries({
    riesz: losses.rieszEnergyLoss,
    smooth: losses.smoothMinimumLoss,
    force: losses.forceLoss,
  })) {
    for (const seed of [1, 2]) {
      const of = (form: losses.SpreadLoss) => () => ({
        loss: ({ vectors }: { vectors: tf.Tensor }) =>
          (form as (v: tf.Tensor, temperature?: number) => tf.Scalar)(vectors, name === 'smooth' ? 0.05 : undefined),
        variables: { vectors: spreads.crowdedVectors(new Random(seed), 20) },
        optimizer: tf.train.sgd(0.001),
        constrain: losses.toUnitLength,
      });
      same(await both(of((loss as { plain: losses.SpreadLoss }).plain), 3), 5e-3);
      const [byHand, compiled] = await both(of(loss as losses.SpreadLoss), 3); // by hand near vectors are seen less sharply
      compiled.loss
        .slice(0, 3)
        .forEach((value, k) =>
          assert.ok(
            Math.abs(value - byHand.loss[k]!) < 0.06 * byHand.loss[k]!,
            `${name} ${k}: ${value} for ${byHand.loss[k]}`,
          ),
        );
    }
  }
});

test('updates go to places that never change, and to places that do', async () => {
  const steady = tf.tensor2d([3, 1, 0, 0, 3, 1], [3, 2], 'int32'); // the last of two at one place wins
  const placesIn: Record<string, (updates: tf.Tensor) => tf.Tensor> = {
    steady: () => steady,
    moving: (updates) => tf.stack([updates.mul(2).toInt(), tf.tensor1d([1, 2, 0], 'int32')], 1), // 1, 2, 3 and then 0
    whole: () => tf.tensor2d([2, 0], [2, 1], 'int32'),
  };
  for (const places of Object.values(placesIn)) {
    const loss = ({ rows, updates }: Record<string, tf.Tensor>): tf.Tensor => {
      const at = places(updates!) as tf.Tensor2D;
      const given = at.shape[1] === 1 ? tf.stack([updates!, updates!.square()]) : updates!;
      return tf.tensorScatterUpdate(rows!.sin(), at, given).square().sum(1).add(1).log().mean();
    };
    const variables = { rows: [[1, 0.5, 2], [0.3, 1, 0.2], [0.1, 0.7, 0.4], [0.6, 0.1, 1]], updates: [0.5, 1, 1.5] }; // prettier-ignore
    same(await both(() => ({ loss, variables, optimizer: tf.train.sgd(0.2) })));
  }
});

test('what makes large tensors is left to the library, before the plain backend has made more than one', async (t) => {
  if (tf.getBackend() !== 'tensorflow') return; // there is none
  const engine = Object.getPrototypeOf(tf.engine()) as { runKernel: (...args: unknown[]) => tf.Tensor | tf.Tensor[] };
  const { runKernel } = engine;
  let large = 0;
  engine.runKernel = function (this: { backendName: string }, ...args) {
    const made = runKernel.apply(this, args);
    if (this.backendName === 'cpu') large += [made].flat().filter(({ size }) => size > 1e5).length;
    return made;
  };
  t.after(() => (engine.runKernel = runKernel));
  const { notCompiled } = await descend({
    loss: ({ vectors }) => losses.minAngleLoss(vectors as tf.Tensor as tf.Tensor2D),
    variables: { vectors: spreads.randomVectors(new Random(1), 400, 2) },
    optimizer: tf.train.sgd(0.01),
    iterations: 400,
    onIteration: ({ iteration }) => iteration < 3,
  });
  assert.match(notCompiled!, /so large/);
  assert.equal(large, 1);
});

test('an update that the plain backend cannot make is made of tensors, and once', async (t) => {
  if (tf.getBackend() !== 'tensorflow') return; // where the plain backend is the only one
  tf.registerKernel({
    kernelName: 'NativeAlone',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs }) => tf.mul(inputs['x'] as tf.Tensor, 0.01),
  });
  t.after(() => tf.unregisterKernel('NativeAlone', 'tensorflow'));
  const nativeAlone = (x: tf.Tensor): tf.Tensor => tf.engine().runKernel<tf.Tensor>('NativeAlone', { x });
  const problem = () => ({
    loss: ({ a, b }: Record<'a' | 'b', tf.Tensor>) => a.sub(3).square().add(b.mul(a).sub(1).square()),
    variables: { a: 0, b: 0.5 },
  });
  const reason = /^it fails while it is recorded \(Kernel 'NativeAlone' not registered for backend 'cpu'\)$/;
  const steps: tf.Variable[] = [];
  const counted = () => {
    const step = tf.variable(tf.scalar(0));
    steps.push(step);
    return (value: tf.Tensor, gradient: tf.Tensor, { name }: { name: string }): tf.Tensor => {
      step.assign(step.add(1));
      return value.sub(name === 'a' ? gradient.mul(0.01) : nativeAlone(gradient));
    };
  };
  const constrain = (value: tf.Tensor, name: string): tf.Tensor =>
    name === 'a' ? value.add(0) : nativeAlone(value.mul(100));
  const ownChain = optimizers.chain(
    optimizers.trace(0.5),
    { slots: {}, update: (update) => nativeAlone(update) },
    optimizers.scaleByLearningRate(1),
  );
  const cases: Record<string, () => object> = {
    'by hand, with one variable moved': () => ({ ...problem(), optimizer: counted() }),
    'a chain, with what it remembers': () => ({ ...problem(), optimizer: ownChain }),
    'an optimiser that has moved and counted, before what keeps within bounds': () => ({
      ...problem(),
      optimizer: optimizers.createOptimizer('adam', { learningRate: 0.05 }),
      constrain,
    }),
    'at the second step': () => ({
      ...problem(),
      optimizer: (value: tf.Tensor, gradient: tf.Tensor, { name, iteration }: { name: string; iteration: number }) =>
        value.sub(name === 'a' || iteration === 0 ? gradient.mul(0.01) : nativeAlone(gradient)),
    }),
  };
  for (const [name, make] of Object.entries(cases)) {
    await t.test(name, async () => {
      const [tape, compiled] = await both(make, 30);
      assert.match(compiled.notCompiled!, reason);
      same([tape, { ...compiled, compiled: true, notCompiled: undefined }] as unknown as [Run, Run]);
      steps.forEach((step) => assert.equal(step.dataSync()[0], 60));
      tf.dispose(steps.splice(0));
    });
  }
  await t.test('in doubles it is an error, and where tensors throw it is theirs', async () => {
    const before = tf.memory().numTensors;
    const optimizer = (value: tf.Tensor, gradient: tf.Tensor): tf.Tensor => value.sub(nativeAlone(gradient));
    const options = { ...problem(), optimizer, iterations: 30, compile: true } as unknown as Options;
    await assert.rejects(
      descend({ ...options, precision: 'float64' }),
      /^DescentError: precision 'float64' needs a loss and an update that can be compiled: it fails while it is recorded/,
    );
    const own = new RangeError('my own');
    const fails = (_: tf.Tensor, gradient: tf.Tensor): tf.Tensor => {
      if (gradient.rank === 0) throw own;
      return gradient;
    };
    await assert.rejects(descend({ ...options, optimizer: fails }), (error) => error === own);
    assert.equal(tf.memory().numTensors, before);
  });
});

test('an index outside is the error of the operation, whatever lies in memory beside it', async () => {
  const rows = Array.from({ length: 61 }, (_, k) => tf.tensor1d([k === 40 ? 400 : k % 40, (7 * k) % 40], 'int32'));
  const places = rows.map((row) => row.expandDims(1));
  const losses: ((a: tf.Tensor, k: number) => tf.Tensor)[] = [
    (a, k) => a.mul(x.gather(rows[k]!)).sub(1).square().mean(),
    (a, k) => tf.gatherND(x, places[k]!).mul(a).sub(1).square().mean(),
    (a, k) =>
      tf
        .scatterND(places[k]!, tf.stack([a, a]), [40])
        .sub(1)
        .square()
        .mean(),
  ];
  for (const [i, loss] of losses.entries()) {
    const run = async (compile: boolean): Promise<string> => {
      let calls = 0;
      const told = await descend({
        loss: ({ a }, k) => loss(a, (calls++, k)),
        variables: { a: 0 },
        optimizer: tf.train.sgd(0.01),
        iterations: 60,
        compile,
      }).then(
        ({ loss: all }) => `the loss is ${all[40]} at iteration 40`,
        (error: Error) => error.message,
      );
      assert.ok(calls > 40);
      return told;
    };
    const [tape, compiled] = [await run(false), await run(true)];
    assert.equal(compiled, tape, `loss ${i}`);
    assert.match(compiled, /iteration 40/);
  }
  tf.dispose([rows, places]);
});

test('a loss that is no function of the variables is an error, once that shows', async () => {
  let calls = 0;
  const loss = ({ a }: { a: tf.Tensor }): tf.Tensor => a.sub(calls++ < 6 ? 3 : 4).square();
  await assert.rejects(
    descend({
      loss,
      variables: { a: 0 },
      optimizer: tf.train.sgd(0.01),
      iterations: 100_000,
      record: false,
      compile: true,
    }),
    (error: Error) =>
      error instanceof DescentError &&
      /^the loss is no function of the variables .* compile: false/.test(error.message),
  );
});

test('a kernel that is computed otherwise is named', async () => {
  const table = definitions as Record<string, (typeof definitions)[string]>;
  const own = table['Square']!;
  const wrong = (given: Parameters<typeof own>[0]): ReturnType<typeof own> => table['Abs']!(given);
  try {
    for (const make of [line, valley]) {
      table['Square'] = wrong;
      forgetPrograms();
      await assert.rejects(
        descend({ ...make(), optimizer: tf.train.sgd(0.001), iterations: 50, compile: true } as unknown as Options),
        /^DescentError: the compiled loss computes Square otherwise than the operation, at iteration 2/,
      );
    }
    await assert.rejects(
      descend({
        ...valley(),
        optimizer: (v: tf.Tensor, g: tf.Tensor) => v.sub(g.square().mul(1e-6)),
        iterations: 50,
        compile: true,
      } as unknown as Options),
      /computes Square otherwise than the operation/,
    );
  } finally {
    table['Square'] = own;
    forgetPrograms();
  }
});

test('where a page forbids generated code, the same numbers come of the same plan', async () => {
  const make = () => ({ ...valley(), optimizer: optimizers.createOptimizer('adam', { learningRate: 0.05 }) });
  const [, compiled] = await both(make);
  const own = globalThis.Function;
  forgetPrograms();
  globalThis.Function = new Proxy(own, {
    construct() {
      throw new EvalError("Refused to evaluate a string as JavaScript because 'unsafe-eval' is not allowed");
    },
  });
  try {
    const [, interpreted] = await both(make);
    assert.equal(interpreted.compiled, true);
    assert.deepEqual(interpreted, compiled);
  } finally {
    globalThis.Function = own;
    forgetPrograms();
  }
});

test('a callback sees the state as tensors, and may end the run; no tensor is left', async () => {
  const before = tf.memory().numTensors;
  const seen: { iteration: number; point: number[]; gradient: number[]; values: number[] }[] = [];
  const start = { point: [-0.5, 1] };
  const loss = ({ point }: { point: tf.Tensor }): tf.Tensor => races.objectives.rosenbrock.loss(point as tf.Tensor1D);
  const optimizer = () => tf.train.momentum(0.0005, 0.9);
  const run = await descend({
    loss,
    variables: start,
    optimizer: optimizer(),
    iterations: 100,
    compile: true,
    onIteration: ({ iteration, variables, gradients, values }) => {
      const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
      const gradient = numbers(gradients!.point);
      seen.push({ iteration, point: numbers(variables.point), gradient, values: values.point });
      return iteration < 55;
    },
  });
  assert.deepEqual([run.compiled, run.stopped, run.iterations], [true, 'callback', 55]);
  assert.equal(tf.memory().numTensors, before);
  const tape = await descend({ loss, variables: start, optimizer: optimizer(), iterations: 55, compile: false });
  seen.forEach(({ iteration, point, gradient, values }) => {
    assert.deepEqual(values, point);
    assert.equal(gradient.length, 2);
    point.forEach((value, i) => assert.ok(Math.abs(value - tape.records[iteration]!.point[i]!) < 1e-5));
  });
});

test('a run that cannot begin leaves nothing behind', async () => {
  class Mine extends tf.SGDOptimizer {}
  const before = tf.memory().numTensors;
  await assert.rejects(
    descend({
      loss: ({ a }) => a.square(),
      variables: { a: 1 },
      optimizer: () => new Mine(0.1),
      iterations: 30,
      precision: 'float64',
    }),
    /^DescentError: precision 'float64' needs .* the optimizer Mine may keep numbers outside of tensors$/,
  );
  assert.equal(tf.memory().numTensors, before);
});

test('divergence is told as of tensors, at the same iteration', async () => {
  const run = (compile: boolean): Promise<DivergenceError> =>
    descend({ ...line(), optimizer: tf.train.sgd(3), iterations: 500, compile } as unknown as Options).then(
      () => assert.fail(),
      (error: DivergenceError) => error,
    );
  const [tape, compiled] = [await run(false), await run(true)];
  assert.ok(compiled instanceof DivergenceError);
  assert.equal(compiled.iteration, tape.iteration);
  assert.equal(compiled.message, tape.message);
  assert.equal(compiled.trajectory.loss.length, tape.trajectory.loss.length);
});

test("'auto' goes by sizes: not for few iterations, not for large tensors, and the same each time", async () => {
  const few = await descend({ ...line(), optimizer: tf.train.sgd(0.1), iterations: 15 } as unknown as Options);
  assert.equal(few.notCompiled, 'compiling it would take longer than its 15 iterations');
  const many = await descend({ ...line(), optimizer: tf.train.sgd(0.1), iterations: 1000 } as unknown as Options);
  assert.equal(many.compiled, true);
  if (tf.getBackend() !== 'tensorflow') return;
  const large = await descend({
    loss: ({ a }) => a.square().sum(),
    variables: { a: tf.ones([300, 300]) },
    optimizer: tf.train.sgd(0.1),
    iterations: 200,
    record: false,
  });
  assert.match(large.notCompiled!, /^its tensors are so large/);
  const data = tf.ones([300, 300]);
  const withData = await descend({
    loss: ({ a }) => data.mul(a).sum(),
    variables: { a: 1 },
    optimizer: tf.train.sgd(0.1),
    iterations: 200,
    record: false,
  });
  data.dispose();
  assert.match(withData.notCompiled!, /^its tensors are so large/);
});

test("'auto' knows that functions of whole arrays are dear, but where operations are the same functions", async (t) => {
  const fft = ({ x: signal }: { x: tf.Tensor }): tf.Tensor =>
    tf.abs(tf.spectral.fft(tf.complex(signal, tf.zerosLike(signal)))).sum();
  const volume = ({ a }: { a: tf.Tensor }): tf.Tensor => linalg.logdet(a);
  const signal = { x: Array.from({ length: 512 }, (_, i) => Math.sin(i)) };
  const matrix = { a: spreads.randomVectors(1, 30, 30) };
  const ratio = ({ cost }: ReturnType<typeof explain>): number => cost.code / cost.operations;
  const own = tf.getBackend();
  if (own === 'tensorflow') assert.ok(ratio(explain(fft, signal)) > 1);
  await tf.setBackend('cpu');
  t.after(() => tf.setBackend(own));
  assert.ok(ratio(explain(fft, signal)) < 1);
  assert.ok(ratio(explain(volume, matrix)) < 1);
});

test('doubles: numbers in the loss count as they are written', async () => {
  const heights = [147.6, 150.2, 152.1, 160.3, 171.7, 180.9];
  const weights = [51.3, 55.1, 54.3, 61.8, 70.9, 77.7];
  const exact = regression.exactFit(heights, weights);
  const scale = { x: 160.1, y: 60.3 };
  const run = await descend({
    loss: ({ slope, height }) =>
      tf
        .tensor1d(heights)
        .sub(scale.x)
        .mul(slope.mul(0.1))
        .add(height.mul(10))
        .sub(tf.tensor1d(weights).sub(scale.y))
        .square()
        .mean(),
    variables: { slope: 0, height: 0 },
    optimizer: tf.train.sgd(0.005),
    iterations: 5000,
    record: false,
    precision: 'float64',
    onIteration: ({ iteration, values }) =>
      void (iteration === 5000 && found.push(values.slope * 0.1, values.height * 10)),
  });
  assert.equal(run.compiled, true);
  const wanted = [exact.slope, exact.intercept + exact.slope * scale.x - scale.y];
  found.forEach((value, i) => assert.ok(Math.abs(value / wanted[i]! - 1) < 1e-12, `${value} for ${wanted[i]}`));
  await assert.rejects(
    descend({
      loss: ({ a }) => a.square(),
      variables: { a: 1 },
      optimizer: tf.train.sgd(0.1),
      iterations: 9,
      precision: 'float64',
      compile: false,
    }),
    /there for compiled runs alone/,
  );
  await assert.rejects(
    descend({
      loss: ({ a }) => a.mul(a.dataSync()[0]!),
      variables: { a: 1 },
      optimizer: tf.train.sgd(0.1),
      iterations: 9,
      precision: 'float64',
    }),
    /^DescentError: precision 'float64' needs a loss and an update that can be compiled: it reads a value/,
  );
});
const found: number[] = [];

test('doubles: twelve vectors become an icosahedron', async () => {
  const run = await spread({
    start: spreads.randomVectors(3, 12, 3),
    loss: (vectors) => losses.rieszEnergyLoss(vectors),
    optimizer: tf.train.adam(0.01),
    iterations: 3000,
    every: 3000,
    precision: 'float64',
  });
  const wanted = (Math.acos(1 / Math.sqrt(5)) * 180) / Math.PI;
  assert.ok(Math.abs(run.records.at(-1)!.minAngleDegrees - wanted) < 1e-12);
});

test('minimize computes with compiled losses too, in either precision', async () => {
  const rosenbrock = ({ x: a, y: b }: Record<'x' | 'y', tf.Tensor>): tf.Tensor =>
    a.sub(1).square().add(b.sub(a.square()).square().mul(100));
  const residuals = ({ x: a, y: b }: Record<'x' | 'y', tf.Tensor>): tf.Tensor =>
    tf.stack([a.sub(1), b.sub(a.square()).mul(10)]);
  const variables = { x: -1.2, y: 1 };
  for (const method of ['lbfgs', 'newton-cg', 'levenberg-marquardt', 'gauss-newton'] as const) {
    const problem = (
      method === 'lbfgs' || method === 'newton-cg' ? { method, loss: rosenbrock } : { method, residuals }
    ) as { method: 'lbfgs'; loss: typeof rosenbrock };
    const before = tf.memory().numTensors;
    const tape = await minimize({ ...problem, variables, compile: false });
    const compiled = await minimize({ ...problem, variables, compile: true });
    const doubles = await minimize({ ...problem, variables, precision: 'float64' });
    assert.deepEqual([tape.compiled, compiled.compiled, doubles.compiled], [false, true, true]);
    assert.ok(Math.abs(compiled.final.x - 1) < 1e-3 && tape.converged && compiled.converged);
    assert.ok(
      Math.abs(doubles.final.x - 1) < 1e-8 && Math.abs(doubles.final.y - 1) < 1e-8,
      `${method}: ${doubles.final.x}`,
    );
    assert.equal(tf.memory().numTensors, before);
  }
});

test('explain tells operations, what became of them, the code, and what falls back', () => {
  const told = explain(({ a, b }) => a.mul(b).sub(2).square().mean(), { a: [1, 2, 3, 4, 5, 6, 7, 8, 9], b: 2 });
  assert.deepEqual(
    told.operations.slice(0, 4).map(({ kernel, inputs, backward }) => [kernel, inputs, backward]),
    [
      ['Multiply', ['a', 'b'], false],
      ['Sub', [0, 'constant'], false],
      ['Square', [1], false],
      ['Mean', [2], false],
    ],
  );
  assert.ok(told.operations.slice(4).every(({ backward }) => backward));
  assert.equal(
    Object.values(told.fused).reduce((sum, count) => sum + count, 0),
    told.operations.length,
  );
  assert.match(told.code!, /for \(let i0 = 0; i0 < 9; i0\+\+\)/);
  assert.ok(told.cost.code < told.cost.operations);
  const reads = explain(({ a }) => a.sub(a.dataSync()[0]!).square(), { a: 1 });
  assert.match(reads.notCompiled!, /reads a value/);
  assert.equal(reads.code, undefined);
});
