import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readFailure, refuseLfsPointer } from '../data/files';

/** How an .h5 file begins. */
export const HDF5 = '\x89HDF\r\n\x1a\n';
/** What to do about a model of Keras 3, which writes down its layers in other words. */
export const KERAS_3 =
  'make the same model by the package tf_keras, which is Keras 2, give it the weights by ' +
  "set_weights(model.get_weights()), and save that by model.save('model.h5')";
const BY_KERAS_2 = "save it as .h5 by the Keras 2 that made it: keras.models.load_model(...).save('model.h5')";
const BY_HAND = 'make the same model in Keras 2, give it the weights by set_weights, and save that as .h5';
const ITS_SOURCE = 'import the Keras model that it was converted from';

/** What a file can be, by how it begins and what it is called: the first that holds. */
const KINDS: readonly { is: (head: string, path: string) => boolean; what: string; remedy: string }[] = [
  {
    is: (head) => head.startsWith(HDF5),
    what: 'an .h5 file, and no model folder',
    remedy: 'make a folder of it by npm run import-keras -- FILE FOLDER',
  },
  {
    is: (head) => /^PK.*(\/data\.pkl|\/version|\.format_version)/s.test(head),
    what: 'a model of PyTorch',
    remedy: BY_HAND,
  },
  { is: (head) => /^PK.*"keras_version": "3/s.test(head), what: 'a .keras file of Keras 3', remedy: KERAS_3 },
  {
    is: (head, path) => head.startsWith('PK') && (path.endsWith('.keras') || /(metadata|config)\.json/.test(head)),
    what: 'a .keras file',
    remedy: BY_KERAS_2,
  },
  { is: (head) => head.startsWith('PK'), what: 'a zip file', remedy: 'unpack it, and import the .h5 file in it' },
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
    is: (head) => /^\{.*("format"\s*:\s*"graph-model"|"node"\s*:)/s.test(head),
    what: "a GraphModel of tfjs, in which Keras' layers are lost",
    remedy: ITS_SOURCE,
  },
  {
    is: (head) => /^\{.*"generatedBy"\s*:\s*"descent-lab"/s.test(head),
    what: 'part of a model folder already',
    remedy: 'give the folder itself to --model',
  },
  {
    is: (head) => /^\{.*("format"\s*:\s*"layers-model"|"modelTopology")/s.test(head),
    what: 'a LayersModel of tfjs',
    remedy:
      'make an .h5 file of it by the Python package tensorflowjs, by tensorflowjs_converter ' +
      '--input_format tfjs_layers_model --output_format keras model.json model.h5, and import that',
  },
  { is: (_, path) => path.endsWith('.pb'), what: 'a SavedModel of TensorFlow', remedy: BY_KERAS_2 },
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

/** What a file or folder of another kind than was wanted is, and what to do about it; undefined where nobody knows. */
export function tellForeign(path: string): string | undefined {
  const inside = ['saved_model.pb', 'model.json'].map((name) => join(path, name)).find((each) => existsSync(each));
  const head = readHead(inside ?? path);
  const kind = KINDS.find(({ is }) => is(head, basename(inside ?? path).toLowerCase()));
  return kind && `${path} is ${kind.what}: ${kind.remedy}`;
}
