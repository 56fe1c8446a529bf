// Sums of products.
import { tf } from '../../tf';
import { fixed, type Expression, type Index } from '../expressions';
import { readEquation } from '../../kernels/einsum';
import type { Elements } from '../plan';
import { activated } from './elementwise';
import { viewed, zeros, type Definition, type Definitions } from './definition';
import { rowsOf, scattered } from './lookups';

/** Sums of products over an axis of each: of matrices, in batches. Rows with a single one only choose others. */
const matMul: Definition = ({ plan, inputs, attributes, outputs: [output] }) => {
  const [a, b] = [inputs['a']!, inputs['b']!];
  const { transposeA, transposeB } = attributes as { transposeA?: boolean; transposeB?: boolean };
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  const { expressions } = plan;
  const isBatch = tf.util.arraysEqual(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (a.ones && !transposeB && isBatch) {
    if (!transposeA) return [rowsOf(plan, b, a.ones, output!.shape)];
    if (a.shape.length === 2) {
      const ids = viewed(a.ones, [...a.ones.shape, 1], (to) => to.slice(0, -1));
      return [scattered(plan, zeros(plan, output!.shape, 'float'), ids, b, { adds: true, drops: true })];
    }
  }
  const element = (x: Elements, batch: readonly Index[], row: Index, column: Index): Expression => {
    const skip = batch.length - (x.shape.length - 2);
    const outer = x.shape.slice(0, -2).map((size, i) => (size === 1 ? fixed(0) : batch[i + skip]!));
    return x.at([...outer, row, column]);
  };
  return [
    plan.fold(output!.shape, [inner], 'float', 'sum', (outer, [k]) => {
      const batch = outer.slice(0, -2);
      const [row, column] = outer.slice(-2) as [Index, Index];
      return expressions.apply(
        'multiplyDouble',
        transposeA ? element(a, batch, k!, row) : element(a, batch, row, k!),
        transposeB ? element(b, batch, column, k!) : element(b, batch, k!, column),
      );
    }),
  ];
};

/** Sums of products by an equation, such as `ij,jk->ik`. */
const einsum: Definition = ({ plan, lists, attributes, outputs: [output] }) => {
  const { indices, out } = readEquation(attributes['equation'] as string);
  const factors = lists['inputs']!.map((value, k) => ({ value, letters: [...indices[k]!] }));
  const sizes = new Map(
    factors.flatMap(({ value, letters }) => letters.map((letter, axis) => [letter, value.shape[axis]!])),
  );
  const summed = [...sizes.keys()].filter((letter) => !out.includes(letter));
  const inner = summed.map((letter) => sizes.get(letter)!);
  return [
    plan.fold(output!.shape, inner, 'float', 'sum', (to, over) => {
      const index = (letter: string): Index => to[out.indexOf(letter)] ?? over[summed.indexOf(letter)]!;
      return factors
        .map(({ value, letters }) => value.at(letters.map(index)))
        .reduce((a, b) => plan.expressions.apply('multiplyDouble', a, b));
    }),
  ];
};

export const products: Definitions = {
  BatchMatMul: matMul,
  _FusedMatMul: (given) => [activated(given, matMul(given)[0]!)],
  Einsum: einsum,
};
