// The operations of tests/reference/gradients.py, as tfjs has them, by the same names.
import { linalg, special, tf } from 'descent-lab';

type Inputs = Record<string, tf.Tensor>;
type Operation = (inputs: Inputs) => tf.Tensor;

const unary =
  (f: (x: tf.Tensor) => tf.Tensor): Operation =>
  ({ x }) =>
    f(x!);
const binary =
  (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
  ({ a, b }) =>
    f(a!, b!);
const int = (values: number[] | number[][]): tf.Tensor => tf.tensor(values, undefined, 'int32');
const joined = (x: tf.Tensor): tf.Tensor => {
  const [real, imaginary] = tf.unstack(x);
  return tf.complex(real!, imaginary!);
};
const parts = (z: tf.Tensor): tf.Tensor => tf.concat([tf.real(z).square(), tf.imag(z)], -1);
const as4 = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;
const as5 = (x: tf.Tensor): tf.Tensor5D => x as tf.Tensor5D;
/** A symmetric positive definite matrix of any, with eigenvalues that differ. */
const definite = (x: tf.Tensor): tf.Tensor => x.matMul(x, false, true).add(tf.diag(tf.range(1, x.shape.at(-1)! + 1)));
const BOXES = [
  [0.13, 0.22, 0.83, 0.91],
  [0.05, 0.07, 1.21, 0.71],
];
const pads = ['same', 'valid'] as const;
const named = <K>(keys: readonly K[], entry: (key: K) => Record<string, Operation>): Record<string, Operation> =>
  Object.assign({}, ...keys.map(entry)) as Record<string, Operation>;

const plainUnary = [
  'abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'floor',
  'log', 'log1p', 'neg', 'reciprocal', 'relu', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'sin', 'sinh', 'softplus',
  'sqrt', 'square', 'tan', 'tanh', 'softmax', 'logSoftmax',
] as const; // prettier-ignore

export const operations: Record<string, Operation> = {
  ...named(plainUnary, (name) => ({ [name]: unary((x) => x[name]()) })),
  relu6: unary((x) => x.mul(7).relu6()),
  leakyRelu: unary((x) => x.leakyRelu(0.2)),
  clipByValue: unary((x) => x.clipByValue(-0.4, 0.5)),
  ...named(
    ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'atan2', 'squaredDifference', 'mod', 'floorDiv', 'pow'] as const,
    (name) => ({ [name]: binary((a, b) => tf[name](a, b)) }),
  ),
  prelu: ({ x, alpha }) => x!.prelu(alpha!),
  addN: ({ x, y }) => tf.addN([x!, y!.square()]),
  select: unary((x) => tf.where(x.greater(0), x.square(), x.exp())),
  logic: unary((x) => {
    const where = x.greater(-0.5).logicalAnd(x.greaterEqual(0.5).logicalNot()).logicalOr(x.less(-0.9));
    return tf.where(where, x.square(), x.exp());
  }),
  equal: unary((x) =>
    tf.where(x.equal(x.slice(2, 1)).logicalOr(x.notEqual(x)).logicalOr(x.lessEqual(-0.5)), x.square(), x.exp()),
  ),
  'all, any': unary((x) =>
    tf.where(x.greater(0).all(1).logicalOr(x.greater(0.9).any(1)), x.square().sum(1), x.exp().sum(1)),
  ),
  argMax: unary((x) => x.gather(x.argMax()).square().add(x.gather(x.argMin()).exp())),
  argsort: unary((x) => x.gather(tf.topk(x, 5).indices).square().mul([1, 2, 3, 4, 5])),
  sum: unary((x) => x.square().sum([0, 2])),
  mean: unary((x) => x.square().mean([1])),
  prod: unary((x) => x.prod(1)),
  max: unary((x) => x.max([0, 1]).exp()),
  min: unary((x) => x.min([2]).exp()),
  cumsum: unary((x) => x.cumsum(1, true, true).exp()),
  cumprod: unary((x) => tf.cumprod(x, 1)),
  'cumprod, exclusive and reverse': unary((x) => tf.cumprod(x, 1, true, true)),
  'cumprod, with zeros': unary((x) => tf.cumprod(x, 0)),
  logSumExp: unary((x) => x.logSumExp(1)),
  transpose: unary((x) => x.transpose([2, 0, 1]).exp()),
  reshape: unary((x) => x.reshape([4, 3]).exp()),
  reverse: unary((x) => x.reverse(1).exp()),
  slice: unary((x) => x.slice([0, 1, 0], [2, 2, 1]).exp()),
  stridedSlice: unary((x) => tf.stridedSlice(x, [0, 0, 1], [2, 3, 2], [1, -2, 1], 0b011, 0b011, 0, 0, 0b100).exp()),
  pad: unary((x) => tf.pad(x, [[0, 1], [1, 0], [2, 0]], 0.5).exp()), // prettier-ignore
  'mirrorPad, reflect': unary((x) => tf.mirrorPad(x, [[0, 1], [1, 2], [0, 1]], 'reflect').exp()), // prettier-ignore
  'mirrorPad, symmetric': unary((x) => tf.mirrorPad(x, [[0, 1], [1, 2], [2, 0]], 'symmetric').exp()), // prettier-ignore
  tile: unary((x) => x.tile([1, 2, 1]).exp()),
  expandDims: unary((x) => x.expandDims(1).exp()),
  unstack: unary((x) => tf.unstack(x, 1)[1]!.exp()),
  'unstack, one': unary((x) => tf.unstack(x.slice(0, 1))[0]!.exp()),
  split: unary((x) => tf.split(x, [1, 2], 1)[1]!.exp()),
  'split, one': unary((x) => tf.split(x, 1, 1)[0]!.exp()),
  broadcastTo: unary((x) => x.slice(0, 1).broadcastTo([3, 3, 2]).exp()),
  cast: unary((x) => x.cast('float32').mul(x)),
  gather: unary((x) => x.gather(int([2, 0, 2]), 1).exp()),
  topk: unary((x) => tf.topk(x.reshape([3, 4]), 3).values.exp()),
  gatherND: unary((x) => tf.gatherND(x, int([[0, 1], [1, 2], [0, 1]])).exp()), // prettier-ignore
  bandPart: unary((x) => tf.linalg.bandPart(x.reshape([3, 4]), 1, 0).exp()),
  unsortedSegmentSum: unary((x) => tf.unsortedSegmentSum(x.reshape([4, 3]), int([1, 0, 1, 3]) as tf.Tensor1D, 4).exp()),
  spaceToBatchND: unary((x) => tf.spaceToBatchND(x, [2], [[0, 1]]).exp()),
  batchToSpaceND: unary((x) => tf.batchToSpaceND(x, [2], [[0, 1]]).exp()),
  oneHot: unary((x) => x.mul(tf.oneHot(x.argMax(-1).toInt(), 2).toFloat().square())),
  moments: unary((x) => tf.moments(x, [1]).variance.sqrt()),
  norm: unary((x) => tf.norm(x, 'euclidean', 1)),
  concat: ({ x, y }) => tf.concat([x!, y!], 1).exp(),
  stack: ({ x, y }) => tf.stack([x!, y!], 1).exp(),
  matMul: binary((a, b) => tf.matMul(a, b, false, true).exp()),
  ...named(['ij,jk->ik', 'ij,kj->i', 'abc,ab->c', 'a,b->ab', 'i,i->'] as const, (equation) => ({
    [`einsum ${equation}`]: binary((a, b) => tf.einsum(equation, a, b).exp()),
  })),
  'einsum ij->j': ({ a }) => tf.einsum('ij->j', a!).exp(),
  diag: unary((x) => tf.diag(x).exp()),
  scatterND: unary((x) => tf.scatterND(int([[1], [4], [1]]), x, [6]).exp()),
  tensorScatterUpdate: ({ x, updates }) => tf.tensorScatterUpdate(x!, int([[1], [4]]), updates!).exp(),
  sparseToDense: ({ values, rest }) => tf.sparseToDense(int([1, 3, 4]), values!, [6], rest as tf.Scalar).exp(),
  'bincount, weights': ({ weights }) => tf.bincount(int([0, 2, 2, 1]) as tf.Tensor1D, weights as tf.Tensor1D, 4).exp(),
  'denseBincount, weights': ({ weights }) =>
    tf.denseBincount(int([0, 2, 2, 1]) as tf.Tensor1D, weights as tf.Tensor1D, 4).exp(),
  sparseSegmentSum: unary((x) =>
    tf.sparse.sparseSegmentSum(x, int([0, 2, 2]) as tf.Tensor1D, int([0, 0, 2]) as tf.Tensor1D).exp(),
  ),
  sparseSegmentMean: unary((x) =>
    tf.sparse.sparseSegmentMean(x, int([0, 2, 2]) as tf.Tensor1D, int([0, 0, 2]) as tf.Tensor1D).exp(),
  ),
  fft: unary((x) => parts(tf.spectral.fft(joined(x)))),
  ifft: unary((x) => parts(tf.spectral.ifft(joined(x)))),
  rfft: unary((x) => parts(tf.spectral.rfft(x))),
  'abs of complex': unary((x) => tf.abs(joined(x))),
  'mul of complex': unary((x) => parts(joined(x).mul(joined(x)).mul(joined(x.square())))),
  ...named(pads, (pad) => ({
    ...named([1, 2], (strides) => ({
      [`conv2d, ${pad}, strides ${strides}`]: ({ x, filter }) => tf.conv2d(as4(x!), as4(filter!), strides, pad).tanh(),
      [`depthwiseConv2d, ${pad}, strides ${strides}`]: ({ x, filter }) =>
        tf.depthwiseConv2d(as4(x!), as4(filter!), strides, pad).tanh(),
      [`maxPool, ${pad}, strides ${strides}`]: unary((x) => tf.maxPool(as4(x), 3, strides, pad).exp()),
      [`avgPool, ${pad}, strides ${strides}`]: unary((x) => tf.avgPool(as4(x), 3, strides, pad).exp()),
    })),
    [`conv2d, dilated, ${pad}`]: ({ x, filter }) => tf.conv2d(as4(x!), as4(filter!), 1, pad, 'NHWC', 2).tanh(),
    [`depthwiseConv2d, dilated, ${pad}`]: ({ x, filter }) =>
      tf.depthwiseConv2d(as4(x!), as4(filter!), 1, pad, 'NHWC', 2).tanh(),
    [`conv3d, ${pad}`]: ({ x, filter }) => tf.conv3d(as5(x!), as5(filter!), 1, pad).tanh(),
    [`avgPool3d, ${pad}`]: unary((x) => tf.avgPool3d(as5(x), 2, 1, pad).exp()),
    [`maxPool3d, ${pad}`]: unary((x) => tf.maxPool3d(as5(x), 2, 1, pad).exp()),
    [`dilation2d, ${pad}`]: ({ x, filter }) => tf.dilation2d(as4(x!), filter as tf.Tensor3D, 1, pad).exp(),
  })),
  conv2dTranspose: ({ x, filter }) => tf.conv2dTranspose(as4(x!), as4(filter!), [1, 10, 10, 2], 2, 'same').tanh(),
  ...named(
    [
      ['corners aligned', true, false],
      ['as it was', false, false],
      ['half pixels', false, true],
    ] as const,
    ([of, align, half]) => ({
      [`resizeBilinear, ${of}`]: unary((x) => tf.image.resizeBilinear(as4(x), [7, 3], align, half).exp()),
      [`resizeNearestNeighbor, ${of}`]: unary((x) => tf.image.resizeNearestNeighbor(as4(x), [7, 3], align, half).exp()),
    }),
  ),
  ...named(['bilinear', 'nearest'] as const, (method) => ({
    [`cropAndResize, ${method}`]: ({ image, boxes }) =>
      tf.image
        .cropAndResize(
          as4(image!),
          (boxes ?? tf.tensor(BOXES)) as tf.Tensor2D,
          int([1, 0]) as tf.Tensor1D,
          [3, 2],
          method,
          0.5,
        )
        .exp(),
    ...named(['constant', 'reflect', 'wrap', 'nearest'] as const, (fill) => ({
      [`transform, ${method}, ${fill}`]: unary((x) =>
        tf.image.transform(as4(x), [[1.1, 0.2, -0.13, 0.1, 0.93, 0.21, 0.01, 0.02]], method, fill, 0.5, [4, 5]).exp(),
      ),
    })),
  })),
  flipLeftRight: unary((x) => tf.image.flipLeftRight(as4(x)).exp()),
  depthToSpace: unary((x) => tf.depthToSpace(as4(x), 2).exp()),
  localResponseNormalization: unary((x) => tf.localResponseNormalization(as4(x), 1, 1, 0.5, 0.7).exp()),
  batchNorm: ({ x, mean, variance, scale }) =>
    tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, undefined, scale as tf.Tensor1D, 0.001).exp(),
  'batchNorm, no scale': ({ x, mean, variance }) =>
    tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, undefined, undefined, 0.001).exp(),
  rotateWithOffset: unary((x) => tf.image.rotateWithOffset(as4(x), 0.4, 0.25, [0.5, 0.3]).exp()),
  step: unary((x) => x.step(0.2).mul(x)),
  'fused conv2d': ({ x, filter, bias }) =>
    tf.fused
      .conv2d({ x: as4(x!), filter: as4(filter!), strides: 1, pad: 'same', bias: bias!, activation: 'relu' })
      .tanh(),
  'fused depthwiseConv2d': ({ x, filter, bias }) =>
    tf.fused
      .depthwiseConv2d({ x: as4(x!), filter: as4(filter!), strides: 1, pad: 'same', bias: bias!, activation: 'elu' })
      .tanh(),
  'fused matMul': ({ a, b, bias }) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'relu' }).tanh(),
  maxPoolWithArgmax: unary((x) => tf.maxPoolWithArgmax(as4(x), 3, 2, 'same')['result']!.exp()),
  raggedGather: unary((x) => tf.raggedGather([int([0, 2, 3, 6])], x, int([2, 0, 2]), 1).outputDenseValues.exp()),
  raggedTensorToTensor: ({ values, rest }) =>
    tf.raggedTensorToTensor(int([3, 3]), values!, rest!, [int([0, 2, 2, 5])], ['ROW_SPLITS']).exp(),
  sparseFillEmptyRows: ({ values, rest }) =>
    tf.sparse.sparseFillEmptyRows(int([[0, 1], [2, 0]]) as tf.Tensor2D, values as tf.Tensor1D, int([4, 2]) as tf.Tensor1D, rest as tf.Scalar).outputValues!.exp(), // prettier-ignore
  lgamma: unary((x) => special.lgamma(x)),
  digamma: unary((x) => special.digamma(x)),
  erfinv: unary((x) => special.erfinv(x)),
  xlogy: binary((a, b) => special.xlogy(a, b)),
  logsumexp: unary((x) => special.logsumexp(x, 1)),
  cholesky: unary((x) => linalg.cholesky(definite(x))),
  triangularSolve: ({ l, b }) => linalg.triangularSolve(l!, b!),
  'triangularSolve, upper, transposed': ({ l, b }) => linalg.triangularSolve(l!, b!, { lower: false, transpose: true }),
  solve: binary((a, b) => linalg.solve(a, b)),
  inverse: unary((x) => linalg.inverse(x)),
  det: unary((x) => linalg.det(x)),
  logdet: unary((x) => linalg.logdet(definite(x))),
  'eigh, values': unary((x) => linalg.eigh(definite(x)).values),
  'eigh, vectors': unary((x) => {
    const { values, vectors } = linalg.eigh(definite(x));
    return vectors.square().mul(values.exp().expandDims(-2));
  }),
  'svd, values': unary((x) => linalg.svd(x).s),
  ...named(['tall', 'wide'] as const, (form) => ({
    [`svd, ${form}`]: unary((x) => {
      const { s, u, v } = linalg.svd(x);
      return u.square().mul(s.expandDims(-2)).matMul(v.square(), false, true);
    }),
  })),
};
