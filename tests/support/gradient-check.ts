// Gradients of tfjs' operations beside TensorFlow's own in doubles, of both orders: what tests/kernel-gradients.test.ts asserts and
// bench/gradients.ts writes down.
import { tf } from 'descent-lab';
import { freeAbandonedTape } from '../../lib/src/kernels/tape';
import reference from '../reference/gradients.json';
import { operations } from './gradient-cases';

type ByInput = Record<string, number[] | null>;
export interface Case {
  name: string;
  inputs: Record<string, { shape: number[]; values: number[] }>;
  first: ByInput;
  second: ByInput;
  /** Differences in doubles, where TensorFlow has no derivative or not the true one. */
  firstDifferences?: ByInput;
  secondDifferences?: ByInput;
}

export const cases = reference.cases as unknown as Case[];
/** Whether TensorFlow in Python has a gradient, by the kernel's name; null where it has no such operation. */
export const differentiable = reference.differentiable as Record<string, boolean | null>;

/** How far the first and the second derivative by one input are from the reference, relative to the larger of 1 and it. */
export interface Deviation {
  name: string;
  input: string;
  first: number;
  second: number;
  /** Whether it is TensorFlow's derivative that ours are held to, or differences. */
  tensorflow: { first: boolean; second: boolean };
}

export function deviations({ name, inputs, ...expected }: Case): Deviation[] {
  const operation = operations[name]!;
  return Object.keys(inputs).map((input) => {
    const [first, second] = tf.tidy((): [number, number] => {
      const given = tensors(inputs);
      const x = given[input]!;
      const loss = (v: tf.Tensor): tf.Tensor => weighed(operation({ ...given, [input]: v }));
      const gradient = derivative(loss, x);
      const along = like(x, direction);
      const second = gradient && derivative((v) => tf.grad(loss)(v).mul(along).sum(), x);
      return [
        largest(gradient, expected.firstDifferences?.[input] ?? expected.first[input]!),
        // where TensorFlow's first is not the true one, nothing is known of its second
        expected.firstDifferences?.[input]
          ? 0
          : largest(second, expected.secondDifferences?.[input] ?? expected.second[input]!),
      ];
    });
    const tensorflow = { first: !expected.firstDifferences?.[input], second: !expected.secondDifferences?.[input] };
    return { name, input, first, second, tensorflow };
  });
}

/** The kernels that a case runs, in its loss alone or on the way back as well. */
export async function kernelsOf({ name, inputs }: Case, withGradient: boolean): Promise<string[]> {
  const given = tensors(inputs);
  const { kernelNames } = await tf.profile(() => {
    tf.tidy(() => {
      if (!withGradient) operations[name]!(given);
      else {
        for (const input of Object.keys(inputs)) {
          derivative((v) => weighed(operations[name]!({ ...given, [input]: v })), given[input]!);
        }
      }
    });
    return [];
  });
  tf.dispose(given);
  return [...new Set(kernelNames)];
}

const tensors = (inputs: Case['inputs']): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(inputs).map(([key, { shape, values }]) => [key, tf.tensor(values, shape)]));

const like = (x: tf.Tensor, value: (i: number) => number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: x.size }, (_, i) => value(i)),
    x.shape,
  );

/** What the loss of a case counts each number of a result with. */
export const weight = (i: number): number => Math.cos(i) + 0.3;
/** The direction along which the second derivative is taken. */
export const direction = (i: number): number => Math.sin(3 * i + 1);

const weighed = (y: tf.Tensor): tf.Tensor => y.mul(like(y, weight)).sum();

/** null where the loss does not depend on x: tfjs throws there. */
function derivative(f: (v: tf.Tensor) => tf.Tensor, x: tf.Tensor): number[] | null {
  try {
    return tf.tidy(() => [...tf.grad(f)(x).dataSync()]);
  } catch (error) {
    freeAbandonedTape();
    if (String(error).includes('with respect to x')) return null;
    throw error;
  }
}

/** The largest deviation, relative to the larger of 1 and the number. A derivative that is missing is zero. */
export function largest(ours: ArrayLike<number> | null, expected: ArrayLike<number> | null): number {
  const size = (ours ?? expected ?? []).length;
  const off = (i: number): number => {
    const wanted = expected?.[i] ?? 0;
    return Math.abs((ours?.[i] ?? 0) - wanted) / Math.max(1, Math.abs(wanted));
  };
  return Array.from({ length: size }, (_, i) => off(i)).reduce((most, value) => (value <= most ? most : value), 0);
}
