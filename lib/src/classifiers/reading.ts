import { DescentError } from '../errors';
import type { tf } from '../tf';

/**
 * How a network's outputs are read as probabilities:
 * - `softmax`: it ends in a softmax over the classes;
 * - `sigmoid`: it ends in one sigmoid, which tells two classes apart;
 * - `sigmoids`: it ends in a sigmoid for each class, so that each probability stands for itself;
 * - `scores`: it ends in no activation, and a softmax (of a single output a sigmoid) is applied to what comes out.
 */
export type Reading = 'softmax' | 'sigmoid' | 'sigmoids' | 'scores';

/** The end of a network: how it is read, and the layer whose activation is left off, so that logits come out. */
export interface NetworkEnd {
  reading: Reading;
  layer: tf.layers.Layer;
}

/** Layers that hand on the values that they get. */
const STILL = ['InputLayer', 'Dropout', 'Flatten', 'Reshape'];
/** Layers that are an activation. */
const ACTIVATIONS: Record<string, string> = {
  Softmax: 'softmax',
  ReLU: 'ReLU',
  LeakyReLU: 'LeakyReLU',
  PReLU: 'PReLU',
  ELU: 'ELU',
  ThresholdedReLU: 'ThresholdedReLU',
};

function activationOf(layer: tf.layers.Layer): string {
  return ACTIVATIONS[layer.getClassName()] ?? (layer.getConfig()['activation'] as string | undefined) ?? 'linear';
}

/**
 * How a network's outputs are to be read.
 *
 * @throws DescentError for an end that gives no probabilities, such as tanh
 */
export function readEnd(model: tf.Sequential, name: string): NetworkEnd {
  const handsOn = (layer: tf.layers.Layer): boolean =>
    STILL.includes(layer.getClassName()) || (layer.getClassName() === 'Activation' && activationOf(layer) === 'linear');
  const layers = [...model.layers].reverse();
  const layer = layers.find((each) => !handsOn(each)) ?? layers[0]!;
  const activation = activationOf(layer);
  // Of a layer that computes with places alone, such as a pooling, what it gets decides.
  const decisive = layers.find((each) => each.weights.length > 0 || activationOf(each) !== 'linear') ?? layer;
  const [, outputs] = model.outputs[0]!.shape as [null, number];
  const places = (layer.output as tf.SymbolicTensor).shape.at(-1) !== outputs;
  if (activation === 'linear' && !['softmax', 'sigmoid'].includes(activationOf(decisive))) {
    return { reading: 'scores', layer };
  }
  if (activation === 'sigmoid') return { reading: outputs === 1 ? 'sigmoid' : 'sigmoids', layer };
  if (activation === 'softmax' && outputs > 1 && !places) return { reading: 'softmax', layer };
  const softmax = outputs === 1 ? 'a softmax of one output, which is always 1' : 'a softmax at each place';
  const what =
    activation === 'softmax'
      ? softmax
      : activation === 'linear'
        ? `a ${layer.getClassName()} of ${activationOf(decisive)}`
        : activation;
  throw new DescentError(
    `${name} ends in ${what}, from which no probabilities can be read: make the model with ` +
      'softmax, sigmoid or no activation at its end, give it the weights by set_weights, and save that',
  );
}

/** What a reader should know of probabilities that were not read off a softmax or a single sigmoid. */
export function readingNote({ name, reading }: { name: string; reading?: Reading }): string | undefined {
  if (reading === 'sigmoids') {
    return `${name} ends in a sigmoid for each class: each probability stands for itself, and their sum need not be 1`;
  }
  return reading !== 'scores'
    ? undefined
    : `${name} ends in no activation: the probabilities are a softmax of its outputs (of a single one a sigmoid)`;
}
