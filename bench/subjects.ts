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
  /** The largest ratio, ours by the peer's, that is aimed at: by the peer's style; `at` names the points. */
  targets?: { style: string; ratio: number; at?: string }[];
  /** Both sides compute the same number; it may differ by this part of it. Without it they cannot be compared. */
  tolerance?: number;
}

const network = [
  { style: 'eager', ratio: 0.6 },
  { style: 'tf.function', ratio: 1.3 },
];

/** Everything that the benchmark measures but the figures, in the order of the table. */
export const subjects: readonly Subject[] = [
  { name: 'start', what: 'import to first gradient', peer: true, targets: [{ style: 'eager', ratio: 0.5 }] },
  {
    name: 'regression',
    what: 'regression by hand',
    peer: true,
    tolerance: 1e-5,
    targets: [{ style: 'eager', ratio: 0.5 }],
  },
  {
    name: 'minimum angle',
    what: 'minimum angle, 1,200 iterations',
    peer: true,
    targets: [
      { style: 'eager', ratio: 0.4 },
      { style: 'tf.function', ratio: 1.2 },
    ],
  },
  { name: 'variance', what: 'minimum angle and variance, 1,200 iterations', peer: true },
  { name: 'force', what: 'force loss, 700 iterations', peer: true, targets: [{ style: 'eager', ratio: 0.4 }] },
  {
    name: 'iteration',
    what: 'spread vectors',
    peer: true,
    per: { name: 'iteration', count: (point) => ITERATIONS[parseInt(point)]! },
    targets: [{ style: 'tf.function', ratio: 1.3, at: '2000 x 128' }],
  },
  {
    name: 'forward',
    what: 'network, forward pass',
    peer: true,
    tolerance: 1e-3,
    targets: [{ style: 'tf.function', ratio: 1.3 }],
  },
  { name: 'gradient', what: 'network, input gradient', peer: true, tolerance: 1e-3, targets: network },
  { name: 'attack', what: 'network, 4-step attack', peer: true, tolerance: 1e-3, targets: network },
  {
    name: 'training',
    what: 'network, training at batch 32',
    peer: true,
    per: { name: 'step', count: (point) => parseInt(point) },
    targets: [{ style: 'Keras fit', ratio: 1.3 }],
  },
  { name: 'import', what: 'import of a Keras model', peer: true },
  { name: 'decode', what: 'decode and resize', peer: true, tolerance: 0.01, targets: [{ style: 'tf.data', ratio: 1 }] },
  { name: 'evaluation', what: 'evaluation of two attacks', peer: false },
];
