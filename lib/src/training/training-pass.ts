import { DescentError } from '../errors';
import { tf } from '../tf';
import type { LayerConfig } from '../classifiers/layer-config';
import { maxPool } from '../classifiers/max-pool';
import { batchNorm } from './batch-norm';
import { biasActivation } from './bias-activation';
import { dropout } from './dropout';
import { deriveSeed } from './seeds';

/** A batch normalisation's layer with the mean and variance [channels] that it found in a batch. */
export interface BatchStatistics {
  /** The batch normalisation that has seen them. */
  layer: tf.layers.Layer;
  /** Of each channel, [channels]. */
  mean: tf.Tensor1D;
  /** Of each channel, [channels]. */
  variance: tf.Tensor1D;
}

/** What a pass through the network in training does beside its answers. */
export interface PassOptions {
  /** Draws the dropout; without it nothing is dropped. */
  seed?: number;
  /** Told of each batch normalisation's statistics; the tensors are valid during the call. */
  onStatistics?: (statistics: BatchStatistics) => void;
}

type Apply = (x: tf.Tensor, options: PassOptions) => tf.Tensor;

/**
 * The network as training sees it: a function from images [B, height, width, channels] to logits [B, classes] that is
 * differentiable in the model's weights, with dropout, and batch normalisation by the batch's own statistics. It reads
 * the model's weights at each call. It computes what tfjs' `model.apply(images, { training: true })` computes, without
 * the last softmax, by operations that are faster.
 *
 * @throws DescentError for a layer of a kind, or with an option, that is not among those of the article's network
 */
export function trainingPass(model: tf.Sequential): (images: tf.Tensor4D, options?: PassOptions) => tf.Tensor2D {
  const layers = model.layers.map((layer, i) => compile(layer, i, layer === model.layers.at(-1)));
  return (images, options = {}) => layers.reduce<tf.Tensor>((x, apply) => apply(x, options), images) as tf.Tensor2D;
}

/** A weight of a layer, live, in the layer's own order. */
const weight = (layer: tf.layers.Layer, i: number): tf.Tensor1D => layer.weights[i]!.read() as tf.Tensor1D;

function compile(layer: tf.layers.Layer, place: number, last: boolean): Apply {
  const config = layer.getConfig() as unknown as LayerConfig;
  const { rank } = layer.input as tf.SymbolicTensor;
  const unknown = (what: string): DescentError =>
    new DescentError(`the layer '${layer.name}' cannot be trained here: ${what}`);
  if ((config.dataFormat ?? 'channelsLast') !== 'channelsLast') throw unknown('its channels do not come last');
  switch (layer.getClassName()) {
    case 'InputLayer':
      return (x) => x;
    case 'Flatten':
      return (x) => x.reshape([x.shape[0], -1]);
    case 'Dropout':
      return (x, { seed }) => (seed === undefined ? x : dropout(x, config.rate, deriveSeed(seed, place)));
    case 'Conv2D':
    case 'Dense': {
      const { activation = 'linear', strides, padding, dilationRate } = config;
      if (!['linear', 'relu', ...(last ? ['softmax'] : [])].includes(activation))
        throw unknown(`its activation is ${activation}`);
      if (layer.weights.length < 2) throw unknown('it has no bias');
      return (x) => {
        const kernel = weight(layer, 0) as tf.Tensor;
        const sum =
          rank === 4
            ? tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, strides, padding, 'NHWC', dilationRate)
            : tf.matMul(x, kernel);
        return biasActivation(sum, weight(layer, 1), activation === 'relu');
      };
    }
    case 'MaxPooling2D':
      if (config.padding !== 'valid') throw unknown('it pads');
      return (x) => maxPool(x as tf.Tensor4D, config.poolSize, config.strides);
    case 'BatchNormalization':
      if (![-1, rank - 1].includes(config.axis) || layer.weights.length < 4)
        throw unknown('it is not over the last axis with scale and offset');
      return (x, { onStatistics }) => {
        const { y, mean, variance } = batchNorm(x, weight(layer, 0), weight(layer, 1), config.epsilon);
        onStatistics?.({ layer, mean, variance });
        return y;
      };
    default:
      throw unknown(`its kind is ${layer.getClassName()}`);
  }
}
