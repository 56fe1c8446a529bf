import { DescentError, Random, evaluation, optimizers, type pictures } from 'descent-lab';
import { sha256, objectiveNames, spreadPlans } from 'descent-lab/internal';
import { z } from 'zod';
import { oneLine } from './one-line';
import { staysBelow } from './photo-root';

/**
 * What a job on a queue may ask for, whoever asks: what a worker does in some hours and gigabytes. A run on this machine
 * alone knows none of these bounds.
 */
const MOST = {
  /** Items of any list or record: what is longer is not even looked through. */
  items: 4096,
  /** Rows of a batch's result, some 250 bytes each. */
  trials: 400_000,
  epsilons: 256,
  /** Each pair of vectors has a number in some ten tensors. */
  vectors: 4096,
  dimensions: 4096,
  /** Numbers of a set of vectors, which travels as text. */
  numbers: 2 ** 20,
  /** Numbers of all starts: a worker draws those before its own too. */
  drawn: 2 ** 32,
  iterations: 1_000_000,
  /** Multiplications of a job. */
  work: 1e14,
  /** Points of a path, which travels as text; and updates of all rates together. */
  steps: 1_000_000,
  updates: 10_000_000,
  rates: 256,
  hyper: 32,
} as const;

/** Photos that a job on a queue may have. */
export const MOST_PHOTOS = MOST.items;

const most = (bound: number): string => `at most ${bound.toLocaleString('en')}`;
const integer = (least: number, bound = Number.MAX_SAFE_INTEGER) =>
  z
    .int()
    .min(least)
    .max(bound, bound < Number.MAX_SAFE_INTEGER ? { error: most(bound) } : undefined);
const list = <T extends z.ZodType>(item: T, bound: number) =>
  z
    .array(item)
    .min(1)
    .max(bound, { error: most(bound) });
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const point = z.tuple([z.number(), z.number()]);
const photo = z
  .string()
  .max(1024, { abort: true })
  .refine((path) => staysBelow(path), 'must be a path below the root');
const attack = z.string().max(64, { abort: true }).refine(isAttack, 'must be an attack');
const size = z.number().positive().max(1, { error: 'at most 1, since pixels are from 0 to 1' });
const seed = integer(0, Random.LARGEST_SEED);

/** Every job names the code that must do it. */
const common = { code: hash };

/** A batch of photos under attacks. */
export const evaluateJob = z.strictObject({
  ...common,
  task: z.literal('evaluate'),
  batch: integer(0),
  /** The sha256 of the networks' folders. */
  model: hash,
  transferTo: hash.optional(),
  /** The index of the first photo in the whole evaluation, and the photos, each below the folder of its class. */
  first: integer(0),
  photos: list(photo, MOST_PHOTOS),
  /** The sha256 of the photos' list, as `sha256sum` writes it. */
  sums: hash,
  /** Photos that are not to be touched, since they have broken this job. */
  without: z.array(photo).max(MOST_PHOTOS),
  attacks: list(attack, MOST.items),
  epsilons: list(size, MOST.epsilons),
  seed,
});

/** Some restarts of a search for spread vectors. */
export const spreadJob = z.strictObject({
  ...common,
  task: z.literal('spread'),
  loss: z.enum(Object.keys(spreadPlans) as (keyof typeof spreadPlans)[]),
  vectors: integer(2, MOST.vectors),
  dimensions: integer(1, MOST.dimensions),
  restarts: integer(1),
  iterations: integer(0, MOST.iterations).optional(),
  start: z.array(z.array(z.number())).optional(),
  seed,
  first: integer(0),
  count: integer(1),
});

/** One optimiser at several learning rates. */
export const raceJob = z.strictObject({
  ...common,
  task: z.literal('race'),
  objective: z.enum(objectiveNames),
  optimizer: z.enum(optimizers.optimizerNames as unknown as [optimizers.OptimizerName, ...optimizers.OptimizerName[]]),
  hyper: z
    .record(z.string().max(64), z.union([z.number(), z.boolean()]))
    .refine((hyper) => Object.keys(hyper).length <= MOST.hyper, most(MOST.hyper)),
  rates: list(z.number().positive(), MOST.rates),
  start: point,
  steps: integer(1, MOST.steps),
});

/** Nothing: what a queue costs. */
export const idleJob = z.strictObject({ ...common, task: z.literal('idle'), number: integer(0) });

const schema = z.discriminatedUnion('task', [evaluateJob, spreadJob, raceJob, idleJob]);

/** On this machine nobody needs the sums: there all photos are the run's. */
export type EvaluateJob = Omit<z.infer<typeof evaluateJob>, 'sums'> & { sums?: string };
export type SpreadJob = z.infer<typeof spreadJob>;
export type RaceJob = z.infer<typeof raceJob>;
export type Job = EvaluateJob | SpreadJob | RaceJob | z.infer<typeof idleJob>;

/** A batch's photos as the library wants them: the folder of each is its class. */
export const photosOf = ({ photos, first }: EvaluateJob): pictures.LabelledPhoto[] =>
  photos.map((photo, i) => ({ index: first + i, path: photo, photo, truth: photo.slice(0, photo.indexOf('/')) }));

/**
 * What travels over a queue is checked, by who sends it and by who does it; a thread of this process gets its jobs as
 * they are.
 * @throws DescentError in a line, when it is no job or a larger one than a worker does
 */
export function checkJob(data: unknown): Job {
  const told = (problem: string): DescentError => new DescentError(`this is no job for a queue: ${oneLine(problem)}`);
  if (!isShort(data)) throw told(`a list in it is longer than ${MOST.items.toLocaleString('en')}, or lies too deep`);
  const { success, data: job, error } = schema.safeParse(data);
  if (!success) throw told(`${tell(error)}${error.issues[0]!.code === 'too_big' ? REMEDY : ''}`);
  const excess = excessOf(job);
  if (excess !== undefined) throw told(`${excess}${REMEDY}`);
  return job;
}

const REMEDY = '. Ask for less, or do it without a queue';

/** What is wrong first, and where. */
export const tell = ({ issues: [first] }: z.ZodError): string =>
  `${first!.path.length > 0 ? `${first!.path.join('.')}: ` : ''}${first!.message}`;

/** Whether a job is no larger than its schema could find out without a harm. */
function isShort(value: unknown, depth = 3): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0 || (Array.isArray(value) && value.length > MOST.items)) return false;
  const items = Object.values(value);
  return items.length <= MOST.items && items.every((item) => isShort(item, depth - 1));
}

/** What a job asks too much of, though each of its numbers may be. */
function excessOf(job: Job): string | undefined {
  const tooMuch = (what: string, product: number, bound: number): string | undefined =>
    product > bound ? `${what}: ${most(bound)}, not ${product.toLocaleString('en')}` : undefined;
  switch (job.task) {
    case 'evaluate': {
      const { photos, attacks, epsilons } = job;
      return tooMuch('photos x attacks x epsilons', photos.length * attacks.length * epsilons.length, MOST.trials);
    }
    case 'race':
      return tooMuch('rates x steps', job.rates.length * job.steps, MOST.updates);
    case 'spread': {
      const { vectors, dimensions, restarts, start, first, count } = job;
      const numbers = tooMuch('vectors x dimensions', vectors * dimensions, MOST.numbers);
      if (numbers !== undefined) return numbers;
      if (start && !(start.length === vectors && start.every((row) => row.length === dimensions))) {
        return `start: ${vectors} lists of ${dimensions} numbers are needed`;
      }
      const plan = spreadPlans[job.loss](job);
      if (first + count > restarts || count > plan.size) {
        return `count: ${first} + ${count} restarts are no batch of ${restarts}`;
      }
      return (
        tooMuch('restarts x vectors x dimensions', restarts * vectors * dimensions, MOST.drawn) ??
        tooMuch(
          'iterations x restarts at once x vectors² x dimensions',
          plan.iterations * count * vectors ** 2 * dimensions,
          MOST.work,
        )
      );
    }
    case 'idle':
      return undefined;
  }
}

/** The same work has the same name, so that it is done once however often it is asked for. */
export const jobName = (data: Job): string => sha256(JSON.stringify(data)).slice(0, 24);

function isAttack(text: string): boolean {
  try {
    return evaluation.parseAttacks(text).length === 1;
  } catch {
    return false;
  }
}
