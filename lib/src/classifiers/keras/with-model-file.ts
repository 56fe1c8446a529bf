import { basename, dirname } from 'node:path';
import { isFolder } from '../../data/files';
import { DescentError } from '../../errors';
import { HDF5, refuseForeign } from '../foreign-file';
import { isObject } from '../layers';
import { isTeachableMachine, readBeside } from './class-names';
import { besideOf, folderFiles, zipFiles, type Files } from './files-of';
import type { ModelFile } from './model-file';
import { parseJson } from './model-json';
import { withH5 } from './read-h5';
import { readTfjs } from './read-tfjs';

type Use<T> = (file: ModelFile) => Promise<T>;

/** The names of what a .keras archive of Keras 2.12 to 3 holds. */
const ARCHIVE = { config: 'config.json', weights: 'model.weights.h5' };

/**
 * Opens a model that Keras or TensorFlow.js saved, in whichever format, and gives it to `use`; afterwards it is closed.
 * What it is says the file or folder itself, not its name: an .h5 file of Keras 2 or 3, a whole model or weights alone;
 * a .keras archive; a LayersModel of TensorFlow.js, its model.json or the folder of that; or a folder or zip archive
 * with one of them in it.
 *
 * @throws DescentError for what is missing, cut off, damaged or of another kind: it names the file, the reason and
 * what to do
 */
export async function withModelFile<T>(path: string, use: Use<T>): Promise<T> {
  refuseForeign(path);
  return isFolder(path)
    ? withModelAmong(folderFiles(path), path, use)
    : withModelNamed(folderFiles(dirname(path)), basename(path), use);
}

/** The model in one of the files. */
async function withModelNamed<T>(files: Files, name: string, use: Use<T>): Promise<T> {
  const [bytes, path] = [files.read(name), files.call(name)];
  const useIt: Use<T> = (file) =>
    use({
      ...readBeside(files, name),
      ...(isTeachableMachine(file.config) && { maker: 'teachable-machine' }),
      ...file,
    });
  switch (kindOf(bytes)) {
    case 'h5':
      return withH5(bytes, path, useIt);
    case 'zip':
      return withModelAmong(zipFiles(bytes, path), path, useIt);
    case 'json':
      return useIt(layersModel(files, name));
    default:
      throw new DescentError(
        `${path} is no model: ${bytes.length === 0 ? 'it is empty. Get it again' : 'it does not begin as an .h5 or .keras file of Keras, or a model.json of TensorFlow.js'}`,
      );
  }
}

/** What a file is, by how it begins. */
function kindOf(bytes: Uint8Array): 'h5' | 'zip' | 'json' | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  if (head.startsWith(HDF5)) return 'h5';
  if (head.startsWith('PK')) return 'zip';
  return /^(\xef\xbb\xbf)?\s*\{/.test(head) ? 'json' : undefined;
}

/** The one model among the files, which lie in a folder or an archive. */
async function withModelAmong<T>(files: Files, path: string, use: Use<T>): Promise<T> {
  const names = files.names();
  const archive = names.find((name) => isNamed(name, ARCHIVE.config) && files.has(besideOf(name, ARCHIVE.weights)));
  if (archive !== undefined) {
    const weights = besideOf(archive, ARCHIVE.weights);
    const config = readJson(files, archive);
    return withH5(files.read(weights), files.call(weights), (file) => use({ ...file, config }));
  }
  const models = names.filter((name) => /\.(h5|hdf5|keras)$/i.test(name) || isTfjs(files, name));
  if (models.length === 1) return withModelNamed(files, models[0]!, use);
  const listed = names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
  throw new DescentError(
    models.length > 1
      ? `${path} holds ${models.length} models: ${models.join(', ')}. Give one of them alone`
      : `${path} holds no model of Keras or TensorFlow.js: ${names.length > 0 ? `in it are ${listed}` : 'it is empty'}. ` +
          'Give an .h5 or .keras file, or a folder with model.json and its weights',
  );
}

const isNamed = (path: string, name: string): boolean => path.split('/').at(-1) === name;

const readJson = (files: Files, name: string): unknown =>
  parseJson(new TextDecoder().decode(files.read(name)), files.call(name));

/** Whether a file is a model of TensorFlow.js: model.json, or one of another name with a topology in it. */
function isTfjs(files: Files, name: string): boolean {
  if (isNamed(name, 'model.json')) return true;
  if (!name.endsWith('.json')) return false;
  try {
    const json = readJson(files, name);
    return isObject(json) && 'modelTopology' in json;
  } catch {
    return false;
  }
}

function layersModel(files: Files, name: string): ModelFile {
  const { topology, weights } = readTfjs(files, name);
  if ('node' in topology) {
    throw new DescentError(`${files.call(name)} is a GraphModel of TensorFlow.js, in which Keras' layers are lost`);
  }
  const { model_config: config = topology } = topology;
  return {
    config: typeof config === 'string' ? parseJson(config, files.call(name), 'its model_config is') : config,
    weights: { layout: 'names', weights },
  };
}
