"""Networks of other people's, with weights by a formula: input gradients. bench/ours/foreign.ts has the same networks."""
import numpy as np
import tensorflow as tf

from common import pictures

L = tf.keras.layers
BATCHES = (1, 8, 32)


class Builder:
    """Makes layers whose weights are there to be set, in the order in which they were made."""

    def __init__(self):
        self.made = []

    def note(self, layer):
        self.made.append(layer)
        return layer

    def convolution(self, filters, size, padding='same', use_bias=False, **more):
        return self.note(L.Conv2D(filters, size, padding=padding, use_bias=use_bias, **more))

    def depthwise(self, **more):
        return self.note(L.DepthwiseConv2D(3, use_bias=False, **more))

    def separable(self, filters):
        return self.note(L.SeparableConv2D(filters, 3, padding='same', use_bias=False))

    def normalisation(self):
        return self.note(L.BatchNormalization())

    def dense(self, units, **more):
        return self.note(L.Dense(units, **more))

    def fill(self):
        for number, layer in enumerate(self.made):
            layer.set_weights([formula(weight.shape, number, place) for place, weight in enumerate(layer.get_weights())])


def formula(shape, layer, place):
    size = int(np.prod(shape))
    inputs = size / (shape[-2] if shape[-1] == 1 else shape[-1])
    middle, reach = (0, 2 / np.sqrt(inputs)) if len(shape) > 1 else (1 if place % 3 == 0 else 0, 0.2)
    return (middle + reach * np.sin(1 + 12.9898 * np.arange(size) + layer + place)).astype('float32').reshape(shape)


def through(x, *layers):
    for layer in layers:
        x = layer(x)
    return x


def emotion():
    make = Builder()
    inputs = L.Input((64, 64, 1))
    x = inputs
    for _ in range(2):
        x = through(x, make.convolution(8, 3, padding='valid'), make.normalisation(), L.ReLU())
    for filters in (16, 32, 64, 128):
        residual = through(x, make.convolution(filters, 1, strides=2), make.normalisation())
        main = through(x, make.separable(filters), make.normalisation(), L.ReLU(), make.separable(filters),
                       make.normalisation(), L.MaxPooling2D(3, 2, padding='same'))
        x = L.Add()([main, residual])
    outputs = through(x, make.convolution(7, 3, use_bias=True), L.GlobalAveragePooling2D())
    make.fill()
    return tf.keras.Model(inputs, outputs)


def teachable_machine():
    make = Builder()
    inputs = L.Input((224, 224, 3))

    def expanded(filters):
        return make.convolution(filters, 1), make.normalisation(), L.ReLU(6)

    def deep(strides):
        border = [L.ZeroPadding2D(((0, 1), (0, 1)))] if strides == 2 else []
        return *border, make.depthwise(strides=strides, padding='valid' if border else 'same'), make.normalisation(), \
            L.ReLU(6)

    def projected(filters):
        return make.convolution(filters, 1), make.normalisation()
    x = through(inputs, L.ZeroPadding2D(((0, 1), (0, 1))), make.convolution(16, 3, padding='valid', strides=2),
                make.normalisation(), L.ReLU(6))
    x = through(x, *deep(1), *projected(8))
    channels = 8
    for filters, first, blocks in ((8, 2, 2), (16, 2, 3), (24, 2, 4), (32, 1, 3), (56, 2, 3), (112, 1, 1)):
        for strides in (first, *[1] * (blocks - 1)):
            y = through(x, *expanded(6 * channels), *deep(strides), *projected(filters))
            x = L.Add()([x, y]) if strides == 1 and filters == channels else y
            channels = filters
    end = make.dense(100, activation='relu'), make.dense(3, use_bias=False)
    outputs = through(x, *expanded(1280), L.GlobalAveragePooling2D(), *end)
    make.fill()
    return tf.keras.Model(inputs, outputs)


def points(model):
    _, height, width, channels = model.input_shape

    def loss(x):
        logits = model(2 * x - 1, training=False)
        return tf.reduce_sum(logits[:, 0] - tf.reduce_max(logits[:, 1:], 1))

    @tf.function(reduce_retracing=False)
    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = loss(x)
        return tape.gradient(value, x)

    return {f'batch {batch}': {'tf.function': lambda x=tf.constant(pictures(batch, height, channels)):
                               float(gradient(x).numpy()[0, height // 2, width // 2, 0])} for batch in BATCHES}
