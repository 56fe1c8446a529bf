"""Makes minimisers.json: what SciPy's minimisers make of a few problems, and at what cost.

    pip install scipy==1.17.1 numpy==2.4.6
    python tests/reference/minimisers.py > tests/reference/minimisers.json

All in doubles, with exact derivatives: L-BFGS-B and Newton-CG (the Hessian by products) on the losses, and MINPACK's
Levenberg-Marquardt (least_squares, method='lm') on the residuals whose sum of squares the loss is. L-BFGS-B ends at a
gradient of 1e-10 of that at the start, the others at 1e-10 of a step. Of the logistic regression the data are made of
sines, so that the test has the same without a file.
"""
import json

import numpy as np
import scipy
from scipy.optimize import least_squares, minimize

# residuals and their Jacobian of x, y
def rosenbrock(v):
    x, y = v
    return np.array([10 * (y - x * x), 1 - x]), np.array([[-20 * x, 10], [-1, 0]])


def beale(v):
    x, y = v
    c = [1.5, 2.25, 2.625]
    r = [c[k] - x * (1 - y ** (k + 1)) for k in range(3)]
    return np.array(r), np.array([[y ** (k + 1) - 1, (k + 1) * x * y ** k] for k in range(3)])


def himmelblau(v):
    x, y = v
    return np.array([x * x + y - 11, x + y * y - 7]), np.array([[2 * x, 1], [1, 2 * y]])


# second derivatives of the residuals, for the Hessian of the sum of squares
SECOND = {
    "rosenbrock": lambda x, y: [[[-20, 0], [0, 0]], [[0, 0], [0, 0]]],
    "beale": lambda x, y: [[[0, (k + 1) * y ** k], [(k + 1) * y ** k, (k + 1) * k * x * y ** (k - 1) if k else 0]] for k in range(3)],
    "himmelblau": lambda x, y: [[[2, 0], [0, 0]], [[0, 0], [0, 2]]],
}

ROWS, FEATURES, RIDGE = 200, 50, 0.005
i, j = np.meshgrid(np.arange(1, ROWS + 1), np.arange(1, FEATURES + 1), indexing="ij")
X = np.sin(0.7 * i * j + 0.1 * j * j)
S = np.where(X @ np.cos(np.arange(1, FEATURES + 1)) + 4 * np.sin(5.0 * np.arange(1, ROWS + 1)) > 0, 1.0, -1.0)


def logistic(w):
    """mean log(1 + exp(-s x.w)) + RIDGE |w|^2, its gradient and its Hessian"""
    m = S * (X @ w)
    p = 1 / (1 + np.exp(m))
    value = np.mean(np.logaddexp(0, -m)) + RIDGE * w @ w
    return value, -X.T @ (S * p) / ROWS + 2 * RIDGE * w, (X.T * (p * (1 - p))) @ X / ROWS + 2 * RIDGE * np.eye(FEATURES)


def squares(f, name):
    def loss(v):
        r, jac = f(v)
        curved = np.einsum("k,kab->ab", r, np.array(SECOND[name](*v), float))
        return r @ r, 2 * jac.T @ r, 2 * (jac.T @ jac + curved)
    return loss


CASES = [
    ("rosenbrock", rosenbrock, [-1.2, 1]), ("rosenbrock", rosenbrock, [2, -3]),
    ("beale", beale, [1, 1]), ("beale", beale, [3.5, 1]),
    ("himmelblau", himmelblau, [0, 0]), ("himmelblau", himmelblau, [-4, 4]),
    ("logistic", None, [0] * FEATURES), ("logistic", None, [(-1) ** k for k in range(FEATURES)]),
]


def main():
    rows = []
    for name, residuals, start in CASES:
        loss = logistic if residuals is None else squares(residuals, name)
        x0 = np.array(start, float)
        value, gradient, hessian = (lambda v, k=k: loss(v)[k] for k in range(3))
        steepest = np.max(np.abs(gradient(x0)))
        runs = {
            "lbfgs": minimize(value, x0, jac=gradient, method="L-BFGS-B", options={"maxcor": 10, "ftol": 0, "gtol": 1e-10 * steepest}),
            "newton-cg": minimize(value, x0, jac=gradient, hessp=lambda v, d: hessian(v) @ d, method="Newton-CG", options={"xtol": 1e-10}),
        }
        out = {key: {"minimum": run.fun, "x": run.x.tolist(), "iterations": int(run.nit), "evaluations": int(run.nfev)} for key, run in runs.items()}
        if residuals is not None:
            run = least_squares(lambda v: residuals(v)[0], x0, jac=lambda v: residuals(v)[1], method="lm", xtol=1e-10, ftol=1e-10, gtol=1e-10)
            out["levenberg-marquardt"] = {"minimum": 2 * run.cost, "x": run.x.tolist(), "iterations": None, "evaluations": int(run.nfev)}
        rows.append({"problem": name, "start": start, **out})

    print(json.dumps({"scipy": scipy.__version__, "cases": rows}, indent=1))


if __name__ == "__main__":
    main()
