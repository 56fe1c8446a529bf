"""SciPy's minimisers with derivatives by formula, in doubles, on two of the problems of tests/reference/minimisers.py."""
import os
import sys

import numpy as np
from scipy.optimize import least_squares, minimize

from common import ROOT

sys.path.append(os.path.join(ROOT, 'tests', 'reference'))
from minimisers import RIDGE, ROWS, S, X, FEATURES, rosenbrock

TOLERANCE = 1.2e-7  # what lib/src/descent/minimize.ts takes for granted: float32's resolution


def valley(v):
    x, y = v
    rise = y - x * x
    return 100 * rise * rise + (1 - x) ** 2, np.array([-400 * x * rise - 2 * (1 - x), 200 * rise])


def valley_times(v, d):
    x, y = v
    mixed = -400 * x
    return np.array([(1200 * x * x - 400 * y + 2) * d[0] + mixed * d[1], mixed * d[0] + 200 * d[1]])


def logistic(w):
    margins = S * (X @ w)
    pulls = S / (1 + np.exp(margins))
    return np.logaddexp(0, -margins).sum() / ROWS + RIDGE * w.dot(w), 2 * RIDGE * w - pulls @ X / ROWS


def logistic_times(w, d):
    p = 1 / (1 + np.exp(S * (X @ w)))
    return (p * (1 - p) * (X @ d)) @ X / ROWS + 2 * RIDGE * d


def by_lbfgs(loss, start):
    """Until the gradient is as small a part of the first one as ours is then."""
    steepest = np.max(np.abs(loss(start)[1]))
    options = {'maxcor': 10, 'ftol': 0, 'gtol': TOLERANCE * steepest}
    return minimize(loss, start, jac=True, method='L-BFGS-B', options=options).fun


def by_newton_cg(loss, times, start):
    return minimize(loss, start, jac=True, hessp=times, method='Newton-CG', options={'xtol': TOLERANCE}).fun


def by_levenberg_marquardt(start):
    return 2 * least_squares(lambda v: rosenbrock(v)[0], start, jac=lambda v: rosenbrock(v)[1], method='lm',
                             xtol=TOLERANCE, ftol=TOLERANCE, gtol=TOLERANCE).cost


rosenbrock_start, logistic_start = np.array([-1.2, 1]), np.zeros(FEATURES)
minima = {
    'L-BFGS on Rosenbrock': lambda: by_lbfgs(valley, rosenbrock_start),
    'Newton-CG on Rosenbrock': lambda: by_newton_cg(valley, valley_times, rosenbrock_start),
    'Levenberg-Marquardt on Rosenbrock': lambda: by_levenberg_marquardt(rosenbrock_start),
    'L-BFGS on a logistic regression': lambda: by_lbfgs(logistic, logistic_start),
    'Newton-CG on a logistic regression': lambda: by_newton_cg(logistic, logistic_times, logistic_start),
}
# Rosenbrock's minimum is 0, which no other number is near to: 1 is added to each.
points = {point: {'SciPy': lambda find=find: 1 + float(find())} for point, find in minima.items()}
