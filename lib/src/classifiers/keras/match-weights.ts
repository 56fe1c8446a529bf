import { DescentError } from '../../errors';
import type { PlannedLayer } from '../plan';
import type { KerasLayer } from './read-keras-file';

/** A weight of the network, whose values the file gives on demand. */
export interface MatchedWeight {
  name: string;
  shape: number[];
  read: () => Promise<Float32Array>;
}

/** What to call the network and the file in errors. */
interface Sides {
  model: string;
  file: string;
}

/** A layer's name without the number that Keras counts on with in one Python session: conv2d_12 is a conv2d. */
const kindOf = (name: string): string => name.replace(/_\d+$/, '');
const list = (names: readonly string[]): string => names.join(', ') || 'none';

/**
 * The weights of a network out of a file. Layers are matched in their order, as Keras does, and have to fit in name
 * (apart from its number), in the names of their weights, and in every shape. Values are read when asked for.
 *
 * @throws DescentError naming both sides of the first thing that does not fit
 */
export function matchWeights(
  network: readonly PlannedLayer[],
  file: readonly KerasLayer[],
  sides: Sides,
): MatchedWeight[] {
  const layers = network.filter((layer) => layer.weights.length > 0);
  const stored = file.filter((layer) => layer.weights.length > 0);
  return Array.from({ length: Math.max(layers.length, stored.length) }, (_, i) => {
    const [layer, from] = [layers[i], stored[i]];
    const call = (side: { name: string } | undefined): string => (side ? `'${side.name}'` : 'missing');
    if (!layer || !from || kindOf(layer.name) !== kindOf(from.name)) {
      throw new DescentError(
        `layer ${i + 1} of those with weights is ${call(layer)} in ${sides.model} ` +
          `but ${call(from)} in ${sides.file}`,
      );
    }
    return matchLayer(layer, from, sides);
  }).flat();
}

function matchLayer(layer: PlannedLayer, from: KerasLayer, sides: Sides): MatchedWeight[] {
  const wanted = layer.weights.map(({ name }) => name);
  const names = from.weights.map(({ name }) => name);
  // As lists, so that a name that stands twice fits nothing: which of the two is meant nobody can tell.
  if ([...wanted].sort().join() !== [...names].sort().join()) {
    throw new DescentError(
      `the layer '${layer.name}' has the weights ${list(wanted)} in ${sides.model} but ` +
        `${list(names)} in ${sides.file}`,
    );
  }
  return layer.weights.map(({ name, shape }) => {
    const stored = from.weights.find((weight) => weight.name === name)!;
    if (shape.join() !== stored.shape.join()) {
      throw new DescentError(
        `the ${name} of the layer '${layer.name}' has the shape [${shape.join(', ')}] ` +
          `in ${sides.model} but [${stored.shape.join(', ')}] in ${sides.file}`,
      );
    }
    return { name: `${layer.name}/${name}`, shape, read: async () => finite(await stored.read(), name, from, sides) };
  });
}

function finite(values: Float32Array, name: string, { name: layer }: KerasLayer, { file }: Sides): Float32Array {
  if (values.every(Number.isFinite)) return values;
  throw new DescentError(
    `the ${name} of the layer '${layer}' in ${file} holds numbers that are not finite: ` +
      'the training went wrong, or the file is damaged',
  );
}
