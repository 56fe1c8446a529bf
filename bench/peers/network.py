"""The article's network with the project's weights: forward pass, gradient of its input, the attack, training, import."""
import os

import numpy as np
import tensorflow as tf

import train
from common import pictures, read_weights

CLASSES, STEP = 2, 1 / 255
BATCHES = (1, 8, 32)


def load():
    model = train.network(CLASSES)
    weights = read_weights()
    kinds = {'Conv2D': 'conv2d', 'BatchNormalization': 'batch_normalization', 'Dense': 'dense'}
    seen = {}
    for layer in model.layers:
        kind = kinds.get(type(layer).__name__)
        if not kind:
            continue
        number = seen[kind] = seen.get(kind, -1) + 1
        name = f'{kind}_{number}' if number else kind
        parts = ('gamma', 'beta', 'moving_mean', 'moving_variance') if kind == 'batch_normalization' else ('kernel', 'bias')
        layer.set_weights([weights[f'{name}/{part}'] for part in parts])
    model.layers[-1].activation = tf.keras.activations.linear  # the logits
    return model


def lead(logits):
    return tf.reduce_sum(logits[:, 0] - logits[:, 1])


def network_points():
    model = load()

    def forward(x):
        return model(x, training=False)

    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            logits = forward(x)
            loss = lead(logits)
        return logits, tape.gradient(loss, x)

    def step(x):
        logits, slope = gradient(x)
        return logits, tf.clip_by_value(x - STEP * tf.sign(slope), 0, 1)

    def attack(step_of, forward_of, x):
        answers, shots = [], []
        for _ in range(4):
            logits, x = step_of(x)
            answers.append(tf.nn.softmax(logits).numpy())
            shots.append(x.numpy())
        answers.append(tf.nn.softmax(forward_of(x)).numpy())
        return float(answers[-1][0, 0])

    styles = {'eager': (forward, gradient, step), 'tf.function': tuple(map(tf.function, (forward, gradient, step)))}
    points = {'forward': {}, 'gradient': {}, 'attack': {}}
    for batch in BATCHES:
        x = tf.constant(pictures(batch))
        for name in points:
            points[name][f'batch {batch}'] = {}
        for style, (forward_of, gradient_of, step_of) in styles.items():
            points['forward'][f'batch {batch}'][style] = \
                lambda x=x, f=forward_of: float(np.sum(f(x).numpy()[:, 0]))
            points['gradient'][f'batch {batch}'][style] = \
                lambda x=x, f=gradient_of: float(f(x)[1].numpy()[0, 64, 64, 0])
            points['attack'][f'batch {batch}'][style] = \
                lambda x=x, s=step_of, f=forward_of: attack(s, f, x)
    return points


def train_points(batch=32, steps=8):
    x, y = pictures(steps * batch), np.arange(steps * batch) % CLASSES
    model = train.compiled(CLASSES, 1000)

    def fit():
        model.fit(x, y, batch_size=batch, verbose=0)
    return {f'{steps} steps': {'Keras fit': fit}}


def import_points(scratch):
    """Keras' own way: build the network, read the weights, and write the model in the newer format."""
    def read_and_write():
        model = train.network(CLASSES)
        model.load_weights(os.path.join(scratch, 'cats-dogs.h5'))
        model.save(os.path.join(scratch, 'imported.keras'))
        return float(np.sum(model.layers[0].get_weights()[0]))
    return {'13 million weights': {'Keras': read_and_write}}
