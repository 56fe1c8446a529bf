import { tf } from './tf';

/** A value of an operation's attribute, with its kind. */
export type Attribute =
  { float: number } | { int: number | number[] } | { bool: boolean } | { text: string } | { type: 'float32' | 'int32' };

/**
 * Runs one of TensorFlow's own operations on tensors, giving its `outputs` first outputs, which the caller owns. Nearly
 * all operations here have an attribute T, the type of their numbers: it is float32 unless stated, none where
 * undefined.
 */
export type NativeRun = (
  name: string,
  inputs: tf.Tensor[],
  attributes?: Record<string, Attribute | undefined>,
  outputs?: number,
) => tf.Tensor[];

/** The parts of tfjs-node's backend that run a TensorFlow operation by its name. */
interface NativeBackend {
  binding: Record<`TF_ATTR_${'FLOAT' | 'INT' | 'BOOL' | 'STRING' | 'TYPE'}` | 'TF_FLOAT' | 'TF_INT32', number>;
  executeMultipleOutputs(
    name: string,
    attributes: { name: string; type: number; value: unknown }[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

const NONE = {};

/** What runs TensorFlow's operations by name; undefined where tfjs computes without its library. */
export function nativeRun(): NativeRun | undefined {
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  if (!backend.executeMultipleOutputs) return undefined;
  const { binding } = backend as NativeBackend;
  const encode = (name: string, attribute: Attribute): { name: string; type: number; value: unknown } => {
    if ('float' in attribute) return { name, type: binding.TF_ATTR_FLOAT, value: attribute.float };
    if ('int' in attribute) return { name, type: binding.TF_ATTR_INT, value: attribute.int };
    if ('bool' in attribute) return { name, type: binding.TF_ATTR_BOOL, value: attribute.bool };
    if ('text' in attribute) return { name, type: binding.TF_ATTR_STRING, value: attribute.text };
    return {
      name,
      type: binding.TF_ATTR_TYPE,
      value: attribute.type === 'int32' ? binding.TF_INT32 : binding.TF_FLOAT,
    };
  };
  /** By the object that holds them: a network runs the same operations again and again. */
  const encoded = new WeakMap<object, ReturnType<typeof encode>[]>();
  const encodeAll = (attributes: Record<string, Attribute | undefined>): ReturnType<typeof encode>[] => {
    const known = encoded.get(attributes);
    if (known) return known;
    const all = Object.entries({ T: { type: 'float32' } as const, ...attributes });
    const fresh = all.flatMap(([key, value]) => (value ? [encode(key, value)] : []));
    encoded.set(attributes, fresh);
    return fresh;
  };
  return (name, inputs, attributes = NONE, outputs = 1) =>
    (backend as NativeBackend).executeMultipleOutputs(name, encodeAll(attributes), inputs, outputs);
}
