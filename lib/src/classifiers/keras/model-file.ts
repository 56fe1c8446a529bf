/** A weight in a file, whose values it gives on demand. */
export interface FileWeight {
  /** Where it lies: `conv2d/kernel`, `sequential/dense/bias`, `layers/conv2d/vars/0`. */
  path: string;
  shape: number[];
  read: () => Promise<Float32Array>;
}

/** How a file says which weight is whose. */
export type FileWeights =
  /** One group for each layer of the outermost model, in its order; a path begins with the layer's own name: `.h5`. */
  | { layout: 'groups'; groups: { name: string; weights: FileWeight[] }[] }
  /** By place: `layers/` and the layer's kind and count in its model, for each model that it lies in; then
   * `vars/` and the weight's number: `.keras` and `.weights.h5`. */
  | { layout: 'places'; weights: FileWeight[] }
  /** By name, `layer/weight`: TensorFlow.js. */
  | { layout: 'names'; weights: FileWeight[] };

/** What a file says of a model, in whichever format. */
export interface ModelFile {
  /** The model's architecture in Keras' JSON, of version 2 or 3; undefined where only weights were saved. */
  config: unknown;
  weights: FileWeights;
  /** The classes, where they are named in the file or beside it. */
  classes?: string[];
  /** What made it, where that says how it wants its pixels. */
  maker?: 'teachable-machine';
}
