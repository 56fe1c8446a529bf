"""What the twins share: the start values that both sides compute by the same formulas."""
import json
import os

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
CHECKED = 5  # of which update the loss is compared; bench/ours/spread.ts says why


def start_vectors(count, dimensions):
    """Rows of length 1 that look random; bench/ours/start.ts computes the same."""
    rows, columns = np.arange(count)[:, None], np.arange(dimensions)[None]
    vectors = np.sin(1 + 12.9898 * rows + 78.233 * columns + 0.37 * rows * columns)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype('float32')


def pictures(count):
    """[count, 128, 128, 3], from 0 to 1; bench/ours/start.ts computes the same."""
    return (0.5 + 0.5 * np.sin(np.arange(count * 128 * 128 * 3) * 0.01)).astype('float32').reshape(-1, 128, 128, 3)


def read_heights():
    table = np.genfromtxt(os.path.join(ROOT, 'data', 'height-weight.csv'), delimiter=',', names=True)
    return table['Height'].astype('float32'), table['Weight'].astype('float32')


def read_weights(folder=os.path.join(ROOT, 'models', 'cats-dogs')):
    """The weights of a model folder in the format of TensorFlow.js, by name, whether stored as they are or smaller."""
    with open(os.path.join(folder, 'model.json')) as file:
        [group] = json.load(file)['weightsManifest']
    data = b''.join(open(os.path.join(folder, path), 'rb').read() for path in group['paths'])
    weights, at = {}, 0
    for weight in group['weights']:
        stored = weight.get('quantization', weight)
        kind = np.dtype(stored['dtype'])
        size = int(np.prod(weight['shape']))
        values = np.frombuffer(data, kind, size, at).astype('float32')
        if 'scale' in stored:
            values = values * np.float32(stored['scale']) + np.float32(stored['min'])
        weights[weight['name']] = values.reshape(weight['shape'])
        at += size * kind.itemsize
    return weights
