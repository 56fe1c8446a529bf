import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DescentError } from '../errors';
import { readFailure, refuseLfsPointer } from '../data/files';

/** How an .h5 file begins. */
export const HDF5 = '\x89HDF\r\n\x1a\n';
const SAVE = "save that by model.save('model.keras'), and import it";
const BY_HAND = `make the same model in Keras, give it the weights by set_weights, ${SAVE}`;
const ITS_SOURCE = 'import the Keras model that it was converted from, as .keras or .h5';
const IMPORT = 'make a folder of it by npm run import-model -- FILE FOLDER';

/** What a file can be, by how it begins and what it is called. */
interface Kind {
  is: (head: string, path: string) => boolean;
  what: string;
  remedy: string;
}

/** What cannot be imported. */
const FOREIGN: readonly Kind[] = [
  {
    is: (head) => /^PK.*(\/data\.pkl|\/version|\.format_version)/s.test(head),
    what: 'a model of PyTorch',
    remedy: BY_HAND,
  },
  {
    is: (head, path) => head.startsWith('\x80') || /\.(pt|pth|pkl)$/.test(path),
    what: 'a model of PyTorch, or another pickle',
    remedy: BY_HAND,
  },
  {
    is: (head, path) => path.endsWith('.onnx') || (head[0] === '\b' && head[2] === '\x12'),
    what: 'an ONNX model',
    remedy: BY_HAND,
  },
  {
    is: (head, path) => head.slice(4, 8) === 'TFL3' || path.endsWith('.tflite'),
    what: 'a TensorFlow Lite model',
    remedy: ITS_SOURCE,
  },
  {
    is: (head) => /^\{.*"generatedBy"\s*:\s*"descent-lab"/s.test(head),
    what: 'part of a model folder already',
    remedy: 'give the folder itself to --model',
  },
  {
    is: (_, path) => path.endsWith('.pb'),
    what: 'a SavedModel of TensorFlow',
    remedy: `load it by the Keras that made it, keras.models.load_model(...), ${SAVE}`,
  },
];

/** What can be imported, but is no model folder of ours. */
const IMPORTABLE: readonly Kind[] = [
  { is: (head) => head.startsWith(HDF5), what: 'an .h5 file, and no model folder', remedy: IMPORT },
  {
    is: (head) => head.startsWith('PK'),
    what: 'a .keras file or another archive, and no model folder',
    remedy: IMPORT,
  },
  {
    is: (head) => /^\{.*("format"\s*:\s*"graph-model"|"node"\s*:)/s.test(head),
    what: 'a GraphModel of TensorFlow.js, and no model folder of this project',
    remedy: IMPORT,
  },
  {
    is: (head) => /^\{.*("format"\s*:\s*"layers-model"|"modelTopology")/s.test(head),
    what: 'a LayersModel of TensorFlow.js, and no model folder of this project',
    remedy: IMPORT,
  },
];

/**
 * The first bytes of a file, as text of one character a byte; of a folder none.
 * @throws DescentError where it cannot be read, or is a Git LFS pointer in place of the file
 */
export function readHead(path: string): string {
  const head = Buffer.alloc(4096);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw readFailure(path, error);
  }
  refuseLfsPointer(path, head);
  return head.toString('latin1');
}

/** What a file or folder is that is no model folder, and what to do about it; undefined where nobody knows. */
export const tellForeign = (path: string): string | undefined => tell(path, [...FOREIGN, ...IMPORTABLE]);

/** @throws DescentError for a file or folder of a kind that cannot be imported: what it is, and what to do about it */
export function refuseForeign(path: string): void {
  const told = tell(path, FOREIGN);
  if (told) throw new DescentError(told);
}

function tell(path: string, kinds: readonly Kind[]): string | undefined {
  const inside = ['saved_model.pb', 'model.json'].map((name) => join(path, name)).find((each) => existsSync(each));
  const head = readHead(inside ?? path);
  const kind = kinds.find(({ is }) => is(head, basename(inside ?? path).toLowerCase()));
  return kind && `${path} is ${kind.what}: ${kind.remedy}`;
}
