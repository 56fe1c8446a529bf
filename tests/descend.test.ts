import test from 'node:test';
import assert from 'node:assert/strict';
import { DescentError, DivergenceError, descend, tf, type UpdateRule } from 'descent-lab';

/** f(x) = (x - 3)^2 and plain descent: x_k - 3 = (x_0 - 3) (1 - 2 rate)^k. */
const bowl = ({ x }: { x: tf.Tensor }): tf.Tensor => x.sub(3).square();
const closedForm = (start: number, rate: number, k: number): number => 3 + (start - 3) * (1 - 2 * rate) ** k;
const sgd =
  (rate: number): UpdateRule =>
  (value, gradient) =>
    value.sub(gradient.mul(rate));

const near = (actual: number, expected: number, tolerance = 1e-5): void => {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not near ${expected}`,
  );
};

/** Runs `body` and checks that it leaves as many tensors as it found, whether it succeeds or not. */
async function leakless(body: () => Promise<unknown>): Promise<void> {
  const before = tf.memory().numTensors;
  await body();
  assert.equal(tf.memory().numTensors, before, 'tensors were left behind');
}

test("plain descent on a parabola follows its closed form, by hand and with TensorFlow's optimiser", async () => {
  for (const optimizer of [sgd(0.1), tf.train.sgd(0.1)]) {
    const run = await descend({ loss: bowl, variables: { x: 8 }, optimizer, iterations: 20 });
    assert.equal(run.iterations, 20);
    assert.equal(run.loss.length, 21); // one for each state, the start included
    assert.deepEqual(
      run.recorded,
      Array.from({ length: 21 }, (_, k) => k),
    );
    for (let k = 0; k <= 20; k++) {
      near(run.records[k]!.x, closedForm(8, 0.1, k));
      near(run.loss[k]!, (closedForm(8, 0.1, k) - 3) ** 2);
    }
    assert.equal(run.final.x, run.records[20]!.x);
    assert.equal(run.stopped, undefined);
  }
});

test('momentum on a parabola follows its recurrence', async () => {
  const run = await descend({
    loss: bowl,
    variables: { x: 8 },
    optimizer: tf.train.momentum(0.02, 0.9),
    iterations: 30,
  });
  let [x, velocity] = [8, 0];
  for (let k = 0; k <= 30; k++) {
    near(run.records[k]!.x, x, 1e-4);
    velocity = 0.9 * velocity + 2 * (x - 3);
    x -= 0.02 * velocity;
  }
});

test('variables of any shape, from numbers, nested arrays and tensors, come back nested in the same way', async () => {
  const before = tf.memory().numTensors;
  const given = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const run = await descend({
    loss: ({ a, b, c }) => a.square().add(b.square().sum()).add(c.square().sum()),
    variables: { a: 1, b: [1, -1], c: given },
    optimizer: sgd(0.25),
    iterations: 1,
  });
  assert.deepEqual(run.final, {
    a: 0.5,
    b: [0.5, -0.5],
    c: [
      [0.5, 1],
      [1.5, 2],
    ],
  });
  assert.deepEqual(given.arraySync(), [
    [1, 2],
    [3, 4],
  ]); // the caller's, neither changed nor disposed
  given.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('zero iterations evaluate the start and change nothing', async () => {
  const run = await descend({ loss: bowl, variables: { x: 5 }, optimizer: sgd(1), iterations: 0 });
  assert.deepEqual(run, {
    iterations: 0,
    loss: [4],
    compiled: false,
    records: [{ x: 5 }],
    recorded: [0],
    final: { x: 5 },
  });
});

test('records every so many iterations, and the last state always', async () => {
  const run = await descend({
    loss: bowl,
    variables: { x: 8 },
    optimizer: sgd(0.1),
    iterations: 7,
    every: 3,
    record: ({ iteration }) => iteration * 10,
  });
  assert.deepEqual(run.recorded, [0, 3, 6, 7]);
  assert.deepEqual(run.records, [0, 30, 60, 70]);
  assert.equal(run.loss.length, 8);
});

test('the callback sees loss, variables and gradients of each state; at the last there is no gradient', async () => {
  const seen: [number, number, number, number | undefined][] = [];
  await descend({
    loss: bowl,
    variables: { x: 4 },
    optimizer: sgd(0.5),
    iterations: 1,
    onIteration: (state) => {
      seen.push([state.iteration, state.loss, state.variables.x.dataSync()[0]!, state.gradients?.x.dataSync()[0]]);
    },
  });
  assert.deepEqual(seen, [
    [0, 1, 4, 2],
    [1, 0, 3, undefined],
  ]);
});

test('the callback ends the run with false, at that state', async () => {
  await leakless(async () => {
    const run = await descend({
      loss: bowl,
      variables: { x: 8 },
      optimizer: tf.train.adam(0.1),
      iterations: 100,
      every: 50,
      onIteration: ({ iteration }) => iteration < 4,
    });
    assert.deepEqual([run.iterations, run.stopped, run.loss.length, run.recorded], [4, 'callback', 5, [0, 4]]);
    assert.equal(run.final.x, run.records[1]!.x);
  });
});

test('an update by hand is told the variable and the iteration; the loss is told the iteration', async () => {
  const steps: string[] = [];
  const iterations: number[] = [];
  await descend({
    loss: ({ x, y }, iteration) => {
      iterations.push(iteration);
      return x.add(y);
    },
    variables: { x: 0, y: 0 },
    iterations: 2,
    optimizer: (value, gradient, { name, iteration }) => {
      steps.push(`${name}${iteration}`);
      return value.sub(gradient);
    },
  });
  assert.deepEqual(steps, ['x0', 'y0', 'x1', 'y1']);
  assert.deepEqual(iterations, [0, 1, 2]);
});

test('constrain is applied after each update, by name', async () => {
  const run = await descend({
    loss: ({ x, y }) => x.add(y),
    variables: { x: 1, y: 1 },
    optimizer: sgd(1),
    iterations: 3,
    constrain: (value, name) => (name === 'x' ? value.maximum(-0.5) : value),
  });
  assert.deepEqual(run.final, { x: -0.5, y: -2 });
});

test('divergence is caught, names the iteration and keeps the trajectory', async () => {
  await leakless(async () => {
    // Rate 5 on a parabola multiplies the distance by -9: 81^k exceeds float32's 3.4e38 at k = 21.
    const descent = descend({ loss: bowl, variables: { x: 4 }, optimizer: tf.train.sgd(5), iterations: 50 });
    await assert.rejects(descent, (error: DivergenceError<{ x: number }, { x: number }>) => {
      assert.ok(error instanceof DivergenceError && error instanceof DescentError);
      assert.equal(error.iteration, 21);
      assert.match(
        error.message,
        /^the loss is Infinity at iteration 21: the descent diverged; a smaller learning rate/,
      );
      assert.equal(error.trajectory.loss.length, 21);
      assert.equal(error.trajectory.iterations, 20);
      assert.ok(error.trajectory.loss.every(Number.isFinite));
      near(error.trajectory.records[20]!.x, 3 + 9 ** 20);
      return true;
    });
  });
});

test('a loss that is NaN is caught at its iteration, the last one too', async () => {
  for (const at of [0, 2, 3]) {
    const loss = ({ x }: { x: tf.Tensor }, iteration: number): tf.Tensor =>
      iteration === at ? x.mul(NaN) : x.square();
    await leakless(() =>
      assert.rejects(descend({ loss, variables: { x: 1 }, optimizer: sgd(0.1), iterations: 3 }), {
        name: 'DivergenceError',
        message: new RegExp(`^the loss is NaN at iteration ${at}:`),
        iteration: at,
      }),
    );
  }
});

test("a gradient that is not finite is caught, with the variable's name, in small and in large variables", async () => {
  for (const size of [3, 20_000]) {
    // above 10,000 elements TensorFlow looks for them
    const zeros = Array.from({ length: size }, () => 0);
    // d sqrt(y) / dy is infinite at y = 0, where the loss is finite
    await leakless(() =>
      assert.rejects(
        descend({
          loss: ({ x, y }) => x.square().sum().add(y.sqrt().sum()),
          variables: { x: zeros, y: zeros },
          optimizer: tf.train.sgd(0.1),
          iterations: 3,
        }),
        {
          name: 'DivergenceError',
          iteration: 0,
          message: /^the gradient with respect to 'y' is not finite at iteration 0: /,
        },
      ),
    );
  }
});

test('a loss that is no scalar, or no tensor, is named with its shape and iteration', async () => {
  const run = (loss: unknown): Promise<unknown> =>
    descend({ loss: loss as () => tf.Tensor, variables: { x: [1, 2] }, optimizer: tf.train.sgd(0.1), iterations: 3 });
  await leakless(() =>
    assert.rejects(
      run(({ x }: { x: tf.Tensor }) => x.square()),
      { name: 'DescentError', message: /must be a scalar; at iteration 0 its shape is \[2\] \(end it with/ },
    ),
  );
  await leakless(() =>
    assert.rejects(
      run(() => 7),
      { name: 'DescentError', message: /must return a scalar tensor; at iteration 0 it returned 7/ },
    ),
  );
  await leakless(() =>
    assert.rejects(
      run(({ x }: { x: tf.Tensor }, iteration: number) => (iteration < 2 ? x.sum() : x)),
      { message: /at iteration 2 its shape is \[2\]/ },
    ),
  );
});

test('a variable that gets no gradient is named with the iteration, alone and among others', async () => {
  for (const variables of [{ x: 1, unused: 1 }, { unused: 1 }] as { x: number; unused: number }[]) {
    await leakless(() =>
      assert.rejects(
        descend({
          loss: ({ x }) => x?.square() ?? tf.scalar(1),
          variables,
          optimizer: tf.train.sgd(0.1),
          iterations: 3,
        }),
        {
          name: 'DescentError',
          message: /^no gradient reaches the variable 'unused' at iteration 0: the loss does not depend/,
        },
      ),
    );
  }
  await leakless(() =>
    assert.rejects(
      descend({
        variables: { x: 1, late: 1 },
        optimizer: sgd(0.1),
        iterations: 3,
        loss: ({ x, late }, iteration) => (iteration < 2 ? x.add(late) : x),
      }),
      { message: /'late' at iteration 2:/ },
    ),
  );
});

test("an error of the reader's own passes through unchanged and leaves no tensor, at any point of the loss", async () => {
  for (const at of [0, 1]) {
    const mistake = new Error('mine');
    const loss = ({ x }: { x: tf.Tensor }, iteration: number): tf.Tensor => {
      const half = x.square().sum().exp();
      if (iteration === at) throw mistake;
      return half;
    };
    await leakless(() =>
      assert.rejects(
        descend({ loss, variables: { x: [0.1, 0.2] }, optimizer: tf.train.adam(0.1), iterations: 3 }),
        (error) => error === mistake,
      ),
    );
  }
  // and the next run is as good as new
  const run = await descend({ loss: bowl, variables: { x: 8 }, optimizer: sgd(0.1), iterations: 5 });
  near(run.final.x, closedForm(8, 0.1, 5));
});

test('iterations and every must be whole numbers', async () => {
  const run = (iterations: number, every = 1): Promise<unknown> =>
    descend({ loss: bowl, variables: { x: 0 }, optimizer: sgd(0.1), iterations, every });
  for (const bad of [-1, 1.5, NaN, Infinity])
    await assert.rejects(run(bad), /iterations must be an integer of 0 or more/);
  for (const bad of [0, 2.5, -1]) await assert.rejects(run(1, bad), /every must be a positive integer/);
});

test('no optimiser leaves a tensor behind, and none can be used twice', async () => {
  const makers = [
    () => tf.train.sgd(0.1),
    () => tf.train.momentum(0.1, 0.9),
    () => tf.train.adagrad(0.1),
    () => tf.train.rmsprop(0.1),
    () => tf.train.adam(0.1),
    () => tf.train.adamax(0.1),
  ];
  for (const make of makers) {
    await leakless(async () => {
      const optimizer = make();
      const run = (): Promise<unknown> => descend({ loss: bowl, variables: { x: 8 }, optimizer, iterations: 3 });
      await run();
      await assert.rejects(run(), {
        name: 'DescentError',
        message: /used by an earlier run.*make a new one for each run/,
      });
    });
  }
});

test('an AbortSignal ends the run and keeps the trajectory', async () => {
  await leakless(async () => {
    const controller = new AbortController();
    const run = await descend({
      loss: bowl,
      variables: { x: 8 },
      optimizer: sgd(0.01),
      iterations: 1e9,
      every: 2,
      signal: controller.signal,
      onIteration: ({ iteration }) => {
        if (iteration === 6) controller.abort();
      },
    });
    assert.deepEqual([run.stopped, run.iterations, run.loss.length], ['aborted', 7, 8]);
    assert.deepEqual(run.recorded, [0, 2, 4, 6, 7]);
    near(run.final.x, closedForm(8, 0.01, 7));
  });
});

test('a signal aborted before, or from a timer while the loop runs, is seen', async () => {
  const before = await descend({
    loss: bowl,
    variables: { x: 8 },
    optimizer: sgd(0.1),
    iterations: 100,
    signal: AbortSignal.abort(),
  });
  assert.deepEqual([before.stopped, before.iterations, before.records], ['aborted', 0, [{ x: 8 }]]);
  const timer = await descend({
    loss: bowl,
    variables: { x: 8 },
    optimizer: sgd(1e-9),
    iterations: 1e9,
    signal: AbortSignal.timeout(120),
  });
  assert.equal(timer.stopped, 'aborted');
  assert.equal(timer.loss.length, timer.iterations + 1);
});

test('SIGINT ends the run, keeps the trajectory, and does afterwards what it did before', async () => {
  const listeners = process.listenerCount('SIGINT');
  const timer = setTimeout(() => process.kill(process.pid, 'SIGINT'), 120);
  await leakless(async () => {
    const run = await descend({ loss: bowl, variables: { x: 8 }, optimizer: tf.train.adam(1e-6), iterations: 1e9 });
    assert.equal(run.stopped, 'interrupted');
    assert.ok(run.iterations > 0 && run.loss.length === run.iterations + 1);
  });
  clearTimeout(timer);
  assert.equal(process.listenerCount('SIGINT'), listeners);
});

test('two runs at a time do not disturb each other', async () => {
  const run = (rate: number): Promise<{ final: { x: number } }> =>
    descend({ loss: bowl, variables: { x: 8 }, optimizer: tf.train.sgd(rate), iterations: 2000 });
  const [a, b] = await Promise.all([run(0.0001), run(0.0002)]);
  near(a.final.x, closedForm(8, 0.0001, 2000), 1e-3);
  near(b.final.x, closedForm(8, 0.0002, 2000), 1e-3);
});

test('without records the losses alone are left', async () => {
  const run = await descend({
    loss: ({ x }) => x.square(),
    variables: { x: 2 },
    optimizer: (x, slope) => x.sub(slope.mul(0.25)),
    iterations: 1,
    record: false,
  });
  // @ts-expect-error -- the type says so too
  assert.equal(run.final, undefined);
  assert.deepEqual(run, {
    iterations: 1,
    loss: [4, 1],
    compiled: false,
    notCompiled: 'compiling it would take longer than its 1 iterations',
  });
});
