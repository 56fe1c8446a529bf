"""Unit vectors that are spread, in NumPy: the article's three losses with their gradients by formula.

With the unit rows u and v, their cosine c and their sine s, the angle between them has the slope -(v - c u) / s by u.
"""
import math

import numpy as np


class Cosines:
    """The cosines of all pairs of unit rows, in one matrix for all iterations; a row is no neighbour of its own."""

    def __init__(self, x):
        count = len(x)
        self.x, self.transposed = x, x.T  # views: they follow the rows
        self.matrix = np.empty((count, count), 'float32')
        self.flat = self.matrix.reshape(-1)
        self.diagonal = self.flat[::count + 1]

    def now(self, itself):
        np.dot(self.x, self.transposed, out=self.matrix)
        self.diagonal[:] = itself
        return self.matrix


def along(a, b):
    """The products of the rows, as a column."""
    return np.einsum('ij,ij->i', a, b)[:, None]


def move(x, gradient, rate):
    """One step, and the rows back to length 1."""
    gradient *= rate
    x -= gradient
    x /= np.sqrt(along(x, x))


def min_angle(x, rates):
    """Two rows alone have a slope: no other moves."""
    count, rows, cosines, losses = len(x), list(x), Cosines(x), []
    for rate in rates:
        i, j = divmod(int(cosines.now(-2).argmax()), count)
        u, v = rows[i], rows[j]
        difference = u - v
        angle = 2 * math.asin(min(1, math.sqrt(difference.dot(difference)) / 2))
        losses.append(-angle)
        pull = rate / max(math.sin(angle), 1e-12)
        stay = 1 + pull * math.cos(angle)
        u, v = stay * u - pull * v, stay * v - pull * u
        np.divide(u, math.sqrt(u.dot(u)), out=rows[i])
        np.divide(v, math.sqrt(v.dot(v)), out=rows[j])
    return losses


def variance(x, rates):
    count, cosines, losses = len(x), Cosines(x), []
    rows, pulls = np.arange(count) * count, np.empty((count, count), 'float32')
    for rate in rates:
        pairs = cosines.now(-2).argmax(1)
        pairs += rows
        cosine = np.minimum(cosines.flat[pairs], np.float32(1 - 1e-7))
        angles = np.arccos(cosine)
        least = angles.argmin()
        slopes = angles - np.add.reduce(angles) / count
        losses.append(0.4 * float(slopes.dot(slopes)) - float(angles[least]))
        slopes *= 0.8
        slopes[least] -= 1
        pulls.fill(0)
        pulls.reshape(-1)[pairs] = slopes / -np.sqrt(1 - cosine * cosine)
        gradient = (pulls + pulls.T) @ x
        gradient -= along(gradient, x) * x
        move(x, gradient, np.float32(rate))
    return losses


def forces(x, rates, clipnorm):
    """The sum of the forces' lengths; lib/src/losses/by-hand/forces.ts derives its gradient."""
    cosines, losses = Cosines(x), []
    for rate in rates:
        squared = cosines.now(-np.inf)
        squared *= -2
        squared += 2
        np.maximum(squared, 1e-6, out=squared)
        inverse_square = 1 / squared
        w = inverse_square * np.sqrt(inverse_square)
        pull = w @ x
        part = along(pull, x)
        force = part * x
        force -= pull
        size = np.sqrt(along(force, force))
        losses.append(float(np.add.reduce(size, axis=None)))
        force /= np.maximum(size, 1e-18)  # the direction of each force
        turns = force @ cosines.transposed
        turns *= w
        turns *= inverse_square
        turns *= 3
        gradient = part * force
        gradient -= w @ force
        gradient -= (turns + turns.T) @ x
        gradient -= along(gradient, x) * x
        norm = math.sqrt(np.vdot(gradient, gradient))
        move(x, gradient, np.float32(rate * min(1, clipnorm / norm)))
    return losses
