import test from 'node:test';
import assert from 'node:assert/strict';
import { DescentError, DivergenceError, minimize, tf, type MinimizeOptions, type State } from 'descent-lab';
import { lbfgs } from '../lib/src/descent/minimisers/lbfgs';
import { float64, type Point } from '../lib/src/descent/minimisers/minimiser';
import { backSubstitute, factor, solveDamped } from '../lib/src/descent/minimisers/qr';
import { isOfSquares, methods, scipy, solveInDoubles, solveInTensors } from './support/minimiser-problems';

type Keep = (state: State<typeof start>) => typeof start;
type XY = { x: tf.Tensor; y: tf.Tensor };
const rosenbrock = ({ x, y }: XY): tf.Tensor => tf.stack([y.sub(x.square()).mul(10), tf.sub(1, x)]);
const valley = (v: XY): tf.Tensor => rosenbrock(v).square().sum();
const start = { x: -1.2, y: 1 };
type Options = MinimizeOptions<typeof start, Keep>;
/** The options for each method, on the same sum of squares. */
const byMethod = (method: (typeof methods)[number]): Options =>
  method === 'lbfgs' || method === 'newton-cg'
    ? { method, loss: valley, variables: start }
    : { method, residuals: rosenbrock, variables: start };

/** Runs `body` and checks that it leaves as many tensors as it found, whether it succeeds or not. */
async function leakless(body: () => Promise<unknown>): Promise<void> {
  const before = tf.memory().numTensors;
  await body();
  assert.equal(tf.memory().numTensors, before, 'tensors were left behind');
}

/** Of the same order: at most twice as many and ten. */
const atMost = (ours: number, theirs: number | null, what: string): void => {
  if (theirs !== null) assert.ok(ours <= 2 * theirs + 10, `${what}: ${ours} where SciPy takes ${theirs}`);
};

for (const method of methods) {
  test(`${method} comes to SciPy's minima at SciPy's cost, in float32 and in doubles`, async () => {
    let count = 0;
    for (const each of scipy.cases) {
      const what = `${each.problem} from ${each.start.slice(0, 2).join()}`;
      const theirs = each[method] ?? each[isOfSquares(method) ? 'levenberg-marquardt' : 'lbfgs'];
      if (!theirs) continue;
      const tensors = (await solveInTensors(each, method))!;
      assert.ok(tensors.converged, `${what}: ${tensors.reason}`);
      const found = methods.flatMap((other) => each[other] ?? []);
      const least = found.reduce((best, other) => (other.minimum < best.minimum ? other : best));
      assert.ok(Math.abs(tensors.loss.at(-1)! - least.minimum) < 1e-6, `${what}: ${tensors.loss.at(-1)}`);
      const doubles = solveInDoubles(each, method)!;
      assert.ok(doubles.converged, `${what}: ${doubles.reason}`);
      assert.ok(Math.abs(doubles.minimum - least.minimum) < 1e-14, `${what}: ${doubles.minimum}`);
      doubles.x.forEach((value, i) => assert.ok(Math.abs(value - least.x[i]!) < 1e-6, `${what}: x[${i}] ${value}`));
      for (const { iterations, evaluations } of [tensors, doubles]) {
        atMost(iterations, theirs.iterations, `${what}, iterations`);
        atMost(evaluations, theirs.evaluations, `${what}, evaluations`);
      }
      count++;
    }
    assert.equal(count, isOfSquares(method) ? 6 : 8);
  });

  test(`${method} gives a trajectory, stops when told, and leaves no tensor`, async () => {
    await leakless(async () => {
      const run = await minimize({ ...byMethod(method), every: 3 });
      assert.ok(run.converged, run.reason);
      assert.equal(run.loss.length, run.iterations + 1);
      assert.ok(Math.abs(run.loss[0]! - 24.2) < 1e-5, String(run.loss[0]));
      assert.deepEqual(run.recorded.slice(0, 2), [0, 3]);
      assert.equal(run.recorded.at(-1), run.iterations);
      assert.deepEqual(run.records.at(-1), run.final);
      assert.ok(Math.hypot(run.final.x - 1, run.final.y - 1) < 1e-3);
      assert.ok(run.evaluations > run.iterations && run.gradients > run.iterations);
      assert.equal(run.products !== undefined, method === 'newton-cg');
    });
    await leakless(async () => {
      const few = await minimize({ ...byMethod(method), iterations: 2 });
      assert.deepEqual([few.iterations, few.converged, few.loss.length], [2, false, 3]);
      assert.match(few.reason, /^it did not converge in 2 iterations$/);
      const none = await minimize({ ...byMethod(method), iterations: 0 });
      assert.deepEqual([none.iterations, none.records.length], [0, 1]);
      assert.ok(Math.abs(none.final.x + 1.2) < 1e-6);
    });
    await leakless(async () => {
      const seen: number[] = [];
      const run = await minimize({
        ...byMethod(method),
        onIteration: ({ iteration, variables, gradients, loss }) => {
          seen.push(iteration);
          const [x, y] = [variables.x.dataSync()[0]!, variables.y.dataSync()[0]!];
          assert.ok(Math.abs(loss - (100 * (y - x * x) ** 2 + (1 - x) ** 2)) < 1e-4 * Math.max(1, loss));
          const slope = 200 * (y - x * x);
          assert.ok(Math.abs(gradients!.y.dataSync()[0]! - slope) < 1e-3 * Math.max(1, Math.abs(slope)));
          return iteration < 2;
        },
      });
      assert.deepEqual([seen, run.stopped, run.iterations, run.converged], [[0, 1, 2], 'callback', 2, false]);
    });
    await leakless(async () => {
      const controller = new AbortController();
      const onIteration = ({ iteration }: { iteration: number }): void => {
        if (iteration === 1) controller.abort();
      };
      const run = await minimize({ ...byMethod(method), signal: controller.signal, onIteration });
      assert.deepEqual([run.stopped, run.iterations, run.converged], ['aborted', 1, false]);
      const at = await minimize({ ...byMethod(method), signal: AbortSignal.abort() });
      assert.deepEqual([at.stopped, at.iterations, at.records.length], ['aborted', 0, 1]);
    });
  });

  test(`${method} stays where the start is the minimum, and where the loss is flat`, async () => {
    await leakless(async () => {
      const run = await minimize({ ...byMethod(method), variables: { x: 1, y: 1 } });
      assert.deepEqual([run.iterations, run.converged, run.final], [0, true, { x: 1, y: 1 }]);
      const flat = ({ x, y }: XY): tf.Tensor => x.add(y).mul(0).add(3).reshape([1]);
      const options: Options = isOfSquares(method)
        ? { method: method as 'gauss-newton', residuals: flat, variables: start }
        : { method: method as 'lbfgs', loss: (v) => flat(v).asScalar(), variables: start };
      const still = await minimize(options);
      assert.deepEqual([still.iterations, still.converged], [0, true]);
    });
  });

  test(`${method} ends where float32 tells no lower loss, though asked for more`, async () => {
    await leakless(async () => {
      const towards = ({ x, y }: XY): tf.Tensor => tf.stack([x.sub(0.1), y.sub(0.3), x.add(y).sub(5)]);
      const options: Options = isOfSquares(method)
        ? { method: method as 'gauss-newton', residuals: towards, variables: start }
        : { method: method as 'lbfgs', loss: (v) => towards(v).square().sum(), variables: start };
      const run = await minimize({ ...options, tolerance: 0 });
      assert.ok(run.converged && run.iterations < 40, `${run.reason} ${run.iterations}`);
      assert.match(run.reason, /as low as float32 can tell|the gradient is 0/);
      assert.ok(Math.abs(run.loss.at(-1)! - 4.6 ** 2 / 3) < 1e-5);
    });
  });
}

test('the log of a place outside is too far, not the end', async () => {
  // The minimum of x - log(x) is at 1; a whole first step from 0.01 lands far beyond, one from 6 below 0.
  const loss = ({ x }: { x: tf.Tensor }): tf.Tensor => x.sub(x.log()).sum();
  for (const method of ['lbfgs', 'newton-cg'] as const) {
    for (const x of [0.01, 6]) {
      await leakless(async () => {
        const run = await minimize({ method, loss, variables: { x } });
        assert.ok(run.converged && Math.abs(run.final.x - 1) < 1e-3, `${method} ${x}: ${run.final.x}, ${run.reason}`);
        assert.ok(run.loss.every(Number.isFinite));
      });
    }
  }
  const residuals = ({ x }: { x: tf.Tensor }): tf.Tensor => x.log().sub(-3).reshape([1]);
  for (const method of ['levenberg-marquardt', 'gauss-newton'] as const) {
    await leakless(async () => {
      const run = await minimize({ method, residuals, variables: { x: 5 } });
      assert.ok(run.converged && Math.abs(run.final.x - Math.exp(-3)) < 1e-6, `${method}: ${run.final.x}`);
      if (method === 'gauss-newton') assert.ok(run.evaluations > run.iterations + 1, 'a step was refused');
    });
  }
});

test('newton-cg leaves a place where the loss curves down', async () => {
  // x^2 - y^2 + y^4 / 4 curves down in y below 0.8; its minima are at y = -sqrt(2) and sqrt(2), where it is -1.
  const loss = ({ x, y }: XY): tf.Tensor => x.square().sub(y.square()).add(y.square().square().div(4)).sum();
  await leakless(async () => {
    for (const variables of [
      { x: 1, y: 0.001 },
      { x: 0, y: -0.01 },
    ]) {
      const run = await minimize({ method: 'newton-cg', loss, variables });
      assert.ok(run.converged && Math.abs(run.loss.at(-1)! + 1) < 1e-6, `${run.loss.at(-1)}: ${run.reason}`);
      assert.ok(Math.abs(Math.abs(run.final.y) - Math.SQRT2) < 1e-3);
    }
    // Newton's own step from here goes down, but in y back towards the saddle at 0.
    const run = await minimize({ method: 'newton-cg', loss, variables: { x: 1, y: 0.5 } });
    assert.ok(run.records[1]!.y > 0.5 && Math.abs(run.final.y - Math.SQRT2) < 1e-3, JSON.stringify(run.records));
  });
});

test('the unit of the loss does not matter, and a loss that falls without end has no minimum', async () => {
  for (const method of ['lbfgs', 'newton-cg'] as const) {
    for (const unit of [1e-20, 1, 1e20]) {
      const loss = ({ x }: { x: tf.Tensor }): tf.Tensor => x.sub([1, 2]).square().sum().mul(unit);
      const run = await minimize({ method, loss, variables: { x: [3, -2] } });
      assert.ok(run.converged, `${method} ${unit}: ${run.reason}`);
      run.final.x.forEach((value, i) => assert.ok(Math.abs(value - i - 1) < 1e-4, `${method} ${unit}: ${value}`));
    }
    for (const loss of [({ x }: { x: tf.Tensor }) => x.neg().sum(), ({ x }: { x: tf.Tensor }) => x.exp().neg().sum()]) {
      await leakless(async () => {
        const run = await minimize({ method, loss, variables: { x: 1 } });
        assert.equal(run.converged, false, run.reason);
      });
    }
  }
});

test('variables of any shape come back nested as they were given, tensors stay the caller’s', async () => {
  const target = tf.tensor2d([
    [1, 2],
    [3, 4],
  ]);
  const given = tf.tensor1d([5, 6, 7]);
  await leakless(async () => {
    for (const method of ['lbfgs', 'newton-cg'] as const) {
      const loss = ({ a, b, c }: { a: tf.Tensor; b: tf.Tensor; c: tf.Tensor }): tf.Tensor =>
        a.sub(7).square().add(b.sub(target).square().sum()).add(c.square().sum());
      const b = [
        [0, 0],
        [0, 0],
      ];
      const { final } = await minimize({ method, loss, variables: { a: 0, b, c: given } });
      assert.ok(Math.abs(final.a - 7) < 1e-4);
      final.b.flat().forEach((value, i) => assert.ok(Math.abs(value - i - 1) < 1e-4));
      assert.equal(final.c.length, 3);
    }
  });
  assert.deepEqual(given.arraySync(), [5, 6, 7]);
  tf.dispose([target, given]);
});

test('more unknowns than residuals, and columns that are alike, still have a least sum of squares', async () => {
  const residuals = ({ x, y }: XY): tf.Tensor => x.add(y).sub(3).reshape([1]);
  for (const method of ['levenberg-marquardt', 'gauss-newton'] as const) {
    const run = await minimize({ method, residuals, variables: { x: 0, y: 0 } });
    assert.ok(run.converged && run.loss.at(-1)! < 1e-10, `${method}: ${run.loss.at(-1)}, ${run.reason}`);
  }
});

test('record false keeps the losses alone', async () => {
  const run = await minimize({ method: 'lbfgs', loss: valley, variables: start, record: false });
  assert.ok(!('records' in run) && !('final' in run) && run.loss.length > 10);
});

test('what is no loss, and what does not depend on a variable, is told as descend tells it; nothing leaks', async () => {
  const x = [1, 2];
  const cases: [object, RegExp][] = [
    [
      { method: 'lbfgs', loss: (v: XY) => v.x.square(), variables: { x } },
      /^the loss must be a scalar;.*\[2\] \(end it/,
    ],
    [{ method: 'newton-cg', loss: () => 7, variables: { x } }, /^the loss must return a scalar tensor;.* returned 7$/],
    [{ method: 'lbfgs', loss: (v: XY) => v.x.sum(), variables: { x, y: 1 } }, /^no gradient reaches the variable 'y'/],
    [{ method: 'gauss-newton', residuals: (v: XY) => v.x, variables: { x, y: 1 } }, /^no gradient reaches .* 'y'/],
    [{ method: 'gauss-newton', residuals: () => [1], variables: { x } }, /^the residuals must be a tensor .* not 1 /],
    [
      { method: 'lbfgs', loss: (v: XY) => v.x.sum(), variables: { x, y: [[1], [1, 2]] } },
      /^the start of 'y' is ragged/,
    ],
    [{ method: 'lbfgs', loss: () => tf.scalar(1), variables: {} }, /^there are no variables to move$/],
    [
      { method: 'magic', loss: (v: XY) => v.x.sum(), variables: { x } },
      /^unknown method 'magic'; known: lbfgs, newton-cg, /,
    ],
    [{ method: 'lbfgs', residuals: (v: XY) => v.x, variables: { x } }, /^the method 'lbfgs' needs loss: a function/],
    [
      { method: 'gauss-newton', loss: valley, variables: { x } },
      /^the method 'gauss-newton' needs residuals: a function/,
    ],
    [{ ...byMethod('lbfgs'), iterations: 1.5 }, /^iterations must be an integer of 0 or more, not 1.5$/],
    [{ ...byMethod('lbfgs'), every: 0 }, /^every must be a positive integer, not 0$/],
    [{ ...byMethod('lbfgs'), tolerance: NaN }, /^tolerance must be a number from 0 to below 1, not NaN$/],
  ];
  for (const [options, message] of cases) {
    await leakless(() => assert.rejects(minimize(options as MinimizeOptions<XY>), { name: 'DescentError', message }));
  }
});

test('a start that is not finite is a divergence that names what is not', async () => {
  const cases: [MinimizeOptions<{ x: number; y: number }>, RegExp][] = [
    [
      { method: 'lbfgs', loss: ({ x, y }) => x.log().add(y), variables: start },
      /^the loss is NaN at iteration 0: log\(-1.2\) is NaN: keep/,
    ],
    [
      { method: 'newton-cg', loss: ({ x, y }) => x.square().add(y.sqrt()), variables: { x: 1, y: 0 } },
      /^the gradient with respect to 'y' is not finite at iteration 0/,
    ],
    [
      { method: 'levenberg-marquardt', residuals: ({ x, y }) => x.log().add(y), variables: start },
      /^the loss is NaN at iteration 0/,
    ],
    [
      { method: 'gauss-newton', residuals: ({ x, y }) => x.add(y.sqrt()), variables: { x: 1, y: 0 } },
      /^the gradient with respect to 'y' is not finite/,
    ],
  ];
  for (const [options, message] of cases) {
    await leakless(() =>
      assert.rejects(minimize(options), (error: DivergenceError) => {
        assert.ok(error instanceof DivergenceError && error instanceof DescentError);
        assert.match(error.message, message);
        assert.equal(error.iteration, 0);
        return true;
      }),
    );
  }
});

test("an error of the reader's own passes through and leaves no tensor, at the start and at a later point", async () => {
  const mistake = new Error('mine');
  for (const at of [0, 3, 7]) {
    for (const method of methods) {
      let calls = 0;
      const check = (v: XY): tf.Tensor => {
        const half = rosenbrock(v).exp();
        if (calls++ === at) throw mistake;
        return half.log();
      };
      const options: Options = isOfSquares(method)
        ? { method: method as 'gauss-newton', residuals: check, variables: { x: 0.5, y: 0.5 }, compile: false }
        : {
            method: method as 'lbfgs',
            loss: (v) => check(v).square().sum(),
            variables: { x: 0.5, y: 0.5 },
            compile: false,
          }; // what counts its calls is none of the variables alone
      await leakless(() => assert.rejects(minimize(options), (error) => error === mistake));
    }
  }
});

test('a gradient that is wrong is not called converged', () => {
  const evaluate = (x: Float64Array): Point => ({ x, value: (x[0]! - 3) ** 2, gradient: Float64Array.of(3 - x[0]!) });
  const run = lbfgs(evaluate, Float64Array.of(10), 1e-8, float64);
  let next = run.next();
  while (!next.done) next = run.next();
  assert.equal(next.value.converged, false);
  assert.match(next.value.reason, /the loss has an edge here, or a wrong gradient$/);
});

test('QR with pivots: R P^T has the Gram matrix of A, least squares are solved, the rank is seen', () => {
  const a = [
    [1, 2, 3, 4],
    [2, -1, 0.5, 1],
    [4, 3, 6.5, 9], // the sum of twice the first and ... of none: full rank but for the next line
  ].map((column) => Float64Array.from(column));
  a[2] = a[0]!.map((value, i) => 2 * value + a[1]![i]!);
  const b = Float64Array.of(1, -2, 0.5, 3);
  const { r, pivots, rank, rotated } = factor(a, b, float64.epsilon);
  assert.equal(rank, 2);
  const inner = (u: Float64Array, v: Float64Array): number => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  pivots.forEach((p, i) =>
    pivots.forEach((q, j) => assert.ok(Math.abs(inner(r[i]!, r[j]!) - inner(a[p]!, a[q]!)) < 1e-12)),
  );
  const z = backSubstitute(r, rotated, rank);
  const rest = b.map((value, i) => value - pivots.reduce((sum, p, k) => sum + a[p]![i]! * z[k]!, 0));
  a.forEach((column) => assert.ok(Math.abs(inner(column, rest)) < 1e-12, 'what is left is orthogonal'));
  // |R z - c|^2 + |W z|^2 is least where R^T (R z - c) + W^2 z = 0
  const weights = Float64Array.of(0.5, 1, 2);
  const y = solveDamped(r, rotated, weights, float64.epsilon);
  const left = rotated.map((value, i) => r.reduce((sum, column, j) => sum + column[i]! * y[j]!, 0) - value);
  r.forEach((column, j) => assert.ok(Math.abs(inner(column, left) + weights[j]! ** 2 * y[j]!) < 1e-12));
});
