import { DescentError, attacks, type evaluation, type pictures } from 'descent-lab';
import { sha256 } from 'descent-lab/internal';
import { untilAborted, type Engine } from './engine';
import { codeVersion } from './hashes';
import type { EvaluateJob } from './jobs';
import { sumLine, sumOf, type PhotoRoot } from './photo-root';
import type { EvaluateResult } from './results';

/** A photo whose sha256 may be known already. */
export interface SummedPhoto extends pictures.LabelledPhoto {
  sum?: string;
}

export interface EvaluateOnOptions extends Pick<
  evaluation.EvaluateOptions,
  'attacks' | 'epsilons' | 'seed' | 'onUnreadable'
> {
  /** The sha256 of the networks' folders. */
  model: string;
  transferTo?: string;
  /** Where this machine finds the photos, to take the sums that a worker compares; an engine of this machine needs none. */
  photos?: PhotoRoot;
}

type Elsewhere = NonNullable<evaluation.EvaluateOptions['elsewhere']>;

/**
 * Runs an evaluation's batches on an engine, until the signal is given: the `elsewhere` of `evaluate`.
 * @throws DescentError for an attack of one's own, since no code is sent
 */
export function evaluateOn(engine: Engine, options: EvaluateOnOptions, signal?: AbortSignal): Elsewhere {
  const own = options.attacks.find(({ attack }) => !(attacks.attackNames as readonly string[]).includes(attack.name));
  if (own) throw new DescentError(`${own.attack.name} is no attack of the library, and a queue takes no code`);
  return async function* (batches) {
    const underWay = new Map<number, evaluation.EvaluationBatch>();
    async function* jobs(): AsyncGenerator<EvaluateJob> {
      for (const batch of batches) {
        underWay.set(batch.batch, batch);
        yield await jobOf(batch, options);
      }
    }
    const broken: evaluation.EvaluationBatch[] = [];
    for await (const outcome of untilAborted(engine.outcomes(jobs()), signal)) {
      const batch = underWay.get(outcome.job.batch)!;
      underWay.delete(outcome.job.batch);
      if ('failure' in outcome) broken.push(batch);
      else yield finish(outcome.job, outcome.result, options);
    }
    for (const batch of broken) yield* untilAborted(withoutCulprits(engine, batch, options), signal);
  };
}

async function jobOf(
  { batch, photos }: { batch: number; photos: readonly SummedPhoto[] },
  { attacks, epsilons, seed, model, transferTo, photos: root }: EvaluateOnOptions,
  without: string[] = [],
): Promise<EvaluateJob> {
  const sums =
    root &&
    (await Promise.all(
      photos.map(async ({ photo, sum }) =>
        sumLine(without.includes(photo) ? 'aside' : (sum ?? (await sumOf(root, photo))), photo),
      ),
    ));
  return {
    code: codeVersion(),
    task: 'evaluate',
    batch,
    model,
    ...(transferTo !== undefined && { transferTo }),
    first: photos[0]!.index,
    photos: photos.map(({ photo }) => photo),
    ...(sums && { sums: sha256(sums.join('')) }),
    without,
    attacks: attacks.map(({ text }) => text),
    epsilons: [...epsilons],
    seed,
  };
}

function finish(
  { batch, without }: EvaluateJob,
  { trials, skipped }: EvaluateResult,
  { onUnreadable }: EvaluateOnOptions,
): evaluation.FinishedBatch {
  for (const message of skipped) onUnreadable?.(message);
  return { batch, trials, ...(without.length > 0 && { aside: without }) };
}

/**
 * Does once more a batch that has failed. Each photo is tried alone first, and those that fail are left out as if they
 * could not be read, so that the others' numbers stay what they are; where none fails alone, all are left out.
 */
async function* withoutCulprits(
  engine: Engine,
  batch: evaluation.EvaluationBatch,
  options: EvaluateOnOptions,
): AsyncGenerator<evaluation.FinishedBatch> {
  const all = batch.photos.map(({ photo }) => photo);
  const alone = await Promise.all(batch.photos.map((photo) => jobOf({ ...batch, photos: [photo] }, options)));
  const culprits = new Set<string>();
  for await (const outcome of engine.outcomes(alone)) if ('failure' in outcome) culprits.add(outcome.job.photos[0]!);
  let failure = '';
  for (const without of [all.filter((photo) => culprits.has(photo)), all]) {
    for await (const outcome of engine.outcomes([await jobOf(batch, options, without)])) {
      if ('failure' in outcome) {
        failure = outcome.failure;
        continue;
      }
      yield finish(outcome.job, outcome.result, options);
      return;
    }
  }
  throw new DescentError(
    `batch ${batch.batch} fails even without its photos: ${failure}. See to the workers, then call ` +
      'again in the same way to go on',
  ); // no photo's fault
}
