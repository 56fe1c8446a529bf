"""Four sets of twenty unit vectors that are spread as one batch, as lib/src/spreads/search.ts does it: the smooth minimum
of the distances, whose temperature falls, by Adam with a rate that falls.
"""
import jax
import numpy as np
from jax import numpy as jnp

import jax_styles
from common import CHECKED, start_vectors
from spread_jax import unit

SETS, VECTORS = 4, 20
DIMENSIONS, COUNTS = (3, 32), (600, 6000)
BETA1, BETA2, EPSILON = 0.8, 0.9, 1e-12
FIRST_RATE, RATE_DECAY = 0.2, 5e-6
FIRST_POWERS = np.array([64 ** ((r + 0.5) / SETS) for r in range(SETS)], 'float32')[:, None, None]
LAST_POWER = 3e5


def rate_at(done, count, xp):
    """With what takes the bias out of the moments; `count` is the update's number, from 1."""
    return FIRST_RATE * RATE_DECAY ** done * xp.sqrt(1 - BETA2 ** count) / (1 - BETA1 ** count)


def by_hand(start, iterations):
    """Everything in place, the gradient as lib/src/losses/by-hand/energies.ts derives it."""
    done = np.arange(iterations) / iterations
    powers = (FIRST_POWERS[None] ** (1 - done)[:, None, None, None] * LAST_POWER ** done[:, None, None, None]).astype('float32')
    rates = rate_at(done, np.arange(1, iterations + 1), np).astype('float32')

    def run():
        x = start.copy()
        m, v = np.zeros_like(x), np.zeros_like(x)
        squared = np.empty((SETS, VECTORS, VECTORS), 'float32')
        terms, update = np.empty_like(squared), np.empty_like(x)
        diagonal = squared.reshape(SETS, -1)[:, ::VECTORS + 1]
        transposed = x.swapaxes(1, 2)
        losses = []
        for power, rate in zip(powers, rates):
            np.matmul(x, transposed, out=squared)
            squared *= -2
            squared += 2
            diagonal[:] = np.inf
            np.maximum(squared, 1e-6, out=squared)
            np.log(squared, out=terms)
            terms *= -0.5
            largest = terms.max((1, 2), keepdims=True)
            terms -= largest
            terms *= power
            np.exp(terms, out=terms)
            total = terms.sum((1, 2), keepdims=True)
            losses.append(float(np.add.reduce(np.log(total / 2) / power + largest, axis=None)))
            terms /= squared
            terms *= 2 / total
            gradient = terms @ x
            np.multiply(gradient, x, out=update)
            gradient -= update.sum(2, keepdims=True) * x
            np.subtract(gradient, m, out=update)
            update *= 1 - BETA1
            m += update
            gradient *= gradient
            gradient -= v
            gradient *= 1 - BETA2
            v += gradient
            np.sqrt(v, out=update)
            update += EPSILON
            np.divide(m, update, out=update)
            update *= rate
            x -= update
            np.multiply(x, x, out=update)
            x /= np.sqrt(update.sum(2, keepdims=True))
        return early(losses)
    return run


def smooth_minimum(x, power):
    x = unit(x)
    itself = jnp.eye(VECTORS, dtype=bool)
    squared = jnp.where(itself, 1, jnp.maximum(2 - 2 * x @ x.swapaxes(1, 2), 1e-6))
    logs = jnp.where(itself, -jnp.inf, -0.5 * jnp.log(squared))
    return jnp.sum((jax.nn.logsumexp(logs * power, axis=(1, 2), keepdims=True) - jnp.log(2.0)) / power)


def step_of(iterations):
    def step(state, k):
        x, m, v = state
        done = k / iterations
        loss, gradient = jax.value_and_grad(smooth_minimum)(x, FIRST_POWERS ** (1 - done) * LAST_POWER ** done)
        m = BETA1 * m + (1 - BETA1) * gradient
        v = BETA2 * v + (1 - BETA2) * gradient * gradient
        x = unit(x - rate_at(done, k + 1, jnp) * m / (jnp.sqrt(v) + EPSILON))
        return (x, m, v), loss
    return step


def early(losses):
    return float(losses[CHECKED])


def styles(dimensions, count):
    start = start_vectors(SETS * VECTORS, dimensions).reshape(SETS, VECTORS, dimensions)
    state = (start, np.zeros_like(start), np.zeros_like(start))
    return {'NumPy': by_hand(start, count), **jax_styles.styles(step_of(count), state, count, early)}


points = {f'{VECTORS} x {dimensions}, {count:,} iterations': styles(dimensions, count)
          for dimensions in DIMENSIONS for count in COUNTS}
