import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

/** The indices of each operand of `ab,bc->ac`, and of the result. */
export function readEquation(equation: string): { indices: string[]; out: string } {
  const [left, out] = equation.replace(/\s/g, '').split('->') as [string, string];
  return { indices: left.split(','), out };
}

/**
 * Of `ab,bc->ac` by its first: `ac,bc->ab` of dy and the others. An index that stands in the one operand alone was summed
 * over: its gradient is the same all along it.
 */
export const einsumGradient: tf.GradConfig = {
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, operands, attributes) => {
    const { indices, out } = readEquation(attributes['equation'] as string);
    return Object.fromEntries(
      operands.map((x, k) => [
        String(k),
        () => {
          const own = [...indices[k]!];
          const others = operands.filter((_, i) => i !== k);
          const known = new Set([...out, ...indices.filter((_, i) => i !== k).join('')]);
          const kept = own.filter((index) => known.has(index));
          const equation = `${[out, ...indices.filter((_, i) => i !== k)].join(',')}->${kept.join('')}`;
          const sums = tf.einsum(equation, dy as tf.Tensor, ...others);
          return sums.reshape(own.map((index, axis) => (known.has(index) ? x.shape[axis]! : 1))).broadcastTo(x.shape);
        },
      ]),
    );
  },
};
