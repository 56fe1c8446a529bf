import { strToU8, zipSync } from 'fflate';

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

const openH5 = async (path: string) => {
  const h5wasm = await import('h5wasm/node');
  await h5wasm.ready;
  return new h5wasm.File(path, 'w');
};

/**
 * Writes an .h5 file laid out as Keras 2 does, or in its old format Keras 3: a whole model where there is a config, else
 * weights alone.
 */
export async function writeKerasFile(
  path: string,
  layers: StoredLayer[],
  config?: unknown,
  version = '2.15.0',
): Promise<void> {
  const file = await openH5(path);
  const isOf3 = version.startsWith('3');
  const stored = (layer: string, name: string): string =>
    isOf3 ? `sequential/${layer}/${name}` : `${layer}/${name}:0`;
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
      weights.map((weight) => stored(name, weight.name)),
    );
    if (isOf3) group.create_group('sequential');
    const inner = group.create_group(isOf3 ? `sequential/${name}` : name);
    for (const weight of weights) {
      inner.create_dataset({
        name: isOf3 ? weight.name : `${weight.name}:0`,
        data: Float32Array.from(weight.values),
        shape: weight.shape,
        dtype: '<f',
      });
    }
  }
  file.close();
}

/** Writes weights by their places, as .keras archives and .weights.h5 files have them: `layers/dense/vars/0`. */
export async function writeWeightsFile(path: string, weights: readonly StoredWeight[]): Promise<void> {
  const file = await openH5(path);
  const groups = new Set<string>();
  for (const { name, shape, values } of weights) {
    const folders = name.split('/').slice(0, -1);
    folders.forEach((_, i) => {
      const group = folders.slice(0, i + 1).join('/');
      if (!groups.has(group)) file.create_group(group);
      groups.add(group);
    });
    file.create_dataset({ name, data: Float32Array.from(values), shape, dtype: '<f' });
  }
  file.close();
}

/** The weights of layers by their places, in the words of Keras 3 or, with other `layers`, of Keras 2. */
export const placed = (stored: readonly StoredLayer[], layers = 'layers'): StoredWeight[] =>
  stored.flatMap(({ name, weights }) => weights.map((each, i) => ({ ...each, name: `${layers}/${name}/vars/${i}` })));

/** A zip archive, such as a .keras file. */
export const zipped = (files: Record<string, string | Uint8Array>, level: 0 | 6 = 0): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content]),
    ),
    { level, mtime: '2026-01-01' },
  );

/** The bytes of a .keras archive. @param weights those of a file that `writeWeightsFile` wrote */
export const kerasArchive = (config: unknown, weights: Uint8Array, version = '3.15.1'): Uint8Array =>
  zipped({
    'metadata.json': JSON.stringify({ keras_version: version }),
    'config.json': JSON.stringify(config),
    'model.weights.h5': weights,
  });

/** The files of a LayersModel of TensorFlow.js, the weights as float32 in as many files as are named. */
export function tfjsFiles(
  topology: unknown,
  layers: readonly StoredLayer[],
  paths: readonly string[] = ['weights.bin'],
): Record<string, string | Uint8Array> {
  const weights = layers.flatMap(({ name, weights: own }) =>
    own.map((each) => ({ ...each, name: `${name}/${each.name}` })),
  );
  const bytes = new Uint8Array(Float32Array.from(weights.flatMap(({ values }) => values)).buffer);
  const size = Math.ceil(bytes.length / paths.length);
  return {
    'model.json': JSON.stringify({
      format: 'layers-model',
      modelTopology: topology,
      weightsManifest: [{ paths, weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) }],
    }),
    ...Object.fromEntries(paths.map((path, i) => [path, bytes.subarray(i * size, (i + 1) * size)])),
  };
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
