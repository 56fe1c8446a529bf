"""Unit vectors that are spread: the article's three losses as it runs them, and one iteration at many sizes.

Eager as the article wrote it: Keras' SGD with a falling rate. Under tf.function as little code as does the same.
"""
import numpy as np
import tensorflow as tf

from common import start_vectors


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
        return losses[0]
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
        return [float(step(tf.constant(rate))) for rate in rates(first, factor, iterations)][0]
    return run


def by_hand(slopes_of, start, iterations, first, factor):
    """NumPy with the gradient by formula: of the angle to each row's nearest, d angle / d cosine = -1 / sine."""
    def run():
        x = start.copy()
        losses = []
        for rate in rates(first, factor, iterations):
            cosines = x @ x.T
            np.fill_diagonal(cosines, -2)
            nearest = cosines.argmax(1)
            cosine = np.clip(cosines[np.arange(len(x)), nearest], -0.9999999, 0.9999999)
            loss, slopes = slopes_of(np.arccos(cosine))
            slopes = (-slopes / np.sqrt(1 - cosine ** 2))[:, None]
            gradient = slopes * x[nearest]
            np.add.at(gradient, nearest, slopes * x)
            x = x - np.float32(rate) * gradient
            x /= np.linalg.norm(x, axis=1, keepdims=True)
            losses.append(float(loss))
        return losses[0]
    return run


def min_angle_slopes(angles):
    least = angles.argmin()
    slopes = np.zeros_like(angles)
    slopes[least] = -1
    return -angles[least], slopes


def variance_slopes(angles):
    deviations = angles - angles.mean()
    loss, slopes = min_angle_slopes(angles)
    return loss + 0.4 * np.sum(deviations ** 2), slopes + np.float32(0.8) * deviations


ANGLES, FORCES = (1200, 0.01, 0.995), (700, 0.001, 0.7, 200)
SIZES = [(count, dimensions) for count in (20, 100, 500, 2000) for dimensions in (3, 32, 128)]
twenty = start_vectors(20, 2)

runs = {
    'minimum angle': {'eager': eager(article_min_angle, twenty, *ANGLES), 'tf.function': compiled(min_angle, twenty, *ANGLES),
                      'NumPy': by_hand(min_angle_slopes, twenty, *ANGLES)},
    'variance': {'eager': eager(article_variance, twenty, *ANGLES), 'tf.function': compiled(variance, twenty, *ANGLES),
                 'NumPy': by_hand(variance_slopes, twenty, *ANGLES)},
    'force': {'eager': eager(forces, twenty, *FORCES), 'tf.function': compiled(forces, twenty, *FORCES)},
}


def sized(count, dimensions):
    iterations = {20: 100, 100: 100, 500: 20, 2000: 10}[count]
    start, settings = start_vectors(count, dimensions), (iterations, 0.01, 1)
    return {'eager': eager(article_min_angle, start, *settings), 'tf.function': compiled(min_angle, start, *settings),
            'NumPy': by_hand(min_angle_slopes, start, *settings)}


sizes = {f'{count} x {dimensions}': sized(count, dimensions) for count, dimensions in SIZES}
