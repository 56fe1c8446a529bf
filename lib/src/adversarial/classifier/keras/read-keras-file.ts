import { DescentError } from '../../../errors';
import { optionalProblem } from '../../../optional';
import { foreignFile, HDF5, KERAS_3, readHead } from '../foreign-file';
import { product } from '../plan';

/** One weight of a layer: its name without the layer's (kernel, bias, gamma ...), and its values on demand. */
export interface KerasWeight { name: string; shape: number[]; read(): Float32Array }
/** A layer as the file lists it, in the model's order; many have no weights. */
export interface KerasLayer { name: string; weights: KerasWeight[] }
export interface KerasFile {
  /** The model's architecture as Keras describes it; undefined where only weights were saved. */
  config: unknown;
  layers: KerasLayer[];
}

// An ECMAScript module, so it can only be had like this, its types too.
const loadH5wasm = () => import('h5wasm/node');
type H5wasm = Awaited<ReturnType<typeof loadH5wasm>>;
type Group = InstanceType<H5wasm['Group']>;

/**
 * Opens an .h5 file of Keras 2, a whole model or weights only, and gives it to `use`; afterwards it is closed.
 *
 * @throws DescentError for a file that is missing, no .h5, cut off or damaged, or holds nothing that Keras 2 saved
 */
export async function withKerasFile<T>(path: string, use: (file: KerasFile) => Promise<T>): Promise<T> {
  if (!readHead(path).startsWith(HDF5)) throw foreignFile(path, '.h5 file');
  const h5wasm = await loadH5wasm().catch((error: unknown) => {
    throw optionalProblem('h5wasm', 'reads .h5 files', error);
  });
  (await h5wasm.ready).activate_throwing_error_handler();
  const file = orDamaged(path, () => new h5wasm.File(path, 'r'));
  try {
    return await use(orDamaged(path, () => readModel(file, path)));
  } finally {
    file.close();
  }
}

function readModel(file: Group, path: string): KerasFile {
  const root = file.keys().includes('model_weights') ? file.get('model_weights') as Group : file;
  const names = readNames(root, 'layer_names');
  const versions = [file, root].map(({ attrs }) => attrs['keras_version']?.value);
  const version = versions.find((value) => typeof value === 'string');
  if (names.length === 0 || Number.parseInt(version ?? '2') >= 3) {
    const told = names.length > 0 ? `was saved by Keras ${version}, and only models of Keras 2 can be imported`
      : 'holds no model that Keras 2 saved: there are no layer_names in it. Where Keras 3 saved it';
    throw new DescentError(`${path} ${told}: ${KERAS_3}`);
  }
  const config = file.attrs['model_config']?.value;
  return {
    config: typeof config === 'string' ? JSON.parse(config) as unknown : undefined,
    layers: names.map((name) => ({ name, weights: readWeights(root.get(name) as Group, path) })),
  };
}

function readWeights(layer: Group, path: string): KerasWeight[] {
  return readNames(layer, 'weight_names').map((name) => {
    const weight = layer.get(name) as InstanceType<H5wasm['Dataset']>;
    return {
      name: name.split('/').at(-1)!.replace(/:\d+$/, ''), shape: weight.shape ?? [],
      read: () => orDamaged(path, () => {
        const values = Float32Array.from(weight.value as Float32Array);
        if (values.length !== product(weight.shape!)) throw new Error(`${name} is not as large as its shape`);
        return values;
      }),
    };
  });
}

/** A list of names, which Keras cuts into several attributes (NAME0, NAME1 ...) where it is long. */
function readNames({ attrs }: Group, attribute: string): string[] {
  const read = (name: string): string[] | undefined => attrs[name]?.value as string[] | undefined;
  const names = read(attribute) ?? [];
  for (let i = 0, part = read(`${attribute}0`); part; part = read(`${attribute}${++i}`)) names.push(...part);
  return names;
}

/** Runs what reads the file; whatever goes wrong below it is the file's fault. */
function orDamaged<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DescentError) throw error;
    throw new DescentError(String(error).includes('truncated')
      ? `${path} is cut off: a part of it is missing. Get it again`
      : `${path} is damaged: it cannot be read as an .h5 file. Get it again`);
  }
}
