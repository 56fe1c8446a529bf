// Step: TensorFlow's native library for @tensorflow/tfjs-node. How, is told in lib/native/tensorflow.mjs: the same that
// `npx descent-lab native` does in a project that uses the library.
import { fromWheel, installTensorFlow, libraryOf, version } from '../../lib/native/tensorflow.mjs';
import { at, digest, scratch, setupFolder, textOf, venvPython } from './project.mjs';

export const native = {
  title: 'native TensorFlow',
  detail: fromWheel ? `${version} from its Python wheel` : 'the install script of tfjs-node',
  takes: libraryOf(setupFolder),
  stamp: 'node_modules/@tensorflow/tfjs-node/.set-up',
  key: () => digest(setupFolder, textOf('lib', 'native', 'tensorflow.txt')), // npm ci removes the stamp.
  install: (log) =>
    installTensorFlow({
      tfjsNode: at('node_modules', '@tensorflow', 'tfjs-node'),
      store: setupFolder,
      scratch,
      python: async () => venvPython,
      headers: async () => at('node_modules', 'node-api-headers', 'include'),
      log,
    }),
};
