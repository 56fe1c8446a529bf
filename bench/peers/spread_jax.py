"""Unit vectors that are spread, in JAX: the article's three losses of the vectors' directions, and their step."""
import jax
from jax import numpy as jnp


def unit(x):
    return x / jnp.linalg.norm(x, axis=-1, keepdims=True)


def cosines(x):
    x = unit(x)
    return jnp.where(jnp.eye(len(x), dtype=bool), -2, x @ x.T)


def min_angle(x):
    return -jnp.arccos(jnp.max(cosines(x)))


def variance(x):
    nearest = jnp.arccos(jnp.max(cosines(x), axis=1))
    return 0.4 * jnp.sum((nearest - jnp.mean(nearest)) ** 2) - jnp.min(nearest)


def forces(x):
    x = unit(x)
    difference = x[:, None] - x[None]
    weights = (jnp.sum(difference ** 2, 2) + jnp.eye(len(x))) ** -1.5
    force = jnp.sum(weights[:, :, None] * difference, 1)
    tangent = force - x * jnp.sum(force * x, 1, keepdims=True)
    return jnp.sum(jnp.linalg.norm(tangent, axis=1))


def step_of(loss_of, first, factor, clipnorm=None):
    """One step at a rate that falls after each hundred, and the rows back to length 1."""
    def step(x, k):
        loss, gradient = jax.value_and_grad(loss_of)(x)
        rate = first * factor ** (k // 100).astype('float32')
        if clipnorm:
            rate *= jnp.minimum(1, clipnorm / jnp.linalg.norm(gradient))
        return unit(x - rate * gradient), loss
    return step
