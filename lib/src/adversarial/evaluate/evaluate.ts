import { createHash } from 'node:crypto';
import { Interruption } from '../../descent/interrupt';
import { DescentError } from '../../errors';
import { UnfinishedAttackError } from '../attacks';
import { evaluateBatch, type LabelledPhoto, type Trials } from './evaluate-batch';
import { Journal } from './journal';
import type { Trial } from './trial';

/** A part of an evaluation: the `index`-th of `count`, from 1. */
export interface Shard { index: number; count: number }

export interface EvaluateOptions extends Omit<Trials, 'signal'> {
  photos: readonly LabelledPhoto[];
  /** Photos a batch. */
  batch: number;
  shard?: Shard;
  /** Where the progress is kept; a run that was stopped goes on from there. */
  journal: string;
  /** Told after each batch how many photos are done. */
  onProgress?: (done: number, total: number) => void;
  /** What else the numbers depend on: the networks' weights. */
  fingerprint: string;
  /** Ends the evaluation when aborted, as SIGINT does; the batches so far are returned and stay in the journal. */
  signal?: AbortSignal;
}

/** An evaluation's trials, and the name of its settings: parts with the same name belong together. */
export interface Evaluation {
  trials: Trial[];
  run: string;
  journal: Journal;
  /** Why it ended before its last batch, if it did: called again in the same way, it goes on from there. */
  stopped?: 'aborted' | 'interrupted';
}

/**
 * Runs an evaluation or a part of it. A part takes every count-th batch as the whole cuts them, because a network's
 * numbers depend, in their last bits, on the batch: so the parts together are the whole exactly.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { photos, batch, shard, onProgress } = options;
  if (!Number.isInteger(batch) || batch < 1) throw new DescentError(
    `the batch must be a whole number of 1 or more, not ${batch}`);
  const run = settingsName(options);
  const part = shard ? ` part ${shard.index}/${shard.count}` : '';
  const journal = Journal.open(options.journal, run + part);
  const batches = Array.from({ length: Math.ceil(photos.length / batch) }, (_, i) => i)
    .filter((i) => !shard || i % shard.count === shard.index - 1);
  const size = (i: number): number => Math.min(batch, photos.length - i * batch);
  const total = batches.reduce((sum, i) => sum + size(i), 0);
  let done = batches.filter((i) => journal.has(i)).reduce((sum, i) => sum + size(i), 0);
  onProgress?.(done, total);
  const interruption = new Interruption(options.signal);
  try {
    for (const i of batches) {
      if (journal.has(i)) continue;
      await interruption.turn();
      if (interruption.reason) break;
      const own = photos.slice(i * batch, (i + 1) * batch);
      journal.add(i, await evaluateBatch(own, { ...options, signal: interruption.signal }));
      done += size(i);
      onProgress?.(done, total);
    }
  } catch (error) {
    if (!(error instanceof UnfinishedAttackError)) throw error; // else the batch under way is lost, the others are not
  } finally {
    interruption.close();
  }
  return { trials: journal.trials, run, journal, stopped: interruption.reason };
}

/** A short name for everything that the numbers depend on. */
function settingsName({ photos, attacks, epsilons, seed, batch, fingerprint }: EvaluateOptions): string {
  const settings = [photos.map(({ photo }) => photo), attacks.map(({ text }) => text), epsilons, seed, batch,
    fingerprint];
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
}

/** Reads a part written as `2/8`. @throws DescentError for anything else */
export function parseShard(text: string): Shard {
  const [index, count] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number) as [number?, number?];
  if (!index || !count || index > count) throw new DescentError(
    `--shard takes a part such as 2/8, from 1/8 to 8/8, not '${text}'`);
  return { index, count };
}
