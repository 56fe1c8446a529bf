import { DescentError } from '../../errors';
import type { FileWeight } from './model-file';
import { withModelFile } from './with-model-file';

/** One weight of a layer: its name without the layer's (kernel, bias, gamma ...), and its values on demand. */
export interface KerasWeight {
  name: string;
  shape: number[];
  read: () => Promise<Float32Array>;
}
/** A layer as the file lists it, in the model's order; many have no weights. */
export interface KerasLayer {
  name: string;
  weights: KerasWeight[];
}
export interface KerasFile {
  /** The model's architecture as Keras describes it; undefined where only weights were saved. */
  config: unknown;
  layers: KerasLayer[];
}

/** Opens a model file whose weights lie in one group for each layer. @throws DescentError for any other */
export const withKerasFile = <T>(path: string, use: (file: KerasFile) => Promise<T>): Promise<T> =>
  withModelFile(path, ({ config, weights }) => {
    if (weights.layout !== 'groups') throw new DescentError(`${path} is no .h5 file with a group for each layer`);
    const lastPart = ({ path: place, ...weight }: FileWeight): KerasWeight => ({
      name: place.split('/').at(-1)!,
      ...weight,
    });
    return use({
      config,
      layers: weights.groups.map((layer) => ({ name: layer.name, weights: layer.weights.map(lastPart) })),
    });
  });
