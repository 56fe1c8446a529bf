import { DescentError } from '../../../errors';
import { tf } from '../../../tf';
import type { KerasLayer, KerasWeight } from './read-keras-file';

/** What to call the model and the file in errors. */
interface Sides { model: string; file: string }

/** A layer's name without the number that Keras counts on with in one Python session: conv2d_12 is a conv2d. */
const kindOf = (name: string): string => name.replace(/_\d+$/, '');
const list = (names: readonly string[]): string => names.join(', ') || 'none';
const shapeText = (shape: readonly (number | null)[]): string => `[${shape.join(', ')}]`;

/**
 * Sets a model's weights to a file's. Layers are matched in their order, as Keras does, and have to fit in name (apart
 * from its number), in the names of their weights, and in every shape.
 *
 * @throws DescentError naming both sides of the first thing that does not fit
 */
export function fitWeights(model: tf.Sequential, file: readonly KerasLayer[], sides: Sides): void {
  const layers = model.layers.filter((layer) => layer.weights.length > 0);
  const stored = file.filter((layer) => layer.weights.length > 0);
  for (let i = 0; i < Math.max(layers.length, stored.length); i++) {
    const [layer, from] = [layers[i], stored[i]];
    const call = (side: { name: string } | undefined): string => (side ? `'${side.name}'` : 'missing');
    if (!layer || !from || kindOf(layer.name) !== kindOf(from.name)) {
      throw new DescentError(`layer ${i + 1} of those with weights is ${call(layer)} in ${sides.model} ` +
        `but ${call(from)} in ${sides.file}`);
    }
    fitLayer(layer, from, sides);
  }
}

function fitLayer(layer: tf.layers.Layer, from: KerasLayer, sides: Sides): void {
  const wanted = layer.weights.map((weight) => weight.originalName.split('/').at(-1)!);
  const names = from.weights.map(({ name }) => name);
  if ([...wanted].sort().join() !== [...names].sort().join()) {
    throw new DescentError(`the layer '${layer.name}' has the weights ${list(wanted)} in ${sides.model} but ` +
      `${list(names)} in ${sides.file}`);
  }
  layer.weights.forEach((weight, i) => {
    const stored = from.weights[names.indexOf(wanted[i]!)] as KerasWeight;
    if (weight.shape.join() !== stored.shape.join()) {
      throw new DescentError(`the ${wanted[i]} of the layer '${layer.name}' has the shape ${shapeText(weight.shape)} ` +
        `in ${sides.model} but ${shapeText(stored.shape)} in ${sides.file}`);
    }
    const values = stored.read();
    if (!values.every(Number.isFinite)) {
      throw new DescentError(`the ${wanted[i]} of the layer '${from.name}' in ${sides.file} ` +
        'holds numbers that are not finite');
    }
    tf.tidy(() => { weight.write(tf.tensor(values, stored.shape)); });
  });
}
