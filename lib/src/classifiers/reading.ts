import { DescentError } from '../errors';
import type { tf } from '../tf';

/**
 * How a network's outputs are read. Its answer is the class of the largest output; a single output tells two classes
 * apart, by whether it is above the middle. Logits are what stands before the last activation, so that a class leads in
 * logits, which is what an attack brings down, as long as it is the answer, and no activation saturates on the way.
 *
 * - `softmax`: it ends in a softmax over the classes;
 * - `sigmoid`: it ends in one sigmoid, the probability of the second class;
 * - `sigmoids`: it ends in a sigmoid for each class, so that each probability stands for itself;
 * - `tanh`: it ends in one tanh, below 0 for the first class and above for the second. As
 *   $(1 + \tanh z) / 2$ is the sigmoid of $2z$, that is taken for the second's probability, and $2z$ for its logit;
 * - `tanhs`: the same for each class;
 * - `score`: it ends in one number of any size, below 0 for the first class and above for the second;
 * - `scores`: it ends in a number of any size for each class: in no activation, or another one, which is kept. The
 *   numbers are the logits, whose softmax stands for probabilities where some are needed.
 */
export type Reading = 'softmax' | 'sigmoid' | 'sigmoids' | 'tanh' | 'tanhs' | 'score' | 'scores';

/** What there is to know of a reading. */
interface Form {
  /** Whether one output tells two classes apart; its logit is then the second class's less the first's. */
  single: boolean;
  /** What makes probabilities of logits. */
  probabilities: 'softmax' | 'sigmoid';
  /** What the network puts out, of a logit, where that is a score and no probability. */
  score?: (logit: number) => number;
  /** What a reader should know of it; a sentence whose subject is the network. */
  note?: string;
}

const tanhOfHalf = (logit: number): number => Math.tanh(logit / 2);
const same = (logit: number): number => logit;
const READINGS: Record<Reading, Form> = {
  softmax: { single: false, probabilities: 'softmax' },
  sigmoid: { single: true, probabilities: 'softmax' },
  sigmoids: {
    single: false,
    probabilities: 'sigmoid',
    note: 'ends in a sigmoid for each class: each probability stands for itself, and their sum need not be 1',
  },
  tanh: {
    single: true,
    probabilities: 'softmax',
    score: tanhOfHalf,
    note: 'ends in a tanh: its output is a score, above 0 for the second class; a percentage is half of it plus 50 %',
  },
  tanhs: {
    single: false,
    probabilities: 'sigmoid',
    score: tanhOfHalf,
    note: 'ends in a tanh for each class: its outputs are scores; a percentage is half of one plus 50 %',
  },
  score: {
    single: true,
    probabilities: 'softmax',
    score: same,
    note: 'ends in no sigmoid: its output is a score, above 0 for the second class; percentages are a sigmoid of it',
  },
  scores: {
    single: false,
    probabilities: 'softmax',
    score: same,
    note: 'ends in no softmax or sigmoid: its outputs are scores; percentages are a softmax of them',
  },
};

/** What there is to know of a reading; without one, of a softmax. */
export const formOf = (reading: Reading = 'softmax'): Form => READINGS[reading];

/** The end of a network. */
export interface NetworkEnd {
  reading: Reading;
  /** The layer whose activation is left off, so that logits come out; none where they come out anyway. */
  layer?: tf.layers.Layer;
}

/** Layers that hand on the values that they get. */
const STILL = ['InputLayer', 'Dropout', 'Flatten', 'Reshape'];
/** Layers that are an activation. */
const ACTIVATIONS: Record<string, string> = {
  Softmax: 'softmax',
  ReLU: 'relu',
  LeakyReLU: 'leakyRelu',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholdedRelu',
};
/** Activations that never fall below 0: no sign tells two classes apart. */
const UNSIGNED = ['relu', 'relu6', 'thresholdedRelu', 'softplus', 'exponential', 'hardSigmoid', 'hard_sigmoid'];

const activationOf = (layer: tf.layers.Layer): string =>
  ACTIVATIONS[layer.getClassName()] ?? (layer.getConfig()['activation'] as string | undefined) ?? 'linear';

const handsOn = (layer: tf.layers.Layer): boolean =>
  STILL.includes(layer.getClassName()) || (layer.getClassName() === 'Activation' && activationOf(layer) === 'linear');

/** The layers from an output back to the input, or to where several come together. */
function layersBefore({ sourceLayer, nodeIndex }: tf.SymbolicTensor): tf.layers.Layer[] {
  const { inboundLayers, inputTensors } = sourceLayer.inboundNodes[nodeIndex]!;
  return [sourceLayer, ...(inboundLayers.length === 1 ? layersBefore(inputTensors[0]!) : [])];
}

/**
 * How a network's outputs are to be read.
 *
 * @param model of one output [B, classes]; a graph of layers, none of which is a model itself
 * @throws DescentError for an end that tells no classes apart, such as a softmax of one output
 */
export function readEnd(model: tf.LayersModel, name: string): NetworkEnd {
  const layers = layersBefore(model.outputs[0]!);
  const layer = layers.find((each) => !handsOn(each)) ?? layers[0]!;
  const activation = activationOf(layer);
  // Of a layer that computes with places alone, such as a pooling, what it gets decides.
  const decisive = activationOf(
    layers.find((each) => each.weights.length > 0 || activationOf(each) !== 'linear') ?? layer,
  );
  const outputs = model.outputs[0]!.shape[1]!;
  const refuse = (what: string): never => {
    throw new DescentError(
      `${name} ends in ${what}: make the model with softmax, sigmoid or no activation at its end, ` +
        'give it the weights by set_weights, and save that',
    );
  };
  const single = outputs === 1;
  if (activation === 'softmax') {
    if (single) refuse('a softmax of one output, which is always 1');
    if ((layer.output as tf.SymbolicTensor).shape.at(-1) !== outputs) {
      refuse('a softmax at each place, from which no probabilities can be read');
    }
    return { reading: 'softmax', layer };
  }
  if (activation === 'sigmoid') return { reading: single ? 'sigmoid' : 'sigmoids', layer };
  if (activation === 'tanh') return { reading: single ? 'tanh' : 'tanhs', layer };
  if (activation === 'linear' && ['softmax', 'sigmoid'].includes(decisive)) {
    refuse(`a ${layer.getClassName()} of ${decisive}, from which no probabilities can be read`);
  }
  if (single && UNSIGNED.includes(decisive)) {
    refuse(`one output of ${decisive}, which is never below 0 and tells no two classes apart`);
  }
  return { reading: single ? 'score' : 'scores' };
}

/** What a reader should know of answers that were not read off a softmax or a single sigmoid. */
export function readingNote({ name, reading }: { name: string; reading?: Reading }): string | undefined {
  const { note } = formOf(reading);
  return note && `${name} ${note}`;
}
