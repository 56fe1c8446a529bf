// Why a gradient is missing, zero or not finite: the loss is run once more, and watched.
import { observe, type Observer, type Step } from '../kernels/tape';
import { watchReads } from '../compile/reads';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import { freeAbandonedTape } from '../kernels/tape';

/** What is usually done about an operation that is not finite somewhere, or whose slope is not. */
const REMEDIES: Record<string, string> = {
  Sqrt: 'keep it from 0, where its slope is infinite, as in the norm of a zero vector: add a small number inside the root',
  Rsqrt: 'keep it from 0: add a small number to what it takes',
  Log: 'keep what it takes above 0: add a small number, or take special.xlogy where a factor stands before it',
  Log1p: 'keep what it takes above -1',
  Acos: 'its slope is infinite at 1 and -1: clip what it takes to 0.999999, or take atan2 of sine and cosine',
  Asin: 'its slope is infinite at 1 and -1: clip what it takes to 0.999999, or take atan2 of sine and cosine',
  Acosh: 'keep what it takes above 1',
  Atanh: 'keep what it takes between -1 and 1: clip it to 0.999999',
  Atan2: 'it has no slope where both are 0: add a small number to one of them',
  RealDiv: 'keep the divisor from 0: add a small number to it, or take tf.divNoNan',
  Reciprocal: 'keep what it takes from 0: add a small number',
  Pow: 'keep the base above 0: add a small number to it, or take its abs()',
  Exp: 'float32 ends at exp(88): compute with logarithms instead (special.logsumexp, tf.softplus, tf.logSoftmax)',
  Expm1: 'float32 ends at exp(88): scale what it takes',
  Sinh: 'float32 ends at sinh(89): scale what it takes',
  Cosh: 'float32 ends at cosh(89): scale what it takes',
  Erfinv: 'keep what it takes between -1 and 1',
  Lgamma: 'it is infinite at 0, -1, -2 ...: keep what it takes above 0',
  Digamma: 'it is infinite at 0, -1, -2 ...: keep what it takes above 0',
};
const BOTH_BRANCHES =
  'tf.where computes both branches, and the slope of the one not taken is infinite here: guard what it takes as well, ' +
  'with a tf.where inside';

/** Kernels that go up or down in steps: level everywhere else. */
const STAIRCASES = new Set(['Round', 'Floor', 'Ceil', 'Sign', 'Step', 'FloorDiv', 'Mod']);

/** What readers call a kernel. */
function nameOf(kernel: string): string {
  const names: Record<string, string> = {
    RealDiv: 'div',
    Multiply: 'mul',
    BatchMatMul: 'matMul',
    GatherV2: 'gather',
    Cast: 'a cast',
    FusedBatchNorm: 'batchNorm',
    TopK: 'the index of topk',
    Unpack: 'unstack',
    SelfAdjointEig: 'eigh',
  };
  if (/\W/.test(kernel)) return 'a gradient written by hand'; // customGrad, which tfjs gives no name
  return names[kernel] ?? `${kernel.charAt(0).toLowerCase()}${kernel.slice(1)}`;
}

type Loss = () => tf.Scalar;

/** Runs the loss, and its gradient, under an observer; what it throws was told before. */
function watch(loss: Loss, variables: tf.Variable[], observer: Observer): tf.Tensor[] | undefined {
  try {
    const { grads } = tf.tidy(() => {
      const { grads: all, value } = observe(observer, () => tf.variableGrads(loss, variables));
      value.dispose();
      return { grads: variables.map(({ name }) => all[name]!).filter(Boolean) };
    });
    return grads;
  } catch {
    freeAbandonedTape();
    return undefined;
  }
}

/** A tensor's numbers, for when it is gone. */
interface Numbers {
  shape: number[];
  values: ArrayLike<number>;
}
const numbersOf = (x: tf.Tensor): Numbers => ({ shape: x.shape, values: x.dtype === 'float32' ? x.dataSync() : [] });

/** The first element that is not finite. */
const wrongIn = ({ values }: Numbers): number => Array.prototype.findIndex.call(values, (v) => !Number.isFinite(v));
const areFinite = (all: Numbers[]): boolean => all.every((numbers) => wrongIn(numbers) < 0);

const indicesOf = (at: number, shape: number[]): number[] =>
  tf.util.indexToLoc(at, shape.length, tf.util.computeStrides(shape));

const place = ({ shape, values }: Numbers, at: number): string =>
  values.length > 1 ? `, element [${indicesOf(at, shape).join(', ')}] of ${shapeOf({ shape })}` : '';

/** The values that an element of a result comes from, where the operation works element by element. */
function valuesAt(kernel: string, given: Numbers[], result: Numbers, at: number): number[] {
  const elementwise = kernel in REMEDIES || given.every(({ shape }) => tf.util.arraysEqual(shape, result.shape));
  if (!elementwise) return [];
  return given.map(({ shape, values: own }) => {
    const indices = indicesOf(at, result.shape).slice(result.shape.length - shape.length);
    const index = shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : indices[axis]!), 0);
    return own[index]!;
  });
}

const told = (values: number[]): string =>
  values.length > 0 ? `(${values.map((value) => Number(value.toPrecision(4))).join(', ')})` : '';

/** What is done about an operation with these values; nothing where numbers have only grown too large. */
function remedyFor(kernel: string, [first = 0, second = 0]: number[], result: number): string | undefined {
  const grew =
    (kernel === 'Pow' && first !== 0 && (first > 0 || !Number.isNaN(result))) || (kernel === 'RealDiv' && second !== 0);
  return grew ? undefined : REMEDIES[kernel];
}

/** The sentence for a loss or a gradient that is not finite: where that began, and what is usually done about it. */
export function notFinite(what: string, iteration: number, loss: Loss, variables: tf.Variable[]): string {
  const here = `${what} at iteration ${iteration}`;
  const smaller = 'a smaller learning rate may help';
  const start = variables.map(numbersOf).find((x) => wrongIn(x) >= 0);
  if (iteration === 0 && start) {
    const at = wrongIn(start);
    return `${here}: a start value is ${start.values[at]}${place(start, at)}`;
  }
  const why = whyNotFinite(loss, variables);
  if (why?.remedy !== undefined) return `${here}: ${why.what}: ${why.remedy}${iteration > 0 ? `; or ${smaller}` : ''}`;
  if (iteration > 0) return `${here}: the descent diverged; ${smaller}`;
  return `${here}${why ? `: ${why.what}` : ''}: float32 ends at 3.4e38: take smaller numbers to start from, or other units`;
}

/** The operation where a number stopped being finite, with its remedy unless a number has only grown too large. */
interface NotFinite {
  what: string;
  remedy?: string;
}

/** The first operation on the way to the loss, or else on the way back, that makes what is not finite of what is. */
function whyNotFinite(loss: Loss, variables: tf.Variable[]): NotFinite | undefined {
  let found: NotFinite | undefined;
  let value: number | undefined;
  const inputs = new Map<Step, Numbers[]>();
  const made = new Set(variables.map(({ id }) => id));
  const observed = (): tf.Scalar => {
    const result = loss();
    value = result.dataSync()[0];
    return result;
  };
  const grads = watch(observed, variables, {
    forward(step) {
      if (step.kernel.endsWith('__op')) return; // a copy that tfjs keeps for the way back, not yet the operation itself
      const tensors = Object.values(step.inputs).filter((x) => x instanceof tf.Tensor);
      const given = tensors.map(numbersOf);
      inputs.set(step, given);
      const wrong = step.outputs.map(numbersOf).find((x) => wrongIn(x) >= 0);
      step.outputs.forEach(({ id }) => made.add(id));
      if (found || !wrong) return;
      const name = nameOf(step.kernel);
      const before = given.findIndex((x) => wrongIn(x) >= 0);
      if (before >= 0) {
        if (made.has(tensors[before]!.id)) return; // a variable, or what an operation says so of itself
        const at = wrongIn(given[before]!);
        const what = `${name} is given ${given[before]!.values[at]}${place(given[before]!, at)}`;
        found = { what, remedy: 'the data that the loss is made of are not finite: mend or leave out that one' };
        return;
      }
      const at = wrongIn(wrong);
      const values = valuesAt(step.kernel, given, wrong, at);
      const what = `${name}${told(values)} is ${wrong.values[at]}${place(wrong, at)}`;
      found = { what, remedy: remedyFor(step.kernel, values, wrong.values[at]!) };
    },
    backward(step, dys, gradients) {
      const dy = numbersOf(dys[0]!);
      const fine = areFinite(dys.map(numbersOf));
      const given = inputs.get(step) ?? [];
      return Object.fromEntries(
        Object.entries(gradients).map(([input, gradient]) => [
          input,
          () => {
            const slope = gradient();
            const numbers = numbersOf(slope);
            const at = found || !fine ? -1 : wrongIn(numbers);
            if (at >= 0) {
              const same = tf.util.arraysEqual(dy.shape, numbers.shape);
              const values = same ? valuesAt(step.kernel, given, dy, at) : [];
              const what = `the slope of ${nameOf(step.kernel)}${told(values)} is not finite${place(numbers, at)}`;
              found = {
                what,
                remedy:
                  same && dy.values[at] === 0 ? BOTH_BRANCHES : remedyFor(step.kernel, values, numbers.values[at]!),
              };
            }
            return slope;
          },
        ]),
      );
    },
  });
  tf.dispose(grads ?? []);
  // what is not finite and yet does not reach the loss is in the branch that a tf.where does not take
  if (found && Number.isFinite(value) && !found.what.startsWith('the slope')) found.remedy = BOTH_BRANCHES;
  return found;
}

/** Why no gradient reaches a variable: what the way back ends at, or a value that was read. */
export function whyNoGradient(loss: Loss, variable: tf.Variable): string {
  const reached = new Set([variable.id]);
  const ended = new Map<number, string>(); // by tensors that depend on the variable, but not smoothly
  let read = false;
  let last: tf.Tensor | undefined;
  const stopReading = watchReads((x) => (read ||= reached.has(x.id) || ended.has(x.id)));
  try {
    watch(() => (last = loss()), [variable], {
      forward({ kernel, inputs, outputs, continuous }) {
        const given = Object.values(inputs).filter(Boolean);
        const before = given.map(({ id }) => ended.get(id)).find(Boolean);
        const depends = given.some(({ id }) => reached.has(id));
        for (const { id } of outputs) {
          if (depends && continuous) reached.add(id);
          else if (before ?? depends) ended.set(id, before ?? kernel);
        }
      },
    });
  } finally {
    stopReading();
  }
  const end = last && ended.get(last.id);
  if (end !== undefined) return `the way back ends at ${nameOf(end)}, ${ENDS[end] ?? 'whose result has no slope'}`;
  if (read) {
    return (
      'the loss reads a value on the way (dataSync, arraySync), and plain numbers have no gradient: ' +
      'stay with tensor operations'
    );
  }
  return 'the loss does not depend on it';
}

const INDEX = 'whose result is a whole number: take softmax in its place, or what it points at (gather)';
const ENDS: Record<string, string> = {
  ArgMax: INDEX,
  ArgMin: INDEX,
  TopK: INDEX,
  Cast: 'to whole numbers or truth values: leave it out, or take a smooth form, such as sigmoid',
  ...Object.fromEntries(
    ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual', 'LogicalAnd', 'LogicalOr', 'LogicalNot'].map(
      (kernel) => [kernel, 'whose result is a truth value: take a smooth form, such as sigmoid, or select by tf.where'],
    ),
  ),
};

/** The staircase that makes a gradient zero which would not be without it. */
export function whyZero(loss: Loss, variables: tf.Variable[]): string | undefined {
  const met = new Set<string>();
  const grads = watch(loss, variables, {
    backward(step, dys, gradients) {
      if (!STAIRCASES.has(step.kernel)) return gradients;
      met.add(step.kernel);
      // as if it were a slope of 1
      return Object.fromEntries(
        Object.entries(gradients).map(([input, gradient], i) => {
          const x = step.inputs[input]!;
          return [input, i === 0 && x.size === dys[0]!.size ? () => dys[0]!.reshape(x.shape) : gradient];
        }),
      );
    },
  });
  const moves = grads?.some((gradient) => gradient.dataSync().some((value) => value !== 0));
  tf.dispose(grads ?? []);
  if (met.size === 0 || !moves) return undefined;
  return `${[...met].map(nameOf).join(' and ')} goes up in steps and is level between them`;
}
