// Networks of other people's, with weights by a formula: input gradients. bench/peers/foreign.py has the same networks.
import { classifiers, losses, tf } from 'descent-lab';
import { BATCHES } from './network';
import { pictures } from './start';
import { plain, range, type Points } from './subject';

type Layer = tf.layers.Layer;
type Value = tf.SymbolicTensor;

/** Makes layers whose weights are there to be set, in the order in which they were made. */
class Builder {
  readonly made: Layer[] = [];

  convolution = (filters: number, kernelSize: number, more: object = {}): Layer =>
    this.note(tf.layers.conv2d({ filters, kernelSize, padding: 'same', useBias: false, ...more }));

  depthwise = (more: object): Layer =>
    this.note(tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 1, useBias: false, ...more }));

  separable = (filters: number): Layer =>
    this.note(
      tf.layers.separableConv2d({ filters, kernelSize: 3, depthMultiplier: 1, padding: 'same', useBias: false }),
    );

  normalisation = (): Layer => this.note(tf.layers.batchNormalization());

  dense = (units: number, more: object): Layer => this.note(tf.layers.dense({ units, ...more }));

  /** Sets all weights by the formula. */
  fill(): void {
    this.made.forEach((layer, number) => {
      const weights = layer.getWeights().map((weight, place) => formula(weight.shape, number, place));
      layer.setWeights(weights);
      tf.dispose(weights);
    });
  }

  private note(layer: Layer): Layer {
    this.made.push(layer);
    return layer;
  }
}

/** Kernels keep the size of what passes through; a normalisation's scale and variance are around 1, all else around 0. */
function formula(shape: number[], layer: number, place: number): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  const inputs = size / (shape.at(-1)! === 1 ? shape.at(-2)! : shape.at(-1)!);
  const [middle, reach] = shape.length > 1 ? [0, 2 / Math.sqrt(inputs)] : [place % 3 === 0 ? 1 : 0, 0.2];
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => middle + reach * Math.sin(1 + 12.9898 * i + layer + place)),
    shape,
  );
}

const through = (x: Value, ...layers: Layer[]): Value =>
  layers.reduce((value, layer) => layer.apply(value) as Value, x);
const relu = (maxValue?: number): Layer => tf.layers.reLU({ maxValue });

/** The mini-XCEPTION of oarriaga/face_classification: grey pictures of faces, seven emotions. */
function emotion(): tf.LayersModel {
  const make = new Builder();
  const input = tf.input({ shape: [64, 64, 1] });
  const begin = (): Layer[] => [make.convolution(8, 3, { padding: 'valid' }), make.normalisation(), relu()];
  let x = through(input, ...begin(), ...begin());
  for (const filters of [16, 32, 64, 128]) {
    const residual = through(x, make.convolution(filters, 1, { strides: 2 }), make.normalisation());
    const main = through(
      x,
      ...[make.separable(filters), make.normalisation(), relu(), make.separable(filters), make.normalisation()],
      tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    );
    x = tf.layers.add().apply([main, residual]) as Value;
  }
  const outputs = through(
    x,
    make.convolution(7, 3, { useBias: true }),
    tf.layers.globalAveragePooling2d({}),
    tf.layers.activation({ activation: 'softmax' }),
  );
  return filled(make, input, outputs);
}

/** What Teachable Machine trains: MobileNet V2 of a width of 0.35, without its end, and two dense layers. */
function teachableMachine(): tf.LayersModel {
  const make = new Builder();
  const input = tf.input({ shape: [224, 224, 3] });
  const border = (): Layer => tf.layers.zeroPadding2d({ padding: [[0, 1], [0, 1]] }); // prettier-ignore
  const expanded = (filters: number): Layer[] => [make.convolution(filters, 1), make.normalisation(), relu(6)];
  const deep = (strides: number): Layer[] => [
    ...(strides === 2 ? [border()] : []),
    ...[make.depthwise({ strides, padding: strides === 2 ? 'valid' : 'same' }), make.normalisation(), relu(6)],
  ];
  const projected = (filters: number): Layer[] => [make.convolution(filters, 1), make.normalisation()];
  const begin = [border(), make.convolution(16, 3, { strides: 2, padding: 'valid' }), make.normalisation(), relu(6)];
  let x = through(input, ...begin, ...deep(1), ...projected(8));
  let channels = 8;
  for (const [filters, first, blocks] of [
    [8, 2, 2],
    [16, 2, 3],
    [24, 2, 4],
    [32, 1, 3],
    [56, 2, 3],
    [112, 1, 1],
  ] as const) {
    // prettier-ignore
    for (const strides of [first, ...range(blocks - 1).map(() => 1)]) {
      const y = through(x, ...expanded(6 * channels), ...deep(strides), ...projected(filters));
      x = strides === 1 && filters === channels ? (tf.layers.add().apply([x, y]) as Value) : y;
      channels = filters;
    }
  }
  const end = [make.dense(100, { activation: 'relu' }), make.dense(3, { useBias: false, activation: 'softmax' })];
  return filled(make, input, through(x, ...expanded(1280), tf.layers.globalAveragePooling2d({}), ...end));
}

function filled(make: Builder, inputs: Value, outputs: Value): tf.LayersModel {
  make.fill();
  return tf.model({ inputs, outputs });
}

function points(model: tf.LayersModel): Points {
  const classes = range(model.outputs[0]!.shape[1]!).map(String);
  const card = classifiers.describeModel(model, { name: 'foreign', classes, range: [-1, 1] });
  const classifier = classifiers.classifierOf(model, card);
  const { height, width, channels } = classifier.input;
  return Object.fromEntries(
    BATCHES.map((batch) => {
      const shape = [batch, height, width, channels] as const;
      const images = tf.tensor4d(pictures(batch, shape[1], channels), [...shape]);
      const firsts = range(batch).map(() => 0);
      const gradient = (): number => {
        const slope = tf.tidy(() =>
          tf.grad((x: tf.Tensor) => losses.logitMargin(classifier.logits(x as tf.Tensor4D), firsts).sum())(images),
        );
        const value = slope.dataSync()[(height / 2) * (width + 1) * channels]!;
        slope.dispose();
        return value;
      };
      return [`batch ${batch}`, plain(gradient)];
    }),
  );
}

export const emotionPoints = (): Points => points(emotion());
export const teachableMachinePoints = (): Points => points(teachableMachine());
