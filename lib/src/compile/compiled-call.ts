import { sizeOf } from '../shape';
import { DescentError } from '../errors';
import { freeAbandonedTape } from '../kernels/tape';
import { tf } from '../tf';
import { tidily } from '../tidily';
import { isNotWorthIt, isOutOfQuestion, isSlower, stepsBetweenChecks, worthRecording } from './cost';
import { agree } from './diagnose';
import { CompiledFunction } from './function';
import { pruned, type Pruned } from './prune';
import { numbersFor } from './memory';
import { onPlainBackend } from './plain-backend';
import { NO_LIMIT, NotCompiled, record, TOO_LARGE, whyNotRecorded } from './record';
import { type Precision, sharedStores, type Store } from './stores';

type Numbers = ArrayLike<number>;

/** How a function is compiled. */
export interface CallOptions {
  compile: boolean | 'auto';
  precision: Precision;
  /** How often it will be called, about. */
  calls: number;
}

/** A function of tensors that is called with numbers, again and again: recorded twice, then compiled. */
export class CompiledCall {
  /** Why it is not compiled, if it was to be. */
  notCompiled: string | undefined;
  private readonly recordings: Pruned[] = [];
  private compiled:
    { run: CompiledFunction; inputs: Float32Array[]; outputs: Float32Array[]; between: number } | undefined;
  private isTaped: boolean;
  private calls = 0;

  /**
   * @param name what it is in a sentence
   * @param inputs the variables that `compute` makes tensors of; they stay the caller's
   * @param compute makes tensors of the inputs, always the same way
   */
  constructor(
    private readonly name: string,
    private readonly inputs: readonly tf.Variable[],
    private readonly compute: () => tf.Tensor[],
    private readonly options: CallOptions,
  ) {
    this.isTaped = options.compile === false;
    const reason = this.isChoice ? isOutOfQuestion(inputs, options.calls) : undefined;
    if (reason !== undefined) this.goOnWithTensors(reason);
  }

  /** Whether it was called. */
  get isUsed(): boolean {
    return this.calls > 0;
  }

  /** Whether it runs as generated code, by now. */
  get isCompiled(): boolean {
    return this.compiled !== undefined;
  }

  private get isChoice(): boolean {
    return this.options.compile === 'auto' && this.options.precision === 'float32';
  }

  private goOnWithTensors(reason: string): void {
    if (this.options.precision === 'float64') {
      throw new DescentError(`precision 'float64' needs what can be compiled, and the ${this.name} cannot: ${reason}`);
    }
    this.isTaped = true;
    this.notCompiled = reason;
  }

  /** Calls it: one list of numbers for each input gives one for each of its tensors. They last until the next call. */
  call(given: readonly Numbers[]): Numbers[] {
    const call = this.calls++;
    if (this.isTaped) return this.withTensors(given);
    if (this.recordings.length < 2) return this.record(given);
    this.compiled ??= this.compile();
    if (!this.compiled) return this.withTensors(given);
    const { run, inputs, outputs, between } = this.compiled;
    inputs.forEach((numbers, i) => numbers.set(given[i]!));
    run.hear();
    run.run();
    if (call === 2 || call % between === 0) this.check(given, run, outputs);
    return outputs;
  }

  private put(given: readonly Numbers[]): void {
    this.inputs.forEach((variable, i) => {
      tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(given[i]!), variable.shape)));
    });
  }

  private withTensors(given: readonly Numbers[]): Numbers[] {
    this.put(given);
    return tidily(() => this.compute().map((tensor) => tensor.dataSync()));
  }

  private record(given: readonly Numbers[]): Numbers[] {
    this.put(given);
    const { isChoice } = this;
    try {
      return onPlainBackend(() =>
        tidily(() => {
          let tensors: tf.Tensor[] = [];
          const recording = record(this.inputs, () => (tensors = this.compute()), {
            doubles: this.options.precision === 'float64',
            most: isChoice ? worthRecording() : NO_LIMIT,
          });
          const made = pruned(recording);
          const reason =
            recording.refusal ?? (isChoice ? isNotWorthIt([made.recording], this.options.calls) : undefined);
          if (reason !== undefined) throw new NotCompiled(reason);
          this.recordings.push(made);
          return tensors.map((tensor) => tensor.dataSync());
        }),
      );
    } catch (error) {
      freeAbandonedTape();
      this.goOnWithTensors(whyNotRecorded(error));
      return this.withTensors(given);
    }
  }

  private compile(): CompiledCall['compiled'] {
    const [first, second] = this.recordings as [Pruned, Pruned];
    const { values, outputs } = first.recording;
    const stores = sharedStores();
    const place = (shape: readonly number[]): Store => stores.store(sizeOf(shape));
    const places = {
      inputs: this.inputs.map(({ shape }) => place(shape)),
      outputs: outputs.map((value) => place(values[value]!.shape)),
    };
    const shared = numbersFor(this.options.precision, stores.size);
    const part = ({ offset, size: count }: Store) => shared.subarray(offset, offset + count) as Float32Array;
    try {
      const code = { name: this.name, given: this.inputs };
      const { precision } = this.options;
      const run = new CompiledFunction([first, second], { ...places, assigned: [] }, shared, precision, code);
      if (this.isChoice && isSlower([first.recording], run.cost)) throw new NotCompiled(TOO_LARGE);
      return {
        run,
        inputs: places.inputs.map(part),
        outputs: places.outputs.map(part),
        between: stepsBetweenChecks([first.recording], run.cost),
      };
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      this.goOnWithTensors(error.message);
      return undefined;
    }
  }

  /** Calls it with tensors as well, to compare. */
  private check(given: readonly Numbers[], run: CompiledFunction, ours: readonly Numbers[]): void {
    this.put(given);
    onPlainBackend(() =>
      tidily(() => {
        let tensors: tf.Tensor[] = [];
        const { recording } = pruned(
          record(this.inputs, () => (tensors = this.compute()), {
            keep: true,
            doubles: this.options.precision === 'float64',
          }),
        );
        const agrees =
          this.options.precision === 'float32' &&
          tensors.every((tensor, i) => agree(ours[i]!, tensor.dataSync(), 1e-3));
        if (!agrees) run.explain(recording, given, new Map(), recording.outputs, ours, this.calls - 1);
      }),
    );
  }
}
