import { tf } from '../tf';
import { fold, pixels, settle, type Value } from './fold';
import type { Keep } from './frozen-layer';
import { inOrder, type Step } from './step';

/** A network whose weights do not change any more. */
export interface Frozen {
  /** The logits [B, outputs]: what stands before the last activation. Differentiable in the images. */
  apply(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/**
 * Copies a model into a form that is fast to run and to differentiate with respect to its input. Three facts, all exact
 * but for rounding, save most of the passes over the activations:
 *
 * - with frozen weights a batch normalisation is a multiplication and an addition for each channel, and so is bringing
 *   the pixels to the network's range: the weights of the layer before can take them in where no activation stands
 *   between, otherwise those of the layer behind;
 * - the largest of some numbers stays the largest under a function that does not fall: bias, relu and a normalisation
 *   with positive scales can wait until after a max pooling, when a quarter of the data is left;
 * - the mean of some numbers goes along with a multiplication and an addition: they can wait until after it.
 *
 * @param model a graph of layers, each used once, with one input and one output
 * @param range the values that black and white have at the network's input
 * @param end the layer whose activation is left off, with no other behind it; none where all are kept
 */
export function freeze(model: tf.LayersModel, range: readonly [number, number], end?: tf.layers.Layer): Frozen {
  const kept: { dispose(): void }[] = [];
  const keep: Keep = (part) => {
    kept.push(part instanceof tf.Tensor ? tf.keep(part) : part);
    return part;
  };
  const dispose = (): void => kept.forEach((part) => part.dispose());
  try {
    const stages: [Step, ReturnType<Step['make']>][] = [];
    tf.tidy(() => {
      for (const step of inOrder(lastStep(model, range, end))) stages.push([step, step.make(keep)]);
    });
    const apply = (images: tf.Tensor): tf.Tensor => {
      const results = new Map<Step, tf.Tensor>();
      let result = images;
      for (const [step, run] of stages) {
        const given = step.inputs.map((input) => results.get(input)!);
        results.set(step, (result = given.length ? run(...given) : images));
      }
      return result;
    };
    return { apply: (images) => tf.tidy(() => apply(images) as tf.Tensor2D), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** What is left to compute: each step knows those that it takes its inputs from, and the first is the pixels. */
function lastStep(model: tf.LayersModel, range: readonly [number, number], end?: tf.layers.Layer): Step {
  const [input, output] = [model.inputs[0]!, model.outputs[0]!];
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  const inputsOf = (layer: tf.layers.Layer): tf.SymbolicTensor[] => [layer.input].flat();
  const readers = [...layers.flatMap(inputsOf), output];
  const values = new Map<number, Value>();
  const set = ({ id }: tf.SymbolicTensor, value: Value): void => {
    // What several layers take is computed once, to its end.
    const shared = readers.filter((reader) => reader.id === id).length > 1;
    values.set(id, shared ? settle(value) : value);
  };
  set(input, pixels(input.shape.at(-1)!, range));
  for (const layer of layers) {
    const given = inputsOf(layer).map(({ id }) => values.get(id)!);
    set(layer.output as tf.SymbolicTensor, fold(layer, given, layer === end));
  }
  return settle(values.get(output.id)!).step;
}
