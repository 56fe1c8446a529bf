"""Makes nist.json of NIST's StRD files for nonlinear regression (public domain, https://www.itl.nist.gov/div898/strd/nls):
model, both starts, certified parameters, their standard deviations, the residual sum of squares, and the data.

    python tests/reference/nist.py FOLDER > tests/reference/nist.json

FOLDER holds the .dat files. The models are written here by hand, in the formulas of fitFormula; where a file's model is one
of log[y], y holds the logarithms.
"""
import json
import math
import pathlib
import re
import sys

MODELS = {
    "Chwirut2": "exp(-b1*x) / (b2 + b3*x)",
    "DanWood": "b1 * x^b2",
    "Eckerle4": "(b1/b2) * exp(-0.5 * ((x-b3)/b2)^2)",
    "Gauss1": "b1*exp(-b2*x) + b3*exp(-(x-b4)^2 / b5^2) + b6*exp(-(x-b7)^2 / b8^2)",
    "Hahn1": "(b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3)",
    "Kirby2": "(b1 + b2*x + b3*x^2) / (1 + b4*x + b5*x^2)",
    "Lanczos3": "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)",
    "MGH09": "b1 * (x^2 + x*b2) / (x^2 + x*b3 + b4)",
    "MGH17": "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
    "Misra1a": "b1 * (1 - exp(-b2*x))",
    "Misra1b": "b1 * (1 - (1 + b2*x/2)^(-2))",
    "Nelson": "b1 - b2*x1*exp(-b3*x2)",
    "Rat43": "b1 / (1 + exp(b2 - b3*x))^(1/b4)",
}


def read(path):
    lines = path.read_text().splitlines()
    table = [re.match(r"\s*b\d+\s*=\s*(.+)", line) for line in lines]
    rows = [[float(cell) for cell in match[1].split()] for match in table if match]
    square = next(float(line.split(":")[1]) for line in lines if line.startswith("Residual Sum of Squares"))
    head = max(i for i, line in enumerate(lines) if re.match(r"Data:\s+y\s+x", line))
    names = lines[head].split()[1:]
    data = [[float(cell) for cell in line.split()] for line in lines[head + 1:] if line.strip()]
    columns = dict(zip(names, map(list, zip(*data))))
    y = columns.pop("y")
    if any("log[y] =" in line for line in lines):
        y = [math.log(value) for value in y]
    return {
        "model": MODELS[path.stem],
        "starts": [[row[0] for row in rows], [row[1] for row in rows]],
        "certified": [row[2] for row in rows],
        "deviations": [row[3] for row in rows],
        "residualSumOfSquares": square,
        "x": columns,
        "y": y,
    }


problems = {path.stem: read(path) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.dat"))}
for i, (name, problem) in enumerate(problems.items()):
    print("{" if i == 0 else ",")
    print(f"  {json.dumps(name)}: {json.dumps(problem)}", end="")
print("\n}")
