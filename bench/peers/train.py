"""The twin of `npm run train` in Keras 2.15: the same network, photos, rate, batches and epochs, with Keras' own fit.

    python bench/peers/train.py ../shared/cats-dogs --epochs 5 --batch 32 --limit 4000 --out keras.csv
    python bench/peers/train.py --serve --batch 32     for each line in, trains 8 steps and prints milliseconds a photo

Needs Python 3.9 to 3.11 with tensorflow-cpu 2.15 and pillow. The random numbers differ from the TypeScript side's.
"""
import argparse
import os
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
import numpy as np
import tensorflow as tf
from PIL import Image, UnidentifiedImageError

L = tf.keras.layers


def network(classes):
    blocks = [[L.Conv2D(filters, 3, activation='relu'), L.BatchNormalization(), L.MaxPooling2D(), L.Dropout(0.25)]
              for filters in (32, 64, 128)]
    return tf.keras.Sequential([L.Input((128, 128, 3)), *sum(blocks, []), L.Flatten(), L.Dense(512, activation='relu'),
                                L.BatchNormalization(), L.Dropout(0.5), L.Dense(classes, activation='softmax')])


def compiled(classes, steps):
    model = network(classes)
    rate = tf.keras.optimizers.schedules.CosineDecay(0.001, steps, alpha=0.01)
    model.compile(tf.keras.optimizers.Adam(rate), 'sparse_categorical_crossentropy', metrics=['accuracy'])
    return model


def read(folder, classes, limit):
    """The first photos of each class in turn, as scripts/train.ts takes them: bytes, and the places of the classes."""
    folders = [os.path.join(folder, name) for name in classes]
    files = [[os.path.join(own, file) for file in sorted(os.listdir(own))] for own in folders]
    in_turn = [(own[i], label) for i in range(max(map(len, files))) for label, own in enumerate(files) if i < len(own)]
    photos = []
    for path, label in in_turn[:limit]:
        try:
            photos.append((np.asarray(Image.open(path).convert('RGB').resize((128, 128), Image.BILINEAR)), label))
        except (UnidentifiedImageError, OSError) as error:
            print(f'left out: {path}: {error}', file=sys.stderr)
    return np.stack([pixels for pixels, _ in photos]), np.array([label for _, label in photos])


def batches(pixels, labels, batch, seed=None):
    data = tf.data.Dataset.from_tensor_slices((pixels, labels))
    if seed is not None:
        data = data.shuffle(len(labels), seed=seed)
    return data.batch(batch).map(lambda x, y: (tf.cast(x, tf.float32) / 255, y))


def reestimate(model, pixels, batch):
    """Batch normalisation's statistics on clean photos, as the library does after each epoch."""
    norms = [layer for layer in model.layers if isinstance(layer, L.BatchNormalization)]
    sums = [[0, 0] for _ in norms]
    count = max(1, len(pixels) // batch)
    for i in range(count):
        x = tf.cast(pixels[i * batch:(i + 1) * batch], tf.float32) / 255
        for layer in model.layers:
            if layer in norms:
                mean, variance = tf.nn.moments(x, list(range(len(x.shape) - 1)))
                total = sums[norms.index(layer)]
                total[0] += mean
                total[1] += variance + mean ** 2
                x = tf.nn.batch_normalization(x, mean, variance, layer.beta, layer.gamma, layer.epsilon)
            else:
                x = layer(x, training=False)
    for layer, (mean, square) in zip(norms, sums):
        layer.moving_mean.assign(mean / count)
        layer.moving_variance.assign(tf.nn.relu(square / count - (mean / count) ** 2))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('folder', nargs='?')
    parser.add_argument('--epochs', type=int, default=5)
    parser.add_argument('--batch', type=int, default=32)
    parser.add_argument('--limit', type=int)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--out', default='keras.csv')
    parser.add_argument('--serve', action='store_true')
    options = parser.parse_args()
    if options.serve:
        return serve(options.batch)
    classes = sorted(os.listdir(os.path.join(options.folder, 'train')))
    x, y = read(os.path.join(options.folder, 'train'), classes, options.limit)
    test = batches(*read(os.path.join(options.folder, 'test'), classes, options.limit), 32)
    model = compiled(len(classes), options.epochs * -(-len(y) // options.batch))
    data = batches(x, y, options.batch, options.seed)
    clean = np.random.default_rng(options.seed).permutation(len(y))[:1024]
    with open(options.out, 'w') as file:
        file.write('epoch,loss,accuracy,test_loss,test_accuracy\n')
        for epoch in range(options.epochs):
            history = model.fit(data, initial_epoch=epoch, epochs=epoch + 1, verbose=0).history
            reestimate(model, x[clean], options.batch)
            row = [epoch + 1, history['loss'][0], history['accuracy'][0], *model.evaluate(test, verbose=0)]
            file.write(','.join(map(str, row)) + '\n')
            print('epoch {}: loss {:.3f}, {:.1%}, test loss {:.3f}, {:.1%}'.format(*row), flush=True)


def serve(batch):
    x = np.random.rand(8 * batch, 128, 128, 3).astype('float32')
    y = np.arange(8 * batch) % 2
    model = compiled(2, 1000)
    model.fit(x, y, batch_size=batch, verbose=0)
    print('ready', flush=True)
    for _ in sys.stdin:
        begin, cpu = time.perf_counter(), time.process_time()
        model.fit(x, y, batch_size=batch, verbose=0)
        print((time.perf_counter() - begin) * 1000 / len(y), (time.process_time() - cpu) * 1000 / len(y), flush=True)


if __name__ == '__main__':
    main()
