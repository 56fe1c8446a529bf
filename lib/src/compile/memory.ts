// A compiled program with its memory: what runs.
import { tf } from '../tf';
import type { Compiled } from './compile';
import { interpret } from './interpret';
import type { Numbers as NumbersOf } from '../kernel';
import type { Piece, Whole } from './plan';
import type { Program, Statement } from './program';
import { onPlainBackend } from './plain-backend';
import type { Precision, Store } from './stores';
import { arrayKernel } from './wholes';
import { compileText, textOf, type Memory, type Runnable } from './write';

type Numbers = Float32Array | Float64Array;

/** A list of numbers that the precision asks for. */
export const numbersFor = (precision: Precision, count: number): Numbers =>
  precision === 'float32' ? new Float32Array(count) : new Float64Array(count);

type WholeStatement = Extract<Statement, { do: 'whole' }>;

/** Programs' functions: of one program there is one, which runs faster the more often it runs. */
const codes = new WeakMap<Program, { run?: Runnable; wholes: WholeStatement[] }>();

function codeOf(program: Program): { run?: Runnable; wholes: WholeStatement[] } {
  const found = codes.get(program);
  if (found) return found;
  const { text, wholes } = textOf(program);
  let run: Runnable | undefined;
  try {
    run = compileText(text);
  } catch (error) {
    if (!(error instanceof EvalError)) throw error; // a page's policy forbids generated code
  }
  const code = { run, wholes: wholes as WholeStatement[] };
  codes.set(program, code);
  return code;
}

/** A program that runs on memory of its own, and on memory that it shares. */
export class Machine {
  private readonly memory: Memory;
  readonly before: () => void;
  readonly step: () => void;

  constructor(compiled: Compiled, shared: Numbers, precision: Precision) {
    const { own, whole } = compiled.memory;
    this.memory = { shared, own: numbersFor(precision, own), whole: new Int32Array(whole) };
    this.before = this.runnable(compiled.before);
    this.step = this.runnable(compiled.step);
  }

  private runnable(program: Program): () => void {
    const { run, wholes } = codeOf(program);
    const { memory } = this;
    const whole = (i: number): void => this.runWhole(wholes[i]!);
    return run ? () => run(memory, whole) : interpret(program, memory, (statement) => this.runWhole(statement));
  }

  /** The numbers of a store, in place. */
  numbers({ space, offset, size }: Store): Numbers | Int32Array {
    return this.memory[space].subarray(offset, offset + size);
  }

  private runWhole({ whole }: WholeStatement): void {
    const compute = arrayKernel(whole.kernel);
    const made = compute
      ? compute(
          each(whole.inputs, (piece) => this.numbersOf(piece)),
          whole.attributes,
        )
      : this.throughTensors(whole);
    made.forEach(({ values }, i) => this.numbers(whole.outputs[i]!.store).set(values));
  }

  private numbersOf({ store, shape }: Piece): NumbersOf {
    return { shape, values: this.numbers(store) };
  }

  /** Runs a kernel of the plain backend. */
  private throughTensors({ kernel, inputs, attributes }: Whole): NumbersOf[] {
    return tf.tidy(() => {
      const tensor = ({ store, shape }: Piece): tf.Tensor =>
        tf.tensor(this.numbers(store).slice(), [...shape], DTYPES[store.kind]);
      const made = onPlainBackend(() =>
        tf
          .engine()
          .runKernel<tf.Tensor | tf.Tensor[]>(
            kernel,
            each(inputs, tensor) as tf.NamedTensorMap,
            attributes as tf.NamedAttrMap,
          ),
      );
      return [made].flat().map((output) => ({ shape: output.shape, values: output.dataSync() }));
    });
  }
}

/** The same of each input, and of each in a list. */
const each = <T>(inputs: Whole['inputs'], of: (piece: Piece) => T): Record<string, T | T[]> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, given]) => [name, 'store' in given ? of(given) : given.map(of)]),
  );

const DTYPES = { float: 'float32', int: 'int32', bool: 'bool' } as const;
