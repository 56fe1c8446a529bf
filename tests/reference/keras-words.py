"""Writes keras-words.json: what Keras computes by layers that TensorFlow.js lacks or computes otherwise.

python keras-words.py          with Keras 2.15, and again with Keras 3 and KERAS_BACKEND=tensorflow
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

VERSION = int(keras.__version__[0])
PICTURE = (4, 3, 2)

CASES = [
    ("Conv2D(4, 2, groups=2, padding='same', activation='tanh')", [PICTURE]),
    ("Conv2D(2, 2, dilation_rate=2, padding='same')", [PICTURE]),
    ("Conv1D(2, 2, padding='causal')", [(5, 2)]),
    ("Conv1DTranspose(2, 3, strides=2)", [(4, 2)]),
    ("Conv2DTranspose(2, 3, strides=2, padding='same', output_padding=1)", [PICTURE]),
    ("DepthwiseConv2D(2, dilation_rate=2, depth_multiplier=2)", [PICTURE]),
    ("DepthwiseConv1D(2, strides=2)", [(5, 2)]),
    ("SeparableConv1D(3, 2, padding='same', activation='relu')", [(5, 2)]),
    ("GroupNormalization(2)", [(3, 2, 4)]),
    ("UnitNormalization(axis=[1, 2])", [PICTURE]),
    ("Normalization(axis=-1)", [PICTURE]),
    ("Normalization(mean=[1.0, 2.0], variance=[0.5, 4.0], invert=True)", [PICTURE]),
    ("Resizing(3, 5)", [PICTURE]),
    ("Resizing(7, 2, interpolation='bicubic', crop_to_aspect_ratio=True)", [PICTURE]),
    ("Resizing(3, 5, interpolation='nearest')", [PICTURE]),
    ("CenterCrop(6, 2)", [PICTURE]),
    ("UpSampling2D(2, interpolation='bilinear')", [PICTURE]),
    ("ReLU(max_value=1.0, negative_slope=0.1, threshold=0.5)", [PICTURE]),
    ("ELU(alpha=0.5)", [PICTURE]),
    ("LeakyReLU(0.1)", [PICTURE]),
    ("Softmax(axis=[1, 2])", [PICTURE]),
    ("Activation('hard_sigmoid')", [PICTURE]),
    ("Activation('exponential')", [PICTURE]),
    ("Dense(2, activation=layers.LeakyReLU(0.1))", [(3,)]),
    ("GlobalAveragePooling2D(keepdims=True)", [PICTURE]),
    ("Reshape((-1, 4))", [PICTURE]),
    ("ZeroPadding1D((1, 2))", [(3, 2)]),
    ("Cropping1D((1, 2))", [(5, 2)]),
    ("UpSampling1D(2)", [(3, 2)]),
    ("Subtract()", [PICTURE, PICTURE]),
    ("Multiply()", [PICTURE, (1, 1, 2)]),
    ("Maximum()", [PICTURE, PICTURE]),
    ("Concatenate(axis=2)", [PICTURE, PICTURE]),
    ("Dot(axes=1, normalize=True)", [(3,), (3,)]),
]
if VERSION == 3:
    CASES += [
        ("RMSNormalization()", [PICTURE]),
        ("Resizing(6, 2, pad_to_aspect_ratio=True, fill_value=0.5)", [PICTURE]),
        ("Resizing(2, 2, interpolation='lanczos3', antialias=True)", [PICTURE]),
        ("Dense(2, activation='hard_silu')", [(3,)]),
    ]
    CASES += [
        (f"Activation('{name}')", [PICTURE])
        for name in "celu squareplus soft_shrink sparse_plus tanh_shrink sparse_sigmoid hard_tanh".split()
        + "hard_shrink log_sigmoid log_softmax sparsemax leaky_relu".split()
    ]


def waves(shape, start):
    """Numbers that both sides can make: 2 sin(1.7 i + start)."""
    size = int(np.prod(shape))
    return (2 * np.sin(1.7 * np.arange(size) + start)).reshape(shape).astype("float32")


def rounded(values):
    return [float(f"{value:.7g}") for value in np.asarray(values).ravel()]


def case(text, shapes):
    layer = eval(f"layers.{text}", {"layers": layers})
    inputs = [keras.Input(shape) for shape in shapes]
    model = keras.Model(inputs, layer(inputs if len(inputs) > 1 else inputs[0]))
    weights = [waves(weight.shape, 2 + i) for i, weight in enumerate(layer.weights)]
    weights = [np.abs(each) if "variance" in weight.name else each for each, weight in zip(weights, layer.weights)]
    layer.set_weights([each.astype("int64") if each.shape == () else each for each in weights])
    if hasattr(layer, "finalize_state"):
        layer.finalize_state()
    xs = [tf.constant(waves((2, *shape), i)) for i, shape in enumerate(shapes)]
    for _ in range(2):  # TensorFlow 2.15 has been seen to give another pooling the first time
        with tf.GradientTape() as tape:
            tape.watch(xs)
            y = model(xs if len(xs) > 1 else xs[0], training=False)
            loss = tf.reduce_sum(y * waves(y.shape, 1))
        gradients = tape.gradient(loss, xs)
    (described,) = [
        each for each in json.loads(model.to_json())["config"]["layers"] if each["class_name"] != "InputLayer"
    ]
    config = {
        key: value
        for key, value in described["config"].items()
        if not key.endswith(("_initializer", "_regularizer", "_constraint"))
    }
    kept = {key: described[key] for key in ("module", "class_name", "registered_name") if key in described}
    return {
        "python": f"Keras {VERSION}: {text}",
        "keras": VERSION,
        "layer": {**kept, "config": config},
        "inputs": [list(shape) for shape in shapes],
        "weights": [rounded(weight) for weight in weights],
        "output": {"shape": list(y.shape), "values": rounded(y)},
        "gradients": [rounded(gradient) for gradient in gradients],
    }


path = Path(__file__).with_suffix(".json")
others = [each for each in json.loads(path.read_text()) if each["keras"] != VERSION] if path.exists() else []
made = [case(text, shapes) for text, shapes in CASES]
lines = ",\n".join(json.dumps(each) for each in sorted(others + made, key=lambda each: each["keras"]))
path.write_text(f"[\n{lines}\n]\n")
