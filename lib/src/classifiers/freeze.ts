import { tf } from '../tf';
import { maxPool } from './max-pool';
import { biasRelu } from './bias-relu';
import { multiplication } from './multiply';

/** The options of those layers of tfjs that are computed by faster operations, here and in training. */
export interface LayerConfig {
  activation?: string;
  dataFormat?: string;
  padding: 'valid' | 'same';
  epsilon: number;
  axis: number;
  rate: number;
  scale: boolean;
  center: boolean;
  strides: [number, number];
  poolSize: [number, number];
  dilationRate: [number, number];
}

/** A network whose weights do not change any more. */
export interface Frozen {
  /** The logits [B, outputs]: what stands before the last activation. Differentiable in the images. */
  apply(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/**
 * Copies a model into a form that is fast to run and to differentiate with respect to its input. Two facts, both exact
 * but for rounding, save most of the passes over the activations:
 *
 * - with frozen weights a batch normalisation is a multiplication and an addition for each channel, and so is bringing
 *   the pixels to the network's range: the weights of the next layer can take them in;
 * - the largest of some numbers stays the largest under a function that does not fall: bias, relu and a normalisation
 *   with positive scales can wait until after a max pooling, when a quarter of the data is left.
 *
 * @param range the values that black and white have at the network's input
 * @param end the layer whose activation is left off, with no other behind it; none where all are kept
 */
export function freeze(model: tf.LayersModel, range: readonly [number, number], end?: tf.layers.Layer): Frozen {
  const freezer = new Freezer();
  const dispose = (): void => freezer.kept.forEach((part) => part.dispose());
  try {
    tf.tidy(() => {
      freezer.begin(model.inputs[0]!.shape.at(-1)!, range);
      for (const layer of model.layers) freezer.add(layer, layer === end);
      freezer.activate();
      freezer.settle();
    });
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    apply: (images) => tf.tidy(() => freezer.stages.reduce<tf.Tensor>((x, stage) => stage(x), images) as tf.Tensor2D),
    dispose,
  };
}

/** Goes through a model's layers and collects what is left to compute; `freeze` says why. */
class Freezer {
  readonly stages: ((x: tf.Tensor) => tf.Tensor)[] = [];
  readonly kept: { dispose(): void }[] = [];
  /** x + bias, then perhaps relu: still to be done to each channel of the data. */
  private activation?: { bias: tf.Tensor1D; relu: boolean };
  /** Times scale, plus offset: to be done after that. */
  private affine?: { scale: tf.Tensor1D; offset: tf.Tensor1D };

  /** The pixels, from 0 to 1, are to be brought to the network's range. */
  begin(channels: number, [low, high]: readonly [number, number]): void {
    this.affine = { scale: tf.fill([channels], high - low), offset: tf.fill([channels], low) };
  }

  /** @param bare whether the layer's activation is left off: logits are what stands before the last one */
  add(layer: tf.layers.Layer, bare: boolean): void {
    const kind = layer.getClassName();
    const config = layer.getConfig() as unknown as LayerConfig;
    if (bare) config.activation &&= 'linear';
    const { activation = 'linear', dataFormat = 'channelsLast' } = config;
    const { rank } = layer.input as tf.SymbolicTensor;
    const simple = ['linear', 'relu'].includes(activation) && dataFormat === 'channelsLast';
    if (['InputLayer', 'Dropout', ...(bare ? ['Activation', 'Softmax'] : [])].includes(kind)) return;
    const linear = kind === 'Conv2D' || (kind === 'Dense' && rank === 2);
    if (simple && linear) this.linear(layer, config, activation === 'relu');
    else if (kind === 'BatchNormalization' && [-1, rank - 1].includes(config.axis)) this.normalisation(layer, config);
    else if (simple && kind === 'MaxPooling2D') this.maxPooling(config);
    else if (simple && kind === 'Flatten') this.flatten(layer);
    else this.other(layer, config);
  }

  /** A convolution or dense layer is linear: the scale and the offset before it can go into its weights. */
  private linear(
    layer: tf.layers.Layer,
    { padding = 'valid', strides, dilationRate }: LayerConfig,
    relu: boolean,
  ): void {
    this.activate();
    // Behind the offset a padded border would still be zero: no weights can take that in.
    if (padding === 'same' && this.affine?.offset.notEqual(0).any().dataSync()[0]) this.settle();
    let [kernel, bias = tf.zeros<tf.Rank.R1>([layer.weights[0]!.shape.at(-1)!])] = layer.getWeights() as [
      tf.Tensor,
      tf.Tensor1D?,
    ];
    if (this.affine) {
      const { scale, offset } = this.affine;
      const sides = kernel.shape.slice(0, -2).map(() => 1);
      const axes = kernel.shape.slice(0, -1).map((_, axis) => axis);
      bias = bias.add<tf.Tensor1D>(kernel.mul(offset.reshape([...sides, -1, 1])).sum(axes));
      kernel = kernel.mul(scale.reshape([...sides, -1, 1]));
    }
    const weights = this.keep(kernel.clone());
    if (weights.rank === 2) {
      const product = multiplication(weights as tf.Tensor2D);
      this.kept.push(product);
      this.stages.push((x) => product.apply(x as tf.Tensor2D));
    } else {
      this.stages.push((x) =>
        tf.conv2d(x as tf.Tensor4D, weights as tf.Tensor4D, strides, padding, 'NHWC', dilationRate),
      );
    }
    this.activation = { bias, relu };
    this.affine = undefined;
  }

  private normalisation(layer: tf.layers.Layer, { epsilon, scale, center }: LayerConfig): void {
    const weights = layer.getWeights() as tf.Tensor1D[];
    const gamma = scale ? weights.shift()! : tf.scalar(1);
    const beta = center ? weights.shift()! : tf.scalar(0);
    const [mean, variance] = weights as [tf.Tensor1D, tf.Tensor1D];
    const factor = variance.add(epsilon).rsqrt().mul<tf.Tensor1D>(gamma);
    const shift = beta.sub<tf.Tensor1D>(mean.mul(factor));
    this.affine = this.affine
      ? { scale: this.affine.scale.mul(factor), offset: this.affine.offset.mul<tf.Tensor1D>(factor).add(shift) }
      : { scale: factor, offset: shift };
  }

  private maxPooling({ poolSize, strides, padding }: LayerConfig): void {
    if (this.affine?.scale.lessEqual(0).any().dataSync()[0]) {
      this.activate();
      this.settle();
    }
    this.stages.push((x) =>
      padding === 'valid'
        ? maxPool(x as tf.Tensor4D, poolSize, strides)
        : tf.maxPool(x as tf.Tensor4D, poolSize, strides, padding),
    );
  }

  private flatten(layer: tf.layers.Layer): void {
    this.activate();
    const channels = (layer.input as tf.SymbolicTensor).shape.at(-1)!;
    const values = (layer.output as tf.SymbolicTensor).shape[1]!;
    const times = [values / channels];
    if (this.affine) this.affine = { scale: this.affine.scale.tile(times), offset: this.affine.offset.tile(times) };
    this.stages.push((x) => x.reshape([x.shape[0], values]));
  }

  /** Any other layer of tfjs runs as it is, on a copy of its weights. */
  private other(layer: tf.layers.Layer, config: LayerConfig): void {
    this.activate();
    this.settle();
    // tfjs leaves it out of the configuration of a separable convolution.
    const { depthMultiplier } = layer as unknown as { depthMultiplier?: number };
    const copy = new (layer.constructor as new (config: object) => tf.layers.Layer)({ ...config, depthMultiplier });
    copy.build((layer.input as tf.SymbolicTensor).shape);
    copy.setWeights(layer.getWeights());
    this.kept.push(...copy.weights); // the copy itself tfjs refuses to dispose: it is part of no model
    this.stages.push((x) => copy.apply(x) as tf.Tensor);
  }

  /** Makes a stage of the bias and relu that are waiting. */
  activate(): void {
    if (!this.activation) return;
    const { bias, relu } = this.activation;
    const kept = this.keep(bias.clone());
    this.stages.push(relu ? (x) => biasRelu(x, kept) : (x) => x.add(kept));
    this.activation = undefined;
  }

  /** Makes a stage of the scale and offset that are waiting. */
  settle(): void {
    if (!this.affine) return;
    const [scale, offset] = [this.keep(this.affine.scale.clone()), this.keep(this.affine.offset.clone())];
    this.stages.push((x) => x.mul(scale).add(offset));
    this.affine = undefined;
  }

  private keep<T extends tf.Tensor>(tensor: T): T {
    this.kept.push(tf.keep(tensor));
    return tensor;
  }
}
