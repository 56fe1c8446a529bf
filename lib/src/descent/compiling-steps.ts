import type { Precision } from '../compile/stores';
import { isNotWorthIt, isOutOfQuestion, worthRecording } from '../compile/cost';
import type { Pruned } from '../compile/prune';
import { OtherOperations } from '../compile/listen';
import { onPlainBackend } from '../compile/plain-backend';
import { NO_LIMIT, NotCompiled, whyNotRecorded, type Most } from '../compile/record';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { CompiledSteps, setUpdates, updatesOf } from './compiled-steps';
import { recordEvaluation, recordUpdate } from './record-step';
import { listOf, TapeSteps, type Descent, type Steps } from './steps';
import { freeAbandonedTape } from '../kernels/tape';
import type { Run } from './trajectory';
import type { Start, Values, Variables } from './variables';

/** How a run is compiled; see `descend`. */
export interface CompileOptions {
  compile?: boolean | 'auto';
  precision?: Precision;
  iterations: number;
}

/** Optimisers of TensorFlow.js that remember nothing outside of tensors, but the number of their updates. */
const KNOWN = [
  tf.SGDOptimizer, tf.MomentumOptimizer, tf.RMSPropOptimizer, tf.AdagradOptimizer, tf.AdadeltaOptimizer, tf.AdamOptimizer, tf.AdamaxOptimizer,
].map((optimizer) => optimizer as unknown); // prettier-ignore

const isSteady = (optimizer: tf.Optimizer): boolean =>
  KNOWN.includes(optimizer.constructor) || (optimizer as { stateInTensors?: boolean }).stateInTensors === true;

/** How many steps are recorded before the first one that is compiled. */
const RECORDED = 2;

/**
 * The steps of a run that is to be compiled: the first two are made of tensors and recorded, the others are what was
 * made of that. Where it cannot be compiled, or is not worth it, or becomes another one on the way, tensors go on.
 */
export class CompilingSteps<S extends Record<string, Start>> implements Steps<S> {
  private readonly tape: TapeSteps<S>;
  private steps: TapeSteps<S> | CompiledSteps<S>;
  /** What was recorded so far, while it is. */
  private recorded: { evaluate: Pruned; update?: Pruned }[] | undefined = [];
  private readonly precision: Precision;
  private readonly isChoice: boolean;
  private readonly iterations: number;
  private readonly recording: { doubles: boolean; most: Most };

  /** @param run is told whether it is compiled, and why not */
  constructor(
    private readonly descent: Descent<S>,
    { compile = 'auto', precision = 'float32', iterations }: CompileOptions,
    private readonly run: Pick<Run, 'compiled' | 'notCompiled'>,
  ) {
    this.iterations = iterations;
    this.precision = precision;
    this.isChoice = compile === 'auto' && precision === 'float32';
    this.recording = { doubles: precision === 'float64', most: this.isChoice ? worthRecording() : NO_LIMIT };
    this.tape = this.steps = new TapeSteps(descent);
    if (compile === false || iterations === 0) this.recorded = undefined;
  }

  /** Looks whether there is anything to record. @throws DescentError where doubles are asked for and there is not */
  begin(): void {
    if (!this.recorded) return;
    const { optimizer, variables } = this.descent;
    if (optimizer instanceof tf.Optimizer && !isSteady(optimizer)) {
      this.goOnWithTensors(`the optimizer ${optimizer.constructor.name} may keep numbers outside of tensors`);
    } else {
      const reason = this.isChoice ? isOutOfQuestion(listOf(variables), this.iterations) : undefined;
      if (reason !== undefined) this.goOnWithTensors(reason);
    }
  }

  private goOnWithTensors(reason: string): void {
    if (this.precision === 'float64') {
      throw new DescentError(`precision 'float64' needs a loss and an update that can be compiled: ${reason}`);
    }
    this.recorded = undefined;
    this.steps = this.tape;
    Object.assign(this.run, { compiled: false, notCompiled: reason });
  }

  evaluate(iteration: number, last: boolean): number {
    if (this.recorded?.length === RECORDED && !last) this.compile();
    this.tape.made = undefined;
    const value = this.recorded && !last ? this.recordEvaluation(iteration) : undefined;
    if (value !== undefined) return value;
    try {
      return this.steps.evaluate(iteration, last);
    } catch (error) {
      this.leave(error, iteration);
      return this.tape.evaluate(iteration, last);
    }
  }

  /** Evaluates with tensors, and records it; undefined where that cannot be, or is not worth it. */
  private recordEvaluation(iteration: number): number | undefined {
    let reason: string | undefined;
    try {
      const { evaluate, made } = onPlainBackend(() => recordEvaluation(this.descent, iteration, this.recording));
      const { recording } = evaluate;
      const isFirst = this.isChoice && iteration === 0;
      reason = recording.refusal ?? (isFirst ? isNotWorthIt([recording], this.iterations) : undefined);
      if (reason === undefined || recording.draws) {
        this.recorded?.push({ evaluate });
        this.tape.made = made; // where it drew random numbers, these
      }
    } catch (error) {
      freeAbandonedTape();
      reason = whyNotRecorded(error);
    }
    const { made } = this.tape;
    if (reason === undefined) return made!.value.dataSync()[0]!;
    this.goOnWithTensors(reason);
    return made?.value.dataSync()[0];
  }

  /** Makes the update with tensors, and records it; false where that cannot be: nothing has moved then. */
  private recordUpdate(iteration: number): boolean {
    const { made } = this.tape;
    const { doubles } = this.recording;
    const updates = updatesOf(this.descent.optimizer);
    try {
      const update = onPlainBackend(() => recordUpdate(this.descent, iteration, made!, { doubles }));
      this.recorded!.at(-1)!.update = update;
      return true;
    } catch (error) {
      freeAbandonedTape();
      setUpdates(this.descent.optimizer, updates); // it has counted, where what keeps within bounds threw
      this.goOnWithTensors(whyNotRecorded(error));
      return false;
    }
  }

  private compile(): void {
    const [first, second] = this.recorded as [
      { evaluate: Pruned; update: Pruned },
      { evaluate: Pruned; update: Pruned },
    ];
    try {
      this.steps = new CompiledSteps(this.descent, [first, second], this.precision, this.iterations, this.isChoice);
      this.recorded = undefined;
      this.run.compiled = true;
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      this.goOnWithTensors(error.message);
    }
  }

  /** Lets tensors go on, where the code has become another one than was compiled. */
  private leave(error: unknown, iteration: number): void {
    if (!(error instanceof OtherOperations) || !(this.steps instanceof CompiledSteps)) throw error;
    this.steps.leave(iteration);
    this.goOnWithTensors(`${error.message} at iteration ${iteration}`);
  }

  update(iteration: number): void {
    if (this.recorded && this.recordUpdate(iteration)) return;
    try {
      this.steps.update(iteration);
    } catch (error) {
      this.leave(error, iteration);
      this.tape.evaluate(iteration, false);
      this.tape.update(iteration);
    }
  }

  get isCompiled(): boolean {
    return this.steps.isCompiled;
  }

  infinite(): (keyof S & string) | undefined {
    return this.steps.infinite();
  }

  get variables(): Variables<S> {
    return this.steps.variables;
  }

  get gradients(): { [K in keyof S]: tf.Tensor } | undefined {
    return this.steps.gradients;
  }

  values(): Values<S> {
    return this.steps.values();
  }
}
