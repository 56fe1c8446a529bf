"""Measures one subject of the benchmark: for each line "POINT|STYLE" runs it once and prints one line of JSON.

    python bench/peers/serve.py regression SCRATCH
"""
import json
import os
import sys
import time
from importlib.metadata import version

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')


def points_of(subject, scratch):
    if subject == 'regression':
        import regression
        return regression.points
    if subject in ('minimum angle', 'variance', 'force'):
        import spread
        return spread.runs[subject]
    if subject == 'race':
        import race
        return race.points
    if subject == 'search':
        import search
        return search.points
    if subject == 'minimisers':
        import scipy_minimisers
        return scipy_minimisers.points
    if subject == 'iteration':
        import spread
        return spread.sizes
    if subject == 'decode':
        import photos
        return photos.photo_points(scratch)
    import network
    if subject == 'training':
        return network.train_points()
    if subject == 'import':
        return network.import_points(scratch)
    return network.network_points()[subject]


def versions():
    names = {'TensorFlow': 'tensorflow-cpu', 'NumPy': 'numpy', 'JAX': 'jax', 'SciPy': 'scipy'}
    return {'Python': sys.version.split()[0], **{name: version(package) for name, package in names.items()}}


def main():
    subject, scratch = sys.argv[1:]
    points = points_of(subject, scratch)
    ready = {point: list(styles) for point, styles in points.items()}
    print(json.dumps({'ready': ready, 'versions': versions()}), flush=True)
    for line in sys.stdin:
        point, style = line.rstrip('\n').split('|')
        work = points[point][style]
        getattr(work, 'prepare', lambda: None)()  # what is to be done before, and is not timed
        begin = time.perf_counter()
        check = work()
        print(json.dumps({'ms': (time.perf_counter() - begin) * 1000, 'check': check}), flush=True)


if __name__ == '__main__':
    main()
