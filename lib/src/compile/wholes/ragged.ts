// Kernels of rows of different lengths, which put numbers elsewhere: the plain backend's, given positions in place of the
// numbers, tell where each came from.
import { tf } from '../../tf';
import type { Numbers } from '../../kernel';
import { onPlainBackend } from '../plain-backend';
import type { ArrayKernel } from './array-kernel';

/** A list of positions, counted on from `first`, or the numbers themselves, as a tensor of whole numbers. */
const tensorOf = ({ shape, values }: Numbers, first?: number): tf.Tensor =>
  tf.tensor(
    Int32Array.from(values, (value, i) => (first === undefined ? value : first + i)),
    [...shape],
    'int32',
  );

/** @param numbers the inputs that are moved, into the result of that place */
const moving =
  (kernel: string, numbers: readonly string[], result: number): ArrayKernel =>
  (inputs, attributes) => {
    const all = [0]; // what comes from nowhere
    const made: Numbers[] = [];
    tf.tidy(() => {
      const given = Object.entries(inputs).map(([name, one]) => {
        if (!('shape' in one)) return [name, one.map((part) => tensorOf(part))];
        if (!numbers.includes(name)) return [name, tensorOf(one)];
        const first = all.length;
        all.push(...Array.from(one.values));
        return [name, tensorOf(one, first)];
      });
      const results = onPlainBackend(() =>
        tf
          .engine()
          .runKernel<tf.Tensor | tf.Tensor[]>(
            kernel,
            Object.fromEntries(given) as tf.NamedTensorMap,
            attributes as tf.NamedAttrMap,
          ),
      );
      [results].flat().forEach((x, i) => {
        const own = x.dataSync();
        made.push({ shape: x.shape, values: i === result ? Float64Array.from(own, (place) => all[place]!) : own });
      });
    });
    return made;
  };

export const ragged: Record<string, ArrayKernel> = {
  RaggedTensorToTensor: moving('RaggedTensorToTensor', ['values', 'defaultValue'], 0),
  SparseFillEmptyRows: moving('SparseFillEmptyRows', ['values', 'defaultValue'], 1),
};
