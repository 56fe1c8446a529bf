import { DescentError } from './errors';
import { nativeRun, type Attribute } from './native';
import { tf } from './tf';

/** A tensor's numbers. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** A kernel of our own: how each backend computes it, and its gradient. */
export interface OwnKernel {
  /** Its name in tfjs' registry: TensorFlow's own. */
  name: string;
  /** Its inputs, in TensorFlow's order. */
  inputs: readonly string[];
  /** How many results it has. Default: 1. */
  results?: number;
  /** TensorFlow's operation, where it is called otherwise. */
  operation?: string;
  /** The attributes of TensorFlow's operation, from the kernel's. */
  attributes?: (attributes: Record<string, unknown>) => Record<string, Attribute>;
  /** The same on plain numbers, in doubles, for the backends without TensorFlow's library. */
  plain: (inputs: readonly Numbers[], attributes: Readonly<Record<string, unknown>>) => Numbers[];
  gradient: Omit<tf.GradConfig, 'kernelName'>;
  /** What is wrong where TensorFlow's operation answers with NaN instead of an error. */
  nan?: string;
}

const known = new Map<string, OwnKernel>();

/** A kernel that `defineKernels` has registered. */
export const ownKernel = (name: string): OwnKernel | undefined => known.get(name);

/** Registers kernels with all backends: TensorFlow's own operation where there is one, plain JavaScript elsewhere. */
export function defineKernels(kernels: readonly OwnKernel[]): void {
  for (const kernel of kernels) {
    known.set(kernel.name, kernel);
    for (const backendName of ['tensorflow', 'cpu', 'webgl', 'wasm', 'webgpu']) {
      tf.registerKernel({ kernelName: kernel.name, backendName, kernelFunc: compute(kernel) });
    }
    tf.registerGradient({ kernelName: kernel.name, ...kernel.gradient });
  }
}

const compute =
  ({ name, inputs, results = 1, operation = name, attributes, plain, nan }: OwnKernel): tf.KernelFunc =>
  ({ inputs: given, attrs }) => {
    const tensors = inputs.map((input) => given[input] as tf.Tensor);
    const run = nativeRun();
    try {
      const outputs = run
        ? run(operation, tensors, attributes?.(attrs ?? {}), results)
        : onTensors(plain, tensors, (attrs as Record<string, unknown> | undefined) ?? {});
      if (run && nan && outputs[0]!.dataSync().some(Number.isNaN)) {
        tf.dispose(outputs);
        throw new Error(nan);
      }
      return results > 1 ? outputs : outputs[0]!;
    } catch (error) {
      throw failure(name, error as Error);
    }
  };

const onTensors = (plain: OwnKernel['plain'], tensors: tf.Tensor[], attributes: Record<string, unknown>): tf.Tensor[] =>
  plain(
    tensors.map((x) => ({ shape: x.shape, values: x.dataSync() })),
    attributes,
  ).map(({ shape, values }) => tf.tensor(Float32Array.from(values), [...shape]));

/** What a kernel's error is to the reader. */
export const failure = (name: string, { message }: Error): DescentError =>
  new DescentError(`${name}: ${message.replace(/^[^]*Message: /, '').trim()}`);

/** Runs a kernel that `defineKernels` has registered. */
export const runKernel = (name: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor[] =>
  [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, inputs, attributes as tf.NamedAttrMap)].flat();
