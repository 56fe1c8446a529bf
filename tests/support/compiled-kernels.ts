// The operations of gradient-cases.ts and their first and second derivatives as compiled code: in float32, in doubles, and
// statement by statement.
import { tf } from 'descent-lab';
import { compile } from '../../lib/src/compile/compile';
import { pruned } from '../../lib/src/compile/prune';
import { Machine, numbersFor } from '../../lib/src/compile/memory';
import type { Address, Program, Statement, Term } from '../../lib/src/compile/program';
import { NotCompiled, record, type Recording } from '../../lib/src/compile/record';
import type { Store } from '../../lib/src/compile/stores';
import { freeAbandonedTape } from '../../lib/src/kernels/tape';
import { direction, weight, type Case } from './gradient-check';

export type Precision = 'float32' | 'float64';
type Numbers = ArrayLike<number>;

/** The loss of a case, order 0, or its derivative by one of its inputs. */
export interface Recorded {
  order: 0 | 1 | 2;
  input: string;
  recording: Recording;
  /** The numbers of the recording's inputs, in doubles. */
  given: Numbers[];
  /** What its kernels made of them, in float32. */
  kernels: Numbers;
}

const listOf = (size: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => value(i));
const tensorOf = (values: Numbers, shape: number[]): tf.Tensor => tf.tensor(Float32Array.from(values), shape);

/** Records the loss and each derivative, on the backend in use; without those that are zero for want of a way back. */
export function recordings(
  operation: (inputs: Record<string, tf.Tensor>) => tf.Tensor,
  inputs: Case['inputs'],
): Recorded[] {
  const names = Object.keys(inputs);
  const tensors = (): Record<string, tf.Tensor> =>
    Object.fromEntries(Object.entries(inputs).map(([key, { values, shape }]) => [key, tensorOf(values, shape)]));
  const result = tf.tidy(() => operation(tensors()));
  const { shape, size } = result;
  result.dispose();
  const ways = names.flatMap((input) => ([1, 2] as const).map((order) => ({ order, input })));
  return [{ order: 0 as const, input: names[0]! }, ...ways].flatMap(({ order, input }): Recorded[] => {
    const { values, shape: inputShape } = inputs[input]!;
    const [weights, along] = [listOf(size, weight), listOf(values.length, direction)];
    const found: Recorded[] = [];
    tf.tidy(() => {
      const all = tensors();
      const [weightsTensor, alongTensor] = [tensorOf(weights, shape), tensorOf(along, inputShape)];
      const loss = (x: tf.Tensor): tf.Scalar =>
        operation({ ...all, [input]: x })
          .mul(weightsTensor)
          .sum();
      const slope = (x: tf.Tensor): tf.Scalar => tf.grad(loss)(x).mul(alongTensor).sum();
      const wanted = [loss, tf.grad(loss), tf.grad(slope)][order]!;
      let made = tf.scalar(0) as tf.Tensor;
      try {
        const recording = record([...Object.values(all), weightsTensor, alongTensor], () => [
          (made = wanted(all[input]!)),
        ]);
        const kernels = made.dataSync();
        const given = [...Object.values(inputs).map((one) => one.values), weights, along];
        found.push({ order, input, recording: pruned(recording).recording, given, kernels });
      } catch (error) {
        freeAbandonedTape();
        if (!String(error).includes('with respect to x')) throw error;
      }
    });
    return found;
  });
}

/** Records an operation of a list of numbers by itself, whatever it makes. */
export function recordingOf(operation: (x: tf.Tensor1D) => tf.Tensor, numbers: readonly number[]): Recorded {
  const found: Recorded[] = [];
  tf.tidy(() => {
    const x = tf.tensor1d([...numbers]);
    let made: tf.Tensor = x;
    const { recording } = pruned(record([x], () => [(made = operation(x))]));
    found.push({ order: 0, input: 'x', recording, given: [numbers], kernels: made.dataSync() });
  });
  return found[0]!;
}

/** The kernels that a program runs as a whole. */
const wholesOf = ({ statements }: Program): string[] =>
  statements.flatMap((statement) => (statement.do === 'whole' ? [statement.whole.kernel] : []));

/** The least and the largest place that an address may be; undefined where it depends on a number found on the way. */
function reach({ constant, terms }: Address): [least: number, largest: number] | undefined {
  let [least, largest] = [constant, constant];
  for (const { factor, of } of terms) {
    let range: [number, number] | undefined;
    if ('loop' in of) range = [0, of.loop.size - 1];
    else if ('part' in of) {
      const part = reach(of.part);
      const quotients = part?.map((place) => Math.floor(place / of.by)) as [number, number] | undefined;
      range = of.rest && part ? [0, Math.min(part[1], of.by - 1)] : quotients;
    }
    if (!range) return undefined;
    const ends = range.map((place) => factor * place) as [number, number];
    least += Math.min(...ends);
    largest += Math.max(...ends);
  }
  return [least, largest];
}

/** Places of a program outside of the store that they are in, in words. */
function outside(statements: readonly Statement[]): string[] {
  const at = (store: Store, address: Address): string[] => {
    const places = reach(address);
    const isInside = !places || (places[0] >= 0 && places[1] < store.size);
    return isInside ? [] : [`${places.join(' to ')} of ${store.size}`];
  };
  const ofTerm = (term: Term): string[] =>
    'operation' in term ? term.args.flatMap(ofTerm) : 'load' in term ? at(term.load, term.at) : [];
  return statements.flatMap((statement) => {
    switch (statement.do) {
      case 'loop':
        return outside(statement.body);
      case 'store':
        return [...at(statement.store, statement.at), ...ofTerm(statement.value)];
      case 'let':
      case 'fold':
        return ofTerm(statement.value);
      default:
        return [];
    }
  });
}

/** A compiled recording. */
export interface Ready {
  run: (given: readonly Numbers[]) => Numbers;
  wholes: string[];
  /** Places that it reads or writes outside of the stores they are in, in words. */
  outside: string[];
}

/** Compiles a recording; why not, in words, where it cannot be compiled. */
export function ready({ recording, given, kernels }: Recorded, precision: Precision): Ready | string {
  let shared = 0;
  const place = (size: number): Store => {
    const store: Store = { id: `shared${shared}`, kind: 'float', size, space: 'shared', offset: shared };
    shared += size;
    return store;
  };
  const inputs = given.map(({ length }) => place(length));
  const output = place(kernels.length);
  try {
    const compiled = compile(recording, { inputs, outputs: [output], assigned: [] }, new Set(), precision);
    const machine = new Machine(compiled, numbersFor(precision, shared), precision);
    compiled.constants.forEach((store, value) => machine.numbers(store).set(recording.constants.get(value)!.numbers));
    machine.before();
    const run = (numbers: readonly Numbers[]): Numbers => {
      inputs.forEach((store, i) => machine.numbers(store).set(numbers[i]!));
      machine.step();
      return machine.numbers(output).slice();
    };
    const { before, step } = compiled;
    return {
      run,
      wholes: [...wholesOf(before), ...wholesOf(step)],
      outside: outside([...before.statements, ...step.statements]),
    };
  } catch (error) {
    if (error instanceof NotCompiled) return error.message;
    throw error;
  }
}

/** The derivative of a compiled function by one of its inputs, along a direction, by differences of four places. */
export function difference(
  { run }: Ready,
  given: readonly Numbers[],
  input: number,
  along: (i: number) => number,
): Numbers {
  const step = 3e-5;
  const at = (steps: number): Numbers =>
    run(
      given.map((numbers, i) =>
        i === input ? Float64Array.from(numbers, (x, k) => x + steps * step * along(k)) : numbers,
      ),
    );
  const [far, near, back, farBack] = [2, 1, -1, -2].map(at) as [Numbers, Numbers, Numbers, Numbers];
  return Float64Array.from(near, (x, k) => (8 * (x - back[k]!) - (far[k]! - farBack[k]!)) / (12 * step));
}

/** Runs code as on a page whose policy forbids generated code. */
export function withoutGeneratedCode<T>(code: () => T): T {
  const own = globalThis.Function;
  globalThis.Function = class {
    constructor() {
      throw new EvalError('forbidden');
    }
  } as unknown as FunctionConstructor;
  try {
    return code();
  } finally {
    globalThis.Function = own;
  }
}
