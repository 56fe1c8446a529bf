import assert from 'node:assert/strict';
import test from 'node:test';
import { constantSchedule, scheduleFrom } from '../lib/src/optimizers/schedules';
import {
  cosineSchedule,
  createOptimizer,
  exponentialSchedule,
  optimizerNames,
  stepSchedule,
  warmupSchedule,
  type Schedule,
} from '../lib/src/optimizers';
import { descend, tf } from 'descent-lab';

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

test('hand-computed rates', () => {
  near(constantSchedule(0.3)(1000), 0.3);
  const decay = { initialLearningRate: 0.01, decayRate: 0.995, decaySteps: 100 };
  near(stepSchedule(decay)(99), 0.01);
  near(stepSchedule(decay)(100), 0.01 * 0.995);
  near(stepSchedule(decay)(250), 0.01 * 0.995 ** 2);
  near(exponentialSchedule(decay)(50), 0.01 * Math.sqrt(0.995));
  const cosine = cosineSchedule({ initialLearningRate: 2, decaySteps: 10, alpha: 0.1 });
  near(cosine(0), 2);
  near(cosine(5), 1.1); // half-way between 2 and 0.2
  near(cosine(10), 0.2);
  near(cosine(99), 0.2);
  const halves = stepSchedule({ initialLearningRate: 1, decayRate: 0.5, decaySteps: 2 });
  const warm = warmupSchedule({ warmupSteps: 4, after: halves });
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(warm), [0.25, 0.5, 0.75, 1, 1, 1, 0.5]);
});

test('a schedule is made again from its description', () => {
  const all: Schedule[] = [
    constantSchedule(0.2),
    exponentialSchedule({ initialLearningRate: 1, decayRate: 0.9, decaySteps: 3 }),
    stepSchedule({ initialLearningRate: 1, decayRate: 0.9, decaySteps: 3 }),
    cosineSchedule({ initialLearningRate: 1, decaySteps: 7 }),
    warmupSchedule({ warmupSteps: 3, after: cosineSchedule({ initialLearningRate: 1, decaySteps: 7 }) }),
  ];
  for (const schedule of all) {
    const again = scheduleFrom(JSON.parse(JSON.stringify(schedule.config)) as NonNullable<Schedule['config']>);
    for (let step = 0; step < 12; step++) near(again(step), schedule(step));
  }
  assert.throws(() => scheduleFrom({ name: 'stairs' }), /unknown schedule 'stairs'; known: constant, exp/);
});

test('steps must be positive integers', () => {
  assert.throws(
    () => stepSchedule({ initialLearningRate: 1, decayRate: 0.5, decaySteps: 0 }),
    /decaySteps must be a positive integer, not 0/,
  );
  assert.throws(() => warmupSchedule({ warmupSteps: 1.5, after: 1 }), /warmupSteps must be a positive int/);
});

for (const name of optimizerNames) {
  test(`${name} follows a schedule`, async () => {
    const before = tf.memory().numTensors;
    const way = async (learningRate: number | Schedule, iterations: number, from = 5): Promise<number[]> => {
      const { records } = await descend({
        loss: ({ x }) => x.square(),
        variables: { x: from },
        iterations,
        optimizer: createOptimizer(name, { learningRate }),
      });
      return records.map(({ x }) => x);
    };
    const constant = await way(0.1, 6);
    const stairs = await way((step) => (step < 3 ? 0.1 : 0.01), 6);
    const described = await way(constantSchedule(0.1), 6);
    described.forEach((x, k) => near32(x, constant[k]!));
    stairs.slice(0, 4).forEach((x, k) => near32(x, constant[k]!));
    assert.ok(Math.abs(stairs[4]! - constant[4]!) > 1e-4, `${stairs[4]} against ${constant[4]}`);
    assert.equal(tf.memory().numTensors, before);
  });
}

/** Equal but for float32's rounding: with a schedule, momentum is our chain instead of tfjs' own. */
function near32(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 2e-6 * Math.abs(expected), `${actual}, expected ${expected}`);
}

test("momentum keeps what rolls when the rate falls: Keras' meaning, not tfjs'", async () => {
  // loss 2x: g = 2 always. m1 = -0.2; then the rate is 0: m2 = 0.9 * -0.2, so x = 5 - 0.2 - 0.18.
  const { final } = await descend({
    loss: ({ x }) => x.mul(2),
    variables: { x: 5 },
    iterations: 2,
    optimizer: createOptimizer('momentum', { learningRate: (step) => (step === 0 ? 0.1 : 0) }),
  });
  near32(final.x, 4.62);
});

test('a rate that is not finite names the update', () => {
  const optimizer = createOptimizer('sgd', { learningRate: () => Number.NaN });
  assert.throws(() => optimizer.applyGradients({}), /sgd: the learning rate of update 1 is NaN/);
});

test('a function of your own cannot be saved', () => {
  assert.throws(() => createOptimizer('sgd', { learningRate: () => 1 }).getConfig(), /use one of the schedules/);
});
