// What stands in for ../classifiers/keras/read-h5: the library that reads .h5 files is as large as all of this one.
import { DescentError } from '../errors';

export function withH5(_: Uint8Array, path: string): Promise<never> {
  return Promise.reject(
    new DescentError(
      `${path} is a file of Keras, which a page cannot read: give it a model as TensorFlow.js saves it, such as the ` +
        'TensorFlow.js export of Teachable Machine, or run this with Node',
    ),
  );
}
