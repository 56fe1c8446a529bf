import { DescentError, evaluation, type races } from 'descent-lab';
import { checkBatch, plannedRows, type FoundPart } from 'descent-lab/internal';
import { z } from 'zod';
import { decode } from './codec';
import { photosOf, tell, type EvaluateJob, type Job, type RaceJob, type SpreadJob } from './jobs';
import { oneLine } from './one-line';

/** A batch's trials, and what is to be told about photos that cannot be read. */
export interface EvaluateResult {
  trials: evaluation.Trial[];
  skipped: string[];
}

/** What comes out of a job. */
export interface Results {
  evaluate: EvaluateResult;
  spread: FoundPart;
  race: races.RaceRun;
  idle: null;
}

/**
 * Takes in what a worker has handed in for a job, which may be anything.
 * @throws DescentError in a line, when it is no whole result of this job
 */
export function unpack<J extends Job>(job: J, text: unknown): Results[J['task']] {
  const told = (problem: string): DescentError => new DescentError(`what came back is no result: ${oneLine(problem)}`);
  if (typeof text !== 'string') throw told('no text');
  let result: unknown;
  try {
    result = decode(text, mostBytes(job));
  } catch (error) {
    throw told(`it cannot be unpacked: ${(error as Error).message}`);
  }
  const { success, data, error } = schemaOf(job).safeParse(result);
  if (!success) throw told(tell(error));
  return data as Results[J['task']];
}

const number = z.custom<number>((value) => typeof value === 'number', 'a number is needed'); // NaN and Infinity too
const numbers = (count: number) => z.array(number).length(count);
const name = z.string().max(4096);

/** A result of another job is none of this one. `stopped` stands in none: half a job is not done. */
function schemaOf(job: Job): z.ZodType {
  switch (job.task) {
    case 'evaluate':
      return evaluateResult(job);
    case 'spread':
      return foundPart(job);
    case 'race':
      return raceRun(job);
    case 'idle':
      return z.null();
  }
}

function evaluateResult(job: EvaluateJob): z.ZodType<EvaluateResult> {
  const plan = plannedRows(evaluation.parseAttacks(job.attacks.join()), job.epsilons);
  const trials = z.custom<evaluation.Trial[]>(Array.isArray, 'a list is needed').superRefine((given, context) => {
    try {
      checkBatch(
        given,
        photosOf(job),
        { plan },
        (place) => (field, problem) => new Error(`${place}${field} ${problem}`),
      );
    } catch (error) {
      context.addIssue((error as Error).message);
    }
  });
  return z.strictObject({ trials, skipped: z.array(name).max(job.photos.length) });
}

function foundPart({ vectors, dimensions, count }: SpreadJob): z.ZodType<FoundPart> {
  const set = z.array(numbers(dimensions)).length(vectors);
  return z
    .strictObject({ scores: numbers(count), best: z.strictObject({ vectors: set, start: set, score: number }) })
    .refine(({ scores, best }) => scores.includes(best.score), 'the best score is none of the scores');
}

function raceRun({ optimizer, rates, steps }: RaceJob): z.ZodType<races.RaceRun> {
  const point = z.tuple([number, number]);
  return z
    .strictObject({
      optimizer: z.literal(optimizer),
      hyper: z.record(name, z.union([number, z.boolean()])),
      steps: z.int().min(0).max(steps),
      final: point,
      finalLoss: number,
      path: z.array(point),
      loss: z.array(number),
      diverged: z.int().min(0).max(steps).optional(),
    })
    .refine(
      ({ steps: made, path, loss, hyper, diverged }) =>
        path.length === made + 1 &&
        loss.length <= path.length &&
        rates.includes(hyper['learningRate'] as number) &&
        (made === steps || diverged !== undefined),
      "it is not that of the job's rates and steps",
    );
}

/** The most bytes that a job's result has as text: a worker that sends more sends something else. */
function mostBytes(job: Job): number {
  const aNumber = 32; // -1.2345678901234567e-300, and what stands around it
  switch (job.task) {
    case 'evaluate': {
      const rows = job.photos.length * (1 + job.attacks.length * job.epsilons.length);
      const longest = Math.max(...job.photos.map((photo) => photo.length));
      return Math.min(MOST_BYTES, 10_000 + rows * (1000 + 12 * longest) + 4096 * job.photos.length);
    }
    case 'spread':
      return 10_000 + aNumber * (job.count + 2 * job.vectors * job.dimensions);
    case 'race':
      return 10_000 + 3 * aNumber * (1 + job.steps);
    case 'idle':
      return 100;
  }
}

const MOST_BYTES = 256e6;
