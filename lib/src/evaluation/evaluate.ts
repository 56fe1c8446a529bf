import { Interruption } from '../descent/interrupt';
import { UnfinishedAttackError } from '../attacks';
import { plannedRows, type PlannedRow } from './attack-spec';
import { evaluateBatch, type LabelledPhoto, type Trials } from './evaluate-batch';
import { Journal } from './journal';
import { checkSettings, settingsName } from './settings';
import type { Shard } from './shard';
import type { Trial } from './trial';
import { checkFinished } from './trial-check';

/** Photos that are attacked together: the `batch`-th batch of the whole evaluation, from 0. */
export interface EvaluationBatch {
  batch: number;
  photos: readonly LabelledPhoto[];
}

/** Which photos to evaluate, and where to keep what is done. */
export interface EvaluateOptions extends Omit<Trials, 'signal'> {
  /** All photos; the shard takes its own. */
  photos: readonly LabelledPhoto[];
  /** Photos a batch. */
  batch: number;
  /** The part of the photos that this run takes. Default: all. */
  shard?: Shard;
  /** Where the progress is kept; a run that was stopped goes on from there. */
  journal: string;
  /** Told after each batch how many photos are done. */
  onProgress?: (done: number, total: number) => void;
  /** What else the numbers depend on: the networks' weights, and the code of attacks of your own. */
  fingerprint: string;
  /**
   * Does the batches of the run of that name on other cores or machines, and hands in their trials in any order; each is
   * checked, and one is on the disk when the next is asked for. Default: here, in turn.
   */
  elsewhere?: (batches: Iterable<EvaluationBatch>, run: string) => AsyncIterable<FinishedBatch>;
  /** Ends the evaluation when aborted, as SIGINT does; the batches so far are returned and stay in the journal. */
  signal?: AbortSignal;
}

/** A batch's trials; `aside` are the photos that were left out because they broke it. */
export interface FinishedBatch {
  batch: number;
  trials: Trial[];
  aside?: string[];
}

/** An evaluation's trials, and the name of its settings: parts with the same name belong together. */
export interface Evaluation {
  /** Each photo under each attack at each size. */
  readonly trials: Trial[];
  /** The rows of its table: there are such even where no photo could be attacked. */
  plan: PlannedRow[];
  /** The network's classes, and those that the photos' truths are of. */
  classes: string[];
  /** The name of its settings. */
  run: string;
  /** What it wrote down on the way; to be removed once the results are kept. */
  journal: Journal;
  /** Why it ended before its last batch, if it did: called again in the same way, it goes on from there. */
  stopped?: 'aborted' | 'interrupted';
}

/**
 * Runs an evaluation or a part of it. A part takes every count-th batch as the whole cuts them, because a network's
 * numbers depend, in their last bits, on the batch: so the parts together are the whole exactly. A part for which no
 * batch is left has no trials.
 * @throws DescentError for settings that make no sense, or when the journal is that of an evaluation with others
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { photos, batch, shard, onProgress } = options;
  checkSettings(options);
  const run = settingsName(options);
  const part = shard ? ` part ${shard.index}/${shard.count}` : '';
  const journal = Journal.open(options.journal, run + part);
  const numbers = Array.from({ length: Math.ceil(photos.length / batch) }, (_, i) => i).filter(
    (i) => !shard || i % shard.count === shard.index - 1,
  );
  const size = (i: number): number => Math.min(batch, photos.length - i * batch);
  const total = numbers.reduce((sum, i) => sum + size(i), 0);
  const missing = numbers.filter((i) => !journal.has(i));
  const photosOf = (i: number): readonly LabelledPhoto[] => photos.slice(i * batch, (i + 1) * batch);
  let done = total - missing.reduce((sum, i) => sum + size(i), 0);
  function* batches(): Generator<EvaluationBatch> {
    for (const i of missing) yield { batch: i, photos: photosOf(i) };
  }
  async function* here(): AsyncGenerator<FinishedBatch> {
    for (const next of batches()) {
      await interruption.turn();
      if (interruption.reason) return;
      const trials = await evaluateBatch(next.photos, { ...options, signal: interruption.signal });
      yield { batch: next.batch, trials };
    }
  }
  const known = {
    plan: plannedRows(options.attacks, options.epsilons),
    classes: [...new Set([...options.classifier.classes, ...photos.map(({ truth }) => truth)])],
  };
  async function* elsewhere(): AsyncGenerator<FinishedBatch> {
    const waiting = new Set(missing);
    for await (const finished of options.elsewhere!(batches(), run)) {
      yield checkFinished(finished, (i) => (waiting.delete(i) ? photosOf(i) : undefined), known);
    }
  }
  onProgress?.(done, total);
  const interruption = new Interruption(options.signal);
  try {
    for await (const finished of missing.length === 0 ? [] : options.elsewhere ? elsewhere() : here()) {
      journal.add(finished);
      done += size(finished.batch);
      onProgress?.(done, total);
      if (interruption.reason) break;
    }
  } catch (error) {
    if (!(error instanceof UnfinishedAttackError)) throw error; // else the batch under way is lost, the others are not
  } finally {
    interruption.close();
  }
  const stopped = done < total ? interruption.reason : undefined;
  return {
    get trials() {
      return [...journal.batches()].flat();
    },
    ...known,
    run,
    journal,
    stopped,
  };
}
