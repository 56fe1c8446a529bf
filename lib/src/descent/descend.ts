import type { Precision } from '../compile/stores';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { callLoss, checkCounts, checkPrecision } from './check';
import { CompilingSteps } from './compiling-steps';
import { Interruption } from './interrupt';
import { claim, release } from './optimizer-lease';
import { notFinite } from './reasons';
import { checkSlope, listOf, type Descent, type Steps, type UpdateRule } from './steps';
import { freeAbandonedTape } from '../kernels/tape';
import { DivergenceError, type Run, type Trajectory } from './trajectory';
import { makeVariables, type Start, type Values, type Variables } from './variables';

/**
 * How a run moves its variables: an optimiser of TensorFlow's kind, a function without parameters that makes one, such
 * as a `chain`, or an update written by hand.
 */
export type DescentMethod = tf.Optimizer | (() => tf.Optimizer) | UpdateRule;

/** One state of a run, as `record` and `onIteration` see it: live tensors, valid only during the call. */
export interface State<S> {
  /** The number of updates made so far. */
  iteration: number;
  /** The loss here, in its own unit. */
  loss: number;
  /** The variables here: tensors, valid during the call. */
  variables: Variables<S>;
  /** Their values as plain numbers; of a compiled run these cost less than tensors. */
  readonly values: Values<S>;
  /** The loss's gradient at this state, by variable; undefined at the last state, which needs none. */
  gradients: { [K in keyof S]: tf.Tensor } | undefined;
}

/** What a run keeps of its states: what a function makes of each, or nothing. */
export type Recording<S> = ((state: State<S>) => unknown) | false;

/** What `descend` returns for each way of recording. */
export type Recorded<S extends Record<string, Start>, K> = K extends (state: State<S>) => infer R
  ? Trajectory<S, R>
  : Run;

/** What to descend on, from where, how, and how long. */
export interface DescendOptions<S extends Record<string, Start>, K extends Recording<S> = Recording<S>> {
  /** A pure function from the variables to a scalar tensor; `iteration` is there for losses that change on the way. */
  loss: (variables: Variables<S>, iteration: number) => tf.Tensor;
  /** The start value of each variable, by name. Tensors stay the caller's. */
  variables: S;
  /** An optimiser's state belongs to this run and is freed at its end: make a new one for each run. */
  optimizer: DescentMethod;
  /** How many updates to make at most; an integer of 0 or more. */
  iterations: number;
  /** Applied to each variable after its update: a projection back onto a sphere or into a box, for instance. */
  constrain?: (value: tf.Tensor, name: keyof S & string) => tf.Tensor;
  /**
   * What to keep of a state, as plain numbers. Default: the values of all variables. With `false` the losses alone are
   * kept: neither states nor the last values, which take a while for a million.
   */
  record?: K;
  /** Record every so many iterations, and the last state always. Default: 1. */
  every?: number;
  /** Called at every state; `false` ends the run there. */
  onIteration?: (state: State<S>) => boolean | void;
  /** Ends the run when aborted, as SIGINT does; the trajectory so far is returned. */
  signal?: AbortSignal;
  /**
   * Whether the operations of one step are recorded, written as one function on plain numbers, and that function runs in
   * their place: the same trajectory, to rounding, in a fraction of the time where tensors are small. What cannot be
   * compiled runs as it is, and the run says why. Default: 'auto', which compiles where that is the faster way, by the
   * sizes of the tensors and the number of iterations.
   */
  compile?: boolean | 'auto';
  /**
   * The numbers that a compiled run computes with. `float64` is for what float32 stops short of: numbers written in the
   * loss count as they are written, tensors made outside of it are float32 already. Default: 'float32'.
   */
  precision?: Precision;
}

/**
 * Gradient descent: from the start values, again and again, one step against the gradient of the loss.
 * Every notebook runs this loop, and so does every script but the training of networks, which must save an optimiser's
 * state between any two steps. It leaves no tensor behind.
 *
 * @example
 * const run = await descend({
 *   loss: ({ x }) => x.sub(3).square(),
 *   variables: { x: 0 },
 *   optimizer: tf.train.sgd(0.1),
 *   iterations: 50,
 * });
 * console.log(run.loss[0], run.final.x.toFixed(3)); // => 9 3.000
 *
 * @typeParam S the variables' start values, by name
 * @typeParam K what records a state, or false
 * @returns the losses, and unless `record` is false the states and the variables' last values
 * @throws DivergenceError when the loss or a gradient is not finite: it names the iteration and holds the trajectory.
 * @throws DescentError when the loss is no scalar, or does not depend on one of the variables.
 */
export async function descend<S extends Record<string, Start>, K extends Recording<S> = (state: State<S>) => Values<S>>(
  options: DescendOptions<S, K>,
): Promise<Recorded<S, K>> {
  const { loss, iterations, onIteration, every = 1, constrain } = options;
  checkCounts(iterations, every);
  checkPrecision(options);
  const optimizer = methodOf(options.optimizer);

  if (optimizer instanceof tf.Optimizer) claim(optimizer);
  const free = (): void => {
    if (optimizer instanceof tf.Optimizer) release(optimizer);
  };
  const variables = makeVariables(options.variables, free);
  const descent: Descent<S> = { loss, variables, optimizer, ...(constrain && { constrain }) };
  const { record } = options;
  const looked = Boolean(onIteration ?? record);
  const run: Run = { iterations: 0, loss: [], compiled: false };
  const states: Pick<Trajectory<S, unknown>, 'records' | 'recorded'> = { records: [], recorded: [] };
  const steps = new CompilingSteps(descent, options, run);
  const whole = (): Trajectory<S, unknown> => ({ ...run, ...states, final: steps.values() });
  const interruption = new Interruption(options.signal);
  const lossHere = (iteration: number) => (): tf.Scalar => callLoss(() => loss(steps.variables, iteration), iteration);
  const diverged = (what: string, iteration: number): DivergenceError<S> =>
    new DivergenceError(notFinite(what, iteration, lossHere(iteration), listOf(steps.variables)), iteration, whole());

  /** Evaluates the state after `iteration` updates and makes the next one; true when the run is over. */
  const advance = (iteration: number): boolean => {
    const last = iteration === iterations || interruption.reason !== undefined;
    const here = steps.evaluate(iteration, last);
    if (!Number.isFinite(here)) throw diverged(`the loss is ${here}`, iteration);
    run.iterations = iteration;
    run.loss.push(here);
    const infinite = steps.infinite();
    if (infinite) throw diverged(`the gradient with respect to '${infinite}' is not finite`, iteration);
    if (iteration === 0 && steps.gradients) checkSlope(descent, steps.gradients);
    const state = looked ? new Looked(iteration, here, steps) : undefined;
    const over = onIteration?.(state!) === false;
    if (over) run.stopped = 'callback';
    else if (last && iteration < iterations) run.stopped = interruption.reason;
    if (record !== false && (over || last || iteration % every === 0)) {
      states.records.push(record ? record(state!) : steps.values());
      states.recorded.push(iteration);
    }
    if (over || last) return true;
    steps.update(iteration);
    return false;
  };

  try {
    steps.begin();
    let over = false;
    for (let iteration = 0; !over;) {
      tf.tidy(() => {
        do over = advance(iteration++);
        while (!over && steps.isCompiled && !looked && !interruption.isDue()); // no tensors pile up
      });
      if (interruption.isDue()) await interruption.turn();
    }
    return (record === false ? run : whole()) as Recorded<S, K>;
  } catch (error) {
    freeAbandonedTape();
    throw error;
  } finally {
    interruption.close();
    listOf(variables).forEach((variable) => variable.dispose());
    free();
  }
}

/** A state as a caller's function sees it: of a compiled run, its tensors are made where they are looked at. */
class Looked<S extends Record<string, Start>> implements State<S> {
  constructor(
    readonly iteration: number,
    readonly loss: number,
    private readonly steps: Steps<S>,
  ) {}

  get variables(): Variables<S> {
    return this.steps.variables;
  }

  get values(): Values<S> {
    return this.steps.values();
  }

  get gradients(): { [K in keyof S]: tf.Tensor } | undefined {
    return this.steps.gradients;
  }
}

/** The optimiser, made if it is still to be made, or the update. */
function methodOf(optimizer: DescentMethod): tf.Optimizer | UpdateRule {
  const isMaker = (method: DescentMethod): method is () => tf.Optimizer =>
    typeof method === 'function' && method.length === 0;
  const method = isMaker(optimizer) ? optimizer() : optimizer;
  if (method instanceof tf.Optimizer || (typeof method === 'function' && !isMaker(optimizer))) return method;
  throw new DescentError(
    'the optimizer must be a tf.Optimizer, a function without parameters that makes one, or an update ' +
      `(value, gradient) => the next value, not ${String(method)}`,
  );
}
