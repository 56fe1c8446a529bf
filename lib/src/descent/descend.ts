import { DescentError } from '../errors';
import { tf } from '../tf';
import { allFinite, callLoss, checkCounts, isZero, valueAndGradients } from './check';
import { Interruption } from './interrupt';
import { claim, release } from './optimizer-lease';
import { notFinite, whyZero } from './reasons';
import { freeAbandonedTape } from './tape';
import { DivergenceError, type Run, type Trajectory } from './trajectory';
import { makeVariables, readValues, type Start, type Values, type Variables } from './variables';

/** An update written by hand: the variable's next value from its value and its gradient, all of one shape. */
export type UpdateRule = (
  value: tf.Tensor,
  gradient: tf.Tensor,
  step: { name: string; iteration: number },
) => tf.Tensor;

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
  /** The loss's gradient at this state, by variable; undefined at the last state, which needs none. */
  gradients?: { [K in keyof S]: tf.Tensor };
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
  const { loss, iterations, onIteration, every = 1 } = options;
  checkCounts(iterations, every);
  const record: Recording<S> = options.record ?? (({ variables }: State<S>) => readValues<S>(variables));
  const optimizer = methodOf(options.optimizer);

  if (optimizer instanceof tf.Optimizer) claim(optimizer);
  const free = (): void => {
    if (optimizer instanceof tf.Optimizer) release(optimizer);
  };
  const variables = makeVariables(options.variables, free);
  const list = Object.values<tf.Variable>(variables);
  const names = Object.keys(variables) as (keyof S & string)[];
  const run: Run = { iterations: 0, loss: [] };
  const states: Pick<Trajectory<S, unknown>, 'records' | 'recorded'> = { records: [], recorded: [] };
  const whole = (): Trajectory<S, unknown> => ({ ...run, ...states, final: readValues<S>(variables) });
  const interruption = new Interruption(options.signal);

  /** Evaluates the state after `iteration` updates and makes the next one; true when the run is over. */
  const advance = (iteration: number): boolean => {
    const lossHere = (): tf.Scalar => callLoss(() => loss(variables, iteration), iteration);
    const last = iteration === iterations || interruption.reason !== undefined;
    const { value, grads, gradients } = last
      ? { value: lossHere() }
      : valueAndGradients(lossHere, list, names, iteration);
    const here = value.dataSync()[0] as number;
    if (!Number.isFinite(here)) throw diverged(`the loss is ${here}`, iteration, lossHere);
    run.iterations = iteration;
    run.loss.push(here);
    const infinite = names.find((name) => gradients && !allFinite(gradients[name]));
    if (infinite) throw diverged(`the gradient with respect to '${infinite}' is not finite`, iteration, lossHere);
    if (iteration === 0 && gradients && names.every((name) => isZero(gradients[name]))) {
      const level = whyZero(lossHere, list);
      if (level) throw new DescentError(`the gradient is zero at iteration 0: ${level}; a smooth form has one`);
    }
    const state = { iteration, loss: here, variables, gradients } as State<S>;
    const over = onIteration?.(state) === false;
    if (over) run.stopped = 'callback';
    else if (last && iteration < iterations) run.stopped = interruption.reason;
    if (record && (over || last || iteration % every === 0)) {
      states.records.push(record(state));
      states.recorded.push(iteration);
    }
    if (over || last) return true;
    if (optimizer instanceof tf.Optimizer) {
      optimizer.applyGradients(grads!);
    } else {
      names.forEach((name, i) => list[i]!.assign(optimizer(list[i]!, gradients![name], { name, iteration })));
    }
    if (options.constrain) names.forEach((name, i) => list[i]!.assign(options.constrain!(list[i]!, name)));
    return false;
  };
  const diverged = (what: string, iteration: number, loss: () => tf.Scalar): DivergenceError<S> =>
    new DivergenceError(notFinite(what, iteration, loss, list), iteration, whole());

  try {
    let over = false;
    for (let iteration = 0; !over; iteration++) {
      tf.tidy(() => {
        over = advance(iteration);
      });
      await interruption.turn();
    }
    return (record ? whole() : run) as Recorded<S, K>;
  } catch (error) {
    freeAbandonedTape();
    throw error;
  } finally {
    interruption.close();
    list.forEach((variable) => variable.dispose());
    free();
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
