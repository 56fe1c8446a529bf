// Calls code again without computing anything, for the numbers in it that are not tensors'.
import { nextId } from '../kernels/complex';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import { asRecorded, type Recording } from './record';

/** The code does something else than what was recorded: where, in words. */
export class OtherOperations extends Error {}

interface Engine {
  runKernel(name: string, inputs: Inputs, attributes?: object): tf.Tensor | tf.Tensor[];
}
type Inputs = Record<string, tf.Tensor | tf.Tensor[] | null | undefined>;

/**
 * Listens to code that was recorded: it is called, its kernels are compared with those of the recording, and give
 * tensors of the right shapes that hold nothing.
 */
export class Listener {
  private readonly made: tf.Tensor[][];
  private readonly values = new Map<number, number>();
  private readonly calls: Recording['calls'];

  /**
   * @param whole the recording with all its calls
   * @param given the tensors that stand for its inputs
   */
  constructor(
    private readonly whole: Recording,
    given: readonly tf.Tensor[],
  ) {
    this.calls = whole.calls.slice(0, whole.marked);
    given.forEach(({ id }, i) => this.values.set(id, whole.inputs[i]!));
    whole.states.forEach(({ variable, before }) => before && this.values.set(variable.id, before.value));
    this.made = this.calls.map(({ outputs }) => outputs.map((value) => this.standIn(value)));
  }

  /** A tensor that holds nothing. */
  private standIn(value: number): tf.Tensor {
    const { shape, dtype } = this.whole.values[value]!;
    const tensor = standIn(shape, dtype);
    tensor.dispose = () => undefined;
    this.values.set(tensor.id, value);
    return tensor;
  }

  /**
   * Calls the code, and tells of each constant's tensor.
   * @param doubles whether these are to remember the doubles that they were made of
   * @throws OtherOperations when it does something else than before
   */
  listen(code: () => void, doubles: boolean, tell: (value: number, tensor: tf.Tensor) => void): void {
    const engine = tf.engine() as unknown as Engine;
    const assign = Object.getOwnPropertyDescriptor(tf.Variable.prototype, 'assign')!;
    const now = new Map<number, number>(); // copies, and variables with a new value
    const valueOf = ({ id }: tf.Tensor): number | undefined => now.get(id) ?? this.values.get(id);
    let at = 0;
    const check = (tensor: tf.Tensor, wanted: number): void => {
      const known = valueOf(tensor);
      if (known === wanted) return;
      const { shape, dtype } = this.whole.values[wanted]!;
      if (known !== undefined || !this.whole.constants.has(wanted)) {
        throw new OtherOperations('an operation is given another tensor');
      }
      if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join()) {
        throw new OtherOperations(`the shape of a tensor changes from ${shapeOf({ shape })} to ${shapeOf(tensor)}`);
      }
      tell(wanted, tensor);
    };
    engine.runKernel = (name, inputs, attributes = {}) => {
      if (name === 'Identity') {
        const x = inputs['x'] as tf.Tensor;
        const copy = new tf.Tensor(x.shape, x.dtype, x.dataId, nextId());
        copy.dispose = () => undefined;
        const value = valueOf(x);
        if (value !== undefined) now.set(copy.id, value);
        return copy;
      }
      const call = this.calls[at];
      if (call?.kernel !== name)
        throw new OtherOperations(call ? `${name} stands where ${call.kernel} was` : `${name} is new`);
      if (JSON.stringify(attributes) !== JSON.stringify(call.attributes)) {
        throw new OtherOperations(`${name} is told something else`);
      }
      for (const [key, given] of Object.entries(inputs)) {
        if (!given) continue;
        const wanted = call.inputs[key];
        if (wanted === undefined) throw new OtherOperations(`${name} is given more tensors`);
        if (Array.isArray(given)) given.forEach((tensor, i) => check(tensor, (wanted as number[])[i]!));
        else check(given, wanted as number);
      }
      const made = this.made[at++]!;
      return call.list ? made : made[0]!;
    };
    tf.Variable.prototype.assign = function (tensor: tf.Tensor) {
      const value = valueOf(tensor);
      if (value === undefined) throw new OtherOperations('a variable is given a number that changes');
      now.set(this.id, value);
    };
    try {
      asRecorded(code, doubles);
    } catch (error) {
      if (error instanceof OtherOperations) throw error;
      throw new OtherOperations(`an error is thrown (${(error as Error).message})`); // the tensors' own says more
    } finally {
      Reflect.deleteProperty(engine, 'runKernel'); // its class has it
      Object.defineProperty(tf.Variable.prototype, 'assign', assign);
    }
    const missing = this.calls[at];
    if (missing) throw new OtherOperations(`${missing.kernel} is left out`);
  }
}

/** A tensor of a shape that holds nothing. */
export const standIn = (shape: readonly number[], dtype: tf.DataType): tf.Tensor =>
  new tf.Tensor([...shape], dtype, {}, nextId());
