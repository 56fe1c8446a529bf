import { tf } from '../tf';

/**
 * The article's network for photos [B, 128, 128, 3] of cats and dogs: three blocks of a 3x3 convolution, relu, batch
 * normalisation, 2x2 max pooling and dropout, then a dense layer of 512, and the probabilities [B, 2] of cat and dog.
 *
 * @param seed draws the first weights (Glorot's uniform distribution); without it they are zero, to be loaded
 */
export function buildCatsDogs(seed?: number): tf.Sequential {
  let layersMade = 0;
  const kernelInitializer = (): ReturnType<typeof tf.initializers.zeros> =>
    seed === undefined ? tf.initializers.zeros() : tf.initializers.glorotUniform({ seed: seed + layersMade++ });
  const block = (filters: number, i: number): tf.layers.Layer[] => {
    const number = i === 0 ? '' : `_${i}`; // Keras' names, by which weights are known
    return [
      tf.layers.conv2d({
        name: `conv2d${number}`,
        filters,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: kernelInitializer(),
        ...(i === 0 ? { inputShape: [128, 128, 3] } : {}),
      }),
      tf.layers.batchNormalization({ name: `batch_normalization${number}` }),
      tf.layers.maxPooling2d({ name: `max_pooling2d${number}`, poolSize: 2 }),
      tf.layers.dropout({ name: `dropout${number}`, rate: 0.25 }),
    ];
  };
  return tf.sequential({
    name: 'cats-dogs',
    layers: [
      ...[32, 64, 128].flatMap(block),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ name: 'dense', units: 512, activation: 'relu', kernelInitializer: kernelInitializer() }),
      tf.layers.batchNormalization({ name: 'batch_normalization_3' }),
      tf.layers.dropout({ name: 'dropout_3', rate: 0.5 }),
      tf.layers.dense({ name: 'dense_1', units: 2, activation: 'softmax', kernelInitializer: kernelInitializer() }),
    ],
  });
}
