/** A weight to write: its values row by row. */
export interface StoredWeight {
  name: string;
  shape: number[];
  values: number[];
}
export interface StoredLayer {
  name: string;
  weights: StoredWeight[];
}

/** Writes an .h5 file laid out as Keras 2 does: a whole model where there is a config, else weights alone. */
export async function writeKerasFile(
  path: string,
  layers: StoredLayer[],
  config?: unknown,
  version = '2.15.0',
): Promise<void> {
  const h5wasm = await import('h5wasm/node');
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  const whole = config !== undefined;
  if (whole) file.create_attribute('model_config', JSON.stringify(config));
  const root = whole ? file.create_group('model_weights') : file;
  root.create_attribute('keras_version', version);
  root.create_attribute(
    'layer_names',
    layers.map(({ name }) => name),
  );
  for (const { name, weights } of layers) {
    const group = root.create_group(name);
    if (weights.length === 0) continue; // h5wasm writes no empty lists, and Keras' empty ones say no more
    group.create_attribute(
      'weight_names',
      weights.map((weight) => `${name}/${weight.name}:0`),
    );
    const inner = group.create_group(name);
    for (const weight of weights) {
      inner.create_dataset({
        name: `${weight.name}:0`,
        data: Float32Array.from(weight.values),
        shape: weight.shape,
        dtype: '<f',
      });
    }
  }
  file.close();
}

const layer = (class_name: string, options: object): object => ({ class_name, config: options });
/** A small model: a convolution, a normalisation, and two classes. */
export const SMALL_CONFIG: object = {
  class_name: 'Sequential',
  config: {
    name: 'sequential',
    layers: [
      layer('InputLayer', { batch_input_shape: [null, 2, 1, 1], dtype: 'float32', name: 'in' }),
      layer('Conv2D', {
        name: 'conv2d',
        trainable: true,
        filters: 1,
        kernel_size: [1, 1],
        strides: [1, 1],
        padding: 'valid',
        data_format: 'channels_last',
        dilation_rate: [1, 1],
        groups: 1,
        activation: 'relu',
        use_bias: true,
        kernel_regularizer: { class_name: 'L2', config: { l2: 0.01 } },
      }),
      layer('BatchNormalization', { name: 'norm', axis: [3], momentum: 0.99, epsilon: 1, center: true, scale: true }),
      layer('Flatten', { name: 'flatten', data_format: 'channels_last' }),
      layer('Dense', { name: 'dense', units: 2, activation: 'softmax', use_bias: true }),
    ],
  },
};
const weight = (name: string, shape: number[], ...values: number[]): StoredWeight => ({ name, shape, values });
/** Its weights. */
export const SMALL_LAYERS: StoredLayer[] = [
  { name: 'conv2d', weights: [weight('kernel', [1, 1, 1, 1], 2), weight('bias', [1], -1)] },
  { name: 'norm', weights: ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => weight(name, [1], 2)) },
  { name: 'dense', weights: [weight('kernel', [2, 2], 1, 2, 3, 4), weight('bias', [2], 1, 2)] },
];
