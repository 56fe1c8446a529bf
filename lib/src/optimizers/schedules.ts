import { DescentError } from '../errors';

/** A schedule's name and parameters as plain JSON: what a saved model keeps of it. */
export type ScheduleConfig = { name: string } & { [parameter: string]: number | string | boolean | ScheduleConfig };

/**
 * The learning rate as a function of the number of updates made before: `schedule(0)` is the first update's rate.
 * Any function will do; those made here also carry their description, so that a model can be saved with them.
 */
export interface Schedule {
  (step: number): number;
  /** Its name and its numbers, to save and to make it again. */
  config?: ScheduleConfig;
}

/** What can be said where a learning rate is wanted: a number above 0, a schedule, or a schedule's description. */
export type LearningRate = number | Schedule | ScheduleConfig;

/** Decays by `decayRate` over every `decaySteps` updates, starting from `initialLearningRate`. */
export interface Decay {
  initialLearningRate: number;
  decaySteps: number;
  decayRate: number;
}

const described = (config: ScheduleConfig, rate: (step: number) => number): Schedule => Object.assign(rate, { config });

function checkSteps(name: string, steps: number): void {
  if (Number.isInteger(steps) && steps > 0) return;
  throw new DescentError(`${name} must be a positive integer, not ${steps}`);
}

/** The same rate at every update. */
export const constantSchedule = (learningRate: number): Schedule =>
  described({ name: 'constant', learningRate }, () => learningRate);

/** $r \, d^{t / n}$: the initial rate $r$, times the decay rate $d$ over $n$ updates, a little less at each. */
export function exponentialSchedule(options: Decay): Schedule {
  const { initialLearningRate, decaySteps, decayRate } = options;
  checkSteps('decaySteps', decaySteps);
  return described(
    { name: 'exponential', ...options },
    (step) => initialLearningRate * decayRate ** (step / decaySteps),
  );
}

/**
 * $r \, d^{\lfloor t / n \rfloor}$: the initial rate $r$, times the decay rate $d$ after every $n$ updates, in stairs.
 * @example
 * const rate = optimizers.stepSchedule({ initialLearningRate: 0.01, decayRate: 0.5, decaySteps: 100 });
 * console.log(rate(0), rate(99), rate(100), rate(200)); // => 0.01 0.01 0.005 0.0025
 */
export function stepSchedule(options: Decay): Schedule {
  const { initialLearningRate, decaySteps, decayRate } = options;
  checkSteps('decaySteps', decaySteps);
  return described(
    { name: 'step', ...options },
    (step) => initialLearningRate * decayRate ** Math.floor(step / decaySteps),
  );
}

/**
 * Half a cosine from the initial rate $r$ down to $\alpha r$, over $n$ updates; the last rate stays:
 * $r \, ((1 - \alpha) \frac{1 + \cos(\pi t / n)}{2} + \alpha)$.
 */
export function cosineSchedule(options: { initialLearningRate: number; decaySteps: number; alpha?: number }): Schedule {
  const { initialLearningRate, decaySteps, alpha = 0 } = options;
  checkSteps('decaySteps', decaySteps);
  return described({ name: 'cosine', initialLearningRate, decaySteps, alpha }, (step) => {
    const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(step / decaySteps, 1)));
    return initialLearningRate * ((1 - alpha) * cosine + alpha);
  });
}

/**
 * A straight line up to the first rate of `after` over `warmupSteps` updates, then `after` from its own start. The
 * first update, $t = 0$, has a rate above 0, so that none is wasted: $r (t + 1) / n$ with `warmupSteps` $n$.
 */
export function warmupSchedule({ warmupSteps, after }: { warmupSteps: number; after: Schedule | number }): Schedule {
  checkSteps('warmupSteps', warmupSteps);
  const then = typeof after === 'number' ? constantSchedule(after) : after;
  const rate = (step: number): number =>
    step < warmupSteps ? (then(0) * (step + 1)) / warmupSteps : then(step - warmupSteps);
  return then.config ? described({ name: 'warmup', warmupSteps, after: then.config }, rate) : rate;
}

/** The schedules by the name in their description. */
const makers: { [name: string]: (config: never) => Schedule } = {
  constant: ({ learningRate }: { learningRate: number }) => constantSchedule(learningRate),
  exponential: exponentialSchedule,
  step: stepSchedule,
  cosine: cosineSchedule,
  warmup: ({ warmupSteps, after }: { warmupSteps: number; after: ScheduleConfig }) =>
    warmupSchedule({ warmupSteps, after: scheduleFrom(after) }),
};

/** Makes a schedule again from its description. @throws DescentError for an unknown name: it lists the known ones */
export function scheduleFrom({ name, ...parameters }: ScheduleConfig): Schedule {
  const make = Object.hasOwn(makers, name) && makers[name];
  if (!make) throw new DescentError(`unknown schedule '${name}'; known: ${Object.keys(makers).join(', ')}`);
  return make(parameters as never);
}

/** The learning rate with a schedule's description made into the schedule. */
export const asSchedule = (rate: LearningRate): number | Schedule =>
  typeof rate === 'object' ? scheduleFrom(rate) : rate;
