"""Makes models-keras2.zip.br and models-keras3.zip.br, tiny models as Keras saves them, and beside them its answers (.json).

    pip install tensorflow-cpu==2.15.1 brotli     (Keras 2; in an environment of its own tensorflow-cpu==2.21.0, for Keras 3)
    python tests/reference/models.py FOLDER [--seed 1]
    cp FOLDER/models-keras2.* tests/reference

The folder FOLDER/models-keras2 holds the same files unpacked. A case is one kind of layer in front of Flatten and Dense(3),
or one structure. Its input is the picture x[i, j, c] = 0.5 + 0.5 sin(0.1 i + 0.17 j + c), of `input`'s shape; [n] has i alone,
[n, m] has i and j. No two neighbours are equal there: a maximum would have to choose. `output` is what Keras predicts,
`gradient` that of sum(w * output), w = 0.3 + cos(0), 0.3 + cos(1) ..., by the input; of long ones only the l2 norm, `norm`, and
the `first` 20 values. `refused`: no importer has to take it. Weights are multiples of 1/32, drawn anew by --seed.
"""
import argparse
import io
import json
import logging
import os
import shutil
import sys
import zipfile
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # with it a gradient of mini-XCEPTION ends the process
import brotli
import h5py
import keras
import numpy as np
import tensorflow as tf

logging.getLogger("tensorflow").setLevel("ERROR")
logging.getLogger("absl").setLevel("ERROR")  # each .h5 file is called legacy
KERAS3 = keras.__version__.startswith("3.")
VERSION = "keras3" if KERAS3 else "keras2"
L = keras.layers
Sequential, Model, Input = keras.Sequential, keras.Model, keras.Input
PICTURE = (6, 5, 3)
LONGEST = 100  # gradients of more numbers are told by their norm


def picture(shape):
    i, j, c = (np.arange(n, dtype=np.float64) for n in [*shape, 1, 1][:3])
    x = 0.5 + 0.5 * np.sin(0.1 * i[:, None, None] + 0.17 * j[None, :, None] + c[None, None, :])
    return x.reshape(shape).astype(np.float32)


def rounded(values):
    return [float(f"{v:.8g}") for v in np.asarray(values, np.float64).ravel()]


def answers(model, shape, times=1, whole=False):
    """What the model says of the picture, or of so many times the picture, and the gradient there, `whole` however long."""
    x = tf.constant(times * picture(shape)[None], keras.backend.floatx())
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = model(x, training=False)
        loss = tf.reduce_sum(tf.reshape(y, [-1]) * tf.constant(0.3 + np.cos(np.arange(int(tf.size(y)))), y.dtype))
    gradient = tape.gradient(loss, x, unconnected_gradients="zero").numpy().ravel()
    assert np.all(np.isfinite(y)) and np.all(np.isfinite(gradient)), "not finite"
    if whole or len(gradient) <= LONGEST:
        told = {"gradient": rounded(gradient)}
    else:
        told = {"norm": rounded([np.linalg.norm(gradient.astype(np.float64))])[0], "first": rounded(gradient[:20])}
    return {"input": list(shape), **({} if times == 1 else {"times": times}), "output": rounded(y), **told}


def draw(name, path, shape, rng):
    """Weights on a coarse grid, so that the files are small."""
    if "variance" in name:
        return rng.integers(16, 49, shape) / 32
    if name in ("gamma", "scale"):
        return rng.integers(16, 49, shape) * rng.choice([1, 1, 1, -1], shape) / 32
    if name == "alpha":
        return rng.integers(1, 25, shape) / 32
    if len(shape) < 2:
        return rng.integers(-16, 17, shape) / 32
    if "spread" in path:  # far into both tails of what follows
        return rng.integers(-128, 129, shape) / 32
    fan_in = np.prod(shape[:-1])
    most = 32 if fan_in <= 16 else 16 if fan_in <= 64 else 8
    return rng.integers(-most, most + 1, shape) / 32


def fill(layer, seed, path=""):
    """The weights depend on where they stand alone: equal layers of two cases have equal ones, which compresses."""
    if isinstance(layer, L.Normalization):
        return  # adapted
    if hasattr(layer, "layers"):
        for inner in layer.layers:
            fill(inner, seed, f"{path}/{inner.name}")
        return
    for index, weight in enumerate(layer.weights):
        if not tf.as_dtype(weight.dtype).is_floating:
            continue  # a random layer's state
        rng = np.random.default_rng(zlib.crc32(f"{seed}{path}/{index}".encode()))
        name = weight.name.split("/")[-1].split(":")[0]
        weight.assign(draw(name, path, tuple(weight.shape), rng).astype(np.float32))


CASES = []


def structure(name, build, shape=PICTURE, formats=("h5", "keras"), refused=False, twin=None, after=None):
    """`twin`: a model of the same weights and answers that a CPU can run; `after` changes the saved file."""
    CASES.append((name, build, shape, formats, refused, twin, after))


def chain(shape, layers):
    return Sequential([Input(shape), *layers, L.Flatten(), L.Dense(3)])


def layer(name, make, shape=PICTURE, **options):
    """One kind of layer. Under Keras 2 people have .h5, under Keras 3 both."""
    options.setdefault("formats", ("h5", "keras") if KERAS3 else ("h5",))

    def build():
        made = make()
        return chain(shape, made if isinstance(made, list) else [made])
    structure(name, build, shape, **options)


def spread(name, make, **options):
    """A layer whose answer depends on how large its input is: it gets large ones of both signs."""
    layer(name, lambda: [L.Conv2D(6, 1, name="spread"), make()], **options)


def flat(name, make, **options):
    """A layer for sequences, of 15 steps of 6 numbers."""
    layer(name, lambda: [L.Reshape((15, 6)), make()], **options)


def channels_first(name, make, shape=(3, 6, 5)):
    """Layers that a CPU cannot run in this order: the twin has them in the other one, behind a transpose."""
    twin = lambda: Sequential([Input(shape), L.Permute((2, 3, 1)), *make(False)])
    structure(name, lambda: Sequential([Input(shape), *make(True)]), shape, formats=("h5", "keras") if KERAS3 else ("h5",), twin=twin)


# Dense and convolutions

layer("dense", lambda: L.Dense(4))
layer("dense-no-bias", lambda: [L.Flatten(), L.Dense(4, use_bias=False, activation="relu")])
flat("conv1d", lambda: L.Conv1D(4, 3, strides=2, activation="relu"))
flat("conv1d-same", lambda: L.Conv1D(4, 4, padding="same"))
flat("conv1d-dilated", lambda: L.Conv1D(4, 3, dilation_rate=2, padding="same"))
flat("conv1d-causal", lambda: L.Conv1D(4, 3, padding="causal"))
layer("conv2d", lambda: L.Conv2D(4, 3))
layer("conv2d-same", lambda: L.Conv2D(4, (3, 2), padding="same", activation="relu"))
layer("conv2d-strides-same", lambda: L.Conv2D(4, 3, strides=2, padding="same"))
layer("conv2d-strides-valid", lambda: L.Conv2D(4, 2, strides=2 if KERAS3 else (2, 1), use_bias=False))
layer("conv2d-dilated", lambda: L.Conv2D(4, 3, dilation_rate=2, padding="same"))
layer("conv2d-dilated-valid", lambda: L.Conv2D(4, 2, dilation_rate=(2, 3)))
layer("conv2d-groups", lambda: L.Conv2D(6, 3, groups=3, padding="same"))
layer("conv2d-transpose", lambda: L.Conv2DTranspose(4, 3))
layer("conv2d-transpose-same", lambda: L.Conv2DTranspose(4, 3, strides=2, padding="same"))
layer("conv2d-transpose-valid", lambda: L.Conv2DTranspose(4, 2, strides=3))
layer("conv2d-transpose-output-padding", lambda: L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=0))
flat("conv1d-transpose", lambda: L.Conv1DTranspose(4, 3, strides=2, padding="same"))
layer("depthwise-conv2d", lambda: L.DepthwiseConv2D(3, activation="relu6"))
layer("depthwise-conv2d-multiplier", lambda: L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", use_bias=False))
layer("depthwise-conv2d-strides", lambda: L.DepthwiseConv2D(3, strides=2, padding="same"))
layer("depthwise-conv2d-dilated", lambda: L.DepthwiseConv2D(3, dilation_rate=2, padding="same"))
layer("depthwise-conv2d-dilated-valid", lambda: L.DepthwiseConv2D(2, dilation_rate=2))
flat("depthwise-conv1d", lambda: L.DepthwiseConv1D(3, padding="same"))
layer("separable-conv2d", lambda: L.SeparableConv2D(4, 3, activation="relu"))
layer("separable-conv2d-multiplier", lambda: L.SeparableConv2D(4, 3, depth_multiplier=2, padding="same"))
layer("separable-conv2d-strides", lambda: L.SeparableConv2D(4, 3, strides=2, padding="same", use_bias=False))
layer("separable-conv2d-dilated", lambda: L.SeparableConv2D(4, 3, dilation_rate=2, padding="same"))
flat("separable-conv1d", lambda: L.SeparableConv1D(4, 3, depth_multiplier=2, padding="same"))
flat("separable-conv1d-strides", lambda: L.SeparableConv1D(4, 3, strides=2))

# Pooling

for kind, pool2, pool1, all2, all1 in [
    ("max", L.MaxPooling2D, L.MaxPooling1D, L.GlobalMaxPooling2D, L.GlobalMaxPooling1D),
    ("average", L.AveragePooling2D, L.AveragePooling1D, L.GlobalAveragePooling2D, L.GlobalAveragePooling1D),
]:
    layer(f"{kind}-pooling2d", lambda pool2=pool2: pool2(2))
    layer(f"{kind}-pooling2d-same", lambda pool2=pool2: pool2(2, padding="same"))
    layer(f"{kind}-pooling2d-overlapping", lambda pool2=pool2: pool2((3, 2), strides=(2, 1), padding="same"))
    flat(f"{kind}-pooling1d", lambda pool1=pool1: pool1(2, padding="same"))
    layer(f"global-{kind}-pooling2d", lambda all2=all2: all2())
    layer(f"global-{kind}-pooling2d-keepdims", lambda all2=all2: all2(keepdims=True))
    flat(f"global-{kind}-pooling1d", lambda all1=all1: all1())

# Normalisation

layer("batch-normalization", lambda: L.BatchNormalization())
layer("batch-normalization-plain", lambda: L.BatchNormalization(center=False, scale=False, epsilon=0.1))
layer("batch-normalization-no-center", lambda: L.BatchNormalization(center=False))
layer("batch-normalization-no-scale", lambda: L.BatchNormalization(scale=False))
layer("layer-normalization", lambda: L.LayerNormalization())
layer("layer-normalization-axes", lambda: L.LayerNormalization(axis=[1, 2, 3], scale=False))
layer("group-normalization-2", lambda: [L.Conv2D(4, 2), L.GroupNormalization(2)])
layer("group-normalization-1", lambda: [L.Conv2D(4, 2), L.GroupNormalization(1, epsilon=0.01, scale=False)])
layer("group-normalization-each", lambda: [L.Conv2D(4, 2), L.GroupNormalization(-1, center=False)])
layer("unit-normalization", lambda: L.UnitNormalization())
if KERAS3:
    layer("rms-normalization", lambda: L.RMSNormalization())


def adapted():
    made = L.Normalization()
    made.adapt(np.round(32 * np.stack([picture(PICTURE), picture(PICTURE)[::-1] * [0.5, 0.25, 1]])) / 32)
    return made


layer("normalization", adapted)
layer("normalization-given", lambda: L.Normalization(mean=[0.5, 0.25, 0.125], variance=[0.25, 0.5, 0.0625]))
layer("normalization-scalar", lambda: L.Normalization(axis=None, mean=0.5, variance=0.25))
layer("normalization-invert", lambda: L.Normalization(mean=[0.5, 0.25, 0.125], variance=[0.25, 0.5, 0.0625], invert=True))

# Pictures

layer("rescaling", lambda: L.Rescaling(1 / 127.5, offset=-1))
layer("rescaling-channels", lambda: L.Rescaling([0.5, 2.0, 1.0], offset=[0.5, 0.0, -1.0]))
layer("resizing-up", lambda: L.Resizing(9, 8))
layer("resizing-down", lambda: L.Resizing(4, 3))
layer("resizing-nearest-up", lambda: L.Resizing(11, 8, interpolation="nearest"))
layer("resizing-nearest-down", lambda: L.Resizing(4, 3, interpolation="nearest"))
layer("resizing-crop", lambda: L.Resizing(4, 4, crop_to_aspect_ratio=True))
layer("resizing-crop-up", lambda: L.Resizing(7, 9, crop_to_aspect_ratio=True))
if KERAS3:
    layer("resizing-pad", lambda: L.Resizing(7, 9, pad_to_aspect_ratio=True))
layer("center-crop", lambda: L.CenterCrop(3, 2))
layer("center-crop-larger", lambda: L.CenterCrop(8, 9))
layer("center-crop-higher", lambda: L.CenterCrop(8, 3))
layer("zero-padding2d", lambda: L.ZeroPadding2D(((1, 2), (0, 3))))
layer("zero-padding2d-symmetric", lambda: L.ZeroPadding2D((1, 2)))
flat("zero-padding1d", lambda: L.ZeroPadding1D((1, 3)))
layer("cropping2d", lambda: L.Cropping2D(((1, 2), (0, 3))))
flat("cropping1d", lambda: L.Cropping1D((1, 3)))
layer("up-sampling2d", lambda: L.UpSampling2D((2, 3)))
layer("up-sampling2d-bilinear", lambda: L.UpSampling2D(2, interpolation="bilinear"))
flat("up-sampling1d", lambda: L.UpSampling1D(2))

# What does nothing in a prediction

IDLE = [
    ("dropout", lambda: L.Dropout(0.5)), ("spatial-dropout2d", lambda: L.SpatialDropout2D(0.5)),
    ("gaussian-noise", lambda: L.GaussianNoise(0.5)), ("gaussian-dropout", lambda: L.GaussianDropout(0.5)),
    ("alpha-dropout", lambda: L.AlphaDropout(0.5)), ("random-flip", lambda: L.RandomFlip("horizontal")),
    ("random-rotation", lambda: L.RandomRotation(0.1)), ("random-zoom", lambda: L.RandomZoom(0.1)),
    ("random-translation", lambda: L.RandomTranslation(0.1, 0.2)), ("random-contrast", lambda: L.RandomContrast(0.2)),
    ("random-brightness", lambda: L.RandomBrightness(0.2)), ("random-height", lambda: L.RandomHeight(0.2)),
    ("random-width", lambda: L.RandomWidth(0.2)), ("random-grayscale", lambda: L.RandomGrayscale(0.5)),
    ("random-hue", lambda: L.RandomHue(0.2)), ("random-saturation", lambda: L.RandomSaturation(0.2)),
    ("random-sharpness", lambda: L.RandomSharpness(0.2)), ("random-shear", lambda: L.RandomShear(0.2, 0.2)),
    ("random-color-jitter", lambda: L.RandomColorJitter(brightness_factor=0.2)), ("random-erasing", lambda: L.RandomErasing()),
    ("random-gaussian-blur", lambda: L.RandomGaussianBlur()), ("random-invert", lambda: L.RandomInvert()),
    ("random-perspective", lambda: L.RandomPerspective()), ("random-posterization", lambda: L.RandomPosterization(4)),
    ("random-elastic-transform", lambda: L.RandomElasticTransform()), ("rand-augment", lambda: L.RandAugment()),
    ("aug-mix", lambda: L.AugMix()), ("random-color-degeneration", lambda: L.RandomColorDegeneration(0.2)),
    ("activity-regularization", lambda: L.ActivityRegularization(0.1)),
]
for name, make in IDLE:
    kind = "".join(part.capitalize() for part in name.split("-")).replace("2d", "2D")
    if hasattr(L, kind) and kind not in ("RandomHeight", "RandomWidth"):
        layer(name, make, formats=("keras",) if KERAS3 else ("h5",))
flat("spatial-dropout1d", lambda: L.SpatialDropout1D(0.5), formats=("h5",))
if not KERAS3:  # which crops nothing in a prediction, against the shape that it states
    layer("random-crop", lambda: L.RandomCrop(3, 2))
    layer("random-crop-larger", lambda: L.RandomCrop(8, 9))
layer("flatten", lambda: L.Flatten())
layer("reshape", lambda: L.Reshape((5, -1)))
layer("permute", lambda: L.Permute((2, 3, 1)))
layer("repeat-vector", lambda: [L.GlobalAveragePooling2D(), L.RepeatVector(4)])

# Activations

spread("relu", lambda: L.ReLU())
spread("relu-max-value", lambda: L.ReLU(max_value=3.0))
spread("relu-negative-slope", lambda: L.ReLU(negative_slope=0.2))
spread("relu-threshold", lambda: L.ReLU(threshold=1.5))
spread("relu-slope-threshold", lambda: L.ReLU(negative_slope=0.25, threshold=0.5))
spread("relu-all", lambda: L.ReLU(max_value=3.0, negative_slope=0.25, threshold=0.5))
spread("leaky-relu", lambda: L.LeakyReLU())
spread("leaky-relu-slope", lambda: L.LeakyReLU(0.1))
spread("elu", lambda: L.ELU())
spread("elu-alpha", lambda: L.ELU(0.5))
spread("prelu", lambda: L.PReLU())
spread("prelu-shared", lambda: L.PReLU(shared_axes=[1, 2]))
if hasattr(L, "ThresholdedReLU"):
    spread("thresholded-relu", lambda: L.ThresholdedReLU(1.5))
spread("softmax", lambda: L.Softmax())
spread("softmax-axis", lambda: L.Softmax(axis=1))
spread("softmax-axes", lambda: L.Softmax(axis=[1, 2]))

NAMES = ["elu", "exponential", "gelu", "hard_sigmoid", "linear", "relu", "relu6", "selu", "sigmoid", "softmax", "softplus", "softsign", "swish", "tanh", "leaky_relu", "mish", "log_softmax"]
if KERAS3:
    NAMES += ["silu", "hard_silu", "hard_swish", "celu", "hard_tanh", "hard_shrink", "log_sigmoid", "sparse_plus", "sparse_sigmoid", "squareplus", "soft_shrink", "tanh_shrink"]
for name in NAMES:
    if not hasattr(keras.activations, name):
        continue
    spread(f"activation-{name}", lambda name=name: L.Activation(name), formats=("keras",) if KERAS3 else ("h5",))
for name in ["hard_sigmoid", "gelu", "swish", "leaky_relu", "exponential"]:
    layer(f"conv2d-{name}", lambda name=name: L.Conv2D(4, 2, activation=name), formats=("h5", "keras"))
if KERAS3:
    layer("activation-sparsemax", lambda: [L.Conv2D(4, 2), L.Activation("sparsemax")], formats=("keras",))
layer("activation-gelu-function", lambda: L.Activation(keras.activations.gelu), formats=("h5",))
layer("conv2d-activation-layer", lambda: L.Conv2D(4, 2, activation=L.LeakyReLU(0.1)))
layer("dense-activation-layer", lambda: L.Dense(4, activation=L.ReLU(max_value=0.5)))


# Merging

def merged(merge, **options):
    x = Input(PICTURE)
    a, b = L.Conv2D(4, 2, name="a")(x), L.Conv2D(4, 2, name="b", **options)(x)
    return Model(x, L.Dense(3)(L.Flatten()(merge([a, b]))))


for kind in ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"]:
    structure(kind.lower(), lambda kind=kind: merged(getattr(L, kind)()))
structure("concatenate-axis", lambda: merged(L.Concatenate(axis=1)), formats=("h5",))
structure("dot", lambda: merged(lambda ab: L.Dot(axes=1)([L.GlobalAveragePooling2D()(each) for each in ab])), formats=("h5",))


def add_broadcast(kind):  # as in squeeze-and-excitation
    x = Input(PICTURE)
    a = L.Conv2D(4, 2, name="a")(x)
    gate = L.Dense(4, activation="sigmoid", name="gate")(L.GlobalAveragePooling2D()(a))
    return Model(x, L.Dense(3)(L.Flatten()(kind()([a, L.Reshape((1, 1, 4))(gate)]))))


structure("multiply-broadcast", lambda: add_broadcast(L.Multiply))
structure("add-broadcast", lambda: add_broadcast(L.Add), formats=("h5",))
structure("add-three", lambda: three_ways(L.Add), formats=("h5",))


def three_ways(kind):
    x = Input(PICTURE)
    return Model(x, L.Dense(3)(L.Flatten()(kind()([L.Conv2D(2, 2, name=name)(x) for name in "abc"]))))


# Channels first

def order(first):
    return {"data_format": "channels_first" if first else "channels_last"}


def headed(*makes):
    return lambda first: [*[make(first) for make in makes], L.Flatten(**order(first)), L.Dense(3)]


channels_first("channels-first-conv2d", headed(lambda f: L.Conv2D(4, 3, activation="relu", **order(f))))
channels_first("channels-first-depthwise", headed(lambda f: L.DepthwiseConv2D(3, padding="same", **order(f))))
channels_first("channels-first-separable", headed(lambda f: L.SeparableConv2D(4, 3, **order(f))))
channels_first("channels-first-transpose", headed(lambda f: L.Conv2DTranspose(4, 3, strides=2, padding="same", **order(f))))
channels_first("channels-first-max-pooling", headed(lambda f: L.MaxPooling2D(2, padding="same", **order(f))))
channels_first("channels-first-average-pooling", headed(lambda f: L.AveragePooling2D(2, **order(f))))
channels_first("channels-first-batch-normalization", headed(lambda f: L.BatchNormalization(axis=1 if f else -1)))
channels_first("channels-first-up-sampling", headed(lambda f: L.UpSampling2D(2, **order(f))))
channels_first("channels-first-zero-padding", headed(lambda f: L.ZeroPadding2D(((1, 0), (0, 2)), **order(f))))
channels_first("channels-first-cropping", headed(lambda f: L.Cropping2D(((1, 0), (0, 2)), **order(f))))
channels_first("channels-first-global", lambda f: [L.Conv2D(4, 3, **order(f)), L.GlobalAveragePooling2D(**order(f)), L.Dense(3)])
channels_first("channels-first-net", lambda f: [
    L.Conv2D(4, 3, activation="relu", padding="same", **order(f)), L.BatchNormalization(axis=1 if f else -1), L.MaxPooling2D(2, **order(f)),
    L.Dropout(0.5), L.Conv2D(3, 2, **order(f)), L.Flatten(**order(f)), L.Dense(3, activation="softmax")])
# A Flatten that knows nothing of the order
structure("channels-first-plain-flatten", lambda: Sequential([Input((3, 6, 5)), L.Conv2D(4, 3, data_format="channels_first"), L.Flatten(), L.Dense(3)]), (3, 6, 5),
          twin=lambda: Sequential([Input((3, 6, 5)), L.Permute((2, 3, 1)), L.Conv2D(4, 3), L.Permute((3, 1, 2)), L.Flatten(), L.Dense(3)]))


# Structures

def conv(filters=4, activation="relu", **options):
    return L.Conv2D(filters, 3, padding="same", activation=activation, **options)


def functional(end=lambda: L.Dense(3, activation="softmax"), shape=PICTURE):
    x = Input(shape)
    return Model(x, end()(L.Flatten()(L.MaxPooling2D()(conv()(x)))))


def residual():
    x = Input(PICTURE)
    a = L.BatchNormalization()(conv()(x))
    b = L.BatchNormalization()(L.Conv2D(4, 3, padding="same")(a))
    c = L.Activation("relu")(L.Add()([a, b]))
    d = L.Add()([c, L.Conv2D(4, 1)(x)])
    return Model(x, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(d)))


def inception():
    x = Input(PICTURE)
    branches = [conv(2)(x), conv(3)(L.Conv2D(2, 1, activation="relu")(x)), L.Conv2D(2, 1)(L.MaxPooling2D(3, strides=1, padding="same")(x)), x]
    return Model(x, L.Dense(3, activation="softmax")(L.Flatten()(L.Concatenate()(branches))))


def inner(name, shape=PICTURE, filters=4, normal=False):
    return Sequential([Input(shape), conv(filters, "elu", name="conv"), *([L.BatchNormalization(name="normal")] if normal else []), conv(3, "elu", name="conv_1")], name=name)


def nested_sequential(**options):
    return Sequential([Input(PICTURE), inner("features", **options), Sequential([Input(PICTURE), L.Flatten(), L.Dense(3, activation="softmax")], name="head")])


def teachable_machine():
    x = Input(PICTURE)
    a = L.ReLU(6.0, name="relu")(L.BatchNormalization(name="normal")(L.Conv2D(4, 3, padding="same", use_bias=False, name="conv")(x)))
    b = L.BatchNormalization(name="normal_1")(L.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(a))
    mobile = Model(x, L.Add(name="add")([a, b]), name="model1")
    features = Sequential([mobile, L.GlobalAveragePooling2D(name="pool")], name="sequential_1")
    head = Sequential([Input((4,)), L.Dense(5, activation="relu", name="dense_Dense1"), L.Dense(3, use_bias=False, activation="softmax", name="dense_Dense2")], name="sequential_3")
    return Sequential([Input(PICTURE), features, head])


def two_inner():
    """Both hold `conv` and `conv_1`, of equal shapes."""
    x = Input(PICTURE)
    ab = L.Concatenate()([inner("left")(x), inner("right")(x)])
    return Model(x, L.Dense(3, activation="softmax")(L.Flatten()(ab)))


def two_inner_chained():
    return Sequential([Input(PICTURE), inner("left", filters=3), inner("right", filters=3), L.Flatten(), L.Dense(3)])


def deep_equal_names():
    """Two models with equal names inside, and these in one more."""
    return Sequential([Input(PICTURE), Sequential([Input(PICTURE), inner("left", filters=3), inner("right", filters=3)], name="both"), L.Flatten(), L.Dense(3)])


def functional_in_functional(normal=True):
    x = Input(PICTURE)
    a = L.BatchNormalization(name="normal")(conv(name="conv")(x))
    block = Model(x, L.Add()([a, conv(name="conv_1")(a)]), name="block")
    y = Input(PICTURE)
    b = L.Conv2D(3, 1, name="conv")(y)
    return Model(y, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(L.Add()([block(b), L.Conv2D(4, 1)(y)]))))


def augmented():
    block = Sequential([Input(PICTURE), L.RandomFlip("horizontal"), L.RandomRotation(0.1), L.RandomZoom(0.1)], name="augmentation")
    return Sequential([Input(PICTURE), block, L.Rescaling(1 / 255), conv(), L.MaxPooling2D(), L.Flatten(), L.Dense(3)])


def augmented_functional():
    x = Input(PICTURE)
    block = Sequential([L.RandomFlip("horizontal"), L.RandomRotation(0.1)], name="augmentation")
    return Model(x, L.Dense(3)(L.Flatten()(conv()(L.Rescaling(1 / 127.5, offset=-1)(block(x))))))


def frozen(which):
    """As in transfer learning: what cannot be trained stands last in an .h5 file."""
    model = nested_sequential(normal=True)
    features = model.get_layer("features")
    for each in features.layers if which is None else [features.get_layer(name) for name in which]:
        each.trainable = False
    if which is None:
        features.trainable = False
    return model


def all_frozen():
    model = residual()
    model.trainable = False
    return model


def first_frozen():
    model = inception()
    model.layers[1].trainable = False
    return model


def unsorted(path):
    """Writes the layers in another order than they follow one another; Keras takes that."""
    if not path.endswith(".h5"):
        return
    with h5py.File(path, "r+") as file:
        described = json.loads(file.attrs["model_config"])
        described["config"]["layers"].reverse()
        file.attrs["model_config"] = json.dumps(described)


def built_late():
    """Without an Input: the shape stands in the first layer, or in the build configuration alone."""
    model = Sequential([conv(), L.Flatten(), L.Dense(3)])
    model.build((None, *PICTURE))
    return model


BOTH = ("h5", "keras")
structure("functional", functional)
structure("sequential-input-shape", lambda: Sequential([L.Conv2D(4, 3, input_shape=PICTURE), L.Flatten(), L.Dense(3, activation="softmax")]))
structure("sequential-built", built_late)
structure("residual", residual)
structure("inception", inception)
structure("nested-sequential", nested_sequential)
structure("nested-batch-normalization", lambda: nested_sequential(normal=True))
structure("nested-functional", functional_in_functional)
structure("teachable-machine", teachable_machine)
structure("two-inner-equal-names", two_inner)
structure("two-inner-chained", two_inner_chained)
structure("deep-equal-names", deep_equal_names, formats=BOTH if KERAS3 else ("keras",))
structure("augmented", augmented)
structure("augmented-functional", augmented_functional)
structure("frozen-inner", lambda: frozen(None))
structure("frozen-part", lambda: frozen(["conv_1"]))
structure("frozen-normalization", lambda: frozen(["normal"]))
structure("frozen-residual", all_frozen)
structure("frozen-first", first_frozen)
structure("unsorted", inception, formats=("h5",), after=unsorted)
structure("input-28x28", lambda: chain((28, 28), [L.Flatten(), L.Dense(4, activation="relu")]), (28, 28))
structure("input-28x28x1", lambda: chain((28, 28, 1), [L.Conv2D(2, 5, strides=3)]), (28, 28, 1), formats=("h5",))
structure("input-28x28-reshaped", lambda: chain((28, 28), [L.Reshape((28, 28, 1)), L.Conv2D(2, 5, strides=3)]), (28, 28), formats=("h5",))
structure("input-784", lambda: Sequential([Input((784,)), L.Dense(4, activation="relu"), L.Dense(3, activation="softmax")]), (784,))
structure("input-784-reshaped", lambda: chain((784,), [L.Reshape((28, 28, 1)), L.Conv2D(2, 5, strides=3)]), (784,), formats=("h5",))
structure("input-3072", lambda: Sequential([Input((3072,)), L.Dense(2), L.Dense(3, activation="softmax")]), (3072,), formats=("h5",))
structure("input-any-size", lambda: Sequential([Input((None, None, 3)), L.Conv2D(4, 3, strides=2), L.BatchNormalization(), L.GlobalAveragePooling2D(), L.Dense(3)]), (9, 7, 3))
structure("input-any-size-functional", lambda: Model(x := Input((None, None, 3)), L.Dense(3)(L.GlobalAveragePooling2D()(L.Resizing(4, 5)(x)))), (9, 7, 3), formats=("h5",))
for kind in ["mixed_float16", "float16", "float64"]:  # the answers are those in single precision
    in_half = lambda dtype: Sequential([Input(PICTURE), conv(dtype=dtype), L.Flatten(dtype=dtype), L.Dense(3, activation="softmax", dtype=dtype)])
    structure(kind.replace("_", "-"), lambda kind=kind: in_half(kind), twin=lambda: in_half("float32"))
for name, units, activation in [
    ("softmax", 3, "softmax"), ("one-sigmoid", 1, "sigmoid"), ("sigmoids", 3, "sigmoid"), ("logits", 3, None), ("one-logit", 1, None),
    ("one-tanh", 1, "tanh"), ("tanhs", 3, "tanh"), ("softmax-of-one", 1, "softmax"), ("two-softmax", 2, "softmax"), ("relus", 3, "relu"), ("log-softmax", 3, "log_softmax"),
]:
    structure(f"output-{name}", lambda units=units, activation=activation: Sequential([Input(PICTURE), conv(), L.GlobalAveragePooling2D(), L.Dense(units, activation=activation)]), formats=("h5",))
structure("output-softmax-layer", lambda: Sequential([Input(PICTURE), conv(), L.Flatten(), L.Dense(3), L.Softmax()]))
structure("output-activation-layer", lambda: Sequential([Input(PICTURE), conv(), L.Flatten(), L.Dense(3), L.Activation("softmax")]), formats=("h5",))
structure("output-sigmoid-layer", lambda: Sequential([Input(PICTURE), conv(), L.Flatten(), L.Dense(1), L.Activation("sigmoid")]), formats=("h5",))


def added_ends(activation):
    x = Input(PICTURE)
    a, b = L.GlobalAveragePooling2D()(conv()(x)), L.Flatten()(x)
    return Model(x, L.Activation(activation)(L.Add()([L.Dense(3)(a), L.Dense(3)(b)])))


structure("output-softmax-behind-add", lambda: added_ends("softmax"))
structure("output-sigmoid-behind-add", lambda: added_ends("sigmoid"), formats=("h5",))
structure("output-average", lambda: Model(x := Input(PICTURE), L.Average()([L.Dense(3, activation="softmax")(L.Flatten()(x)), L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(conv()(x)))])))
structure("output-convolution", lambda: Sequential([Input(PICTURE), conv(), L.Conv2D(3, (6, 5), activation="softmax"), L.Flatten()]))
structure("output-global-pooling", lambda: Sequential([Input(PICTURE), conv(), L.Conv2D(3, 1), L.GlobalAveragePooling2D(), L.Activation("softmax")]))


# What no importer has to take

@keras.utils.register_keras_serializable(package="mine")
class Custom(L.Layer):
    def call(self, x):
        return x * 2.0


def shared():
    x = Input(PICTURE)
    twice = L.Conv2D(3, 3, padding="same")
    return Model(x, L.Dense(3)(L.Flatten()(twice(twice(x)))))


def shared_model():
    x = Input(PICTURE)
    twice = inner("features")
    return Model(x, L.Dense(3)(L.Flatten()(twice(twice(x)))))


def two_inputs():
    a, b = Input(PICTURE, name="a"), Input(PICTURE, name="b")
    return Model([a, b], L.Dense(3)(L.Flatten()(L.Add()([a, b]))))


def two_outputs():
    x = Input(PICTURE)
    a = L.Flatten()(conv()(x))
    return Model(x, [L.Dense(3)(a), L.Dense(1)(a)])


def operations():
    x = Input(PICTURE)
    a = conv()(x * 2.0 - 1.0)
    return Model(x, L.Dense(3)(L.Flatten()(a + a / 127.5)))


def operation_of_keras():
    x = Input(PICTURE)
    a = keras.ops.relu(conv()(x)) if KERAS3 else tf.nn.relu(conv()(x))
    return Model(x, L.Dense(3)(L.Flatten()(a)))


structure("refused-shared", shared, refused=True)
structure("refused-shared-model", shared_model, formats=("keras",), refused=True)
structure("refused-two-inputs", two_inputs, refused=True)
structure("refused-two-outputs", two_outputs, refused=True)
structure("refused-operations", operations, refused=True)
structure("refused-operation", operation_of_keras, refused=True)
layer("refused-custom", lambda: Custom(), refused=True)
layer("refused-lambda", lambda: L.Lambda(lambda x: x * 2), refused=True)
layer("refused-time-distributed", lambda: L.TimeDistributed(L.Dense(2)), refused=True)
flat("refused-lstm", lambda: L.LSTM(2), refused=True)
flat("refused-bidirectional", lambda: L.Bidirectional(L.GRU(2)), refused=True)
layer("refused-conv3d", lambda: [L.Reshape((6, 5, 3, 1)), L.Conv3D(2, 2)], refused=True, formats=("h5",))
structure("refused-no-classes", lambda: Sequential([Input(PICTURE), L.Conv2D(4, 3)]), refused=True, formats=("h5",))

# Weights alone, beside a description

structure("weights", nested_sequential, formats=("weights",))
structure("weights-functional", residual, formats=("weights",))


def save(model, folder, name, kind):
    """One file as Keras writes it, or the two of weights alone."""
    if kind != "weights":
        model.save(os.path.join(folder, f"{name}.{kind}"))
        return [f"{name}.{kind}"]
    made = [f"{name}.weights.h5"] if KERAS3 else [f"{name}.weights.h5", f"{name}-groups.h5"]
    for path in made:  # Keras 2 writes either layout, by the name
        model.save_weights(os.path.join(folder, path))
    with open(os.path.join(folder, f"{name}.json"), "w") as file:
        file.write(model.to_json())
    return made


def check(path, row):
    """Keras reads its own file again and says the same, which it does not always."""
    again = answers(keras.models.load_model(path, compile=False), row["input"], row.get("times", 1))
    if not np.allclose(again["output"], row["output"], rtol=1e-5, atol=1e-6):
        raise ValueError("another answer")


def make(case, folder, seed):
    name, build, shape, formats, refused, twin, after = case
    keras.backend.clear_session()
    model = build()
    fill(model, seed)
    row = {"name": name, "files": []}
    if not (refused and (len(model.inputs) > 1 or len(model.outputs) > 1)):
        runs = model
        if twin:
            runs = twin()
            runs.set_weights(model.get_weights())
        row.update(answers(runs, shape))
    for kind in formats:
        for file in save(model, folder, name, kind):
            path = os.path.join(folder, file)
            if after:
                after(path)
            try:
                if not (kind == "weights" or refused or twin):
                    check(path, row)
                row["files"].append(file)
            except Exception as error:
                print(f"{file} left out, which Keras cannot read again: {str(error)[:300]}", file=sys.stderr)
                os.remove(path)
    if refused:
        row["refused"] = True
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    folder = os.path.join(options.out, f"models-{VERSION}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    rows = []
    for case in CASES:
        if options.only not in case[0]:
            continue
        try:
            row = make(case, folder, options.seed)
            rows += [row] if row["files"] else []
        except Exception as error:
            print(f"{case[0]}: {type(error).__name__}: {str(error)[:300]}", file=sys.stderr)
    with open(folder + ".json", "w") as file:
        file.write('{"made":' + json.dumps(f"Keras {keras.__version__}, TensorFlow {tf.__version__}") + ',"cases":[\n')
        file.write(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]}\n")
    with io.BytesIO() as stored, open(folder + ".zip.br", "wb") as file:
        with zipfile.ZipFile(stored, "w") as archive:  # the files resemble one another: compressed as one they take a sixth
            for path in sorted(os.listdir(folder)):
                with open(os.path.join(folder, path), "rb") as each:
                    archive.writestr(zipfile.ZipInfo(path), each.read())
        file.write(brotli.compress(stored.getvalue(), lgwin=24))


if __name__ == "__main__":
    main()
