// What stands in for ../classifiers/graph-model: tfjs' reader of graphs is an eighth as large as all of this.
import { DescentError } from '../errors';

export function graphNetwork(_: object, source: string): Promise<never> {
  return Promise.reject(
    new DescentError(
      `${source} is a GraphModel, which a page cannot run: give it a model of layers, such as the TensorFlow.js export ` +
        'of Teachable Machine, or run this with Node',
    ),
  );
}
