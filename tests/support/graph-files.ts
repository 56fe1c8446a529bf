/** An operation of a graph, as TensorFlow.js' converter writes it. */
export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: object;
}

const dims = (shape: readonly number[]): object => ({ dim: shape.map((size) => ({ size: String(size) })) });
const texts = (...words: string[]): object => ({ list: { s: words.map((word) => btoa(word)) } });
const FLOAT = { type: 'DT_FLOAT' };

/** The picture that goes in. */
export const placeholder = (shape: readonly number[], name = 'x', type = 'DT_FLOAT'): GraphNode => ({
  name,
  op: 'Placeholder',
  attr: { dtype: { type }, shape: { shape: dims(shape) } },
});
export const node = (name: string, op: string, ...input: string[]): GraphNode => ({
  name,
  op,
  input,
  attr: { T: FLOAT },
});
export const convolution = (name: string, ...input: string[]): GraphNode => ({
  name,
  op: '_FusedConv2D',
  input,
  attr: {
    T: FLOAT,
    strides: { list: { i: ['1', '1', '1', '1'] } },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
    padding: { s: btoa('SAME') },
    data_format: { s: btoa('NHWC') },
    num_args: { i: '1' },
    fused_ops: texts('BiasAdd', 'Relu'),
  },
});
/** A dense layer, with an activation in the same operation where one is named. */
export const dense = (name: string, activation: string | undefined, ...input: string[]): GraphNode => ({
  name,
  op: '_FusedMatMul',
  input,
  attr: {
    T: FLOAT,
    transpose_a: { b: false },
    transpose_b: { b: false },
    num_args: { i: '1' },
    fused_ops: texts('BiasAdd', ...(activation ? [activation] : [])),
  },
});

/** A weight of the graph. */
export interface Constant {
  shape: number[];
  values: Float32Array | Int32Array;
}

/** The files of a GraphModel. */
export function graphFiles(
  nodes: readonly GraphNode[],
  constants: Record<string, Constant>,
): Record<string, string | Uint8Array> {
  const kind = ({ values }: Constant): string => (values instanceof Int32Array ? 'int32' : 'float32');
  const node = Object.entries(constants).map(([name, constant]) => {
    const dtype = kind(constant) === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const tensor = { dtype, tensorShape: dims(constant.shape) };
    return { name, op: 'Const', attr: { dtype: { type: dtype }, value: { tensor } } };
  });
  return {
    'model.json': JSON.stringify({
      format: 'graph-model',
      modelTopology: { node: [...node, ...nodes], versions: { producer: 1, minConsumer: 1 } },
      weightsManifest: [
        {
          paths: ['group1-shard1of1.bin'],
          weights: Object.entries(constants).map(([name, constant]) => ({
            name,
            shape: constant.shape,
            dtype: kind(constant),
          })),
        },
      ],
    }),
    'group1-shard1of1.bin': Buffer.concat(Object.values(constants).map(({ values }) => new Uint8Array(values.buffer))),
  };
}
