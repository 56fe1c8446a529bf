import { objectiveNames, optimizerNames, parseAttacks, spreadPlans, type OptimizerName } from 'descent-lab';
import { z } from 'zod';
import { sha256 } from './hashes';
import { staysBelow } from './photo-root';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const point = z.tuple([z.number(), z.number()]);
const photo = z.string().max(1024).refine((path) => staysBelow(path), 'must be a path below the root');

/** Photos that a job on a queue may have. */
export const MOST_PHOTOS = 4096;

/** Every job names the code that must do it. */
const common = { code: hash };

/** A batch of photos under attacks. */
export const evaluateJob = z.strictObject({
  ...common, task: z.literal('evaluate'), batch: count,
  /** The sha256 of the networks' folders. */
  model: hash, transferTo: hash.optional(),
  /** The index of the first photo in the whole evaluation, and the photos, each below the folder of its class. */
  first: count, photos: z.array(photo).min(1).max(MOST_PHOTOS),
  /** The sha256 of the photos' list, as `sha256sum` writes it. */
  sums: hash,
  /** Photos that are not to be touched, since they have broken this job. */
  without: z.array(photo),
  attacks: z.array(z.string().refine(isAttack, 'must be an attack')).min(1),
  epsilons: z.array(z.number().positive()).min(1), seed: count,
});

/** Some restarts of a search for spread vectors. */
export const spreadJob = z.strictObject({
  ...common, task: z.literal('spread'), loss: z.enum(Object.keys(spreadPlans) as (keyof typeof spreadPlans)[]),
  vectors: z.int().min(2), dimensions: z.int().min(1), restarts: z.int().min(1), iterations: count.optional(),
  start: z.array(z.array(z.number())).optional(), seed: count, first: count, count: z.int().min(1),
});

/** One optimiser at several learning rates. */
export const raceJob = z.strictObject({
  ...common, task: z.literal('race'), objective: z.enum(objectiveNames),
  optimizer: z.enum(optimizerNames as unknown as [OptimizerName, ...OptimizerName[]]),
  hyper: z.record(z.string().max(64), z.union([z.number(), z.boolean()])), rates: z.array(z.number().positive()).min(1),
  start: point, steps: z.int().min(1),
});

/** Nothing: what a queue costs. */
export const idleJob = z.strictObject({ ...common, task: z.literal('idle'), number: count });

/** What comes over the network is checked against it; a thread of this process gets its jobs as they are. */
export const job = z.discriminatedUnion('task', [evaluateJob, spreadJob, raceJob, idleJob]);

/** On this machine nobody needs the sums: there all photos are the run's. */
export type EvaluateJob = Omit<z.infer<typeof evaluateJob>, 'sums'> & { sums?: string };
export type SpreadJob = z.infer<typeof spreadJob>;
export type RaceJob = z.infer<typeof raceJob>;
export type Job = EvaluateJob | SpreadJob | RaceJob | z.infer<typeof idleJob>;

/** The same work has the same name, so that it is done once however often it is asked for. */
export const jobName = (data: Job): string => sha256(JSON.stringify(data)).slice(0, 24);

function isAttack(text: string): boolean {
  try {
    return parseAttacks(text).length === 1;
  } catch {
    return false;
  }
}
