"""Measures one subject of the benchmark: for each line "POINT|STYLE" runs it once and prints one line of JSON.

    python bench/peers/serve.py regression SCRATCH
"""
import json
import os
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')


def points_of(subject, scratch):
    if subject == 'regression':
        import regression
        return regression.points
    if subject in ('minimum angle', 'variance', 'force'):
        import spread
        return {'20 vectors': spread.runs[subject]}
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


def main():
    subject, scratch = sys.argv[1:]
    points = points_of(subject, scratch)
    import numpy as np
    import tensorflow as tf
    versions = {'Python': sys.version.split()[0], 'TensorFlow': tf.__version__, 'NumPy': np.__version__}
    print(json.dumps({'ready': {point: list(styles) for point, styles in points.items()}, 'versions': versions}), flush=True)
    for line in sys.stdin:
        point, style = line.rstrip('\n').split('|')
        work = points[point][style]
        begin = time.perf_counter()
        check = work()
        print(json.dumps({'ms': (time.perf_counter() - begin) * 1000, 'check': check}), flush=True)


if __name__ == '__main__':
    main()
