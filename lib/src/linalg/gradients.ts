// Gradients of decompositions, in tensor operations that have gradients themselves. Source of the formulae: Giles,
// "Collected matrix derivative results for forward and reverse mode algorithmic differentiation" (2008).
import { runKernel, type OwnKernel } from '../kernel';
import { tf } from '../tf';

type Gradient = OwnKernel['gradient'];

const run = (name: string, inputs: Record<string, tf.Tensor>, attributes: object): tf.Tensor =>
  runKernel(name, inputs, attributes)[0]!;

const transposed = (a: tf.Tensor): tf.Tensor => {
  const axes = a.shape.map((_, i) => i);
  return a.transpose([...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
};
const product = (a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor =>
  tf.matMul(a, b, transposeA, transposeB);
const halved = (a: tf.Tensor): tf.Tensor => a.add(transposed(a)).mul(0.5);
const ones = (n: number): tf.Tensor => tf.ones([n, n]);
const lowerOnes = (n: number): tf.Tensor => tf.linalg.bandPart(ones(n), -1, 0);
/** Of a symmetric matrix only the lower half is read: a change there is one of the upper half as well. */
const ofLower = (whole: tf.Tensor): tf.Tensor => {
  const n = whole.shape.at(-1)!;
  return whole.mul(lowerOnes(n).mul(2).sub(tf.eye(n)));
};
/** Of vectors [..., n] the matrices [..., n, n] with them on the diagonal. */
const onDiagonal = (v: tf.Tensor): tf.Tensor => v.expandDims(-1).mul(tf.eye(v.shape.at(-1)!));
/** 1 / (b_j - a_i), and 0 where the two are equal. */
const reciprocals = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
  const gaps = b.expandDims(-2).sub(a.expandDims(-1));
  return tf.where(
    gaps.equal(0),
    tf.zerosLike(gaps),
    tf.onesLike(gaps).div(tf.where(gaps.equal(0), tf.onesLike(gaps), gaps)),
  );
};

export const cholesky: Gradient = {
  outputsToSave: [true],
  gradFunc: (dy, [l]) => ({
    x: () => {
      const n = l!.shape.at(-1)!;
      const weights = lowerOnes(n).sub(tf.eye(n).mul(0.5));
      const inner = product(l!, dy as tf.Tensor, true).mul(weights);
      const transposedSolve = (b: tf.Tensor): tf.Tensor =>
        run('TriangularSolve', { l: l!, b }, { lower: true, transpose: true });
      return ofLower(halved(transposed(transposedSolve(transposed(transposedSolve(inner))))));
    },
  }),
};

export const triangularSolve: Gradient = {
  inputsToSave: ['l'],
  outputsToSave: [true],
  gradFunc: (dy, [l, x], attributes) => {
    const { lower, transpose } = attributes as unknown as { lower: boolean; transpose: boolean };
    const byB = (): tf.Tensor =>
      run('TriangularSolve', { l: l!, b: dy as tf.Tensor }, { lower, transpose: !transpose });
    return {
      b: byB,
      l: () => {
        const n = l!.shape.at(-1)!;
        const whole = transpose ? product(x!, byB(), false, true) : product(byB(), x!, false, true);
        return whole.neg().mul(lower ? lowerOnes(n) : transposed(lowerOnes(n)));
      },
    };
  },
};

export const solve: Gradient = {
  inputsToSave: ['a'],
  outputsToSave: [true],
  gradFunc: (dy, [a, x], attributes) => {
    const { transpose } = attributes as unknown as { transpose: boolean };
    const byB = (): tf.Tensor => run('MatrixSolve', { a: a!, b: dy as tf.Tensor }, { transpose: !transpose });
    return { b: byB, a: () => (transpose ? product(x!, byB(), false, true) : product(byB(), x!, false, true)).neg() };
  },
};

export const logDeterminant: Gradient = {
  inputsToSave: ['x'],
  gradFunc: (dys, [x]) => ({
    x: () => {
      const identity = tf.eye(x!.shape.at(-1)!).broadcastTo(x!.shape);
      return run('MatrixSolve', { a: x!, b: identity }, { transpose: true }).mul(
        (dys as unknown as tf.Tensor[])[1]!.expandDims(-1).expandDims(-1),
      );
    },
  }),
};

export const eigh: Gradient = {
  outputsToSave: [true, true],
  gradFunc: (dys, [values, vectors]) => ({
    x: () => {
      const [byValues, byVectors] = dys as unknown as [tf.Tensor, tf.Tensor];
      const turned = product(vectors!, byVectors, true).mul(reciprocals(values!, values!));
      const inner = onDiagonal(byValues).add(turned);
      return ofLower(halved(product(product(vectors!, inner), vectors!, false, true)));
    },
  }),
};

export const svd: Gradient = {
  outputsToSave: [true, true, true],
  gradFunc: (dys, [s, u, v]) => ({
    x: () => {
      const [byS, byU, byV] = dys as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
      const squares = s!.square();
      const gaps = reciprocals(squares, squares);
      const turnU = product(u!, byU, true).mul(gaps);
      const turnV = product(v!, byV, true).mul(gaps);
      const inner = onDiagonal(byS)
        .add(turnU.add(transposed(turnU)).mul(s!.expandDims(-2)))
        .add(turnV.add(transposed(turnV)).mul(s!.expandDims(-1)));
      const across = product(product(u!, inner), v!, false, true);
      const over = s!.expandDims(-2);
      const restU = byU.div(over).sub(product(u!, product(u!, byU.div(over), true)));
      const restV = byV.div(over).sub(product(v!, product(v!, byV.div(over), true)));
      return across.add(product(restU, v!, false, true)).add(product(u!, restV, false, true));
    },
  }),
};
