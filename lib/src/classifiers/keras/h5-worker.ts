// Reads .h5 files beside the thread that wants them: of a damaged one the HDF5 library may come to no end.
import { parentPort } from 'node:worker_threads';
import { decodeHalf } from '../half';

/** A weight in the file: its name, its place there, and its shape. */
export interface H5Weight {
  name: string;
  place: string;
  shape: number[];
}
/** What the file holds, but for the values of its weights. */
export interface H5Contents {
  /** The model's architecture, in Keras' JSON; undefined where only weights were saved. */
  config?: string;
  /** The layers that Keras' .h5 lists, with their weights; undefined where it lists none. */
  groups?: { name: string; weights: H5Weight[] }[];
  /** Else the weights by their places in the file. */
  places: H5Weight[];
}
/** What is wanted: a file's contents, the values of a weight in it by its place, or no more. */
export type H5Question = { open: Uint8Array } | { values: string } | { close: true };
/** What comes back, or what went wrong; with a code where the HDF5 library cannot be had. */
export type H5Answer =
  { contents: H5Contents } | { values: Float32Array } | { closed: true } | { error: string; code?: string };

// An ECMAScript module, so it can only be had like this, its types too.
const loadH5wasm = () => import('h5wasm');
type H5wasm = Awaited<ReturnType<typeof loadH5wasm>>;
/** The library in WebAssembly, with what its types leave out. */
type Module = Awaited<H5wasm['ready']> & {
  FS: {
    writeFile: (path: string, content: Uint8Array, options: { canOwn: boolean }) => void;
    unlink: (path: string) => void;
  };
  _malloc: (bytes: number) => number;
  _free: (at: number) => void;
  HEAPU8: Uint8Array;
};
type Group = InstanceType<H5wasm['Group']>;
type Dataset = InstanceType<H5wasm['Dataset']>;

/** Where a file lies in the library's memory. */
const PLACE = '/model.h5';

function readContents(file: Group): H5Contents {
  const at = file.keys().includes('model_weights') ? '/model_weights' : '';
  const root = at ? (file.get(at) as Group) : file;
  const config = [file, root].map(({ attrs }) => attrs['model_config']?.value).find((text) => typeof text === 'string');
  const weight = (name: string, place: string): H5Weight => ({
    name,
    place,
    shape: (file.get(place) as Dataset).shape ?? [],
  });
  const groups = readNames(root, 'layer_names')?.map((layer) => {
    const names = readNames(root.get(layer) as Group, 'weight_names') ?? [];
    return { name: layer, weights: names.map((name) => weight(name, `${at}/${layer}/${name}`)) };
  });
  return { config, groups, places: groups ? [] : placesIn(root).map((place) => weight(place, `${at}/${place}`)) };
}

/** The places of all arrays in a group and those in it. */
const placesIn = (group: Group): string[] =>
  group.keys().flatMap((key) => {
    const inside = group.get(key) as { type: string } | null;
    if (inside?.type === 'Group') return placesIn(inside as Group).map((place) => `${key}/${place}`);
    return inside?.type === 'Dataset' ? [key] : [];
  });

/** A list of names, which Keras cuts into several attributes (NAME0, NAME1 ...) where it is long. */
function readNames({ attrs }: Group, attribute: string): string[] | undefined {
  const read = (name: string): string[] | undefined => {
    const { value, metadata } = attrs[name] ?? {};
    // Keras 3 writes UTF-8 and calls it ASCII, which the library then reads one byte a letter.
    const text = (each: string): string =>
      metadata?.cset === 0 && typeof each === 'string' ? Buffer.from(each, 'latin1').toString() : each;
    return value ? Array.from(value as Iterable<string>, text) : undefined; // an empty list comes as one of numbers
  };
  let names = read(attribute);
  for (let i = 0, part = read(`${attribute}0`); part; part = read(`${attribute}${++i}`)) {
    names = [...(names ?? []), ...part];
  }
  if (names?.some((name) => typeof name !== 'string')) throw new Error(`${attribute} are no names`);
  return names;
}

function readValues(module: Module, file: InstanceType<H5wasm['File']>, place: string): Float32Array {
  const weight = file.get(place) as Dataset;
  const { size, type } = weight.metadata;
  const { H5T_FLOAT, H5T_OPAQUE } = module.H5T_class_t;
  if (size === 2 && type === H5T_FLOAT.value) return decodeHalf(halvesOf(module, file, weight));
  if (size === 2 && type === H5T_OPAQUE.value) {
    // bfloat16: the upper half of a float32
    const halves = Uint32Array.from(halvesOf(module, file, weight), (half) => half << 16);
    return new Float32Array(halves.buffer);
  }
  const { value } = weight;
  if (value instanceof Float32Array) return value;
  return Float32Array.from(ArrayBuffer.isView(value) ? (value as unknown as Iterable<number>) : [value], Number);
}

/** Numbers of two bytes as they are stored: the library has no type for them. */
function halvesOf(module: Module, { file_id }: Group, { path, metadata }: Dataset): Uint16Array {
  const bytes = metadata.size * metadata.total_size;
  const at = module._malloc(bytes);
  try {
    module.get_dataset_data(file_id, path, null, null, null, BigInt(at));
    return new Uint16Array(module.HEAPU8.slice(at, at + bytes).buffer);
  } finally {
    module._free(at);
  }
}

let file: InstanceType<H5wasm['File']> | undefined;

async function answer(question: H5Question): Promise<H5Answer> {
  const h5wasm = await loadH5wasm().catch(({ message, code = 'ERR' }: NodeJS.ErrnoException) => ({ message, code }));
  if ('message' in h5wasm) return { error: h5wasm.message, code: h5wasm.code };
  try {
    const module = (await h5wasm.ready) as Module;
    module.activate_throwing_error_handler();
    if ('values' in question) return { values: readValues(module, file!, question.values) };
    if ('open' in question) {
      module.FS.writeFile(PLACE, question.open, { canOwn: true });
      return { contents: readContents((file = new h5wasm.File(PLACE, 'r'))) };
    }
    file?.close();
    file = undefined;
    module.FS.unlink(PLACE);
    return { closed: true };
  } catch (error) {
    return { error: String(error) };
  }
}

parentPort!.on('message', (question: H5Question) => {
  void answer(question).then((given) => parentPort!.postMessage(given));
});
