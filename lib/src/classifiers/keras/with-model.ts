import { basename, dirname } from 'node:path';
import { isFolder } from '../../data/files';
import { DescentError } from '../../errors';
import { HDF5, refuseForeign } from '../foreign-file';
import { isObject } from '../layers';
import type { GraphArtifacts } from '../graph-model';
import { readBeside } from './class-names';
import { besideOf, folderFiles, zipFiles, type Files } from './files-of';
import type { ModelFile } from './model-file';
import { parseJson } from './model-json';
import { withH5 } from './read-h5';
import { readTfjs } from './read-tfjs';

/** What is to be done with a model, by what it is. */
interface Uses<T> {
  layers: (file: ModelFile) => Promise<T>;
  /** @param path its model.json, for errors */
  graph: (file: GraphFile, path: string) => Promise<T>;
}

/** A GraphModel of TensorFlow.js, and what lies beside it. */
export interface GraphFile extends GraphArtifacts, Pick<ModelFile, 'classes' | 'maker'> {}

/** The names of what a .keras archive of Keras 2.12 to 3 holds. */
const ARCHIVE = { config: 'config.json', weights: 'model.weights.h5' };

/**
 * Opens a model that Keras or TensorFlow.js saved, in whichever format, and gives it to what is to be done with it;
 * afterwards it is closed. What it is says the file or folder itself, not its name: an .h5 file of Keras 2 or 3, a whole
 * model or weights alone; a .keras archive; a model of TensorFlow.js, its model.json or the folder of that, of layers or
 * a graph of operations; or a folder or zip archive with one of them in it.
 *
 * @throws DescentError for what is missing, cut off, damaged or of another kind: it names the file, the reason and
 * what to do
 */
export async function withModel<T>(path: string, uses: Uses<T>): Promise<T> {
  refuseForeign(path);
  return isFolder(path)
    ? withModelAmong(folderFiles(path), path, uses)
    : withModelNamed(folderFiles(dirname(path)), basename(path), uses);
}

/** The model in one of the files. */
async function withModelNamed<T>(files: Files, name: string, uses: Uses<T>): Promise<T> {
  const [bytes, path] = [files.read(name), files.call(name)];
  const within: Uses<T> = {
    layers: (file) => uses.layers({ ...readBeside(files, name, file.config), ...file }),
    graph: (file, model) => uses.graph({ ...readBeside(files, name), ...file }, model),
  };
  switch (kindOf(bytes)) {
    case 'h5':
      return withH5(bytes, path, within.layers);
    case 'zip':
      return withModelAmong(zipFiles(bytes, path), path, within);
    case 'json':
      return withTfjs(files, name, within);
    default:
      throw new DescentError(
        `${path} is no model: ` +
          (bytes.length === 0
            ? 'it is empty. Get it again'
            : 'it does not begin as an .h5 or .keras file of Keras, or a model.json of TensorFlow.js'),
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
async function withModelAmong<T>(files: Files, path: string, uses: Uses<T>): Promise<T> {
  const names = files.names();
  const archive = names.find((name) => isNamed(name, ARCHIVE.config) && files.has(besideOf(name, ARCHIVE.weights)));
  if (archive !== undefined) {
    const weights = besideOf(archive, ARCHIVE.weights);
    const config = readJson(files, archive);
    return withH5(files.read(weights), files.call(weights), (file) => uses.layers({ ...file, config }));
  }
  const models = names.filter((name) => /\.(h5|hdf5|keras)$/i.test(name) || isTfjs(files, name));
  if (models.length === 1) return withModelNamed(files, models[0]!, uses);
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

async function withTfjs<T>(files: Files, name: string, { layers, graph }: Uses<T>): Promise<T> {
  const path = files.call(name);
  const { topology, json, weights } = readTfjs(files, name);
  if ('node' in topology) {
    const { signature, userDefinedMetadata } = json;
    const older = isObject(userDefinedMetadata) ? userDefinedMetadata['signature'] : undefined; // up to 2.0
    return graph(
      {
        topology,
        signature: [signature, older].find(isObject),
        specs: weights.map(({ spec }) => spec),
        data: Buffer.concat(weights.map(({ stored }) => stored)),
      },
      path,
    );
  }
  const { model_config: config = topology } = topology;
  return layers({
    config: typeof config === 'string' ? parseJson(config, path, 'its model_config is') : config,
    weights: { layout: 'names', weights },
  });
}
