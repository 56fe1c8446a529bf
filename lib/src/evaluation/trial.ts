import type { LabelledPhoto } from '../pictures';
import type { PlannedRow } from './attack-spec';

/** One photo under one attack of one size: the finest grain of an evaluation, from which everything else is counted. */
export interface Trial {
  /** The photo's place in the whole evaluation, from 0. */
  index: number;
  /** Its path below the evaluated folder. */
  photo: string;
  /** The class whose folder it lies in. */
  truth: string;
  /** The network's answer to the untouched photo; null for a file that could not be read. */
  label: string | null;
  /** The attack, or UNTOUCHED for the row that every photo has. */
  attack: string;
  /** The size that was allowed, as a change of each value; 0 for the untouched photo. */
  epsilon: number;
  /** Whether the answer is another one after it. Only photos classified right are attacked. */
  success: boolean | null;
  /** The largest change of a value, as a part of the range 0 to 1. */
  linf: number | null;
  /** The Euclidean length of the change. */
  l2: number | null;
  /** In dB; null where nothing changed. */
  psnr: number | null;
  /**
   * Whether the second network misclassifies it too; null where the attack had no success on the first, or the second is wrong
   * anyway.
   */
  transfer: boolean | null;
}

/** Stands in a trial's `attack` where there is none. */
export const UNTOUCHED = 'none';

/** Photos that are attacked together: the `batch`-th batch of the whole evaluation, from 0. */
export interface EvaluationBatch {
  batch: number;
  photos: readonly LabelledPhoto[];
}

/** A batch's trials; `aside` are the photos that were left out because they broke it. */
export interface FinishedBatch {
  batch: number;
  trials: Trial[];
  aside?: string[];
}

/** What can stand in an evaluation's trials. */
export interface Known {
  /** The rows of its table: there are such even where no photo could be attacked. */
  plan: PlannedRow[];
  /** The network's classes, and those that the photos' truths are of. */
  classes: string[];
}
