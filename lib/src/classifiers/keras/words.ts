import { isObject, type LayerDescription } from '../layers';

/** Layers that do something in training alone. */
const IN_TRAINING = [
  'SpatialDropout1D',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
  'ActivityRegularization',
  'RandomFlip',
  'RandomRotation',
  'RandomZoom',
  'RandomTranslation',
  'RandomContrast',
  'RandomBrightness',
  'RandomHeight',
  'RandomWidth',
];

/**
 * A layer of Keras in words that tfjs reads as Keras does.
 *
 * @param inputs the shapes of what it takes, each without the number of pictures at its front
 * @param source what the description comes from, for errors
 * @param keras the version of Keras that wrote it down: the two have some words in common for different things
 * @returns a chain of layers, the first of which has the layer's own name and all its weights; empty where the layer
 *   does nothing in a prediction. None of them is checked.
 */
export function inTfjsWords(
  layer: LayerDescription,
  inputs: readonly (readonly number[])[],
  source: string,
  keras: 2 | 3 = 2,
): LayerDescription[] {
  void source;
  void keras;
  const { class_name: kind } = layer;
  const shape = inputs[0] ?? [];
  if (IN_TRAINING.includes(kind) || (kind === 'Flatten' && shape.length === 1)) return [];
  const config = Object.fromEntries(Object.entries(layer.config).map(([key, value]) => [key, plain(key, value)]));
  const as = (class_name: string, options: object): LayerDescription[] => [
    { class_name, config: { name: config['name'], ...options } },
  ];
  const { negative_slope: slope = 0, threshold = 0, max_value: most = null, height, width } = config;
  if (kind === 'ReLU' && most === null) {
    // tfjs' own knows no slope and no threshold
    if (threshold === 0 && slope !== 0) return as('LeakyReLU', { alpha: slope });
    if (threshold !== 0 && slope === 0) return as('ThresholdedReLU', { theta: threshold });
  }
  const [rows, columns] = [shape[0]! - Number(height), shape[1]! - Number(width)];
  if (kind === 'CenterCrop' && rows >= 0 && columns >= 0) {
    return as('Cropping2D', { cropping: [rows, columns].map((rest) => [Math.floor(rest / 2), Math.ceil(rest / 2)]) });
  }
  return [{ ...layer, config }];
}

/** An option in Keras' plainest words: of one axis the number, of NumPy's numbers the number. */
function plain(key: string, value: unknown): unknown {
  if (key === 'axis' && Array.isArray(value) && value.length === 1) return value[0] as unknown;
  return isObject(value) && value['type'] === 'ndarray' ? value['value'] : value;
}
