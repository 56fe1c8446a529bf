import test from 'node:test';
import assert from 'node:assert/strict';
import { attack, DescentError, Random, tf, UnfinishedAttackError } from 'descent-lab';
import {
  attackNames,
  exampleOf,
  findAttack,
  lossAlong,
  throughFiles,
  type AttackName,
  type AdversarialExample,
} from '../lib/src/attacks';
import { logitMargin, probabilityMargin } from '../lib/src/losses';
import { measureChange } from '../lib/src/attacks/measure';
import { answersTo, classify, type Classifier } from '../lib/src/classifiers';
import { carryOn, type Momentum } from '../lib/src/attacks/momentum';
import { Random as SourceRandom } from '../lib/src/random';
import { anywhereInBall } from '../lib/src/attacks/steps';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const SIZE = { height: 8, width: 8, channels: 3 } as const;
const VALUES = 8 * 8 * 3;

/** A small network with random weights: a convolution, relu, and a dense layer; `sharpness` makes it surer. */
function randomClassifier(classes = ['cat', 'dog'], sharpness = 1): Classifier {
  const random = new Random(5);
  const draw = (count: number, size: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.normal(0, size));
  const filters = tf.tensor4d(draw(3 * 3 * 3 * 6, 0.3), [3, 3, 3, 6]);
  const weights = tf.tensor2d(draw(216 * classes.length, 0.2 * sharpness), [216, classes.length]);
  const logits = (images: tf.Tensor4D): tf.Tensor2D =>
    images.sub(0.5).conv2d<tf.Tensor4D>(filters, 1, 'valid').relu().reshape([-1, 216]).matMul(weights) as tf.Tensor2D;
  return {
    name: 'random',
    classes,
    input: SIZE,
    logits,
    probabilities: (images) => logits(images).softmax(),
    dispose: () => {
      tf.dispose([filters, weights]);
    },
  };
}

/** Pictures with values from 0.1 to 0.9, and some at both ends, where clipping bites. */
function pictures(count: number, seed = 1): tf.Tensor4D {
  const random = new Random(seed);
  const values = Float32Array.from({ length: count * VALUES }, (_, i) =>
    i % 7 === 0 ? i % 2 : random.uniform(0.1, 0.9),
  );
  return tf.tensor4d(values, [count, 8, 8, 3]);
}

const randoms = (count: number, seed = 100): Random[] => Array.from({ length: count }, (_, i) => new Random(seed + i));
const numbers = (examples: AdversarialExample[]) =>
  examples.map(({ label, success, steps, answers, pictures: made }) => ({
    label,
    success,
    steps,
    answers,
    pictures: made.map((picture) => Array.from(picture)),
  }));

test("the reference gives every attack's step as a formula", () => {
  const source = readFileSync(join(__dirname, '..', 'lib/src/attacks/table.ts'), 'utf8');
  const [list] = /(?: \*.*\n)+export const attackNames/.exec(source)!;
  for (const name of attackNames) {
    if (!findAttack(name).control)
      assert.ok(list.includes(`\`${name}\``), `${name} is not in the list above attackNames`);
  }
});

for (const name of attackNames) {
  test(`${name}: stays in its ball and in [0, 1], leaves the input alone, repeats for a seed, leaks nothing`, async () => {
    const classifier = randomClassifier();
    const images = pictures(4);
    const before = Array.from(images.dataSync());
    const { norm } = findAttack(name);
    const epsilon = norm === 'linf' ? 0.03 : 0.2;
    const tensors = tf.memory().numTensors;
    const run = () => attack(classifier, images, { attack: name, epsilon, randoms: randoms(4) });
    const examples = await run();
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(Array.from(images.dataSync()), before);
    assert.deepEqual(numbers(await run()), numbers(examples));
    examples.forEach(({ pictures: made, steps }, photo) => {
      assert.equal(made.length, steps.length);
      const original = before.slice(photo * VALUES, (photo + 1) * VALUES);
      assert.deepEqual(Array.from(made[0]!), original);
      for (const picture of made) {
        const change = Array.from(picture, (value, i) => Math.abs(value - original[i]!)).sort((a, b) => b - a);
        assert.ok((norm === 'linf' ? change[0]! : Math.hypot(...change)) <= epsilon + 1e-6);
        assert.ok(picture.every((value) => value >= 0 && value <= 1));
      }
      assert.ok(steps.at(-1)!.linf > 0);
    });
    tf.dispose(images);
    classifier.dispose();
  });

  test(`${name}: a photo alone becomes what it becomes in a batch`, async () => {
    const classifier = randomClassifier();
    const images = pictures(3, 8);
    for (const stopEarly of [false, true]) {
      const together = await attack(classifier, images, { attack: name, stopEarly, randoms: randoms(3) });
      for (let photo = 0; photo < 3; photo++) {
        const one = images.slice<tf.Tensor4D>([photo, 0, 0, 0], [1, 8, 8, 3]);
        const [alone] = await attack(classifier, one, { attack: name, stopEarly, randoms: [randoms(3)[photo]!] });
        assert.equal(alone!.steps.length, together[photo]!.steps.length);
        alone!.pictures.forEach((picture, step) =>
          picture.forEach((value, i) => assert.ok(Math.abs(value - together[photo]!.pictures[step]![i]!) < 1e-5)),
        );
        one.dispose();
      }
    }
    tf.dispose(images);
    classifier.dispose();
  });
}

test('every attack turns the photos of a network that noise of the same size does not turn', async () => {
  const classifier = randomClassifier();
  const images = pictures(16, 3);
  const flips = async (name: AttackName): Promise<number> => {
    const epsilon = findAttack(name).norm === 'linf' ? 0.06 : 0.06 * Math.sqrt(VALUES);
    return (await attack(classifier, images, { attack: name, epsilon, randoms: randoms(16) })).filter(
      ({ success }) => success,
    ).length;
  };
  for (const name of attackNames) {
    const success = await flips(name);
    if (findAttack(name).control) assert.ok(success <= 3, `${name}: ${success} successes`);
    else assert.ok(success >= 14, `${name}: ${success} successes`);
  }
  tf.dispose(images);
  classifier.dispose();
});

test('the steps tell what an independent measurement of the pictures tells', async () => {
  const classifier = randomClassifier(['cat', 'dog', 'fox']);
  const images = pictures(2);
  const original = await images.array();
  for (const name of ['article', 'pgd-l2', 'deepfool'] as const) {
    const examples = await attack(classifier, images, { attack: name, randoms: randoms(2) });
    examples.forEach(({ steps, answers, pictures: made }, photo) =>
      steps.forEach((step, k) => {
        assert.equal(step.step, k);
        const [probabilities, linf, l2, meanSquare] = tf.tidy(() => {
          const picture = tf.tensor4d(made[k]!, [1, 8, 8, 3]);
          const change = picture.sub(tf.tensor4d([original[photo]!]));
          return [
            classifier.probabilities(picture).dataSync(),
            change.abs().max().dataSync()[0]!,
            change.norm().dataSync()[0]!,
            change.square().mean().dataSync()[0]!,
          ] as const;
        }) as unknown as [Float32Array, number, number, number];
        assert.equal(step.label, classifier.classes[probabilities.indexOf(Math.max(...probabilities))]);
        assert.ok(Math.abs(step.probability - Math.max(...probabilities)) < 1e-5);
        answers[k]!.forEach((answer, i) => assert.ok(Math.abs(answer - probabilities[i]!) < 1e-5));
        assert.ok(Math.abs(step.linf - linf) < 1e-6 && Math.abs(step.l2 - l2) < 1e-5);
        assert.ok(k === 0 ? step.psnr === Infinity : Math.abs(step.psnr + 10 * Math.log10(meanSquare)) < 1e-3);
      }),
    );
  }
  tf.dispose(images);
  classifier.dispose();
});

test('measureChange: one value of four moved by 0.1 has mean square 0.0025, which is 26.02 dB', () => {
  const { linf, l2, psnr } = measureChange([0, 0.5, 0.5, 1], [0, 0.6, 0.5, 1]);
  assert.ok(Math.abs(linf - 0.1) < 1e-12 && Math.abs(l2 - 0.1) < 1e-12);
  assert.ok(Math.abs(psnr - 26.0206) < 1e-4);
  assert.equal(measureChange([0.2], [0.2]).psnr, Infinity);
});

test("the article's attack moves values by 4, 2, 0, -2 or -4 steps of 1/255 where nothing is clipped", async () => {
  const classifier = randomClassifier();
  const images = tf.tidy(() => pictures(2).mul<tf.Tensor4D>(0.5).add<tf.Tensor4D>(0.25));
  const original = images.dataSync();
  const examples = await attack(classifier, images);
  const moves = examples.flatMap(({ pictures: made }, photo) =>
    Array.from(made.at(-1)!, (value, i) => (value - original[photo * VALUES + i]!) * 255),
  );
  for (const move of moves)
    assert.ok(
      [-4, -2, 0, 2, 4].some((k) => Math.abs(move - k) < 1e-3),
      String(move),
    );
  assert.ok(moves.some((move) => move > 3.9) && moves.some((move) => move < -3.9));
  tf.dispose(images);
  classifier.dispose();
});

test('a target is what a photo ends in; one that is it already is not counted as success', async () => {
  const classifier = randomClassifier(['cat', 'dog', 'fox']);
  const images = pictures(12, 2);
  const examples = await attack(classifier, images, { target: 'fox', epsilon: 0.2, steps: 20 });
  assert.ok(examples.some(({ label }) => label === 'fox') && examples.some(({ label }) => label !== 'fox'));
  for (const { label, success, steps } of examples) {
    assert.equal(steps.at(-1)!.label, 'fox');
    assert.equal(success, label !== 'fox');
  }
  tf.dispose(images);
  classifier.dispose();
});

test('a photo that ends in a class other than the target is not counted as success', async () => {
  const classifier = randomClassifier(['cat', 'dog', 'fox']);
  const images = pictures(12, 2);
  const raisesDog = (logits: tf.Tensor2D): tf.Tensor1D => logits.slice([0, 1], [-1, 1]).reshape([-1]);
  const examples = await attack(classifier, images, { target: 'fox', loss: raisesDog, epsilon: 0.5, steps: 20 });
  assert.ok(examples.some(({ label, steps }) => label !== 'dog' && steps.at(-1)!.label === 'dog'));
  assert.ok(examples.every(({ success }) => !success));
  tf.dispose(images);
  classifier.dispose();
});

test('stopping early leaves each photo at the first step with success', async () => {
  const classifier = randomClassifier();
  const images = pictures(12, 4);
  const [all, early] = [
    await attack(classifier, images, { steps: 12 }),
    await attack(classifier, images, { steps: 12, stopEarly: true }),
  ];
  assert.ok(new Set(early.map(({ steps }) => steps.length)).size > 1, 'photos of different difficulty');
  early.forEach(({ label, steps, pictures: made }, photo) => {
    const first = all[photo]!.steps.findIndex((step) => step.label !== label);
    assert.equal(steps.length, first < 0 ? 13 : first + 1);
    assert.deepEqual(made.at(-1), all[photo]!.pictures[steps.length - 1]);
  });
  tf.dispose(images);
  classifier.dispose();
});

test("DeepFool goes to a linear network's boundary in one step: lead over length of gradient, plus 2 %", async () => {
  // logits (0.5 sum x + 3, 0): the lead is 0.5 sum x + 3, its gradient 0.5 everywhere, of length 0.5 sqrt(192).
  const classifier: Classifier = {
    name: 'linear',
    classes: ['a', 'b'],
    input: SIZE,
    dispose: () => undefined,
    logits: (images) =>
      tf.stack([images.sum([1, 2, 3]).mul(0.5).sub(42), tf.zeros([images.shape[0]])], 1) as tf.Tensor2D,
    probabilities: (images) => classifier.logits(images).softmax(),
  };
  const images = tf.fill<tf.Rank.R4>([1, 8, 8, 3], 0.5); // lead 0.5 * 96 - 42 = 6
  const [example] = await attack(classifier, images, { attack: 'deepfool' });
  assert.equal(example!.steps.length, 2);
  assert.ok(example!.success);
  assert.ok(Math.abs(example!.steps[1]!.l2 - 1.02 * (6 / (0.5 * Math.sqrt(192)) + 1e-4)) < 1e-5);
  images.dispose();
});

test('where a probability is exactly 0 its gradient is too and the attack stalls; on logits it goes on', async () => {
  const classifier = randomClassifier(['cat', 'dog'], 1000);
  const images = pictures(6, 6);
  const stalled = await attack(classifier, images, { loss: probabilityMargin, steps: 8, stepSize: 0.02 });
  const examples = await attack(classifier, images, { loss: logitMargin, steps: 8, stepSize: 0.02 });
  const sure = stalled.filter(({ answers }) => Math.fround(Math.min(...answers[0]!)) === 0);
  assert.ok(sure.length >= 2, `${sure.length} of 6 are sure`);
  for (const { steps } of sure) assert.equal(steps.at(-1)!.linf, 0);
  for (const { success } of examples) assert.ok(success);
  tf.dispose(images);
  classifier.dispose();
});

test('what cannot be attacked is refused by name, and nothing leaks', async () => {
  const classifier = randomClassifier();
  const images = pictures(2);
  const large = tf.tidy(() => images.mul<tf.Tensor4D>(255));
  const wrong = tf.zeros<tf.Rank.R4>([1, 9, 8, 3]);
  const tensors = tf.memory().numTensors;
  await assert.rejects(
    attack(classifier, images, { attack: 'magic' as never }),
    /unknown attack 'magic'; known: article, fgsm/,
  );
  await assert.rejects(
    attack(classifier, images, { target: 'fox' }),
    /'fox' is none of this classifier's classes: cat, dog/,
  );
  await assert.rejects(attack(classifier, wrong), /\[photos, 8, 8, 3\], not \[1, 9, 8, 3\]/);
  await assert.rejects(attack(classifier, large), /0 to 1/);
  const randoms = [new Random(1)];
  await assert.rejects(attack(classifier, images, { attack: 'pgd', randoms }), /one for each of the 2 photos, not 1/);
  await assert.rejects(attack(classifier, images, { epsilon: -1 }), /epsilon must be a number above 0, not -1/);
  await assert.rejects(attack(classifier, images, { steps: 1.5 }), /steps must be a whole number/);
  await assert.rejects(attack(classifier, images, { signal: AbortSignal.abort() }), /aborted after 0 of 4 steps/);
  await assert.rejects(
    attack(classifier, images, { attack: 'fgsm', steps: 3 }),
    /fgsm makes 1 step of epsilon .*leave steps away/,
  );
  assert.equal(tf.memory().numTensors, tensors);
  tf.dispose([images, large, wrong]);
  classifier.dispose();
});

test('an attack that is stopped on its way is an error, which holds what it has made so far', async () => {
  const classifier = randomClassifier();
  const images = pictures(2);
  const controller = new AbortController();
  let looked = 0;
  const watched = {
    ...classifier,
    logits: (x: tf.Tensor4D) => {
      looked += 1;
      if (looked === 3) controller.abort();
      return classifier.logits(x);
    },
  };
  await assert.rejects(attack(watched, images, { steps: 9, signal: controller.signal }), (error) => {
    assert.ok(error instanceof UnfinishedAttackError && error instanceof DescentError);
    assert.deepEqual(
      error.examples.map(({ steps }) => steps.map(({ step }) => step)),
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3],
      ],
    );
    return /aborted after 3 of 9 steps/.test(error.message);
  });
  tf.dispose(images);
  classifier.dispose();
});

test('momentum adds each gradient at a mean absolute value of 1', () => {
  // [1, -3] has mean 2: [0.5, -1.5]. [4, 4] becomes [1, 1]; with decay 0.5 the sum is [0.25, -0.75] + [1, 1].
  const momentum: Momentum = {};
  const gradient = (...values: number[]): tf.Tensor4D => tf.tensor4d(values, [1, 1, 1, 2]);
  tf.tidy(() => {
    assert.deepEqual(Array.from(carryOn(momentum, 0.5, gradient(1, -3)).dataSync()), [0.5, -1.5]);
    assert.deepEqual(Array.from(carryOn(momentum, 0.5, gradient(4, 4)).dataSync()), [1.25, 0.25]);
  });
  momentum.sum!.dispose();
});

test('a random start under L2 is anywhere in the ball, not only near its centre or on its surface', () => {
  // In 2 dimensions the share within radius r is r squared: a quarter lies within half the radius.
  const count = 400;
  const generators = Array.from({ length: count }, (_, i) => new SourceRandom(i));
  const start = tf.tidy(() => anywhereInBall([count, 1, 1, 2], 2, generators).reshape([count, 2]).norm('euclidean', 1));
  const lengths = Array.from(start.dataSync());
  start.dispose();
  assert.ok(Math.max(...lengths) <= 2 + 1e-6 && Math.max(...lengths) > 1.9);
  const inner = lengths.filter((length) => length < 1).length / count;
  assert.ok(inner > 0.17 && inner < 0.33, `${inner} of the starts are in the inner quarter`); // 4 standard deviations
});

test('an attack of your own is read as the library reads its own', async () => {
  const classifier = randomClassifier();
  const photo = pictures(1);
  const [theirs] = await attack(classifier, photo, { steps: 3 });
  const states = theirs!.pictures.map((picture) => tf.tensor4d(picture, photo.shape));
  const before = tf.memory().numTensors;
  const mine = exampleOf(classifier, states);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(numbers([mine]), numbers([theirs!]));
  tf.dispose([states, photo]);
  classifier.dispose();
});

test('pictures are classified each with what the network answers to it', () => {
  const classifier = randomClassifier();
  const photos = [1, 2].map((seed) => ({ name: `photo ${seed}`, pixels: pictures(1, seed).dataSync<'float32'>() }));
  const answers = answersTo(
    classifier,
    photos.map(({ pixels }) => pixels),
  );
  assert.deepEqual(
    classify(classifier, photos),
    photos.map((photo, i) => {
      const { all, ...answer } = answers[i]!;
      return { ...photo, ...answer, probabilities: all };
    }),
  );
  assert.notDeepEqual(answers[0], answers[1]);
  classifier.dispose();
});

test('a loss along a line has the values that it has there, and the slope of its gradient', () => {
  const before = tf.memory().numTensors;
  const [x, direction] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([1, -1, 0])];
  const { places, values, slope } = lossAlong((at) => at.square(), x, direction, [-2, 0, 0.5]);
  assert.deepEqual(places, [-2, 0, 0.5]);
  assert.deepEqual(values, [1 + 16 + 9, 14, 2.25 + 2.25 + 9]); // no scalar: its sum
  assert.equal(slope, 2 * 1 - 2 * 2); // d/dt [(1 + t)^2 + (2 - t)^2] at 0
  tf.dispose([x, direction]);
  assert.equal(tf.memory().numTensors, before);
});

test('through files: without loss nothing changes, and JPEG is asked about anew', async () => {
  const classifier = randomClassifier(['cat', 'dog'], 4);
  const photos = pictures(3);
  const examples = await attack(classifier, photos, { stopEarly: true, stepSize: 1 / 255, steps: 60 });
  const stored = await throughFiles(classifier, examples, ['png', 'webp', { jpeg: 10 }]);
  stored.forEach(({ label, success, own, survives }, i) => {
    const { answers, success: had } = examples[i]!;
    assert.deepEqual([label, success], [examples[i]!.label, had]);
    const last = answers.at(-1)![classifier.classes.indexOf(label)]!;
    assert.ok(Math.abs(own[0]! - last) < 0.05, `${own[0]}, ${last}`); // pixels of 8 bits
    assert.equal(own[0], own[1]);
    assert.notEqual(own[0], own[2]);
    own.forEach((probability, k) => assert.equal(survives[k], probability < 0.5));
  });
  photos.dispose();
  classifier.dispose();
});
