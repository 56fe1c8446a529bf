// Operations that tests/reference/gradients.py does not try, each of a list of 24 numbers.
import { tf } from 'descent-lab';

const as4 = (x: tf.Tensor, shape: [number, number, number, number]): tf.Tensor4D => x.reshape(shape);
export const int = (values: tf.TensorLike): tf.Tensor => tf.tensor(values, undefined, 'int32');
const tenths = (x: tf.Tensor1D): tf.Tensor1D => x.abs().mul<tf.Tensor1D>(10).toInt();
/** A sum that float32 does not hold. */
const lastBits = (sum: tf.Tensor): tf.Tensor => tf.bitwiseAnd(sum, tf.scalar(4095, 'int32'));
export const parts = (z: tf.Tensor): tf.Tensor => tf.stack([tf.real(z), tf.imag(z)]);
export const complex = (x: tf.Tensor): tf.Tensor =>
  tf.complex(x.slice(0, 12).reshape([3, 4]), x.slice(12).reshape([3, 4]));
/** What the cases do not try of kernels that they run, and kernels that they do not run, of 24 numbers. */
export const variants: Readonly<Record<string, (x: tf.Tensor1D) => tf.Tensor>> = {
  bitwiseAnd: (x) => tf.bitwiseAnd(x.mul(10).toInt(), int([...Array(24).keys()])),
  'isNaN, isInf': (x) => x.log().isNaN().logicalOr(x.relu().log().isInf()).toFloat(),
  linspace: (x) => tf.linspace(-1, 2.5, 24).mul(x),
  'range, a fraction apart': (x) => tf.range(1, -1.4, -0.1).mul(x),
  'range of whole numbers': (x) => x.gather(tf.range(20, 0, -3, 'int32')),
  broadcastArgs: (x) =>
    tf.engine().runKernel<tf.Tensor>('BroadcastArgs', { s0: int([4, 1]), s1: int([3, 1, 2]) }).toFloat().add(x.sum()), // prettier-ignore
  'searchSorted, left': (x) => tf.searchSorted(tf.linspace(-1, 1, 9), tf.concat([x, [-1, 0, 1, 2]]), 'left'),
  'searchSorted, right': (x) => tf.searchSorted(tf.linspace(-1, 1, 9), tf.concat([x, [-1, 0, 1, 2]]), 'right'),
  sparseReshape: (x) =>
    tf.sparse.sparseReshape(int([[0, 0], [1, 2]]) as tf.Tensor2D, int([2, 3]) as tf.Tensor1D, int([3, -1]) as tf.Tensor1D).outputIndices!.toFloat().add(x.sum()), // prettier-ignore
  'cumsum of whole numbers': (x) => x.mul(10).toInt().cumsum(),
  'sum of few large whole numbers': (x) => lastBits(x.mul(1e5).toInt().slice(0, 3).mul(int(10001)).sum()),
  'sum of large whole numbers': (x) => lastBits(x.mul(1e5).toInt().mul(int(10001)).sum()),
  'bincount, some too large': (x) => tf.bincount(tenths(x), tf.tensor1d([]), 5),
  'denseBincount of rows': (x) =>
    tf.denseBincount(tenths(x).reshape<tf.Tensor2D>([4, 6]), x.reshape<tf.Tensor2D>([4, 6]), 5),
  'denseBincount, once': (x) =>
    tf.denseBincount(tenths(x).reshape<tf.Tensor2D>([4, 6]), tf.tensor2d([], [0, 0]), 5, true),
  'sparseToDense, one index': (x) => tf.sparseToDense(int(3), x.sum<tf.Scalar>(), [6], x.min<tf.Scalar>()),
  'sparseToDense, in rows': (x) => tf.sparseToDense(int([[0, 1], [2, 0]]), x.slice(0, 2), [3, 2], tf.scalar(0.5)), // prettier-ignore
  'diag, few': (x) => tf.diag(x.slice(0, 2)),
  'spaceToBatchND, two axes': (x) => tf.spaceToBatchND(x.reshape([1, 4, 6]), [2, 3], [[1, 1], [0, 3]]), // prettier-ignore
  'batchToSpaceND, two axes': (x) => tf.batchToSpaceND(x.reshape([6, 2, 2]), [2, 3], [[1, 0], [0, 2]]), // prettier-ignore
  'mirrorPad, of few': (x) => tf.mirrorPad(x.slice(0, 3), [[2, 1]], 'reflect'), // prettier-ignore
  'conv2d, channels first': (x) =>
    tf.conv2d(as4(x, [1, 2, 4, 3]), as4(x.slice(0, 16), [2, 2, 2, 2]), 1, 'same', 'NCHW'),
  'conv2d, channels first, by x': (x) =>
    tf.grad((v) =>
      tf
        .conv2d(as4(v, [1, 2, 4, 3]), as4(x.slice(0, 16), [2, 2, 2, 2]), [2, 1], 'same', 'NCHW')
        .square()
        .sum(),
    )(x),
  'conv2d, channels first, by the filter': (x) =>
    tf.grad((v) =>
      tf
        .conv2d(as4(x, [1, 2, 4, 3]), as4(v.slice(0, 16), [2, 2, 2, 2]), 1, 1, 'NCHW', 1, 'floor')
        .square()
        .sum(),
    )(x),
  'conv2d, padded by a number': (x) =>
    tf.conv2d(as4(x, [1, 4, 3, 2]), as4(x.slice(0, 8), [2, 2, 2, 1]), 2, 1, 'NHWC', 1, 'ceil'),
  'conv3d, dilated': (x) =>
    tf.conv3d(
      x.reshape<tf.Tensor5D>([1, 3, 4, 2, 1]),
      x.slice(0, 8).reshape<tf.Tensor5D>([2, 2, 1, 1, 2]),
      1,
      'same',
      'NDHWC',
      [1, 2, 1],
    ),
  'depthwiseConv2d, dilated, by x': (x) =>
    tf.grad((v) =>
      tf
        .depthwiseConv2d(as4(v, [1, 4, 3, 2]), as4(x.slice(0, 16), [2, 2, 2, 2]), 1, 'same', 'NHWC', [2, 1])
        .square()
        .sum(),
    )(x),
  'fused conv2d, prelu, channels first': (x) => tf.fused.conv2d({ x: as4(x, [1, 2, 4, 3]), filter: as4(x.slice(0, 16), [2, 2, 2, 2]), strides: 1, pad: 'valid', dataFormat: 'NCHW', bias: x.slice(3, 2), activation: 'prelu', preluActivationWeights: x.slice(1, 2) }), // prettier-ignore
  'fused matMul, leaky': (x) => tf.fused.matMul({ a: x.reshape([4, 6]), b: x.reshape([4, 6]), transposeB: true, bias: x.slice(0, 4), activation: 'leakyrelu', leakyreluAlpha: 0.3 }), // prettier-ignore
  'fused matMul, sigmoid': (x) =>
    tf.fused.matMul({ a: x.reshape([4, 6]), b: x.reshape([6, 4]), activation: 'sigmoid' }),
  'fused matMul, relu6': (x) =>
    tf.fused.matMul({ a: x.reshape([4, 6]).mul(9), b: x.reshape([6, 4]), activation: 'relu6' }),
  'maxPool, rounded up': (x) => tf.maxPool(as4(x, [1, 4, 3, 2]), [3, 2], 2, 1, 'ceil'),
  'maxPool of whole numbers': (x) => tf.maxPool(as4(x.mul(9).toInt(), [1, 4, 3, 2]), 3, 1, 'same'),
  'avgPool, rounded up': (x) => tf.avgPool(as4(x, [1, 4, 3, 2]), [3, 2], 2, 1, 'ceil'),
  'maxPool3d, strides': (x) => tf.maxPool3d(x.reshape<tf.Tensor5D>([1, 4, 3, 2, 1]), [2, 3, 1], [2, 1, 1], 'same'),
  'maxPoolWithArgmax, indices': (x) => tf.maxPoolWithArgmax(as4(x, [2, 3, 2, 2]), 2, 1, 'same')['indexes']!,
  'maxPoolWithArgmax, indices of all': (x) =>
    tf.maxPoolWithArgmax(as4(x, [2, 3, 2, 2]), 2, 1, 'same', true)['indexes']!,
  'dilation2d, dilated': (x) =>
    tf.dilation2d(as4(x, [1, 4, 3, 2]), x.slice(0, 8).reshape<tf.Tensor3D>([2, 2, 2]), [2, 1], 'same', [1, 2]),
  'topk, indices, with ties': (x) => tf.topk(x.mul(5).round().reshape([2, 12]), 7).indices,
  'einsum of one, turned': (x) => tf.einsum('ab->ba', x.reshape([4, 6])),
  'localResponseNormalization, wide': (x) => tf.localResponseNormalization(as4(x, [1, 2, 3, 4]), 2, 0.7, 1.2, 0.3),
  'batchNorm, offset': (x) =>
    tf.batchNorm(x.reshape([4, 6]), x.slice(0, 6), x.slice(6, 6).square(), x.slice(12, 6), x.slice(18, 6)),
  'resizeBilinear, smaller': (x) => tf.image.resizeBilinear(as4(x, [1, 6, 4, 1]), [4, 1], true),
  'resizeNearestNeighbor, smaller': (x) => tf.image.resizeNearestNeighbor(as4(x, [1, 6, 4, 1]), [4, 1]),
  'cropAndResize, one pixel': (x) => tf.image.cropAndResize(as4(x, [2, 4, 3, 1]), tf.tensor2d([[0.1, 0.2, 0.7, 0.9], [0, 0, 1, 1]]), int([1, 0]) as tf.Tensor1D, [1, 1]), // prettier-ignore
  'rotateWithOffset, filled with a colour': (x) => tf.image.rotateWithOffset(as4(x, [1, 4, 2, 3]), 1, [1, 2, 3], 0.4),
  'fft, an odd count': (x) => parts(tf.spectral.fft(tf.complex(x.slice(0, 9), x.slice(9, 9)))),
  irfft: (x) => tf.spectral.irfft(complex(x)),
  'complex, element by element': (x) => {
    const z = complex(x);
    return parts(z.add(z.mul(z)).sub(complex(x.reverse())).reshape([4, 3]));
  },
  'complex, moved': (x) => parts(tf.concat([complex(x), complex(x.reverse())], 1)),
  'complex, abs': (x) => complex(x).abs(),
  'complex and real': (x) =>
    tf.real(complex(x).mul(complex(x)).cast('complex64')).add(tf.cast(x.slice(12).reshape([3, 4]), 'complex64').abs()),
};
