import { onPlainBackend } from '../compile/plain-backend';
import { record, type Recording } from '../compile/record';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { tidily } from '../tidily';

/** A tensor of a loss, as it was computed: a variable, numbers that were given, or what an operation made. */
export interface GraphNode {
  /** The variable's name, 'data' for numbers that the loss brings along, or the operation's kernel: `Multiply`. */
  name: string;
  /** What it is. */
  kind: 'variable' | 'data' | 'operation';
  /** The nodes that it was made of, by their places in the list. */
  inputs: number[];
  /** The tensor's shape. */
  shape: readonly number[];
  /** Its numbers, one after the other. */
  values: number[];
  /** How fast the loss grows with each of them; undefined for data, and where no gradient arrives. */
  gradient?: number[];
}

/**
 * A loss as the tape notes it: each tensor on the way from the variables to the loss, in the order in which they are
 * computed, with its numbers, and with the gradient that the way back brings to it. The last node is the loss.
 *
 * @example
 * const graph = gradients.computationGraph(({ x }) => x.mul(2).square(), { x: 3 });
 * console.log(graph.map(({ name, values, gradient }) => `${name} ${values} ${gradient}`).join(', ')); // => x 3 24, data 2 undefined, Multiply 6 12, Square 36 1
 *
 * @param loss a pure function from the variables to a scalar tensor
 * @param variables a value of each variable, by name: a tensor, or numbers nested as it is
 * @throws DescentError where the loss is no single number
 */
export function computationGraph<V extends Record<string, tf.TensorLike | tf.Tensor>>(
  loss: (variables: Record<keyof V, tf.Tensor>) => tf.Tensor,
  variables: V,
): GraphNode[] {
  return onPlainBackend(() =>
    tidily(() => {
      const names = Object.keys(variables);
      const list = Object.values(variables).map((value) =>
        value instanceof tf.Tensor ? tf.clone(value) : tf.tensor(value, undefined, 'float32'),
      );
      const made = Object.fromEntries(names.map((name, i) => [name, list[i]])) as Record<keyof V, tf.Tensor>;
      const recording = record(list, () => [loss(made)], { keep: true });
      if (recording.values[recording.outputs[0]!]!.shape.length > 0) {
        throw new DescentError('the loss must be a scalar (end it with .sum() or .mean())');
      }
      return nodesOf(recording, names, gradientsOf(recording, list));
    }),
  );
}

interface Engine {
  runKernel(name: string, inputs: object, attributes: object): tf.Tensor | tf.Tensor[];
  gradients(f: () => tf.Tensor, xs: tf.Tensor[], dy: null, allowNoGradients: true): { grads: (tf.Tensor | null)[] };
}

/**
 * The gradient of each value. The operations run again, and to each value a zero is added: the loss grows with that zero as
 * with the value.
 */
function gradientsOf(
  { values, calls, constants, outputs }: Recording,
  given: readonly tf.Tensor[],
): (tf.Tensor | null)[] {
  const engine = tf.engine() as unknown as Engine;
  const zeros = values.map(({ shape }) => tf.zeros(shape as number[]));
  const loss = (): tf.Tensor => {
    const tensors = new Map<number, tf.Tensor>();
    constants.forEach(({ numbers }, value) => {
      const { shape, dtype } = values[value]!;
      tensors.set(value, tf.tensor(Array.from(numbers), shape as number[], dtype));
    });
    const set = (value: number, tensor: tf.Tensor): void =>
      void tensors.set(value, tensor.dtype === 'float32' ? tensor.add(zeros[value]!) : tensor);
    given.forEach((tensor, i) => set(i, tensor));
    for (const { kernel, inputs, attributes, outputs: made } of calls) {
      const tensor = (value: number | readonly number[]): unknown =>
        typeof value === 'number' ? tensors.get(value) : value.map((one) => tensors.get(one));
      const ready = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, tensor(value)]));
      [engine.runKernel(kernel, ready, attributes)].flat().forEach((result, i) => set(made[i]!, result));
    }
    return tensors.get(outputs[0]!)!;
  };
  return engine.gradients(loss, zeros, null, true).grads;
}

function nodesOf(
  recording: Recording,
  names: readonly string[],
  gradients: readonly (tf.Tensor | null)[],
): GraphNode[] {
  const { values, calls, inputs, constants, numbers } = recording;
  const nodes: GraphNode[] = [];
  const places = new Map<number, number>();
  const placeOf = (value: number, name = 'data', kind: GraphNode['kind'] = 'data', from: number[] = []): number => {
    const known = places.get(value);
    if (known !== undefined) return known;
    const gradient = gradients[value];
    const place = nodes.push({
      name: inputs.includes(value) ? names[value]! : name,
      kind: inputs.includes(value) ? 'variable' : kind,
      inputs: from,
      shape: values[value]!.shape,
      values: Array.from(numbers?.get(value) ?? constants.get(value)?.numbers ?? []),
      ...(gradient && { gradient: Array.from(gradient.dataSync<'float32'>()) }),
    });
    places.set(value, place - 1);
    return place - 1;
  };
  for (const { kernel, inputs: given, outputs } of calls) {
    const from = Object.values(given).flat().map((value) => placeOf(value)); // prettier-ignore
    outputs.forEach((value) => placeOf(value, kernel, 'operation', from));
  }
  return nodes;
}
