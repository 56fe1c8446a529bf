// Runs each loop for 10,000 iterations and prints what they left behind; started with --expose-gc.
import { attack, descend, tf, classifiers, losses, optimizers, spreads } from 'descent-lab';
import { trainStep } from 'descent-lab/internal';
import { startVectors } from './start';
import { range } from './subject';

const ITERATIONS = 10_000;
/** What is kept for later, such as the processor's kernels, is kept by then. */
const WARM_UP = 2_000;

/** One loop; calls `at` after so many iterations. */
type Loop = (at: (iterations: number) => void) => Promise<void>;

/** Descends for all iterations in one run; what it records, it records on purpose: nothing here. */
const descent =
  (options: Omit<Parameters<typeof descend>[0], 'iterations' | 'record'>): Loop =>
  async (at) => {
    const iterations = WARM_UP + ITERATIONS;
    await descend({ ...options, iterations, record: false, onIteration: ({ iteration }) => at(iteration) });
  };

const spreading = (loss: losses.SpreadLoss, optimizer: tf.Optimizer): Loop =>
  descent({
    loss: ({ vectors }) => loss(vectors as tf.Tensor as tf.Tensor2D),
    variables: { vectors: startVectors(20, 2) },
    optimizer,
    constrain: losses.toUnitLength,
  });

/** A network as small as can be, of the same kinds of layers as the article's: the loop is looked at, not the network. */
function smallModel(): tf.Sequential {
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [8, 8, 3],
        kernelInitializer: seeded(1),
      }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.dropout({ rate: 0.25 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
}

const images = (): tf.Tensor4D =>
  tf.tensor4d(
    range(2 * 8 * 8 * 3).map((i) => (i % 17) / 17),
    [2, 8, 8, 3],
  );

const loops: Record<string, () => Loop> = {
  'regression by hand': () =>
    descent({
      loss: losses.lineLoss(tf.tensor1d(range(150)), tf.tensor1d(range(150).map((i) => 2 * i + (i % 3)))) as never,
      variables: { slope: 1, intercept: 0 },
      optimizer: (value, gradient) => value.sub(gradient.mul(1e-5)),
    }),
  'minimum angle': () =>
    spreading(spreads.articleSpreads['min-angle'].loss, spreads.articleSpreads['min-angle'].optimizer()),
  variance: () =>
    spreading(
      spreads.articleSpreads['min-angle-variance'].loss,
      spreads.articleSpreads['min-angle-variance'].optimizer(),
    ),
  force: () => spreading(spreads.articleSpreads.force.loss, spreads.articleSpreads.force.optimizer()),
  'best spread': () =>
    spreading((vectors) => losses.smoothMinimumLoss(vectors, 0.1), optimizers.createOptimizer('adam')),
  '4-step attack': () => async (at) => {
    const classifier = classifiers.classifierOf(smallModel(), {
      name: 'small',
      classes: ['a', 'b'],
      input: { height: 8, width: 8, channels: 3, range: [0, 1] },
    });
    const photos = images();
    for (let iterations = 4; iterations <= WARM_UP + ITERATIONS; iterations += 4) {
      await attack(classifier, photos);
      at(iterations);
    }
  },
  training: () => (at) => {
    const step = trainStep(smallModel(), optimizers.createOptimizer('adam'), [1, 1]);
    const photos = images();
    for (let iteration = 1; iteration <= WARM_UP + ITERATIONS; iteration++) {
      step({ images: photos, labels: [0, 1] }, iteration);
      at(iteration);
    }
    return Promise.resolve();
  },
};

/** Resident memory, without the part of JavaScript's heap that is empty: that comes and goes. */
interface State {
  megabytes: number;
  tensors: number;
}

const state = (): State => {
  (globalThis as { gc?: () => void }).gc!();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return { megabytes: (rss - heapTotal + heapUsed) / 2 ** 20, tensors: tf.memory().numTensors };
};

async function main(): Promise<void> {
  for (const [loop, make] of Object.entries(loops)) {
    let [before, after]: (State | undefined)[] = [];
    await make()((iterations) => {
      if (iterations === WARM_UP) before = state();
      if (iterations === WARM_UP + ITERATIONS) after = state();
    });
    console.log(
      JSON.stringify({
        loop,
        iterations: ITERATIONS,
        megabytes: after!.megabytes - before!.megabytes,
        tensors: after!.tensors - before!.tensors,
      }),
    );
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
