// Notes the kernels that run while tensors are computed: which, on what, in which order.
import { tf } from '../tf';
import { doublesOf, rememberingDoubles } from './doubles';
import { watchReads } from './reads';

/** A tensor of a recording, by its number. */
export interface Value {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
}

/** A kernel that ran. Its tensors are numbers of the recording's values. */
export interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, number | readonly number[]>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly number[];
  /** Whether it gives a list of tensors, and not one. */
  readonly list: boolean;
}

/** Numbers that no kernel of the recording made: data, and numbers written in the code. */
export interface Constant {
  readonly numbers: ArrayLike<number>;
  /** The tensor's data: equal data are equal numbers. */
  readonly data: object;
  /** The function that makes it anew for each step, where it changes from step to step. */
  readonly source?: Source;
}

/** What gives the numbers of a step, by its iteration. */
export type Source = (iteration: number) => number | readonly number[];

/** A variable that the recorded code keeps for itself, such as an optimiser's momentum. */
export interface State {
  readonly variable: tf.Variable;
  /** What it held at the beginning; undefined where that was not used. */
  readonly before?: { readonly value: number; readonly numbers: ArrayLike<number> };
}

/** What was recorded. */
export interface Recording {
  readonly values: readonly Value[];
  readonly calls: readonly Call[];
  /** How many of the calls were made when `mark` was called: those of the loss itself, before its gradient's. */
  readonly marked: number;
  /** The values that stand for the tensors that were given, in their order. */
  readonly inputs: readonly number[];
  readonly constants: ReadonlyMap<number, Constant>;
  readonly states: readonly State[];
  /** The values that variables were given, the given ones among them. */
  readonly assigned: ReadonlyMap<tf.Variable, number>;
  /** The values that were returned. */
  readonly outputs: readonly number[];
  /** What was given, and what each kernel made, where that was asked for. */
  readonly numbers?: ReadonlyMap<number, ArrayLike<number>>;
  /** Whether it read numbers that may be others at each step, as random ones are. */
  readonly draws: boolean;
  /** Whether the code has a faster form, which runs where nobody records. */
  readonly hasFasterForm: boolean;
  /** Why it cannot stand for the code, in words, if something in the code does not show in its kernels. */
  readonly refusal?: string;
}

interface Engine {
  makeTensorFromTensorInfo(...args: unknown[]): tf.Tensor;
  runKernel(name: string, inputs: Inputs, attributes?: Record<string, unknown>): tf.Tensor | tf.Tensor[];
}
type Inputs = Record<string, tf.Tensor | tf.Tensor[] | null | undefined>;

const engine = tf.engine() as unknown as Engine;
const variables = tf.Variable.prototype;

/** Why code cannot be compiled, in words. */
export class NotCompiled extends Error {}

/** Why code could not be recorded, by what it threw: the library's own operations may do what the plain ones cannot. */
export const whyNotRecorded = (error: unknown): string =>
  error instanceof NotCompiled ? error.message : `it fails while it is recorded (${(error as Error).message})`;

/** Why a step of large tensors is left to them. */
export const TOO_LARGE = 'its tensors are so large that the operations of the library are faster';

let current: Recorder | undefined;

let listening = false;

/** Whether what is computed now is recorded, or compared with a recording: then only what kernels do counts. */
export const isRecording = (): boolean => current !== undefined || listening;

/** Runs code as it is run where it is recorded. */
export function asRecorded<T>(code: () => T, doubles: boolean): T {
  listening = true;
  try {
    return doubles ? rememberingDoubles(code) : code();
  } finally {
    listening = false;
  }
}

/**
 * Numbers that change from step to step and are worked out outside of tensors, as a learning rate is: as a tensor, and
 * for a recording, as the function that gives them at each later step.
 * @param iteration the one of this step, where they depend on it
 */
export function changing<R extends tf.Rank = tf.Rank.R0>(
  source: Source,
  iteration = 0,
  shape?: number[],
): tf.Tensor<R> {
  const tensor = tf.tensor(source(iteration), shape);
  current?.sources.set(tensor.id, source);
  return tensor as tf.Tensor<R>;
}

/** Tells a recording that code has read a number that changes from step to step: it has to be called at each. */
export function changes(): void {
  if (current) current.draws = true;
}

/** Tells a recording that it sees the definition of what has a faster form. */
export function seesDefinition(): void {
  if (current) current.hasFasterForm = true;
}

/** The most numbers of a constant that are read, and of a tensor that a kernel makes. */
export interface Most {
  constant: number;
  made: number;
}
export const NO_LIMIT: Most = { constant: Infinity, made: Infinity };

class Recorder {
  readonly values: Value[] = [];
  readonly calls: Call[] = [];
  readonly constants = new Map<number, Constant>();
  readonly states: State[] = [];
  readonly assigned = new Map<tf.Variable, number>();
  readonly sources = new Map<number, Source>();
  marked = 0;
  draws = false;
  hasFasterForm = false;
  refusal: string | undefined;
  private readonly known = new Map<number, number>();
  private readonly changed = new Set<number>();
  private readonly copies: [from: tf.Tensor, to: tf.Tensor][] = [];
  /** What the variables held that were given something else. */
  private readonly held = new Map<tf.Variable, tf.TypedArray>();
  private depth = 0;

  constructor(
    inputs: readonly tf.Tensor[],
    private readonly most: Most,
    readonly numbers?: Map<number, ArrayLike<number>>,
  ) {
    inputs.forEach((tensor) => {
      const value = this.enter(tensor);
      this.changed.add(value);
      numbers?.set(value, tensor.dataSync().slice());
    });
  }

  /** A tensor that is new to the recording. */
  private enter(tensor: tf.Tensor): number {
    const value = this.values.push({ shape: tensor.shape, dtype: tensor.dtype }) - 1;
    this.known.set(tensor.id, value);
    return value;
  }

  /** A tensor's value; one that no kernel made is a constant, or a state. */
  valueOf(tensor: tf.Tensor): number {
    const known = this.known.get(tensor.id);
    if (known !== undefined) return known;
    const value = this.enter(tensor);
    if (tensor.size > this.most.constant) throw new NotCompiled(TOO_LARGE);
    const numbers = tensor.dtype === 'string' ? [] : this.unwatched(() => doublesOf(tensor.dataSync()));
    if (tensor instanceof tf.Variable) {
      this.states.push({ variable: tensor as tf.Variable, before: { value, numbers: numbers.slice() } });
      this.changed.add(value);
    } else {
      const source = this.sources.get(tensor.id);
      this.constants.set(value, { numbers, data: tensor.dataId, ...(source && { source }) });
    }
    return value;
  }

  private unwatched<T>(f: () => T): T {
    this.depth++;
    try {
      return f();
    } finally {
      this.depth--;
    }
  }

  run(kernel: string, inputs: Inputs, attributes: Record<string, unknown>, compute: () => tf.Tensor | tf.Tensor[]) {
    if (kernel === 'Identity') {
      const [x, copy] = [inputs['x'] as tf.Tensor, this.unwatched(compute) as tf.Tensor];
      if (this.depth > 0) {
        this.copies.push([x, copy]); // for the tape, of an output that is not known before its kernel has ended
      } else {
        this.valueOf(x);
        this.alias(x, copy);
      }
      return copy;
    }
    if (this.depth > 0) return compute(); // a part of another kernel, which tells the whole
    const given: Record<string, number | number[]> = {};
    let changed = false;
    const enter = (tensor: tf.Tensor): number => {
      const value = this.valueOf(tensor);
      changed ||= this.changed.has(value);
      return value;
    };
    for (const name in inputs) {
      const tensors = inputs[name];
      if (tensors) given[name] = Array.isArray(tensors) ? tensors.map(enter) : enter(tensors);
    }
    const result = this.unwatched(compute);
    const made = [result].flat();
    if (made.some(({ size }) => size > this.most.made)) throw new NotCompiled(TOO_LARGE);
    const outputs = made.map((x) => this.enter(x));
    if (this.numbers) {
      made.forEach((x, i) =>
        this.numbers!.set(
          outputs[i]!,
          this.unwatched(() => x.dataSync().slice()),
        ),
      );
    }
    if (changed) outputs.forEach((value) => this.changed.add(value));
    this.calls.push({ kernel, inputs: given, attributes, outputs, list: Array.isArray(result) });
    this.copies.splice(0).forEach(([from, to]) => this.alias(from, to));
    return result;
  }

  /** Another tensor of the same value. */
  private alias(from: tf.Tensor, to: tf.Tensor): void {
    const value = this.known.get(from.id);
    if (value !== undefined) this.known.set(to.id, value);
  }

  /** A tensor comes from the backend, and not by a kernel of its name. */
  made(): void {
    if (this.depth === 0) this.refusal ??= 'it runs operations of the library past the kernels that are recorded';
  }

  assign(variable: tf.Variable, tensor: tf.Tensor): void {
    const value = this.valueOf(tensor);
    if (!this.known.has(variable.id)) this.states.push({ variable });
    if (!this.held.has(variable)) {
      this.held.set(
        variable,
        this.unwatched(() => variable.dataSync()),
      );
    }
    this.known.set(variable.id, value);
    this.assigned.set(variable, value);
  }

  /** Gives the variables again what they held, of code that did not come to its end. */
  putBack(assign: tf.Variable['assign']): void {
    this.held.forEach((numbers, variable) =>
      tf.tidy(() => assign.call(variable, tf.tensor(numbers, variable.shape, variable.dtype))),
    );
  }

  read(tensor: tf.Tensor): void {
    const value = this.known.get(tensor.id);
    if (this.depth === 0 && value !== undefined && this.changed.has(value)) {
      this.refusal ??= 'it reads a value on the way (dataSync, arraySync): what follows from that is no operation';
    }
  }
}

/* eslint-disable no-restricted-properties, @typescript-eslint/unbound-method -- what is drawn is the reader's own; put back as it was */
const originals = () => ({ assign: variables.assign, random: Math.random });
const drawBy = (random: () => number): void => void (Math.random = random);
/* eslint-enable no-restricted-properties, @typescript-eslint/unbound-method */

/**
 * Runs code that computes tensors of others, and notes its kernels. Where it throws, it has moved no variable.
 * @param inputs the tensors that change from one run to the next
 * @param run returns the tensors that are wanted; calls `mark` once the loss itself is there
 * @param keep whether to keep all that the kernels make
 * @param doubles whether its tensors are to remember the doubles that they were made of
 * @param most larger tensors end it with NotCompiled
 */
export function record(
  inputs: readonly tf.Tensor[],
  run: (mark: () => void) => tf.Tensor[],
  { keep = false, most = NO_LIMIT, doubles = false } = {},
): Recording {
  const recorder = new Recorder(inputs, most, keep ? new Map() : undefined);
  const runKernel = engine.runKernel.bind(engine);
  const makeTensorFromTensorInfo = engine.makeTensorFromTensorInfo.bind(engine);
  const { assign, random } = originals();
  const before = current;
  current = recorder;
  engine.runKernel = (name, given, attributes = {}) =>
    recorder.run(name, given, attributes, () => runKernel(name, given, attributes));
  engine.makeTensorFromTensorInfo = (...args) => {
    recorder.made();
    return makeTensorFromTensorInfo(...args);
  };
  variables.assign = function (this: tf.Variable, tensor: tf.Tensor) {
    recorder.assign(this, tensor);
    assign.call(this, tensor);
  };
  drawBy(() => {
    changes();
    return random();
  });
  const stopWatching = watchReads((tensor) => recorder.read(tensor));
  try {
    const code = (): tf.Tensor[] => run(() => (recorder.marked = recorder.calls.length));
    const outputs = (doubles ? rememberingDoubles(code) : code()).map((x) => recorder.valueOf(x));
    const { values, calls, marked, constants, states, assigned, draws, hasFasterForm, refusal, numbers } = recorder;
    return {
      values,
      calls,
      marked,
      inputs: inputs.map((_, i) => i),
      constants,
      states,
      assigned,
      outputs,
      draws,
      hasFasterForm,
      ...(numbers && { numbers }),
      refusal,
    };
  } catch (error) {
    recorder.putBack(assign);
    throw error;
  } finally {
    stopWatching();
    drawBy(random);
    variables.assign = assign;
    Reflect.deleteProperty(engine, 'runKernel'); // its class has them
    Reflect.deleteProperty(engine, 'makeTensorFromTensorInfo');
    current = before;
  }
}
