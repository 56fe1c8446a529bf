import { isSlower, stepsBetweenChecks } from '../compile/cost';
import { agree } from '../compile/diagnose';
import { CompiledFunction } from '../compile/function';
import { OtherOperations, standIn } from '../compile/listen';
import { numbersFor } from '../compile/memory';
import { NotCompiled, TOO_LARGE } from '../compile/record';
import { onPlainBackend } from '../compile/plain-backend';
import type { Precision, Store } from '../compile/stores';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { tidily } from '../tidily';
import { layOut } from './layout';
import { recordStep, type RecordedStep } from './record-step';
import { evaluateOnTape, listOf, namesOf, updateOnTape, type Descent, type Steps } from './steps';
import { nested, type Start, type Values, type Variables } from './variables';

type Numbers = Float32Array | Float64Array;

/** How many updates an optimiser has made; 0 for an update by hand, which counts none. */
export const updatesOf = (optimizer: Descent<never>['optimizer']): number =>
  optimizer instanceof tf.Optimizer ? optimizer.iterations : 0;

/** Tells the optimiser how many updates it has made. */
export function setUpdates(optimizer: Descent<never>['optimizer'], updates: number): void {
  if (optimizer instanceof tf.Optimizer) (optimizer as unknown as { iterations_: number }).iterations_ = updates;
}

const put = (variable: tf.Variable, numbers: ArrayLike<number>): void =>
  tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(numbers), variable.shape, variable.dtype as 'float32')));

/** Steps that run as generated code on plain numbers. */
export class CompiledSteps<S extends Record<string, Start>> implements Steps<S> {
  readonly isCompiled = true;
  private readonly names: (keyof S & string)[];
  private readonly list: tf.Variable[];
  /** The numbers of the variables, of their gradients and of the loss, in place. */
  private readonly numbers: { variables: Numbers[]; gradients: Numbers[]; loss: Numbers };
  private readonly evaluation: CompiledFunction;
  private readonly updating: CompiledFunction;
  private readonly betweenChecks: number;
  /** This step, where it is made of tensors as well, to compare. */
  private checked: RecordedStep | undefined;
  private now = 0;
  /** The updates that the optimiser has made before this run. */
  private readonly updatesBefore: number;
  private last = false;
  /** Whether the variables, as tensors, hold what the numbers say. */
  private fresh = true;

  /**
   * @param heard the first two steps, recorded: the variables stand after them
   * @param isChoice whether it is to be the faster way
   * @throws NotCompiled with the reason
   */
  constructor(
    private readonly descent: Descent<S>,
    heard: readonly [Pick<RecordedStep, 'evaluate' | 'update'>, Pick<RecordedStep, 'evaluate' | 'update'>],
    private readonly precision: Precision,
    iterations: number,
    isChoice: boolean,
  ) {
    const [{ evaluate, update }, second] = heard;
    this.updatesBefore = updatesOf(descent.optimizer) - heard.length;
    this.names = namesOf(descent.variables);
    this.list = listOf(descent.variables);
    const { places, size } = layOut(this.list);
    const shared = numbersFor(precision, size);
    const part = ({ offset, size: count }: Store): Numbers => shared.subarray(offset, offset + count);
    const { variables, gradients, loss } = places;
    this.numbers = { variables: variables.map(part), gradients: gradients.map(part), loss: part(loss) };
    this.list.forEach((variable, i) => this.numbers.variables[i]!.set(variable.dataSync()));
    this.evaluation = new CompiledFunction(
      [evaluate, second.evaluate],
      { inputs: variables, outputs: [loss, ...gradients], assigned: [] },
      shared,
      precision,
      { name: 'loss', given: this.list, run: () => this.callLoss(this.now) },
    );
    const standIns = this.list.map(({ shape }) => standIn(shape, 'float32'));
    this.updating = new CompiledFunction(
      [update, second.update],
      {
        inputs: [...variables, ...gradients],
        outputs: [],
        assigned: this.list.flatMap((variable, i) => {
          const value = second.update.recording.assigned.get(variable);
          return value === undefined ? [] : [{ value, target: variables[i]! }];
        }),
      },
      shared,
      precision,
      { name: 'update', given: [...this.list, ...standIns], run: () => this.callUpdate(standIns) },
    );
    if (descent.loss.length > 1 && !this.evaluation.saysWhatChanges) this.evaluation.listen();
    else this.lookAhead(iterations);
    const recordings = [second.evaluate.recording, second.update.recording];
    const additions = this.evaluation.cost + this.updating.cost;
    if (isChoice && isSlower(recordings, additions)) throw new NotCompiled(TOO_LARGE);
    this.betweenChecks = stepsBetweenChecks(recordings, additions);
  }

  /** Calls the loss for what it is made of, not for its value. */
  private callLoss(iteration: number): void {
    const { loss, variables } = this.descent;
    tf.tidy(() => void loss(variables, iteration));
  }

  private callUpdate(gradients: tf.Tensor[]): void {
    tf.tidy(() => {
      const grads = Object.fromEntries(this.list.map(({ name }, i) => [name, gradients[i]!]));
      const named = Object.fromEntries(this.names.map((name, i) => [name, gradients[i]!])) as Record<
        keyof S & string,
        tf.Tensor
      >;
      updateOnTape(this.descent, this.now, { grads, gradients: named });
    });
    this.count(this.now); // which it has not made
  }

  private count(updates: number): void {
    setUpdates(this.descent.optimizer, this.updatesBefore + updates);
  }

  /** Looks whether the loss is made of other numbers later on, where its signature does not say so. */
  private lookAhead(iterations: number): void {
    for (const iteration of [Math.floor(iterations / 2), iterations - 1]) {
      if (iteration > 1 && this.evaluation.changesIn(() => this.callLoss(iteration))) this.evaluation.listen();
    }
  }

  evaluate(iteration: number, last: boolean): number {
    this.now = iteration;
    this.last = last;
    if (!last && this.isDue(iteration)) this.check(iteration);
    this.hear(this.evaluation, 'evaluate');
    this.evaluation.run();
    const { loss, gradients } = this.numbers;
    if (!Number.isFinite(loss[0])) this.lookAgain(iteration);
    if (this.checked && this.differs([loss, ...gradients], this.checked.results.evaluate)) {
      this.leave(iteration);
      const { recording } = this.recordAgain('evaluate');
      this.evaluation.explain(
        recording,
        this.numbers.variables,
        new Map(),
        recording.outputs,
        [loss, ...gradients],
        iteration,
      );
    }
    return loss[0]!;
  }

  /** The numbers of this step that no tensor gives; those of a step that was recorded are known. */
  private hear(what: CompiledFunction, part: 'evaluate' | 'update'): void {
    if (this.checked) what.setConstants(this.checked[part].recording);
    else what.hear(this.now);
  }

  /** Whether this step is to be made of tensors as well: code that is new at once, and all code now and then. */
  private isDue(iteration: number): boolean {
    if (iteration > 2) return iteration % this.betweenChecks === 0;
    return iteration === 2 && !(this.evaluation.isVerified && this.updating.isVerified);
  }

  /** Makes the step of tensors as well. @throws OtherOperations when it has become another one */
  private check(iteration: number): void {
    this.leave(iteration);
    const step = onPlainBackend(() => recordStep(this.descent, iteration, { doubles: this.precision === 'float64' }));
    this.fresh = false; // it has moved them
    for (const [part, what] of [
      ['evaluate', this.evaluation],
      ['update', this.updating],
    ] as const) {
      if (!what.isAlso(step[part].recording)) throw new OtherOperations('the operations change');
      if (what.knows(step[part].recording)) continue;
      throw new DescentError(
        `the ${what.name} is no function of the variables and the iteration alone: a number in it has changed by iteration ` +
          `${iteration}; compile: false runs it as it is`,
      );
    }
    this.checked = step;
  }

  /** What is no number may be an error of an operation, or the code's alone. @throws OtherOperations in that case */
  private lookAgain(iteration: number): void {
    this.leave(iteration);
    const value = tidily(() => evaluateOnTape(this.descent, iteration).value.dataSync()[0]!);
    if (Number.isFinite(value)) throw new OtherOperations('the code gives no number where the operations do');
  }

  /** Whether numbers may be others than those of tensors, by more than rounding. */
  private differs(ours: readonly ArrayLike<number>[], tape: readonly ArrayLike<number>[]): boolean {
    return this.precision === 'float64' || !ours.every((numbers, i) => agree(numbers, tape[i]!, 1e-3));
  }

  /** The step of this state of the tensors once more, with what each of its kernels makes. */
  private recordAgain(part: 'evaluate' | 'update'): RecordedStep['evaluate'] {
    this.fresh = false;
    return onPlainBackend(() =>
      recordStep(this.descent, this.now, { keep: true, doubles: this.precision === 'float64' }),
    )[part];
  }

  infinite(): (keyof S & string) | undefined {
    if (this.last) return undefined;
    return this.names.find((_, i) => !this.numbers.gradients[i]!.every(Number.isFinite));
  }

  update(iteration: number): void {
    this.hear(this.updating, 'update');
    const { checked, updating } = this;
    const { variables, gradients } = this.numbers;
    const given = checked && [...variables, ...gradients].map((numbers) => numbers.slice());
    const states = checked && new Map(updating.states.map(({ variable, numbers }) => [variable, numbers.slice()]));
    updating.run();
    this.checked = undefined;
    this.fresh = false;
    if (checked && this.differs(variables, checked.results.update)) {
      this.list.forEach((variable, i) => put(variable, given![i]!));
      states!.forEach((numbers, variable) => put(variable, numbers));
      this.count(iteration);
      const { recording } = this.recordAgain('update');
      const results = this.list.map((variable) => recording.assigned.get(variable)!);
      updating.explain(recording, given!, states!, results, variables, iteration);
    }
    if (checked) [this.evaluation, updating].forEach((code) => code.setVerified());
    this.count(iteration + 1);
  }

  /** The variables as tensors, up to date. */
  get variables(): Variables<S> {
    if (!this.fresh) this.list.forEach((variable, i) => put(variable, this.numbers.variables[i]!));
    this.fresh = true;
    return this.descent.variables;
  }

  /** The gradients as tensors, made where they are looked at. */
  get gradients(): { [K in keyof S]: tf.Tensor } | undefined {
    if (this.last) return undefined;
    const { gradients } = this.numbers;
    const tensors = this.names.map((name, i) => [
      name,
      tf.tensor(Float32Array.from(gradients[i]!), this.list[i]!.shape),
    ]);
    return Object.fromEntries(tensors) as { [K in keyof S]: tf.Tensor };
  }

  values(): Values<S> {
    const entries = this.names.map((name, i) => [name, nested(this.numbers.variables[i]!, this.list[i]!.shape)]);
    return Object.fromEntries(entries) as Values<S>;
  }

  /** Lets tensors go on: the variables and the optimiser stand as they do after so many updates. */
  leave(iteration: number): void {
    this.fresh = false;
    void this.variables;
    this.updating.states.forEach(({ variable, numbers }) => put(variable, numbers));
    this.count(iteration);
  }
}
