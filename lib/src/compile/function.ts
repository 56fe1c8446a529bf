// A function of tensors that was recorded: compiled, run on plain numbers, and held to what the code does.
import type { Precision } from './stores';
import { tf } from '../tf';
import { DescentError } from '../errors';
import { compile, type Compiled, type Places } from './compile';
import { agree, diagnose } from './diagnose';
import { doublesOf } from './doubles';
import { Listener, OtherOperations } from './listen';
import { Machine } from './memory';
import { changedConstants, doTheSame, sameNumbers, textOfRecording, writtenConstants, type Pruned } from './prune';
import { NotCompiled, type Constant, type Recording, type Source } from './record';
import { textOf } from './write';

/** Programs that were compiled, by what they do: the next run of the same kind finds its own. */
const known = new Map<string, Compiled>();
const MOST_KNOWN = 100;

/** Forgets all compiled programs: the next run compiles anew. */
export const forgetPrograms = (): void => known.clear();

function programOf({ recording }: Pruned, places: Places, live: ReadonlySet<number>, precision: Precision): Compiled {
  const key = [precision, textOfRecording(recording), writtenConstants(recording, live), JSON.stringify(places)].join(
    '\n\n',
  );
  const found = known.get(key);
  const compiled = found ?? compile(recording, places, live, precision);
  known.delete(key); // the last used stands last
  known.set(key, compiled);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  return compiled;
}

/** How a recorded function is called again. */
export interface Code {
  /** Calls it, on the tensors that stand for its inputs; not there for what has no numbers that change. */
  run?: () => void;
  /** Those tensors. */
  given: readonly tf.Tensor[];
  /** What it is in a sentence: loss, update. */
  name: string;
}

type Numbers = Float32Array | Float64Array | Int32Array;

/** What was made of a recording, given which of its constants change. */
interface Built {
  compiled: Compiled;
  machine: Machine;
  /** Variables that it reads and does not move. */
  given: { variable: tf.Variable; numbers: Numbers; data: object }[];
  sources: { numbers: Numbers; source: Source }[];
}

/** A compiled function. */
export class CompiledFunction {
  private readonly base: Pruned;
  private readonly recording: Recording;
  private readonly live: Set<number>;
  private built: Built;
  private listener: Listener | undefined;

  /**
   * @param recordings of two steps: where their constants differ, these change from step to step
   * @throws NotCompiled with the reason
   */
  constructor(
    [first, second]: readonly [Pruned, Pruned],
    private readonly places: Places,
    private readonly shared: Float32Array | Float64Array,
    readonly precision: Precision,
    private readonly code: Code,
  ) {
    this.base = second; // in the first step, an optimiser also makes what it remembers by
    const { recording } = second;
    this.recording = recording;
    if (recording.refusal !== undefined) throw new NotCompiled(recording.refusal);
    if (!doTheSame(recording, first.recording)) {
      throw new NotCompiled('its operations are not the same at each iteration');
    }
    this.live = new Set(changedConstants(recording, first.recording));
    if (recording.draws || this.live.size > 0) this.listen();
    this.built = this.build((variable) => variable.dataSync());
  }

  /** Compiles it; `stateOf` tells what a variable holds. */
  private build(stateOf: (variable: tf.Variable) => ArrayLike<number>): Built {
    const { recording } = this;
    const compiled = programOf(this.base, this.places, this.live, this.precision);
    const machine = new Machine(compiled, this.shared, this.precision);
    const given: Built['given'] = [];
    recording.states.forEach(({ variable, before }, i) => {
      const store = compiled.states[i];
      if (!before || !store) return;
      const numbers = machine.numbers(store);
      numbers.set(stateOf(variable));
      if (!recording.assigned.has(variable)) given.push({ variable, numbers, data: variable.dataId });
    });
    const sources: Built['sources'] = [];
    recording.constants.forEach(({ numbers, source }, value) => {
      const store = compiled.constants.get(value);
      if (!store) return;
      machine.numbers(store).set(numbers);
      if (source) sources.push({ numbers: machine.numbers(store), source });
    });
    machine.before();
    return { compiled, machine, given, sources };
  }

  /** Calls the code at each step from now on, without computing its tensors, for the numbers in it that change. */
  listen(): void {
    if (!this.code.run) throw new NotCompiled('a number in it changes from call to call');
    this.listener ??= new Listener(this.base.whole, this.code.given);
    this.checkHeard(NotCompiled);
  }

  /** Numbers that change have to be those of the code itself: those of its gradient nobody hears. */
  private checkHeard(Failure: typeof NotCompiled | typeof OtherOperations): void {
    const { calls, marked } = this.recording;
    const heard = new Set(calls.slice(0, marked).flatMap(({ inputs }) => Object.values(inputs).flat()));
    if ([...this.live].every((value) => heard.has(value))) return;
    throw new Failure('a number in its gradient changes from iteration to iteration');
  }

  /** Whether other code is made of other numbers, or of other operations. */
  changesIn(code: () => void): boolean {
    if (this.listener) return false; // which hears it
    let changed = false;
    try {
      new Listener(this.base.whole, this.code.given).listen(code, this.inDoubles, (value, tensor) => {
        const constant = this.constantOf(value);
        changed ||= constant !== undefined && !constant.source && !isSame(constant, tensor);
      });
    } catch (error) {
      if (!(error instanceof OtherOperations)) throw error;
      return true;
    }
    return changed;
  }

  /** The constant of a value of the whole recording; undefined where nothing comes of it. */
  private constantOf(value: number): Constant | undefined {
    return this.recording.constants.get(this.base.numbers[value]!);
  }

  /** The numbers of another step that change, from a recording of it. */
  setConstants({ constants }: Recording): void {
    const { compiled, machine } = this.built;
    constants.forEach(({ numbers }, value) => {
      const store = compiled.constants.get(value);
      if (store) machine.numbers(store).set(numbers);
    });
  }

  /** Hears the numbers of this step. @throws OtherOperations when the code does something else than was recorded */
  hear(iteration = 0): void {
    const { given } = this.built;
    this.ask(iteration);
    for (const one of given) {
      if (one.data === one.variable.dataId) continue;
      one.data = one.variable.dataId;
      one.numbers.set(one.variable.dataSync());
    }
    if (this.listener) this.listenTo(this.listener, iteration);
  }

  /** Asks for the numbers that tell themselves. */
  private ask(iteration: number): void {
    for (const { numbers, source } of this.built.sources) {
      const given = source(iteration);
      if (typeof given === 'number') numbers[0] = given;
      else numbers.set(given);
    }
  }

  /** Whether it has said itself which of its numbers change. */
  get saysWhatChanges(): boolean {
    return this.built.sources.length > 0;
  }

  private listenTo(listener: Listener, iteration: number): void {
    const { numbers } = this.base;
    const { compiled, machine } = this.built;
    const others = new Map<number, ArrayLike<number>>();
    listener.listen(this.code.run!, this.inDoubles, (value, tensor) => {
      const constant = this.constantOf(value);
      if (!constant || constant.source) return;
      const number = numbers[value]!;
      if (this.live.has(number)) {
        const heard = doublesOf(tensor.dataSync());
        machine.numbers(compiled.constants.get(number)!).set(heard);
        if (others.size > 0) others.set(number, heard.slice());
      } else if (!isSame(constant, tensor)) {
        others.set(number, doublesOf(tensor.dataSync()).slice());
      }
    });
    if (others.size > 0) this.buildAgain(others, iteration);
  }

  /** Compiles it anew, since numbers change that did not change before. */
  private buildAgain(others: ReadonlyMap<number, ArrayLike<number>>, iteration: number): void {
    const { compiled, machine } = this.built;
    const before = new Map(
      this.recording.states.map(({ variable }, i) => [variable, machine.numbers(compiled.states[i]!)]),
    );
    const heard = [...this.live].map((value) => [value, machine.numbers(compiled.constants.get(value)!)] as const);
    for (const value of others.keys()) this.live.add(value);
    this.checkHeard(OtherOperations);
    this.built = this.build((variable) => before.get(variable)!);
    for (const [value, numbers] of [...heard, ...others]) {
      this.built.machine.numbers(this.built.compiled.constants.get(value)!).set(numbers);
    }
    this.ask(iteration);
  }

  private get inDoubles(): boolean {
    return this.precision === 'float64';
  }

  run(): void {
    this.built.machine.step();
  }

  get name(): string {
    return this.code.name;
  }

  /** Whether another step does the same. */
  isAlso(recording: Recording): boolean {
    return doTheSame(this.recording, recording);
  }

  /** Whether the constants of another step are those that it goes by, but for those that it hears at each step. */
  knows(recording: Recording): boolean {
    return changedConstants(this.recording, recording).every((value) => this.live.has(value));
  }

  /**
   * Looks where the numbers of a step part from those of its kernels by more than rounding.
   * @param recording the step, with what its kernels made
   * @param given the numbers of its inputs
   * @param states those of the variables that it keeps for itself, before the step
   * @param results the values that were compared, and what came out here
   * @throws DescentError that names the operation
   */
  explain(
    recording: Recording,
    given: readonly ArrayLike<number>[],
    states: ReadonlyMap<tf.Variable, ArrayLike<number>>,
    results: readonly number[],
    ours: readonly ArrayLike<number>[],
    iteration: number,
  ): void {
    const { precision } = this;
    const inputs = new Map(recording.inputs.map((value, i) => [value, given[i]!]));
    for (const { variable, before } of recording.states) {
      if (before && states.has(variable)) inputs.set(before.value, states.get(variable)!);
    }
    const { wrong, results: made } = diagnose(recording, inputs, precision);
    const remedy = 'please tell the authors; compile: false runs it by the operations themselves';
    if (wrong)
      throw new DescentError(
        `the compiled ${this.name} computes ${wrong.kernel} otherwise than the operation, at iteration ${iteration}: ${remedy}`,
      );
    const part = precision === 'float64' ? 1e-9 : 1e-5;
    if (
      !ours.every((numbers, i) => agree(numbers, made.get(results[i]!) ?? inputs.get(results[i]!) ?? numbers, part))
    ) {
      throw new DescentError(
        `the code made of the ${this.name} computes otherwise than its operations one by one, at iteration ${iteration}: ${remedy}`,
      );
    }
  }

  /** What it moves and keeps for itself, variable by variable. */
  get states(): { variable: tf.Variable; numbers: Numbers }[] {
    const { states, assigned } = this.recording;
    const { compiled, machine } = this.built;
    return states.flatMap(({ variable }, i) =>
      assigned.has(variable) ? [{ variable, numbers: machine.numbers(compiled.states[i]!) }] : [],
    );
  }

  /** Whether this code has been held to the operations, in this run or in an earlier one. */
  get isVerified(): boolean {
    return this.built.compiled.isVerified === true;
  }

  /** A step of it has come to what the operations came to. */
  setVerified(): void {
    this.built.compiled.isVerified = true;
  }

  /** What a run costs, in additions. */
  get cost(): number {
    return this.built.compiled.cost;
  }

  /** What became of each value of the recording. */
  get fates(): Compiled['fates'] {
    return this.built.compiled.fates;
  }

  /** The JavaScript that was made of it. */
  get text(): string {
    return textOf(this.built.compiled.step).text;
  }
}

const isSame = ({ data, numbers }: Constant, tensor: tf.Tensor): boolean =>
  data === tensor.dataId || sameNumbers(numbers, doublesOf(tensor.dataSync()));
