import { ITERATIONS } from './ours/spread';

/** What is timed: one process of each side does all its points. */
export interface Subject {
  name: string;
  /** In words, for the table. */
  what: string;
  /** Whether there is a twin in Python. */
  peer: boolean;
  /** By what a point's time is divided, and of what it then is the time. */
  per?: { name: string; count: (point: string) => number };
  targets?: Target[];
  /** Both sides compute the same number; it may differ by this part of it. Without it they cannot be compared. */
  tolerance?: number;
}

/** The largest ratio that is aimed at: of one of our styles, by default `ours`, against another style; by default everywhere. */
export interface Target {
  of?: string;
  against: string;
  ratio: number;
  /** At which points. */
  at?: readonly string[];
}

/** What is aimed at for a small loop, at the article's count of iterations; `tape` of our own tape's time. */
const small = (tape: number, ...at: string[]): Target[] => [
  { against: 'NumPy', ratio: 0.5, at },
  { against: 'JAX, jit a step', ratio: 0.5, at },
  { against: 'JAX, one scan, compiling', ratio: 0.2, at },
  { of: 'without compiling', against: 'JAX, one scan', ratio: 2, at },
  { against: 'tape', ratio: tape, at },
];

const network = [
  { against: 'eager', ratio: 0.6 },
  { against: 'tf.function', ratio: 1.3 },
];

/** Everything that the benchmark measures but the figures, in the order of the table. */
export const subjects: readonly Subject[] = [
  { name: 'start', what: 'import to first gradient', peer: true, targets: [{ against: 'eager', ratio: 0.5 }] },
  {
    name: 'regression',
    what: 'regression by hand',
    peer: true,
    tolerance: 1e-5,
    targets: [{ against: 'eager', ratio: 0.5 }, ...small(0.025, '1,000 iterations')],
  },
  {
    name: 'minimum angle',
    what: 'minimum angle, 20 vectors',
    peer: true,
    tolerance: 5e-3,
    targets: [
      { against: 'eager', ratio: 0.4 },
      { against: 'tf.function', ratio: 1.2 },
      ...small(0.067, '1,200 iterations'),
    ],
  },
  {
    name: 'variance',
    what: 'minimum angle and variance, 20 vectors',
    peer: true,
    tolerance: 5e-3,
    targets: small(0.067, '1,200 iterations'),
  },
  {
    name: 'force',
    what: 'force loss, 20 vectors',
    peer: true,
    tolerance: 5e-3,
    targets: [{ against: 'eager', ratio: 0.4 }, ...small(0.067, '700 iterations')],
  },
  {
    name: 'race',
    what: "six optimisers down Beale's function",
    peer: true,
    tolerance: 5e-3,
    targets: small(0.025, '200 iterations'),
  },
  {
    name: 'search',
    what: 'search for the best spread, 4 starts',
    peer: true,
    tolerance: 5e-3,
    targets: small(0.067, '20 x 3, 600 iterations', '20 x 32, 600 iterations'),
  },
  { name: 'minimisers', what: 'minimisers', peer: true, tolerance: 1e-4 },
  {
    name: 'iteration',
    what: 'spread vectors',
    peer: true,
    per: { name: 'iteration', count: (point) => ITERATIONS[parseInt(point)]! },
    targets: [{ against: 'tf.function', ratio: 1.3, at: ['2000 x 128'] }],
  },
  {
    name: 'forward',
    what: 'network, forward pass',
    peer: true,
    tolerance: 1e-3,
    targets: [{ against: 'tf.function', ratio: 1.3 }],
  },
  { name: 'gradient', what: 'network, input gradient', peer: true, tolerance: 1e-3, targets: network },
  { name: 'attack', what: 'network, 4-step attack', peer: true, tolerance: 1e-3, targets: network },
  {
    name: 'training',
    what: 'network, training at batch 32',
    peer: true,
    per: { name: 'step', count: (point) => parseInt(point) },
    targets: [{ against: 'Keras fit', ratio: 1.3 }],
  },
  { name: 'import', what: 'import of a Keras model', peer: true },
  {
    name: 'decode',
    what: 'decode and resize',
    peer: true,
    tolerance: 0.01,
    targets: [{ against: 'tf.data', ratio: 1 }],
  },
  { name: 'evaluation', what: 'evaluation of two attacks', peer: false },
];
