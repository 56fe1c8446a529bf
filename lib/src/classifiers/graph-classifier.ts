import { DescentError } from '../errors';
import { tf } from '../tf';
import { answering, tried, type Classifier } from './classifier';
import { graphNetwork, type GraphArtifacts, type GraphNetwork } from './graph-model';
import { pictureShape } from './keras/picture-input';
import { describeNetwork, type ModelCard, type ModelStatement } from './model-card';
import { compare, statementOf, type HeldModel } from './model-folder';
import type { Reading } from './reading';

/**
 * The classifier of a GraphModel in a model folder.
 *
 * @throws DescentError for one that cannot be used, and where the stated pictures or classes do not fit it
 */
export async function graphClassifier({ packed, card, path }: HeldModel): Promise<Classifier> {
  const { classifier } = await openGraph(packed, path, (network) => {
    const { height, width } = card.input;
    compare(card, describeGraph(network, path, statementOf(card), [height, width]));
    return card;
  });
  return classifier;
}

/**
 * The classifier of a graph, and its card, which is known once the graph is there; of one that cannot be used nothing is
 * left.
 */
export async function openGraph(
  graph: GraphArtifacts,
  source: string,
  describe: (network: GraphNetwork) => ModelCard,
): Promise<{ classifier: Classifier; card: ModelCard }> {
  const network = await graphNetwork(graph, source);
  try {
    const card = describe(network);
    return { classifier: tried(() => classifierOfGraph(network, card), source), card };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The card of a graph. @throws DescentError where it takes no pictures, or the classes are not as many as its outputs */
export const describeGraph = (
  { input, outputs }: GraphNetwork,
  source: string,
  statement: ModelStatement,
  size?: readonly [height: number, width: number],
): ModelCard => describeNetwork([null, ...pictureShape(input, source, size)], [null, outputs], statement);

/** @throws DescentError for a graph whose output tells no classes apart; its gradient throws where none comes through */
export function classifierOfGraph(network: GraphNetwork, card: ModelCard): Classifier {
  const { name, classes } = card;
  const { range, ...input } = card.input;
  const [low, high] = range;
  const { differentiable } = network;
  const run = (images: tf.Tensor4D): tf.Tensor2D => {
    const shape = network.input.length === 3 ? images.shape : [images.shape[0], ...(network.input as number[])];
    return network.apply(
      images
        .mul(high - low)
        .add(low)
        .reshape(shape),
    );
  };
  const withoutGradient = tf.customGrad((images) => ({
    value: run(images as tf.Tensor4D),
    gradFunc: () => {
      throw new DescentError(`${name} can be asked, but not attacked along its gradient: ${String(differentiable)}`);
    },
  }));
  const apply = differentiable === true ? run : (images: tf.Tensor4D) => withoutGradient(images);
  return { name, classes, input, ...answering(apply, readingOf(network, name)), dispose: () => network.dispose() };
}

function readingOf({ end, outputs }: GraphNetwork, name: string): Reading {
  const single = outputs === 1;
  if (end === 'none') return single ? 'score' : 'scores';
  if (end === 'sigmoid') return single ? 'sigmoid' : 'sigmoids';
  if (!single) return 'softmax';
  throw new DescentError(`${name} ends in a softmax of one output, which is always 1: import another model`);
}
