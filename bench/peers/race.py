"""Six optimisers down Beale's function, each by itself, as Keras defines them; the loss of each iteration kept."""
import jax
import numpy as np
from jax import numpy as jnp

import jax_styles

START = np.array([1, 1.5], 'float32')
COUNTS = 200, 2000
EPSILON = 1e-7


# Each takes the gradient and what it remembers, and makes the update, which is subtracted, and what to remember next;
# of NumPy's arrays as of JAX'.
def sgd(sqrt, rate, gradient):
    return rate * gradient,


def momentum(sqrt, rate, gradient, rolled):
    rolled = 0.9 * rolled + rate * gradient
    return rolled, rolled


def nesterov(sqrt, rate, gradient, rolled):
    step = rate * gradient
    rolled = 0.9 * rolled + step
    return 0.9 * rolled + step, rolled


def adagrad(sqrt, rate, gradient, squares):
    squares = squares + gradient * gradient
    return rate * gradient / sqrt(squares + EPSILON), squares


def adadelta(sqrt, rate, gradient, gradients, updates, epsilon=1e-3):
    gradients = 0.95 * gradients + 0.05 * (gradient * gradient)
    update = sqrt((updates + epsilon) / (gradients + epsilon)) * gradient
    return rate * update, gradients, 0.95 * updates + 0.05 * (update * update)


def rmsprop(sqrt, rate, gradient, squares):
    squares = 0.9 * squares + 0.1 * (gradient * gradient)
    return rate * gradient / sqrt(squares + EPSILON), squares


# with the rate that suits Beale's function, and what fills the memory at first
RUNNERS = ((sgd, 0.02), (momentum, 0.002, 0), (nesterov, 0.002, 0), (adagrad, 1, 0.1), (adadelta, 1, 0, 0), (rmsprop, 0.03, 0))


def filled(fills):
    return [np.full_like(START, fill) for fill in fills]


def by_hand(iterations):
    """Two numbers are computed with as numbers of Python, in less time than as arrays."""
    def run():
        losses = []
        gradient = np.empty_like(START)
        for rule, rate, *fills in RUNNERS:
            point, memory = START.copy(), filled(fills)
            for _ in range(iterations):
                x, y = point.tolist()
                square = y * y
                cube = square * y
                a, b, c = 1.5 - x + x * y, 2.25 - x + x * square, 2.625 - x + x * cube
                losses.append(a * a + b * b + c * c)
                gradient[0] = 2 * (a * (y - 1) + b * (square - 1) + c * (cube - 1))
                gradient[1] = 2 * x * (a + 2 * b * y + 3 * c * square)
                update, *memory = rule(np.sqrt, rate, gradient, *memory)
                point -= update
        return mean(losses)
    return run


def beale(point):
    x, y = point
    return sum((c - x + x * y ** (k + 1)) ** 2 for k, c in enumerate((1.5, 2.25, 2.625)))


def jax_run(rule, rate, *fills):
    def step(state, _):
        point, memory = state
        loss, gradient = jax.value_and_grad(beale)(point)
        update, *memory = rule(jnp.sqrt, rate, gradient, *memory)
        return (point - update, memory), loss
    return step, (START, filled(fills))


def mean(losses):
    return float(np.mean(losses))


points = {f'{count:,} iterations': {
    'NumPy': by_hand(count),
    **jax_styles.of_runs([jax_run(*runner) for runner in RUNNERS], count, mean),
} for count in COUNTS}
