// Every figure function with data that are small enough to read: a new one gets a line here.
import {
  alongFigure,
  angleHistogramFigure,
  angleMapsFigure,
  candidateLinesFigure,
  comparisonFigure,
  confidenceFigure,
  costFigure,
  curveAnimation,
  curveDescentFigure,
  endsFigure,
  famousFigure,
  fitAnimation,
  graphFigure,
  gradientFigure,
  jpegFigure,
  landscapeFigure,
  leastChangeFigure,
  leastChangeHistogram,
  lossChart,
  lossContours,
  lossLandscape,
  lossShareFigure,
  mapFigure,
  momentsFigure,
  patchFigure,
  photosFigure,
  pushesFigure,
  raceFigure,
  raceSurfaceFigure,
  ratesFigure,
  saturationFigure,
  scatterFigure,
  scheduleFigure,
  sphereFigure,
  sphereTableFigure,
  spreadRunFigure,
  startAndTargetFigure,
  stripFigure,
  storageFigure,
  successFigure,
  trainingFigure,
  transferFigure,
  type Figure,
  type FigureOptions,
} from '../../lib/src/figures';
import { crowdedVectors, evenVectors, minAngleDegrees, randomVectors } from '../../lib/src/spreads';
import { exactFit, lossGrid } from '../../lib/src/regression';
import { objectives, type RaceRun } from '../../lib/src/races';
import { Random } from 'descent-lab';
import { type EvaluationRow } from '../../lib/src/evaluation';
import { type AdversarialExample } from '../../lib/src/attacks';

const random = new Random(3);

// Lines
const x = { name: 'age', unit: 'years', values: [1, 2, 3, 4] };
const y = { name: 'size', unit: 'cm', values: [2, 4, 5, 9] };
const exact = exactFit(x.values, y.values);
const fit = { records: [1.2, 1.7, 1.9].map((slope) => ({ slope, intercept: -0.5 })), loss: [7.95, 2.32, 1.13] };
const surface = {
  grid: lossGrid(x.values, y.values, { from: 1, to: 3, count: 5 }, { from: -2, to: 1, count: 4 }),
  runs: { 'from below': fit },
};

// Vectors
const record = (vectors: number[][]) => ({ vectors, minAngleDegrees: minAngleDegrees(vectors) });
const plane = [record(crowdedVectors(random, 6)), record(randomVectors(random, 6, 2)), record(evenVectors(6))];
const ball = [record(randomVectors(random, 5, 3)), record(randomVectors(random, 5, 3))];
const energies = { starts: 8, energy: 1, leastKnownEnergy: 1 };
const states = { before: ball[0]!.vectors, after: ball[1]!.vectors };

// A race, and an optimiser of one's own in it
const run = (optimizer: string, path: [number, number][]): RaceRun => ({
  optimizer: optimizer,
  hyper: { learningRate: 0.1 },
  steps: path.length - 1,
  path,
  loss: path.map(([a, b]) => (a - 3) ** 2 + (b - 0.5) ** 2),
  final: path.at(-1)!,
  finalLoss: 1,
});
const race = {
  objective: objectives.beale,
  runs: [
    run('adam', [
      [1, 1.5],
      [1.5, 1.2],
      [2, 0.8],
    ]),
    run('mine', [
      [1, 1.5],
      [1.2, 0.9],
    ]),
  ],
};
const traced = { value: [0, 1, 2], gradient: [3, -1] };

// Photos
const size = { height: 12, width: 10, channels: 3 } as const;
const original = Float32Array.from({ length: 360 }, () => random.integer(10, 245) / 255);
const pictures = [0, 1, 2].map((step) => original.map((value, i) => value + (i % 2 === 0 ? step : -step) / 255));
const example: AdversarialExample = {
  label: 'cat',
  success: true,
  pictures,
  answers: [
    [0.9, 0.1],
    [0.6, 0.4],
    [0.2, 0.8],
  ],
  steps: [
    { step: 0, label: 'cat', probability: 0.9, outputs: [0.9, 0.1], linf: 0, l2: 0, psnr: Infinity },
    { step: 1, label: 'cat', probability: 0.6, outputs: [0.6, 0.4], linf: 1 / 255, l2: 0.07, psnr: 48.1 },
    { step: 2, label: 'dog', probability: 0.8, outputs: [0.2, 0.8], linf: 2 / 255, l2: 0.15, psnr: 42.1 },
  ],
};
const photo = { name: 'a photo', example };
const classified = pictures.map((pixels, i) => ({ name: 'a photo', pixels, probabilities: example.answers[i]! }));
const classes = ['cat', 'dog'];
const row = (attack: string, epsilon: number, success: number): EvaluationRow => ({
  attack,
  epsilon: epsilon / 255,
  n: 50,
  accuracy: 0.5,
  success,
  low: success / 2,
  high: (1 + success) / 2,
  linf: null,
  l2: null,
  psnr: null,
  transfer: success / 2,
  tried: 40,
});
const rows = [row('pgd', 0.25, 0.5), row('pgd', 1, 0.75), row('mine', 1, 0.5), row('noise', 1, 0)];

/** Calls each figure function by its name, with the given name and title. */
export const figureSamples: Record<string, (options: FigureOptions) => Figure | Promise<Figure>> = {
  lossChart: (options) =>
    lossChart(
      [
        { name: 'rate 0.1', loss: [4, 2, 1] },
        { name: 'rate 0.2', loss: [4, 1] },
      ],
      { ...options, least: 0.5 },
    ),
  curveDescentFigure: (options) =>
    curveDescentFigure(
      {
        curve: { x: [-1, 0, 1], y: [1, 0, 1] },
        runs: { plain: { x: [1, 0.5, 0.25], loss: [1, 0.25, 0.0625] }, swinging: { x: [1, -0.9], loss: [1, 0.81] } },
      },
      { ...options, xTitle: 'a number' },
    ),
  mapFigure: (options) =>
    mapFigure(
      {
        paths: {
          'a search': [
            [0, 0],
            [1, 2],
            [2, 2],
          ],
          another: [
            [0, 0],
            [3, 1],
          ],
        },
        places: [
          { name: 'A', x: 4, y: 0, radius: 2 },
          { name: 'B', x: 0, y: 4, radius: 3, isOdd: true },
        ],
        goal: { name: 'the goal', x: 2, y: 2 },
      },
      { ...options, unit: 'km' },
    ),
  trainingFigure: (options) =>
    trainingFigure({ ours: [{ epoch: 1, loss: 0.7, accuracy: 0.5, testLoss: 0.6, testAccuracy: 0.55 }] }, options),

  scatterFigure: (options) => scatterFigure({ x, y }, options),
  graphFigure: (options) =>
    graphFigure(
      [
        { name: 'slope', kind: 'variable', inputs: [], shape: [], values: [5], gradient: [60] },
        { name: 'data', kind: 'data', inputs: [], shape: [3], values: [1, 2, 3] },
        {
          name: 'Multiply',
          kind: 'operation',
          inputs: [0, 1],
          shape: [3],
          values: [5, 10, 15],
          gradient: [10, 10, 10],
        },
        { name: 'Square', kind: 'operation', inputs: [2], shape: [3], values: [25, 100, 225], gradient: [1, 1, 1] },
        { name: 'Add', kind: 'operation', inputs: [3, 2], shape: [3], values: [30, 110, 240], gradient: [1, 1, 1] },
        { name: 'Sum', kind: 'operation', inputs: [4], shape: [], values: [380], gradient: [1] },
      ],
      options,
    ),
  candidateLinesFigure: (options) => candidateLinesFigure({ x, y, lines: fit.records }, options),
  fitAnimation: (options) => fitAnimation({ x, y, runs: { 'from below': fit }, exact }, options),
  curveAnimation: (options) =>
    curveAnimation(
      {
        x,
        y,
        at: [1, 2, 3, 4],
        curves: [
          [1, 1, NaN, 1],
          [2, 3, 5, 8],
        ],
        recorded: [0, 2],
        loss: [79.2, 20, 1.5],
      },
      options,
    ),
  lossContours: (options) => lossContours(surface, options),
  lossLandscape: (options) => lossLandscape(surface, options),
  ratesFigure: (options) => ratesFigure({ runs: [{ name: 'good', ...fit }], exact }, options),

  startAndTargetFigure: (options) =>
    startAndTargetFigure({ start: plane[0]!.vectors, target: plane[2]!.vectors }, options),
  pushesFigure: (options) =>
    pushesFigure({ vectors: plane[2]!.vectors.slice(0, 2), pushes: [[0.3, 0], [0, 0]] }, options), // prettier-ignore
  spreadRunFigure: (options) =>
    spreadRunFigure({ loss: [3, 2, 1], records: plane, recorded: [0, 1, 2] }, { ...options, bestDegrees: 60 }),
  sphereFigure: (options) => sphereFigure({ records: ball, recorded: [0, 9] }, options),
  angleMapsFigure: (options) => angleMapsFigure(states, options),
  angleHistogramFigure: (options) => angleHistogramFigure(states, options),
  sphereTableFigure: (options) =>
    sphereTableFigure(
      [
        { vectors: 4, minAngle: 109.47, bestKnown: 109.4712, startsAtBestKnown: 6, ...energies },
        { vectors: 5, minAngle: 90, bestKnown: 90, startsAtBestKnown: 0, ...energies },
      ],
      { ...options, reached: 0.002 },
    ),
  famousFigure: (options) =>
    famousFigure([{ name: 'E8 roots', vectors: 240, dimensions: 8, method: 'best', starts: 16, found: 2 }], options),
  lossShareFigure: (options) =>
    lossShareFigure(
      [{ vectors: 20, dimensions: 3, loss: 'force', seeds: 5, mean: 35, min: 33, max: 36, bestKnown: 47.43 }],
      { ...options, groups: 'dimensions' },
    ),
  costFigure: (options) =>
    costFigure(
      [10, 100].map((vectors) => ({ loss: 'force', vectors, dimensions: 3, milliseconds: vectors / 10 })),
      options,
    ),
  endsFigure: (options) =>
    endsFigure([{ loss: 'force', minAngles: [17, 17.5], median: 17.35 }], {
      ...options,
      bestDegrees: 18,
      medianOf: "the article's code",
    }),

  raceFigure: (options) => raceFigure(race, options),
  raceSurfaceFigure: (options) => raceSurfaceFigure(race, options),
  landscapeFigure: (options) =>
    landscapeFigure(
      [
        {
          name: 'ground',
          startLoss: 10,
          landscapes: [{ optimizer: 'sgd', rates: [0.1, 1], losses: [0.1, undefined], diverged: [undefined, 3] }],
        },
      ],
      options,
    ),
  momentsFigure: (options) =>
    momentsFigure({ here: { adam: traced, rmsprop: traced, floor: 1.5 } }, { ...options, variable: 'slope' }),
  scheduleFigure: (options) => scheduleFigure([{ name: 'half', rates: [1, 0.5], losses: [4, 2, 1] }], options),

  photosFigure: (options) => photosFigure(classified, { ...options, classes, size }),
  gradientFigure: (options) =>
    gradientFigure(
      { pixels: original, gradient: original.map((value, i) => (i % 7 ? value - 0.5 : 0)) },
      { ...options, size, loss: 'the lead' },
    ),
  alongFigure: (options) =>
    alongFigure(
      { places: [-1, 0, 1].map((t) => t / 255), values: [-1, 3, 8], slope: 1000 },
      { ...options, loss: 'the lead (logits)' },
    ),
  comparisonFigure: (options) => comparisonFigure([photo], { ...options, size }),
  stripFigure: (options) => stripFigure(photo, { ...options, size }),
  confidenceFigure: (options) => confidenceFigure(classified, { ...options, classes, size, change: 'values changed' }),
  patchFigure: (options) => patchFigure(photo, { ...options, size, corner: { row: 1, column: 2 } }),
  saturationFigure: (options) => saturationFigure([{ name: 'on logits', lead: [3, -1], gradient: 0.5 }], options),
  storageFigure: (options) =>
    storageFigure(
      ['x', 'y', 'z'].map((name) => ({ name, label: 'cat', success: true, own: [0.1, 0.7], survives: [true, false] })),
      { ...options, formats: ['png', { jpeg: 50 }] },
    ),
  leastChangeFigure: (options) =>
    leastChangeFigure(
      { names: ['x', 'y'], least: [example, example], article: [example, example], noise: [example, example] },
      options,
    ),
  leastChangeHistogram: (options) =>
    leastChangeHistogram([0.1, 0.2, 0.3, 0.4, 0.5], { ...options, marks: [{ label: 'mine', length: 0.7 }] }),
  successFigure: (options) => successFigure(rows, options),
  jpegFigure: (options) => jpegFigure([...rows, row('pgd+jpeg50', 1, 0.25)], { ...options, attack: 'pgd' }),
  transferFigure: (options) => transferFigure([{ from: 'one', to: 'another', rows }], options),
};
