// Reads .h5 files beside the thread that wants them: of a damaged one the HDF5 library may come to no end.
import { parentPort } from 'node:worker_threads';

/** What the file holds, but for the values of its weights. */
export interface H5Contents {
  /** The version of Keras that saved it. */
  version?: string;
  /** The model's architecture, in Keras' JSON; undefined where only weights were saved. */
  config?: string;
  layers: { name: string; weights: { path: string; shape: number[] }[] }[];
}
/** What is wanted: a file's contents, the values of a weight in it (by its layer and its path in there), or no more. */
export type H5Question = { open: string } | { layer: string; path: string } | { close: true };
/** What comes back, or what went wrong; with a code where the HDF5 library cannot be had. */
export type H5Answer =
  { contents: H5Contents } | { values: Float32Array } | { closed: true } | { error: string; code?: string };

// An ECMAScript module, so it can only be had like this, its types too.
const loadH5wasm = () => import('h5wasm/node');
type H5wasm = Awaited<ReturnType<typeof loadH5wasm>>;
type Group = InstanceType<H5wasm['Group']>;

const rootOf = (file: Group): Group =>
  file.keys().includes('model_weights') ? (file.get('model_weights') as Group) : file;

function readContents(file: Group): H5Contents {
  const root = rootOf(file);
  const text = (name: string): string | undefined =>
    [file, root].map(({ attrs }) => attrs[name]?.value).find((value) => typeof value === 'string');
  const layers = readNames(root, 'layer_names').map((name) => {
    const layer = root.get(name) as Group;
    const weights = readNames(layer, 'weight_names').map((path) => ({
      path,
      shape: (layer.get(path) as InstanceType<H5wasm['Dataset']>).shape ?? [],
    }));
    return { name, weights };
  });
  return { version: text('keras_version'), config: text('model_config'), layers };
}

/** A list of names, which Keras cuts into several attributes (NAME0, NAME1 ...) where it is long. */
function readNames({ attrs }: Group, attribute: string): string[] {
  const read = (name: string): string[] | undefined => attrs[name]?.value as string[] | undefined;
  const names = read(attribute) ?? [];
  for (let i = 0, part = read(`${attribute}0`); part; part = read(`${attribute}${++i}`)) names.push(...part);
  if (!names.every((name) => typeof name === 'string')) throw new Error(`${attribute} are no names`);
  return names;
}

function readValues(file: Group, layer: string, path: string): Float32Array {
  const weight = (rootOf(file).get(layer) as Group).get(path) as InstanceType<H5wasm['Dataset']>;
  return Float32Array.from(weight.value as Float32Array);
}

let file: InstanceType<H5wasm['File']> | undefined;

async function answer(question: H5Question): Promise<H5Answer> {
  const h5wasm = await loadH5wasm().catch(({ message, code = 'ERR' }: NodeJS.ErrnoException) => ({ message, code }));
  if ('message' in h5wasm) return { error: h5wasm.message, code: h5wasm.code };
  try {
    (await h5wasm.ready).activate_throwing_error_handler();
    if ('layer' in question) return { values: readValues(file!, question.layer, question.path) };
    if ('open' in question) return { contents: readContents((file = new h5wasm.File(question.open, 'r'))) };
    file?.close();
    file = undefined;
    return { closed: true };
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort!.on('message', (question: H5Question) => {
  void answer(question).then((given) => parentPort!.postMessage(given));
});
