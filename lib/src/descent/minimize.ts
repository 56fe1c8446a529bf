import { DescentError } from '../errors';
import { CompiledCall } from '../compile/compiled-call';
import type { Precision } from '../compile/stores';
import { hvp, jacobian } from '../gradients';
import { tf } from '../tf';
import { tidily } from '../tidily';
import { callLoss, checkCounts, checkPrecision, valueAndGradients } from './check';
import type { Recorded, Recording, State } from './descend';
import { Interruption } from './interrupt';
import { lbfgs } from './minimisers/lbfgs';
import { gaussNewton, levenbergMarquardt, type Residuals } from './minimisers/least-squares';
import type { Evaluate } from './minimisers/line-search';
import { checkTolerance, float32, float64, follow, norm, type Point, type Steps } from './minimisers/minimiser';
import { newtonCg } from './minimisers/newton-cg';
import { notFinite } from './reasons';
import { freeAbandonedTape } from '../kernels/tape';
import { listOf, namesOf } from './steps';
import { DivergenceError, type Run } from './trajectory';
import { makeVariables, nested, readValues, type Start, type Values, type Variables } from './variables';

/** What to minimise, from where, and how: a loss, or for two of the methods the residuals of a model. */
export type MinimizeOptions<S extends Record<string, Start>, K extends Recording<S> = Recording<S>> = MinimizeCommon<
  S,
  K
> &
  (
    | {
        /**
         * `lbfgs` remembers ten steps, and takes one gradient or two for each (Nocedal & Wright, Numerical Optimization,
         * 2006, algorithm 7.5); `newton-cg` solves Newton's equation by products with the Hessian (algorithm 7.1), so that
         * the loss needs a second derivative. Both take strong Wolfe steps.
         */
        method: 'lbfgs' | 'newton-cg';
        /** A pure function from the variables to a scalar tensor. */
        loss: (variables: Variables<S>) => tf.Tensor;
        residuals?: undefined;
      }
    | {
        /**
         * Linear steps for sums of squares: `levenberg-marquardt` damps them (Moré 1978; Madsen, Nielsen & Tingleff 2004),
         * `gauss-newton` shortens them by a line search.
         */
        method: 'levenberg-marquardt' | 'gauss-newton';
        /** A pure function from the variables to a tensor of any shape. What is minimised is the sum of its squares. */
        residuals: (variables: Variables<S>) => tf.Tensor;
        loss?: undefined;
      }
  );

/** What all methods of `minimize` take. */
export interface MinimizeCommon<S extends Record<string, Start>, K extends Recording<S> = Recording<S>> {
  /** The start value of each variable, by name. Tensors stay the caller's. */
  variables: S;
  /** How many updates to make at most; an integer of 0 or more. Default: 200. */
  iterations?: number;
  /**
   * The run has converged where no element of the gradient is more than this part of the largest at the start; for
   * residuals, where a linear step could take away at most this part of their length. Default: 1.2e-7, which is float32's
   * resolution; a run that cannot tell so little ends as soon as no step lowers the loss.
   */
  tolerance?: number;
  /** What to keep of a state, as plain numbers. Default: the values of all variables; with `false` the losses alone. */
  record?: K;
  /** Record every so many iterations, and the last state always. Default: 1. */
  every?: number;
  /** Called at every state; `false` ends the run there. */
  onIteration?: (state: State<S>) => boolean | void;
  /** Ends the run when aborted, as SIGINT does, after the step that is under way; the trajectory so far is returned. */
  signal?: AbortSignal;
  /** Whether the loss and its derivatives are compiled, as in `descend`. Default: 'auto'. */
  compile?: boolean | 'auto';
  /** The numbers that a compiled loss computes with, as in `descend`. Default: 'float32'. */
  precision?: Precision;
}

/** What a minimisation tells beside its trajectory. */
export interface Minimum {
  /** At how many points the loss, or the residuals, were computed. */
  evaluations: number;
  /** At how many of them the gradient, or the Jacobian, was computed. */
  gradients: number;
  /** How many products with the Hessian were computed; only of `newton-cg`. */
  products?: number;
  /** Whether it ended at a minimum, by its tolerance or as well as float32 can tell. */
  converged: boolean;
  /** Why it ended, in words. */
  reason: string;
}

/**
 * Brings a loss to its minimum by methods that choose their steps themselves: no learning rate, and far fewer iterations
 * than `descend` on what is smooth and given whole. The trajectory is that of `descend`; an iteration is a step that was
 * taken, which may cost several evaluations. The methods compute in doubles, the loss in float32. It leaves no tensor
 * behind.
 *
 * @example
 * const run = await minimize({
 *   loss: ({ x, y }) => tf.addN([x.sub(1).square(), y.sub(x.square()).square().mul(100)]), // Rosenbrock's valley
 *   variables: { x: -1.2, y: 1 },
 *   method: 'lbfgs',
 * });
 * console.log(run.final.x.toFixed(3), run.final.y.toFixed(3), run.converged); // => 1.000 1.000 true
 *
 * @typeParam S the variables' start values, by name
 * @typeParam K what records a state, or false
 * @returns the losses, and unless `record` is false the states and the variables' last values; with residuals the loss is
 * the sum of their squares
 * @throws DivergenceError when the loss or its gradient is not finite at the start; later such points are no step's end
 * @throws DescentError when the loss is no scalar, or does not depend on one of the variables
 */
export async function minimize<
  S extends Record<string, Start>,
  K extends Recording<S> = (state: State<S>) => Values<S>,
>(options: MinimizeOptions<S, K>): Promise<Recorded<S, K> & Minimum> {
  const { iterations = 200, every = 1, onIteration, signal, precision = 'float32' } = options;
  const { tolerance = (precision === 'float64' ? float64 : float32).epsilon } = options;
  checkCounts(iterations, every);
  checkPrecision(options);
  checkTolerance(tolerance);
  checkMethod(options);
  if (Object.keys(options.variables).length === 0) throw new DescentError('there are no variables to move');
  const record: Recording<S> = options.record ?? (({ values }: State<S>) => values);
  const problem = new TensorProblem<S>(options);
  const records: unknown[] = [];
  const recorded: number[] = [];
  const whole = { records, recorded };
  const interruption = new Interruption(signal);
  try {
    const { run, ending, last } = await follow(problem.steps(options.method, tolerance), {
      iterations,
      every,
      interruption,
      visit: (point, iteration) => {
        const odd = problem.oddityOf(point);
        if (odd) {
          const nothing = {
            iterations: 0,
            loss: [],
            compiled: false,
            ...whole,
            final: readValues<S>(problem.variables),
          };
          throw new DivergenceError(problem.explain(odd), iteration, nothing);
        }
        return onIteration && problem.show(point, iteration, onIteration);
      },
      record: (point, iteration) => {
        if (!record) return;
        records.push(problem.show(point, iteration, record));
        recorded.push(iteration);
      },
    });
    const states = record && { ...whole, final: problem.valuesAt(last.x) };
    return { ...run, ...problem.compiling, ...states, ...problem.counts, ...ending } as unknown as Recorded<S, K> &
      Minimum;
  } catch (error) {
    freeAbandonedTape();
    throw error;
  } finally {
    interruption.close();
    problem.dispose();
  }
}

type Counts = Pick<Minimum, 'evaluations' | 'gradients' | 'products'>;

/** A loss or residuals of tensors as functions of one list of doubles, which holds all variables one after the other. */
class TensorProblem<S extends Record<string, Start>> {
  readonly variables: Variables<S>;
  readonly counts: Counts = { evaluations: 0, gradients: 0 };
  private readonly names: (keyof S & string)[];
  private readonly list: tf.Variable[];
  /** All variables in one, and a direction of theirs: what the methods' products are made of. */
  private readonly packed: Record<'x' | 'direction', tf.Variable>;
  private readonly calls: Record<'loss' | 'product' | 'residuals' | 'jacobian', CompiledCall>;

  constructor(private readonly options: MinimizeOptions<S, Recording<S>>) {
    this.variables = makeVariables(options.variables);
    this.names = namesOf(this.variables);
    this.list = listOf(this.variables);
    const size = this.list.reduce((sum, variable) => sum + variable.size, 0);
    const packed = (): tf.Variable => tf.tidy(() => tf.variable(tf.zeros([size])));
    const { x, direction } = (this.packed = { x: packed(), direction: packed() });
    const { compile = 'auto', precision = 'float32', iterations = 200, loss, residuals } = options;
    const call = (name: string, inputs: tf.Variable[], compute: () => tf.Tensor[]): CompiledCall =>
      new CompiledCall(name, inputs, compute, { compile, precision, calls: iterations });
    this.calls = {
      loss: call('loss', this.list, () => {
        const { value, gradients } = valueAndGradients(
          () => callLoss(() => loss!(this.variables), 0),
          this.list,
          this.names,
          0,
        );
        return [value, ...this.names.map((name) => gradients[name])];
      }),
      product: call("loss's second derivative", [x, direction], () => [
        hvp((z) => loss!(this.unpack(z)), x, direction),
      ]),
      residuals: call('residuals', this.list, () => [residuals!(this.variables)]),
      jacobian: call("residuals' derivative", [x], () => [jacobian((z) => residuals!(this.unpack(z)).flatten(), x)]),
    };
  }

  /** Whether what the method calls ran as generated code, and if not, why. */
  get compiling(): Pick<Run, 'compiled' | 'notCompiled'> {
    const used = Object.values(this.calls).filter(({ isUsed }) => isUsed);
    const notCompiled = used.find((call) => call.notCompiled !== undefined)?.notCompiled;
    return {
      compiled: used.length > 0 && used.every(({ isCompiled }) => isCompiled),
      ...(notCompiled !== undefined && { notCompiled }),
    };
  }

  steps(method: MinimizeOptions<S>['method'], tolerance: number): Steps<Point> {
    const start = this.start();
    const precision = this.options.precision === 'float64' ? float64 : float32;
    if (method === 'lbfgs') return lbfgs(this.evaluate, start, tolerance, precision);
    if (method === 'newton-cg') {
      this.counts.products = 0;
      return newtonCg(this.evaluate, this.hessianTimes, start, tolerance, precision);
    }
    const solve = method === 'gauss-newton' ? gaussNewton : levenbergMarquardt;
    this.checkGradients();
    return solve(this.fit, start, tolerance, precision);
  }

  /** Where the variables begin: as they were given, where that was in numbers. */
  private start(): Float64Array {
    const exact = this.names.map((name) => {
      const given: unknown = this.options.variables[name];
      return given instanceof tf.Tensor ? given.dataSync() : [given].flat(Infinity);
    });
    const round = this.options.precision === 'float64' ? (value: number) => value : Math.fround;
    return Float64Array.from(exact.flatMap((values) => Array.from(values as number[], round)));
  }

  private readonly evaluate: Evaluate = (x) => {
    this.counts.evaluations++;
    this.counts.gradients++;
    const [value, ...gradients] = this.calls.loss.call(this.partsOf(x));
    return { x, value: value![0]!, gradient: joined(gradients) };
  };

  private readonly hessianTimes = (x: Float64Array, v: Float64Array): Float64Array => {
    this.counts.products!++;
    const length = norm(v) || 1; // a direction of length 1: products of small numbers vanish in float32
    const [product] = this.calls.product.call([x, v.map((value) => value / length)]);
    return Float64Array.from(product!, (value) => value * length);
  };

  private readonly fit: Residuals = {
    at: (x) => {
      this.counts.evaluations++;
      return Float64Array.from(this.calls.residuals.call(this.partsOf(x))[0]!);
    },
    jacobian: (x) => {
      this.counts.gradients++;
      const [values] = this.calls.jacobian.call([x]);
      const rows = values!.length / x.length;
      return Array.from(x, (_, j) => Float64Array.from({ length: rows }, (_, i) => values![i * x.length + j]!));
    },
  };

  /** Refuses residuals that are no tensor, and those that do not depend on one of the variables. */
  private checkGradients(): void {
    tf.tidy(() => {
      const loss = (): tf.Tensor => {
        const residuals: unknown = this.options.residuals!(this.variables);
        if (residuals instanceof tf.Tensor && residuals.size > 0) return residuals.square().sum();
        const what = residuals instanceof tf.Tensor ? 'an empty one' : String(residuals);
        throw new DescentError(`the residuals must be a tensor with at least one element, not ${what}`);
      };
      valueAndGradients(() => callLoss(loss, 0), this.list, this.names, 0);
    });
  }

  /** A list of numbers cut into those of each variable. */
  private partsOf(x: Float64Array): Float64Array[] {
    const parts: Float64Array[] = [];
    this.places((_, from, { size }) => void parts.push(x.subarray(from, from + size)));
    return parts;
  }

  private unpack(packed: tf.Tensor): Variables<S> {
    const parts: [string, tf.Tensor][] = [];
    this.places((i, from, { size, shape }) => {
      parts.push([this.names[i]!, packed.slice([from], [size]).reshape(shape)]);
    });
    return Object.fromEntries(parts) as Variables<S>;
  }

  /** Calls back with each variable, and where it begins in the list. */
  private places(each: (i: number, from: number, variable: tf.Variable) => void): void {
    this.list.reduce((from, variable, i) => {
      each(i, from, variable);
      return from + variable.size;
    }, 0);
  }

  /** The variables' values at a point, as plain numbers. */
  valuesAt(x: Float64Array): Values<S> {
    const numbers = this.options.precision === 'float64' ? x : Float32Array.from(x);
    const values: [string, unknown][] = [];
    this.places(
      (i, from, { size, shape }) =>
        void values.push([this.names[i]!, nested(numbers.subarray(from, from + size), shape)]),
    );
    return Object.fromEntries(values) as Values<S>;
  }

  /** Gives the variables the values of a point. */
  moveTo(x: Float64Array): void {
    tf.tidy(() => {
      this.places((_, from, variable) => {
        variable.assign(tf.tensor(Float32Array.from(x.subarray(from, from + variable.size)), variable.shape));
      });
    });
  }

  /** Calls a function of a state with a point. */
  show<R>({ x, value, gradient }: Point, iteration: number, look: (state: State<S>) => R): R {
    this.moveTo(x);
    return tidily(() => {
      const gradients = this.unpack(tf.tensor1d(Float32Array.from(gradient)));
      const { variables } = this;
      return look({ iteration, loss: value, variables, values: this.valuesAt(x), gradients });
    });
  }

  /** What of a point is not finite, in words. */
  oddityOf({ value, gradient }: Point): string | undefined {
    if (!Number.isFinite(value)) return `the loss is ${value}`;
    let odd: string | undefined;
    this.places((i, from, { size }) => {
      const finite = gradient.subarray(from, from + size).every((element) => Number.isFinite(element));
      if (!finite) odd ??= `the gradient with respect to '${this.names[i]}' is not finite`;
    });
    return odd;
  }

  /** Where what is not finite began: only the start can be such a point. */
  explain(odd: string): string {
    const { loss, residuals } = this.options;
    const scalar = (): tf.Scalar =>
      (loss ? loss(this.variables) : residuals(this.variables).square().sum()) as tf.Scalar;
    return notFinite(odd, 0, scalar, this.list);
  }

  dispose(): void {
    tf.dispose([this.list, Object.values(this.packed)]);
  }
}

function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

const METHODS = { lbfgs: 'loss', 'newton-cg': 'loss', 'levenberg-marquardt': 'residuals', 'gauss-newton': 'residuals' };

/** In a notebook the compiler does not see to it. */
function checkMethod(options: object): void {
  const { method, ...given } = options as { method: keyof typeof METHODS };
  const wanted = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!wanted) {
    throw new DescentError(`unknown method '${String(method)}'; known: ${Object.keys(METHODS).join(', ')}`);
  }
  if (typeof (given as Record<string, unknown>)[wanted] !== 'function') {
    throw new DescentError(`the method '${method}' needs ${wanted}: a function of the variables`);
  }
}
