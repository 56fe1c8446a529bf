"""Unit vectors that are spread: the article's three losses as it runs them, and one iteration at many sizes.

Eager as the article wrote it: Keras' SGD with a falling rate. Under tf.function as little code as does the same. Both
take the loss of vectors that are a little shorter than 1, as the article does: that is another number than the others'.
"""
import tensorflow as tf

import jax_styles
import spread_jax
import spread_numpy
from common import CHECKED, start_vectors


def masked_cosines(x):
    return tf.matmul(x, x, transpose_b=True) - 2 * tf.eye(x.shape[0])


def article_angles(x):
    return tf.acos(tf.clip_by_value(masked_cosines(x), -1, 1))


def article_min_angle(x):
    return -tf.reduce_min(article_angles(x))


def article_variance(x):
    nearest = tf.reduce_min(article_angles(x), axis=1)
    return 0.4 * tf.reduce_sum((nearest - tf.reduce_mean(nearest)) ** 2) - tf.reduce_min(nearest)


def min_angle(x):
    return -tf.acos(tf.reduce_max(masked_cosines(x)))


def variance(x):
    nearest = tf.acos(tf.reduce_max(masked_cosines(x), axis=1))
    return 0.4 * tf.reduce_sum((nearest - tf.reduce_mean(nearest)) ** 2) - tf.reduce_min(nearest)


def forces(x):
    difference = x[:, None] - x[None]
    weights = (tf.reduce_sum(difference ** 2, 2) + tf.eye(x.shape[0])) ** -1.5
    force = tf.reduce_sum(weights[:, :, None] * difference, 1)
    tangent = force - x * tf.reduce_sum(force * x, 1, keepdims=True)
    return tf.reduce_sum(tf.sqrt(tf.reduce_sum(tangent ** 2, 1)))


def rates(first, factor, iterations):
    return [first * factor ** (k // 100) for k in range(iterations)]


def eager(loss_of, start, iterations, first, factor, clipnorm=None):
    """The article's loop: a tape, an optimiser whose rate is set, and the rows back to (nearly) length 1."""
    x = tf.Variable(start)

    def run():
        optimizer = tf.keras.optimizers.legacy.SGD(first, clipnorm=clipnorm)
        x.assign(start * 0.999)
        losses = []
        for k in range(iterations):
            with tf.GradientTape() as tape:
                loss = loss_of(x)
            gradient = tape.gradient(loss, x)
            if k % 100 == 0:
                optimizer.learning_rate = first * factor ** (k // 100)
            optimizer.apply_gradients([(gradient, x)])
            x.assign(0.999 * x / tf.sqrt(tf.reduce_sum(x ** 2, 1, keepdims=True)))
            losses.append(float(loss))
    return run


def compiled(loss_of, start, iterations, first, factor, clipnorm=None):
    x = tf.Variable(start)

    @tf.function
    def step(rate):
        with tf.GradientTape() as tape:
            loss = loss_of(0.999 * x)
        gradient = tape.gradient(loss, x)
        if clipnorm:
            gradient = tf.clip_by_norm(gradient, clipnorm)
        moved = x - rate * gradient
        x.assign(moved / tf.sqrt(tf.reduce_sum(moved ** 2, 1, keepdims=True)))
        return loss

    def run():
        x.assign(start)
        losses = []
        for rate in rates(first, factor, iterations):
            losses.append(float(step(tf.constant(rate))))
    return run


def by_hand(descend, start, iterations, first, factor, *clipnorm):
    def run():
        return descend(start.copy(), rates(first, factor, iterations), *clipnorm)[CHECKED]
    return run


def by_jax(loss_of, start, iterations, *schedule):
    return jax_styles.styles(spread_jax.step_of(loss_of, *schedule), start, iterations, lambda losses: float(losses[CHECKED]))


ANGLES, FORCES = (0.01, 0.995), (0.001, 0.7, 200)
SIZES = [(count, dimensions) for count in (20, 100, 500, 2000) for dimensions in (3, 32, 128)]
twenty = start_vectors(20, 2)


def article(iterations, eager_loss, compiled_loss, numpy_descent, jax_loss, schedule):
    """All styles for as many iterations as the article makes, and those of NumPy and JAX for ten times as many."""
    def without_tensorflow(count):
        return {'NumPy': by_hand(numpy_descent, twenty, count, *schedule), **by_jax(jax_loss, twenty, count, *schedule)}
    return {
        f'{iterations:,} iterations': {
            'eager': eager(eager_loss, twenty, iterations, *schedule),
            'tf.function': compiled(compiled_loss, twenty, iterations, *schedule),
            **without_tensorflow(iterations),
        },
        f'{10 * iterations:,} iterations': without_tensorflow(10 * iterations),
    }


runs = {
    'minimum angle': article(1200, article_min_angle, min_angle, spread_numpy.min_angle, spread_jax.min_angle, ANGLES),
    'variance': article(1200, article_variance, variance, spread_numpy.variance, spread_jax.variance, ANGLES),
    'force': article(700, forces, forces, spread_numpy.forces, spread_jax.forces, FORCES),
}


def sized(count, dimensions):
    iterations = {20: 100, 100: 100, 500: 20, 2000: 10}[count]
    start, settings = start_vectors(count, dimensions), (iterations, 0.01, 1)
    return {'eager': eager(article_min_angle, start, *settings), 'tf.function': compiled(min_angle, start, *settings),
            'NumPy': by_hand(spread_numpy.min_angle, start, *settings)}


sizes = {f'{count} x {dimensions}': sized(count, dimensions) for count, dimensions in SIZES}
