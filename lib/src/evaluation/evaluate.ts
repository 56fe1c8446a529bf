import { createHash } from 'node:crypto';
import { UnfinishedAttackError } from '../attacks/attack';
import { attackNamed } from '../attacks/table';
import { Interruption, type Stop } from '../descent/interrupt';
import { DescentError } from '../errors';
import type { LabelledPhoto } from '../pictures';
import { Random } from '../random';
import { plannedRows, refuseTwice } from './attack-spec';
import { evaluateBatch, type Trials } from './evaluate-batch';
import { Journal } from './journal';
import type { Shard } from './parts';
import type { EvaluationBatch, FinishedBatch, Known, Trial } from './trial';
import { checkFinished } from './trial-check';

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
   * Computes the batches of the run of that name on other cores or machines and yields them in any order. `evaluate`
   * checks each of them and writes it to the disk before it asks for the next. Default: here, one after the other.
   */
  elsewhere?: (batches: Iterable<EvaluationBatch>, run: string) => AsyncIterable<FinishedBatch>;
  /** Ends the evaluation when aborted, as SIGINT does; the batches so far are returned and stay in the journal. */
  signal?: AbortSignal;
}

/** An evaluation's trials, and the name of its settings: parts with the same name belong together. */
export interface Evaluation extends Known {
  /** Each photo under each attack at each size. */
  readonly trials: Trial[];
  /** The name of its settings. */
  run: string;
  /** What it wrote down on the way; to be removed once the results are kept. */
  journal: Journal;
  /** Why it ended before its last batch, if it did: called again in the same way, it goes on from there. */
  stopped?: Stop;
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

/** @throws DescentError for settings that make no sense, or that would count a photo twice */
function checkSettings({ attacks, epsilons, seed, batch }: EvaluateOptions): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new DescentError(`the batch must be a whole number of 1 or more, not ${batch}`);
  }
  Random.checkSeed(seed);
  for (const epsilon of epsilons) {
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new DescentError(`a size must be above 0 and at most 1, since pixels are from 0 to 1, not ${epsilon}`);
    }
  }
  refuseTwice(epsilons.map((epsilon) => `size ${epsilon} (${Number((255 * epsilon).toFixed(4))}/255)`));
  refuseTwice(attacks.map(({ text }) => `attack '${text}'`));
  const taken = attacks.find(({ attack }) => (attackNamed(attack.name) ?? attack) !== attack);
  if (taken) throw new DescentError(`an attack of your own needs a name of its own, and not '${taken.attack.name}'`);
}

/** A short name for everything that the numbers depend on. */
function settingsName({ photos, attacks, epsilons, seed, batch, fingerprint }: EvaluateOptions): string {
  const hash = createHash('sha256').update('[['); // in pieces: the names of 25 million photos are no single string
  photos.forEach(({ photo }, i) => hash.update((i > 0 ? ',' : '') + JSON.stringify(photo)));
  const settings = JSON.stringify([attacks.map(({ text }) => text), epsilons, seed, batch, fingerprint]);
  return hash.update('],').update(settings.slice(1)).digest('hex').slice(0, 16);
}
