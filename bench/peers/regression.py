"""The regression by hand, the loss of each iteration kept."""
import jax
import numpy as np
import tensorflow as tf
from jax import numpy as jnp

import jax_styles
from common import read_heights

RATE, START = 2e-5, (5.0, -230.530985)
COUNTS, ARTICLE = (25, 1000, 10000), 25
h, w = read_heights()


def loss_of(m, b):
    return tf.reduce_mean(tf.square(m * h + b - w))


def step(m, b):
    with tf.GradientTape() as tape:
        loss = loss_of(m, b)
    dm, db = tape.gradient(loss, [m, b])
    m.assign_sub(RATE * dm)
    b.assign_sub(RATE * db)
    return loss


def run_with(one_step, iterations):
    m, b = tf.Variable(START[0]), tf.Variable(START[1])

    def run():
        m.assign(START[0])
        b.assign(START[1])
        losses = [float(one_step(m, b)) for _ in range(iterations)]
        return losses[-1]
    return run


def by_hand(iterations):
    """Both variables in one vector, so that the line and the gradient are one product each."""
    table = np.stack([h, np.ones_like(h)], axis=1)
    scale = np.float32(2 * RATE / len(h))

    def run():
        line = np.array(START, 'float32')
        error = np.empty_like(h)
        losses = []
        for _ in range(iterations):
            np.dot(table, line, out=error)
            np.subtract(error, w, out=error)
            losses.append(float(error.dot(error)) / len(h))
            line -= scale * error.dot(table)
        return losses[-1]
    return run


def jax_step(line, _):
    def loss_of_line(line):
        return jnp.mean(jnp.square(line['m'] * h + line['b'] - w))
    loss, gradient = jax.value_and_grad(loss_of_line)(line)
    return jax.tree.map(lambda value, slope: value - RATE * slope, line, gradient), loss


def last(losses):
    return float(losses[-1])


def by_tensorflow(iterations):
    return {'eager': run_with(step, iterations), 'tf.function': run_with(tf.function(step), iterations)}


start = {'m': np.float32(START[0]), 'b': np.float32(START[1])}
points = {f'{count:,} iterations': {
    **(by_tensorflow(count) if count == ARTICLE else {}),
    'NumPy': by_hand(count),
    **jax_styles.styles(jax_step, start, count, last),
} for count in COUNTS}
