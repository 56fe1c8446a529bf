"""Makes gradients.json: what TensorFlow 2.15 in Python, in doubles, says of every operation's first and second gradient.

    pip install tensorflow-cpu==2.15.1
    python tests/reference/gradients.py > tests/reference/gradients.json

The loss of a case is sum(w * f(inputs)), w = 0.3 + cos(0), 0.3 + cos(1) ...; `first` is its gradient by each input, and
`second` that of sum(v * first of the input), v = sin(1), sin(4) ..., by the same input. Both are held here against central
differences in doubles. null: TensorFlow has none.
"""
import json
import os
import sys

import numpy as np
import tensorflow as tf

rng = np.random.default_rng(7)
raw = tf.raw_ops


def draw(*shape, low=-1.0, high=1.0):
    return np.round(rng.uniform(low, high, shape), 4)


def apart(*shape):
    """Values no two of which are close: nothing changes places in a difference."""
    count = int(np.prod(shape))
    return np.round((rng.permutation(count) - count / 2 + 0.31) * (2.0 / count), 4).reshape(shape)


def single(f):
    """An operation that TensorFlow has in float32 alone; differences tell nothing of it here."""
    def run(*args):
        return tf.cast(f(*[tf.cast(x, tf.float32) for x in args]), tf.float64)
    return run


CASES = []


def case(name, kernel, f, **inputs):
    CASES.append((name, kernel, f, inputs))


def unary(name, kernel, f, low=-1.0, high=1.0):
    case(name, kernel, lambda x: f(x), x=draw(5, low=low, high=high))


for name, kernel, f, *span in [
    ("abs", "Abs", tf.abs), ("acos", "Acos", tf.acos), ("acosh", "Acosh", tf.acosh, 1.2, 3), ("asin", "Asin", tf.asin),
    ("asinh", "Asinh", tf.asinh), ("atan", "Atan", tf.atan), ("atanh", "Atanh", tf.atanh, -0.9, 0.9),
    ("ceil", "Ceil", tf.math.ceil), ("cos", "Cos", tf.cos), ("cosh", "Cosh", tf.cosh), ("elu", "Elu", tf.nn.elu),
    ("erf", "Erf", tf.math.erf), ("exp", "Exp", tf.exp), ("expm1", "Expm1", tf.math.expm1), ("floor", "Floor", tf.floor),
    ("log", "Log", tf.math.log, 0.2, 3), ("log1p", "Log1p", tf.math.log1p, -0.7, 2), ("neg", "Neg", tf.negative),
    ("reciprocal", "Reciprocal", tf.math.reciprocal, 0.4, 2), ("relu", "Relu", tf.nn.relu), ("relu6", "Relu6", lambda x: tf.nn.relu6(7 * x)),
    ("leakyRelu", "LeakyRelu", lambda x: tf.nn.leaky_relu(x, 0.2)), ("round", "Round", tf.round), ("rsqrt", "Rsqrt", tf.math.rsqrt, 0.3, 2),
    ("selu", "Selu", tf.nn.selu), ("sigmoid", "Sigmoid", tf.sigmoid), ("sign", "Sign", tf.sign), ("sin", "Sin", tf.sin),
    ("sinh", "Sinh", tf.sinh), ("softplus", "Softplus", tf.math.softplus), ("sqrt", "Sqrt", tf.sqrt, 0.2, 2), ("square", "Square", tf.square),
    ("tan", "Tan", tf.tan), ("tanh", "Tanh", tf.tanh), ("clipByValue", "ClipByValue", lambda x: tf.clip_by_value(x, -0.4, 0.5)),
]:
    unary(name, kernel, f, *span)

a, b = draw(2, 3), draw(3, low=0.4, high=1.6)
for name, kernel, f in [
    ("add", "Add", tf.add), ("sub", "Sub", tf.subtract), ("mul", "Multiply", tf.multiply), ("div", "RealDiv", tf.divide),
    ("maximum", "Maximum", tf.maximum), ("minimum", "Minimum", tf.minimum), ("atan2", "Atan2", tf.atan2),
    ("squaredDifference", "SquaredDifference", tf.math.squared_difference), ("mod", "Mod", tf.math.floormod),
    ("floorDiv", "FloorDiv", tf.math.floordiv),
]:
    case(name, kernel, lambda a, b, f=f: f(a, b), a=a, b=b)
case("pow", "Pow", lambda a, b: tf.pow(a, b), a=draw(2, 3, low=0.3, high=2), b=b)
case("prelu", "Prelu", lambda x, alpha: tf.maximum(x, 0.0) + alpha * tf.minimum(x, 0.0), x=draw(2, 3), alpha=b)
case("addN", "AddN", lambda x, y: tf.add_n([x, tf.square(y)]), x=draw(3), y=draw(3))
case("select", "Select", lambda x: tf.where(x > 0.0, tf.square(x), tf.exp(x)), x=draw(6))
case("logic", "LogicalAnd", lambda x: tf.where((x > -0.5) & ~(x >= 0.5) | (x < -0.9), tf.square(x), tf.exp(x)), x=draw(6))
case("equal", "Equal", lambda x: tf.where(tf.equal(x, x[2]) | tf.not_equal(x, x) | (x <= -0.5), tf.square(x), tf.exp(x)), x=draw(6))
case("all, any", "All", lambda x: tf.where(tf.reduce_all(x > 0.0, 1) | tf.reduce_any(x > 0.9, 1), tf.reduce_sum(x**2, 1), tf.reduce_sum(tf.exp(x), 1)), x=draw(4, 2))
case("argMax", "ArgMax", lambda x: tf.gather(x, tf.argmax(x)) ** 2 + tf.exp(tf.gather(x, tf.argmin(x))), x=apart(5))
case("argsort", "GatherV2", lambda x: tf.gather(x, tf.math.top_k(x, 5).indices) ** 2 * tf.range(1, 6, dtype=tf.float64), x=apart(5))

m = apart(2, 3, 2)
for name, kernel, f in [
    ("sum", "Sum", lambda x: tf.reduce_sum(x**2, [0, 2])), ("mean", "Mean", lambda x: tf.reduce_mean(x**2, [1])),
    ("prod", "Prod", lambda x: tf.reduce_prod(x, 1)), ("max", "Max", lambda x: tf.exp(tf.reduce_max(x, [0, 1]))),
    ("min", "Min", lambda x: tf.exp(tf.reduce_min(x, [2]))), ("cumsum", "Cumsum", lambda x: tf.exp(tf.cumsum(x, 1, exclusive=True, reverse=True))),
    ("cumprod", "Cumprod", lambda x: tf.math.cumprod(x, 1)), ("cumprod, exclusive and reverse", "Cumprod", lambda x: tf.math.cumprod(x, 1, exclusive=True, reverse=True)),
    ("softmax", "Softmax", lambda x: tf.nn.softmax(x)), ("logSoftmax", "LogSoftmax", lambda x: tf.nn.log_softmax(x)),
    ("logSumExp", "Max", lambda x: tf.reduce_logsumexp(x, 1)), ("transpose", "Transpose", lambda x: tf.exp(tf.transpose(x, [2, 0, 1]))),
    ("reshape", "Reshape", lambda x: tf.exp(tf.reshape(x, [4, 3]))), ("reverse", "Reverse", lambda x: tf.exp(tf.reverse(x, [1]))),
    ("slice", "Slice", lambda x: tf.exp(tf.slice(x, [0, 1, 0], [2, 2, 1]))), ("stridedSlice", "StridedSlice", lambda x: tf.exp(x[:, ::-2, 1])),
    ("pad", "PadV2", lambda x: tf.exp(tf.pad(x, [[0, 1], [1, 0], [2, 0]], constant_values=0.5))),
    ("mirrorPad, reflect", "MirrorPad", lambda x: tf.exp(tf.pad(x, [[0, 1], [1, 2], [0, 1]], "REFLECT"))),
    ("mirrorPad, symmetric", "MirrorPad", lambda x: tf.exp(tf.pad(x, [[0, 1], [1, 2], [2, 0]], "SYMMETRIC"))),
    ("tile", "Tile", lambda x: tf.exp(tf.tile(x, [1, 2, 1]))), ("expandDims", "ExpandDims", lambda x: tf.exp(tf.expand_dims(x, 1))),
    ("unstack", "Unpack", lambda x: tf.exp(tf.unstack(x, axis=1)[1])), ("unstack, one", "Unpack", lambda x: tf.exp(tf.unstack(x[:1])[0])),
    ("split", "SplitV", lambda x: tf.exp(tf.split(x, [1, 2], 1)[1])), ("split, one", "SplitV", lambda x: tf.exp(tf.split(x, 1, 1)[0])),
    ("broadcastTo", "BroadcastTo", lambda x: tf.exp(tf.broadcast_to(x[:1], [3, 3, 2]))), ("cast", "Cast", lambda x: tf.cast(tf.cast(x, tf.float32), tf.float64) * x),
    ("gather", "GatherV2", lambda x: tf.exp(tf.gather(x, [2, 0, 2], axis=1))), ("topk", "TopK", lambda x: tf.exp(tf.math.top_k(tf.reshape(x, [3, 4]), 3).values)),
    ("gatherND", "GatherNd", lambda x: tf.exp(tf.gather_nd(x, [[0, 1], [1, 2], [0, 1]]))),
    ("bandPart", "Select", lambda x: tf.exp(tf.linalg.band_part(tf.reshape(x, [3, 4]), 1, 0))),
    ("unsortedSegmentSum", "UnsortedSegmentSum", lambda x: tf.exp(tf.math.unsorted_segment_sum(tf.reshape(x, [4, 3]), [1, 0, 1, 3], 4))),
    ("spaceToBatchND", "SpaceToBatchND", lambda x: tf.exp(tf.space_to_batch_nd(x, [2], [[0, 1]]))),
    ("batchToSpaceND", "BatchToSpaceND", lambda x: tf.exp(tf.batch_to_space(x, [2], [[0, 1]]))),
    ("oneHot", "OneHot", lambda x: x * tf.one_hot(tf.argmax(x, -1), 2, dtype=tf.float64) ** 2),
    ("moments", "Mean", lambda x: tf.sqrt(tf.nn.moments(x, [1])[1])), ("norm", "Sqrt", lambda x: tf.norm(x, axis=1)),
]:
    case(name, kernel, lambda x, f=f: f(x), x=m)
case("cumprod, with zeros", "Cumprod", lambda x: tf.stack([tf.reduce_prod(x[: i + 1], 0) for i in range(4)]), x=np.array([[1, 0.5], [0, 2], [2, 0], [0.7, 0]]))
case("concat", "Concat", lambda x, y: tf.exp(tf.concat([x, y], 1)), x=draw(2, 2), y=draw(2, 1))
case("stack", "Pack", lambda x, y: tf.exp(tf.stack([x, y], 1)), x=draw(2, 2), y=draw(2, 2))
case("matMul", "BatchMatMul", lambda a, b: tf.exp(tf.matmul(a, b, transpose_b=True)), a=draw(2, 2, 3), b=draw(2, 4, 3))
for equation, one, two in [("ij,jk->ik", (2, 3), (3, 4)), ("ij,kj->i", (2, 3), (4, 3)), ("abc,ab->c", (2, 3, 2), (2, 3)), ("a,b->ab", (3,), (2,)), ("i,i->", (3,), (3,))]:
    case(f"einsum {equation}", "Einsum", lambda a, b, e=equation: tf.exp(tf.einsum(e, a, b)), a=draw(*one), b=draw(*two))
case("einsum ij->j", "Einsum", lambda a: tf.exp(tf.einsum("ij->j", a)), a=draw(2, 3))
case("diag", "Diag", lambda x: tf.exp(tf.linalg.tensor_diag(x)), x=draw(3))
case("scatterND", "ScatterNd", lambda x: tf.exp(tf.scatter_nd([[1], [4], [1]], x, [6])), x=draw(3))
case("tensorScatterUpdate", "TensorScatterUpdate", lambda x, updates: tf.exp(tf.tensor_scatter_nd_update(x, [[1], [4]], updates)), x=draw(6), updates=draw(2))
case("sparseToDense", "SparseToDense", lambda values, rest: tf.exp(tf.tensor_scatter_nd_update(tf.fill([6], rest), [[1], [3], [4]], values)), values=draw(3), rest=np.array(0.4))
case("bincount, weights", "DenseBincount", lambda weights: tf.exp(tf.math.unsorted_segment_sum(weights, [0, 2, 2, 1], 4)), weights=draw(4))
case("denseBincount, weights", "DenseBincount", lambda weights: tf.exp(tf.math.unsorted_segment_sum(weights, [0, 2, 2, 1], 4)), weights=draw(4))
case("sparseSegmentSum", "SparseSegmentSum", lambda x: tf.exp(tf.sparse.segment_sum(x, [0, 2, 2], [0, 0, 2])), x=draw(4, 2))
case("sparseSegmentMean", "SparseSegmentMean", lambda x: tf.exp(tf.sparse.segment_mean(x, [0, 2, 2], [0, 0, 2])), x=draw(4, 2))

z = draw(2, 4)


def joined(x):
    return tf.complex(x[0], x[1])


def parts(c):
    return tf.concat([tf.math.real(c) ** 2, tf.math.imag(c)], -1)


case("fft", "FFT", lambda x: parts(tf.signal.fft(joined(x))), x=z)
case("ifft", "IFFT", lambda x: parts(tf.signal.ifft(joined(x))), x=z)
case("rfft", "Real", lambda x: parts(tf.signal.rfft(x)), x=z)
case("abs of complex", "ComplexAbs", lambda x: tf.abs(joined(x)), x=z)
case("mul of complex", "Complex", lambda x: parts(joined(x) * joined(x) * joined(tf.square(x))), x=z)

pixels = apart(1, 5, 5, 2)
kernel, deep = draw(3, 3, 2, 2), draw(3, 3, 2, 2)
for pad in ["SAME", "VALID"]:
    for strides in [1, 2]:
        of = f"{pad.lower()}, strides {strides}"
        case(f"conv2d, {of}", "Conv2D", lambda x, filter, p=pad, s=strides: tf.tanh(tf.nn.conv2d(x, filter, s, p)), x=pixels, filter=kernel)
        case(f"depthwiseConv2d, {of}", "DepthwiseConv2dNative", lambda x, filter, p=pad, s=strides: tf.tanh(tf.nn.depthwise_conv2d(x, filter, [1, s, s, 1], p)), x=pixels, filter=deep)
        case(f"maxPool, {of}", "MaxPool", lambda x, p=pad, s=strides: tf.exp(tf.nn.max_pool2d(x, 3, s, p)), x=pixels)
        case(f"avgPool, {of}", "AvgPool", lambda x, p=pad, s=strides: tf.exp(tf.nn.avg_pool2d(x, 3, s, p)), x=pixels)
    case(f"conv2d, dilated, {pad.lower()}", "Conv2D", lambda x, filter, p=pad: tf.tanh(tf.nn.conv2d(x, filter, 1, p, dilations=2)), x=pixels, filter=kernel)
    case(f"depthwiseConv2d, dilated, {pad.lower()}", "DepthwiseConv2dNative", lambda x, filter, p=pad: tf.tanh(tf.nn.depthwise_conv2d(x, filter, [1, 1, 1, 1], p, dilations=[2, 2])), x=pixels, filter=deep)
    solid, cube = apart(1, 3, 3, 3, 2), draw(2, 2, 2, 2, 1)
    case(f"conv3d, {pad.lower()}", "Conv3D", lambda x, filter, p=pad: tf.tanh(tf.nn.conv3d(x, filter, [1] * 5, p)), x=solid, filter=cube)
    case(f"avgPool3d, {pad.lower()}", "AvgPool3D", lambda x, p=pad: tf.exp(single(lambda x: tf.nn.avg_pool3d(x, 2, 1, p))(x)), x=solid)
    case(f"maxPool3d, {pad.lower()}", "MaxPool3D", lambda x, p=pad: tf.exp(single(lambda x: tf.nn.max_pool3d(x, 2, 1, p))(x)), x=solid)
    case(f"dilation2d, {pad.lower()}", "Dilation2D", lambda x, filter, p=pad: tf.exp(tf.nn.dilation2d(x, filter, [1] * 4, p, "NHWC", [1] * 4)), x=pixels, filter=draw(2, 2, 2))
case("conv2dTranspose", "Conv2DBackpropInput", lambda x, filter: tf.tanh(tf.nn.conv2d_transpose(x, filter, [1, 10, 10, 2], 2)), x=pixels, filter=kernel)
for align, half in [(True, False), (False, False), (False, True)]:
    of = "corners aligned" if align else "half pixels" if half else "as it was"
    case(f"resizeBilinear, {of}", "ResizeBilinear", lambda x, a=align, h=half: tf.exp(tf.cast(raw.ResizeBilinear(images=x, size=[7, 3], align_corners=a, half_pixel_centers=h), tf.float64)), x=pixels)
    case(f"resizeNearestNeighbor, {of}", "ResizeNearestNeighbor", lambda x, a=align, h=half: tf.exp(raw.ResizeNearestNeighbor(images=x, size=[7, 3], align_corners=a, half_pixel_centers=h)), x=pixels)
boxes = np.array([[0.13, 0.22, 0.83, 0.91], [0.05, 0.07, 1.21, 0.71]])
several = apart(2, 4, 5, 2)


def crop(image, boxes, method="bilinear"):
    return tf.exp(tf.cast(tf.image.crop_and_resize(image, tf.cast(boxes, tf.float32), [1, 0], [3, 2], method, 0.5), tf.float64))


case("cropAndResize, bilinear", "CropAndResize", crop, image=several, boxes=boxes)
case("cropAndResize, nearest", "CropAndResize", lambda image: crop(image, boxes, "nearest"), image=several)
case("flipLeftRight", "FlipLeftRight", lambda x: tf.exp(tf.image.flip_left_right(x)), x=several)
case("depthToSpace", "DepthToSpace", lambda x: tf.exp(tf.nn.depth_to_space(x, 2)), x=draw(1, 2, 2, 4))
case(
    "localResponseNormalization",
    "LRN",
    lambda x: tf.exp(x / tf.pow(1.0 + 0.5 * sum(tf.pad(x**2, [[0, 0]] * 3 + [[1, 1]])[..., k : k + 4] for k in range(3)), 0.7)),
    x=draw(1, 2, 2, 4),
)
case("batchNorm", "FusedBatchNorm", lambda x, mean, variance, scale: tf.exp(tf.nn.batch_normalization(x, mean, variance, None, scale, 0.001)), x=pixels, mean=draw(2), variance=draw(2, low=0.4, high=2), scale=draw(2))
case("batchNorm, no scale", "FusedBatchNorm", lambda x, mean, variance: tf.exp(tf.nn.batch_normalization(x, mean, variance, None, None, 0.001)), x=pixels, mean=draw(2), variance=draw(2, low=0.4, high=2))
projection = np.array([[1.1, 0.2, -0.13, 0.1, 0.93, 0.21, 0.01, 0.02]])
for fill in ["CONSTANT", "REFLECT", "WRAP", "NEAREST"]:
    for method in ["BILINEAR", "NEAREST"]:
        case(f"transform, {method.lower()}, {fill.lower()}", "Transform", lambda x, f=fill, m=method: tf.exp(raw.ImageProjectiveTransformV3(images=x, transforms=tf.constant(projection, tf.float32), output_shape=[4, 5], fill_value=0.5, interpolation=m, fill_mode=f)), x=several)


def rotated(x, radians=0.4, center=(0.5, 0.3), fill=0.25):
    """tfjs' own: each pixel from the nearest of where it was, around a center."""
    _, height, width, _ = x.shape
    columns, rows = np.meshgrid(np.arange(width), np.arange(height))
    right, down = columns - center[0] * width, rows - center[1] * height
    from_x = np.floor(right * np.cos(radians) - down * np.sin(radians) + center[0] * width + 0.5).astype(int)
    from_y = np.floor(right * np.sin(radians) + down * np.cos(radians) + center[1] * height + 0.5).astype(int)
    inside = (from_x >= 0) & (from_x < width) & (from_y >= 0) & (from_y < height)
    places = np.where(inside, from_y * width + from_x, 0)
    values = tf.gather(tf.reshape(x, [x.shape[0], height * width, -1]), places, axis=1)
    return tf.exp(tf.where(inside[None, :, :, None], values, fill))


case("rotateWithOffset", "RotateWithOffset", rotated, x=several)
case("step", "Step", lambda x: tf.where(x > 0.0, tf.ones_like(x), 0.2 * tf.ones_like(x)) * x, x=draw(5))
case("fused conv2d", "FusedConv2D", lambda x, filter, bias: tf.tanh(tf.nn.relu(tf.nn.conv2d(x, filter, 1, "SAME") + bias)), x=pixels, filter=kernel, bias=draw(2))
case("fused depthwiseConv2d", "FusedDepthwiseConv2D", lambda x, filter, bias: tf.tanh(tf.nn.elu(tf.nn.depthwise_conv2d(x, filter, [1, 1, 1, 1], "SAME") + bias)), x=pixels, filter=deep, bias=draw(4))
case("fused matMul", "_FusedMatMul", lambda a, b, bias: tf.tanh(tf.nn.relu(tf.matmul(a, b) + bias)), a=draw(3, 4), b=draw(4, 2), bias=draw(2))
case("maxPoolWithArgmax", "MaxPoolWithArgmax", lambda x: tf.exp(tf.nn.max_pool_with_argmax(x, 3, 2, "SAME")[0]), x=pixels)
case("raggedGather", "RaggedGather", lambda x: tf.exp(tf.gather(tf.RaggedTensor.from_row_splits(x, [0, 2, 3, 6]), [2, 0, 2]).flat_values), x=draw(6))
case(
    "raggedTensorToTensor",
    "RaggedTensorToTensor",
    lambda values, rest: tf.exp(tf.RaggedTensor.from_row_splits(values, [0, 2, 2, 5]).to_tensor(rest, [3, 3])),
    values=draw(5),
    rest=np.array(0.4),
)
case(
    "sparseFillEmptyRows",
    "SparseFillEmptyRows",
    lambda values, rest: tf.exp(raw.SparseFillEmptyRows(indices=tf.constant([[0, 1], [2, 0]], tf.int64), values=values, dense_shape=tf.constant([4, 2], tf.int64), default_value=rest)[1]),
    values=draw(2),
    rest=np.array(0.4),
)
unary("lgamma", "Lgamma", tf.math.lgamma, 0.3, 4)
unary("digamma", "Digamma", tf.math.digamma, 0.3, 4)
unary("erfinv", "Erfinv", tf.math.erfinv, -0.9, 0.9)
case("xlogy", "Log", lambda a, b: tf.math.xlogy(a, b), a=draw(2, 3), b=draw(3, low=0.3, high=2))
case("logsumexp", "Exp", lambda x: tf.reduce_logsumexp(x, 1), x=draw(2, 3))


def definite(x):
    return tf.matmul(x, x, transpose_b=True) + tf.linalg.diag(tf.range(1, x.shape[-1] + 1, dtype=tf.float64))


square, right = draw(2, 3, 3), draw(2, 3, 2)
steep = draw(2, 3, 3, low=0.2, high=0.9) + 1.5 * np.eye(3)


def apart_svd(x):
    s, u, v = tf.linalg.svd(x)
    return tf.matmul(u**2 * s[..., None, :], v**2, transpose_b=True)


def weighed_vectors(x):
    values, vectors = tf.linalg.eigh(definite(x))
    return vectors**2 * tf.exp(values)[..., None, :]


case("cholesky", "Cholesky", lambda x: tf.linalg.cholesky(definite(x)), x=square)
case("triangularSolve", "TriangularSolve", lambda l, b: tf.linalg.triangular_solve(l, b), l=steep, b=right)
case("triangularSolve, upper, transposed", "TriangularSolve", lambda l, b: tf.linalg.triangular_solve(l, b, lower=False, adjoint=True), l=steep, b=right)
case("solve", "MatrixSolve", lambda a, b: tf.linalg.solve(a, b), a=steep, b=right)
case("inverse", "MatrixSolve", lambda x: tf.linalg.inv(x), x=steep)
case("det", "LogMatrixDeterminant", lambda x: tf.linalg.det(x), x=square)
case("logdet", "LogMatrixDeterminant", lambda x: tf.linalg.logdet(definite(x)), x=square)
case("eigh, values", "SelfAdjointEig", lambda x: tf.linalg.eigh(definite(x))[0], x=square)
case("eigh, vectors", "SelfAdjointEig", weighed_vectors, x=square)
case("svd, values", "Svd", lambda x: tf.linalg.svd(x, compute_uv=False), x=draw(2, 3, 4))
case("svd, tall", "Svd", apart_svd, x=draw(4, 3))
case("svd, wide", "Svd", apart_svd, x=draw(3, 4))


def weights(y):
    return np.cos(np.arange(int(np.prod(y.shape)))).reshape(y.shape) + 0.3


def seed(x):
    return np.sin(3 * np.arange(x.size) + 1).reshape(x.shape)


def loss(f, inputs):
    y = f(**inputs)
    return tf.reduce_sum(tf.cast(y, tf.float64) * weights(y))


def first(f, inputs, name):
    x = tf.constant(inputs[name])
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = loss(f, {**inputs, name: x})
    return value, tape.gradient(value, x)


def second(f, inputs, name):
    x = tf.constant(inputs[name])
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            value = loss(f, {**inputs, name: x})
        g = inner.gradient(value, x)
        if g is None:
            return None
        directed = tf.reduce_sum(tf.convert_to_tensor(g) * seed(inputs[name]))
    return outer.gradient(directed, x)


# What TensorFlow computes in float32 alone, whatever it is given: only long steps tell of it.
SINGLE = ("transform", "resizeBilinear", "cropAndResize", "avgPool3d", "maxPool3d", "cast")


def differences(g, x, single=False):
    """Central differences, extrapolated from two steps where these are long."""
    def central(i, step):
        d = np.zeros(x.size)
        d[i] = step
        d = d.reshape(x.shape)
        return (g(tf.constant(x + d)) - g(tf.constant(x - d))) / (2 * step)  # of an array some take float32

    out = np.zeros_like(x)
    for i in range(x.size):
        out.flat[i] = (4 * central(i, 1 / 256) - central(i, 1 / 128)) / 3 if single else central(i, 1e-6)
    return out


def plain(g):
    return None if g is None else [float(f"{v:.8g}") for v in np.asarray(tf.convert_to_tensor(g)).ravel()]


def registered(kernel):
    """Whether TensorFlow has a gradient of this operation: True, False, or None where it has no such operation."""
    from tensorflow.python.framework import op_def_registry
    from tensorflow.python.framework.ops import gradient_registry

    otherwise = {"Multiply": "Mul", "Transform": "ImageProjectiveTransformV3", "TriangularSolve": "MatrixTriangularSolve", "SearchSorted": "LowerBound", "Mod": "FloorMod"}
    name = otherwise.get(kernel, kernel)
    versions = [v for v in (name, name + "V2", name + "V3") if op_def_registry.get(v) is not None]
    if not versions:
        return None
    return any(v in gradient_registry._registry and gradient_registry.lookup(v) is not None for v in versions)


def main():
    rows = []
    for name, kernel, f, inputs in CASES:
        inputs = {k: np.asarray(v, np.float64) for k, v in inputs.items()}
        row = {"name": name, "kernel": kernel, "inputs": {k: {"shape": list(v.shape), "values": v.ravel().tolist()} for k, v in inputs.items()}}
        for x in inputs:
            for order in ["first", "second"]:
                try:
                    ours = first(f, inputs, x)[1] if order == "first" else second(f, inputs, x)
                except (LookupError, tf.errors.OpError, RuntimeError) as error:
                    print(f"{name}, {x}: TensorFlow has no {order}: {str(error)[:90]}", file=sys.stderr)
                    ours = None
                if order == "first":
                    of = lambda v: float(loss(f, {**inputs, x: v}))
                else:  # of TensorFlow's own first, where it is right
                    of = lambda v: float(tf.reduce_sum(tf.convert_to_tensor(first(f, {**inputs, x: v}, x)[1]) * seed(inputs[x])))
                row.setdefault(order, {})[x] = plain(ours)
                if order == "second" and (row["first"][x] is None or x in row.get("firstDifferences", {})):
                    continue
                single = name.startswith(SINGLE)
                true = differences(of, inputs[x], single)
                given = np.zeros_like(true) if ours is None else np.asarray(tf.convert_to_tensor(ours))
                off = np.max(np.abs(given - true) / np.maximum(1, np.abs(true)), initial=0)
                if off > (2e-3 if single else 1e-4 if order == "second" else 1e-5):
                    print(f"{name}, {x}: TensorFlow's {order} is off by {off:.3g}", file=sys.stderr)
                    row.setdefault(order + "Differences", {})[x] = plain(true)
        rows.append(row)
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "docs", "gradients.md")) as table:
        kernels = [line.split("|")[1].strip() for line in table if line.startswith("| ") and "Kernel" not in line]
    differentiable = {kernel: registered(kernel) for kernel in kernels}
    json.dump({"made": f"TensorFlow {tf.__version__}, doubles", "differentiable": differentiable, "cases": rows}, sys.stdout, separators=(",", ":"))
    print()


main()
