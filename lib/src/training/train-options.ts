import type { tf } from '../tf';
import type { ModelCard } from '../classifiers';
import type { Epoch } from './history';
import type { PhotoSet } from './photo-set';
import type { TestResult } from './test-photos';

/** What to train on which photos, and how. */
export interface TrainOptions {
  /** The network, with its first weights; it is trained in place and stays the caller's. */
  model: tf.Sequential;
  /** What the network takes and answers. */
  card: ModelCard;
  /** What it learns from. */
  photos: PhotoSet;
  /** What it is tested with after each epoch, and never learns from. */
  test?: PhotoSet;
  /** How often each photo is seen. */
  epochs: number;
  /** Photos a step. */
  batch: number;
  /** Vary the photos: mirror, turn, zoom and shift them a little, each time anew. */
  augment?: boolean;
  /** Of the order of the photos, their variations, and the dropout. */
  seed: number;
  /**
   * End after so many epochs without a lower test loss (training loss, without a test), and go back to the best of
   * them. Default: never.
   */
  patience?: number;
  /** The folder of the checkpoint. */
  out: string;
  /** Go on from the checkpoint, if there is one. */
  resume?: boolean;
  /** Write a checkpoint within an epoch too, after so many milliseconds. Default: a minute. */
  checkpointEvery?: number;
  /** Told after each step; loss and accuracy are the means of the epoch so far. */
  onStep?: (state: { epoch: number; step: number; steps: number; loss: number; accuracy: number }) => void;
  /** Told after each epoch, and at the start of a resumed training, what the epochs came to. */
  onEpoch?: (history: readonly Epoch[]) => void;
}

/** What a training came to. */
export interface Training {
  /** One entry for each epoch. */
  history: Epoch[];
  /** How the finished network does on the test photos, if there are any. */
  final?: TestResult;
  /** Why it ended before the last epoch: of no progress, or of Ctrl-C (then the network is not finished; resume it). */
  stopped?: 'early' | 'interrupted';
}
