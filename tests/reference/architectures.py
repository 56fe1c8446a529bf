"""Makes whole networks that people have, small, of random weights, as Keras 2 or Keras 3 saves them, with Keras' own answers.

    python tests/reference/architectures.py FOLDER [--seed 0] [--only NAME] [--small]

Needs what models.py needs, and writes the answers, FOLDER/answers.json, as that does, but with every gradient whole; a model
that wants its pixels from 0 to 255 gets the picture `times` 255. `double`: the answers of the same model in doubles, where Keras
can; what a deep one of random weights answers in floats may be far from them. `kinds`: the classes of its layers. Batch
normalisations have the statistics of such pictures, so that nothing dies out on the way. The files stay out of the repository:
790 MB, or 80 with --small, which leaves the large networks out. What is in the folder already stays, unless it is made again.
table.ts makes a table of how far this project's answers are from these.
"""
import argparse
import json
import os
import sys
import time

from models import KERAS3, VERSION, Input, L, Model, Sequential, answers, check, keras, np, picture, save, tf

A = keras.applications
NETWORKS = []


def network(build=None, *, shape, times=1, large=False, formats=None, name=None):
    """`large`: of more than 2 million weights."""
    def add(build):
        kinds = formats or (("keras", "h5") if KERAS3 else ("h5",))
        NETWORKS.append((name or build.__name__.replace("_", "-"), lambda: build(Input(shape)), shape, times, large, kinds))
        return build
    return add(build) if build else add


def conv(x, filters, size=3, strides=1, activation="relu", norm=True, padding="same", **options):
    x = L.Conv2D(filters, size, strides=strides, padding=padding, use_bias=not norm, **options)(x)
    x = L.BatchNormalization()(x) if norm else x
    return L.Activation(activation)(x) if activation else x


def chain(x, *layers):
    return Sequential([x, *layers])


# First networks: tutorials and courses

@network(shape=(28, 28))
def mnist_dense(x):
    return chain(x, L.Flatten(), L.Dense(128, activation="relu"), L.Dropout(0.2), L.Dense(10))


@network(shape=(784,))
def mnist_784(x):
    return chain(x, L.Dense(64, activation="relu"), L.Dropout(0.2), L.Dense(64, activation="relu"), L.Dense(10, activation="softmax"))


@network(shape=(28, 28, 1))
def mnist_convnet(x):
    return chain(x, L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2), L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2),
                 L.Flatten(), L.Dropout(0.5), L.Dense(10, activation="softmax"))


@network(shape=(28, 28, 1), formats=("h5", "keras"))
def lenet(x):
    return chain(x, L.Conv2D(6, 5, padding="same", activation="tanh"), L.AveragePooling2D(2), L.Conv2D(16, 5, activation="tanh"), L.AveragePooling2D(2),
                 L.Flatten(), L.Dense(120, activation="tanh"), L.Dense(84, activation="tanh"), L.Dense(10, activation="softmax"))


@network(shape=(28, 28, 1))
def kaggle_digits(x):
    layers = []
    for filters in [32, 64]:
        layers += [L.Conv2D(filters, 5, padding="same"), L.BatchNormalization(momentum=0.9), L.LeakyReLU(0.1) if not KERAS3 else L.LeakyReLU(negative_slope=0.1),
                   L.MaxPooling2D(2, 2), L.Dropout(0.25)]
    return chain(x, *layers, L.Flatten(), L.Dense(64), L.BatchNormalization(), L.ReLU(), L.Dense(10, activation="softmax"))


@network(shape=(32, 32, 3))
def cifar_convnet(x):
    return chain(x, L.Conv2D(32, 3, padding="same"), L.Activation("relu"), L.Conv2D(32, 3), L.Activation("relu"), L.MaxPooling2D(), L.Dropout(0.25),
                 L.Conv2D(64, 3, padding="same"), L.Activation("relu"), L.Conv2D(64, 3), L.Activation("relu"), L.MaxPooling2D(), L.Dropout(0.25),
                 L.Flatten(), L.Dense(64), L.Activation("relu"), L.Dropout(0.5), L.Dense(10), L.Activation("softmax"))


@network(shape=(32, 32, 3))
def cifar_vgg(x):
    layers = []
    for filters in [16, 32, 64]:
        for _ in range(2):
            layers += [L.Conv2D(filters, 3, padding="same", activation="elu", kernel_regularizer="l2"), L.BatchNormalization()]
        layers += [L.MaxPooling2D(), L.Dropout(0.3)]
    return chain(x, *layers, L.Flatten(), L.Dense(10, activation="softmax"))


@network(shape=(48, 48, 3), times=255, formats=("h5", "keras"))
def flowers_tutorial(x):
    augmentation = Sequential([Input((48, 48, 3)), L.RandomFlip("horizontal"), L.RandomRotation(0.1), L.RandomZoom(0.1)])
    return chain(x, augmentation, L.Rescaling(1.0 / 255), L.Conv2D(16, 3, padding="same", activation="relu"), L.MaxPooling2D(),
                 L.Conv2D(32, 3, padding="same", activation="relu"), L.MaxPooling2D(), L.Dropout(0.2), L.Flatten(), L.Dense(32, activation="relu"), L.Dense(5, name="outputs"))


@network(shape=(64, 64, 3))
def cats_and_dogs(x):
    return chain(x, L.Conv2D(16, 3, activation="relu"), L.MaxPooling2D(2, 2), L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2, 2),
                 L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2, 2), L.Flatten(), L.Dense(64, activation="relu"), L.Dense(1, activation="sigmoid"))


@network(shape=(30, 30, 3))
def traffic_signs(x):
    return chain(x, L.Conv2D(32, 5, activation="relu"), L.Conv2D(32, 5, activation="relu"), L.MaxPooling2D(), L.Dropout(0.25), L.Conv2D(64, 3, activation="relu"),
                 L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(), L.Dropout(0.25), L.Flatten(), L.Dense(64, activation="relu"), L.Dropout(0.5), L.Dense(43, activation="softmax"))


@network(shape=(48, 48, 1))
def emotion_convnet(x):
    layers = []
    for filters in [16, 32, 64]:
        layers += [L.Conv2D(filters, 3, padding="same"), L.BatchNormalization(), L.ELU(), L.MaxPooling2D(2, padding="same"), L.SpatialDropout2D(0.2)]
    return chain(x, *layers, L.GlobalAveragePooling2D(), L.Dense(7, activation="softmax"))


@network(shape=(32, 32, 3))
def discriminator(x):
    layers = []
    for filters in [32, 64, 64]:
        layers += [L.Conv2D(filters, 5, strides=2, padding="same"), L.LeakyReLU(), L.Dropout(0.3)]
    return chain(x, *layers, L.Flatten(), L.Dense(1))


@network(shape=(40, 30, 3), times=255)
def resized(x):
    return chain(x, L.Resizing(32, 32), L.Rescaling(1 / 127.5, offset=-1), L.Conv2D(16, 3, activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dense(4, activation="softmax"))


@network(shape=(784,))
def sequence_convnet(x):
    return chain(x, L.Reshape((784, 1)), L.Conv1D(16, 9, strides=4, activation="relu"), L.MaxPooling1D(2), L.SeparableConv1D(32, 5, activation="relu"),
                 L.GlobalMaxPooling1D(), L.Dense(10, activation="softmax"))


# Known networks, small

@network(shape=(64, 64, 3))
def alexnet(x):
    return chain(x, L.Conv2D(24, 11, strides=4, activation="relu"), L.BatchNormalization(), L.MaxPooling2D(3, 2), L.Conv2D(64, 5, padding="same", activation="relu"),
                 L.BatchNormalization(), L.MaxPooling2D(3, 2), L.Conv2D(96, 3, padding="same", activation="relu"), L.Conv2D(64, 3, padding="same", activation="relu"),
                 L.Flatten(), L.Dense(128, activation="relu"), L.Dropout(0.5), L.Dense(10, activation="softmax"))


@network(shape=(32, 32, 3), formats=("h5", "keras"))
def cifar_resnet20(x):
    y = conv(x, 16)
    for stack, filters in enumerate([16, 32, 64]):
        for block in range(3):
            strides = 2 if stack and not block else 1
            z = conv(conv(y, filters, strides=strides), filters, activation=None)
            y = L.Conv2D(filters, 1, strides=strides, padding="same")(y) if strides == 2 else y
            y = L.Activation("relu")(L.add([y, z]))
    return Model(x, L.Dense(10, activation="softmax")(L.Flatten()(L.AveragePooling2D(8)(y))))


@network(shape=(32, 32, 3))
def wide_resnet(x):
    y = L.Conv2D(16, 3, padding="same", use_bias=False)(x)
    for filters, strides in [(32, 1), (64, 2), (64, 1)]:
        a = L.Activation("relu")(L.BatchNormalization()(y))
        b = L.Conv2D(filters, 3, padding="same", use_bias=False)(L.Dropout(0.3)(conv(a, filters, strides=strides)))
        y = L.Add()([b, L.Conv2D(filters, 1, strides=strides, use_bias=False)(a) if y.shape[-1] != filters or strides > 1 else y])
    return Model(x, L.Dense(10)(L.GlobalAveragePooling2D()(L.ReLU()(L.BatchNormalization()(y)))))


@network(shape=(64, 64, 3))
def squeezenet(x):
    y = L.MaxPooling2D(3, 2)(L.Conv2D(32, 3, strides=2, activation="relu")(x))
    between = "-" if KERAS3 else "/"  # Keras 3 takes no other
    for at, (squeeze, expand) in enumerate([(16, 32), (16, 32), (24, 48), (32, 64)]):
        y = L.Conv2D(squeeze, 1, activation="relu", name=f"fire{at}{between}squeeze1x1")(y)
        y = L.Concatenate(name=f"fire{at}{between}concat")([L.Conv2D(expand, 1, activation="relu", name=f"fire{at}{between}expand1x1")(y), L.Conv2D(expand, 3, padding="same", activation="relu", name=f"fire{at}{between}expand3x3")(y)])
        y = L.MaxPooling2D(3, 2)(y) if at == 1 else y
    return Model(x, L.Activation("softmax")(L.GlobalAveragePooling2D()(L.Conv2D(10, 1, activation="relu")(L.Dropout(0.5)(y)))))


@network(shape=(48, 48, 3))
def googlenet(x):
    y = L.MaxPooling2D(3, 2, padding="same")(conv(x, 16, 7, 2, norm=False))
    for a, b, c, d in [(8, 16, 4, 8), (16, 24, 8, 8)]:
        y = L.concatenate([conv(y, a, 1, norm=False), conv(conv(y, b // 2, 1, norm=False), b, norm=False), conv(conv(y, c, 1, norm=False), 2 * c, 5, norm=False),
                           conv(L.MaxPooling2D(3, 1, padding="same")(y), d, 1, norm=False)], axis=3)
    return Model(x, L.Dense(10, activation="softmax")(L.Dropout(0.4)(L.GlobalAveragePooling2D()(y))))


@network(shape=(32, 32, 3))
def unet_classifier(x):
    y, skips = x, []
    for filters in [8, 16]:
        y = conv(conv(y, filters), filters)
        skips.append(y)
        y = L.MaxPooling2D()(y)
    y = conv(y, 32)
    for filters, skip in zip([16, 8], reversed(skips)):
        y = L.concatenate([L.Conv2DTranspose(filters, 2, strides=2, padding="same")(y), skip])
        y = conv(y, filters)
    return Model(x, L.Dense(4, activation="softmax")(L.GlobalAveragePooling2D()(L.Conv2D(8, 1)(y))))


@network(shape=(32, 32, 1))
def decoder_classifier(x):
    y = L.MaxPooling2D(padding="same")(conv(x, 8, norm=False))
    y = L.UpSampling2D()(conv(y, 8, norm=False))
    y = L.Concatenate()([conv(y, 4, norm=False), x])
    return Model(x, L.Dense(3, activation="sigmoid")(L.Flatten()(L.AveragePooling2D(4)(y))))


def mini_xception_blocks(y, sizes, regularizer="l2"):
    for filters in sizes:
        residual = L.BatchNormalization()(L.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(y))
        y = L.SeparableConv2D(filters, 3, padding="same", use_bias=False)(y)
        y = L.Activation("relu")(L.BatchNormalization()(y))
        y = L.BatchNormalization()(L.SeparableConv2D(filters, 3, padding="same", use_bias=False)(y))
        y = L.add([L.MaxPooling2D(3, 2, padding="same")(y), residual])
    return y


@network(shape=(64, 64, 1))
def mini_xception(x):
    y = conv(conv(x, 8, padding="valid", kernel_regularizer="l2"), 8, padding="valid", kernel_regularizer="l2")
    y = L.Conv2D(7, 3, padding="same")(mini_xception_blocks(y, [16, 32, 64, 128]))
    return Model(x, L.Activation("softmax", name="predictions")(L.GlobalAveragePooling2D()(y)))


@network(shape=(64, 64, 3), times=255)
def image_classification_from_scratch(x):
    """https://keras.io/examples/vision/image_classification_from_scratch"""
    y = before = conv(L.Rescaling(1.0 / 255)(x), 32, strides=2)
    for filters in [64, 96]:
        for _ in range(2):
            y = L.Activation("relu")(y)
            y = L.BatchNormalization()(L.SeparableConv2D(filters, 3, padding="same")(y))
        y = L.MaxPooling2D(3, strides=2, padding="same")(y)
        y = before = L.add([y, L.Conv2D(filters, 1, strides=2, padding="same")(before)])
    y = L.Activation("relu")(L.BatchNormalization()(L.SeparableConv2D(128, 3, padding="same")(y)))
    return Model(x, L.Dense(1, activation=None)(L.Dropout(0.25)(L.GlobalAveragePooling2D()(y))))


@network(shape=(32, 32, 3), times=255)
def convmixer(x):
    y = L.Rescaling(1.0 / 255)(x)
    y = L.BatchNormalization()(L.Activation("gelu")(L.Conv2D(32, 2, strides=2)(y)))
    for _ in range(3):
        z = L.BatchNormalization()(L.Activation("gelu")(L.DepthwiseConv2D(5, padding="same")(y)))
        y = L.BatchNormalization()(L.Activation("gelu")(L.Conv2D(32, 1)(L.Add()([z, y]))))
    return Model(x, L.Dense(10, activation="softmax")(L.GlobalAvgPool2D()(y)))


@network(shape=(32, 32, 3))
def squeeze_and_excitation(x):
    y = conv(x, 16, activation="swish")
    for _ in range(2):
        z = conv(conv(y, 16, activation="swish"), 16, activation=None)
        gate = L.Reshape((1, 1, 16))(L.GlobalAveragePooling2D()(z))
        gate = L.Conv2D(16, 1, activation="sigmoid")(L.Conv2D(4, 1, activation="swish")(gate))
        y = L.Activation("swish")(L.Add()([y, L.Multiply()([z, gate])]))
    return Model(x, L.Dense(10, activation="softmax")(L.GlobalMaxPooling2D()(y)))


@network(shape=(32, 32, 3))
def shufflenet(x):
    y = conv(x, 24)
    for strides in [2, 1]:
        z = conv(y, 24, 1, groups=3)
        z = L.Reshape(z.shape[1:])(L.Permute((1, 2, 4, 3))(L.Reshape((*z.shape[1:3], 3, 8))(z)))
        z = L.BatchNormalization()(L.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(z))
        z = conv(z, 24, 1, activation=None, groups=3)
        y = L.ReLU()(L.Add()([y, z]) if strides == 1 else L.Concatenate()([L.AveragePooling2D(3, 2, padding="same")(y), z]))
        y = conv(y, 24, 1) if strides == 2 else y
    return Model(x, L.Dense(10, activation="softmax")(L.GlobalAveragePooling2D()(y)))


@network(shape=(32, 32, 3))
def network_in_network(x):
    layers = []
    for filters in [48, 48]:
        layers += [L.Conv2D(filters, 5, padding="same", activation="relu"), L.Conv2D(filters, 1, activation="relu"), L.MaxPooling2D(3, 2, padding="same"), L.Dropout(0.5)]
    return chain(x, *layers, L.Conv2D(10, 1, activation="relu"), L.GlobalAveragePooling2D(), L.Softmax())


@network(shape=(32, 32, 3))
def dilated_context(x):
    y = conv(x, 8)
    y = L.Average()([conv(y, 8, dilation_rate=rate) for rate in [1, 2, 4]])
    y = L.PReLU(shared_axes=[1, 2])(L.GroupNormalization(4)(L.DepthwiseConv2D(3, dilation_rate=2, padding="same")(y)))
    return Model(x, L.Dense(5, activation="softmax")(L.Flatten()(L.MaxPooling2D(4)(L.LayerNormalization()(y)))))


@network(shape=(32, 32, 3))
def densenet_small(x):
    y = conv(x, 16)
    for block in range(2):
        for _ in range(3):
            y = L.Concatenate()([y, L.Conv2D(8, 3, padding="same", use_bias=False)(L.ReLU()(L.BatchNormalization(epsilon=1.001e-5)(y)))])
        y = L.AveragePooling2D(2)(L.Conv2D(16, 1, use_bias=False)(L.ReLU()(L.BatchNormalization()(y))))
    return Model(x, L.Dense(10, activation="softmax")(L.GlobalAveragePooling2D()(y)))


# On a network that was there before

@network(shape=(96, 96, 3), formats=("h5", "keras"))
def teachable_machine(x):
    base = A.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, include_top=False, weights=None)
    features = Sequential([Model(base.input, base.output, name="model1"), L.GlobalAveragePooling2D(name="global_average_pooling2d_GlobalAveragePooling2D1")], name="sequential_1")
    head = Sequential([Input((1280,)), L.Dense(100, activation="relu", name="dense_Dense1"), L.Dense(3, activation="softmax", use_bias=False, name="dense_Dense2")], name="sequential_3")
    return chain(x, features, head)


@network(shape=(64, 64, 3), times=255, formats=("h5", "keras"))
def transfer_learning_tutorial(x):
    """https://www.tensorflow.org/tutorials/images/transfer_learning: the preprocessing is arithmetic, no layer."""
    base = trained(A.MobileNetV2(input_shape=(64, 64, 3), alpha=0.35, include_top=False, weights=None), -1, 1)
    base.trainable = False
    y = Sequential([Input((64, 64, 3)), L.RandomFlip("horizontal"), L.RandomRotation(0.2)])(x)
    y = base(A.mobilenet_v2.preprocess_input(y), training=False)
    return Model(x, L.Dense(1, activation="sigmoid")(L.Dropout(0.2)(L.GlobalAveragePooling2D()(y))))


@network(shape=(64, 64, 3), times=255, formats=("h5", "keras"))
def transfer_with_rescaling(x):
    base = trained(A.MobileNetV2(input_shape=(64, 64, 3), alpha=0.35, include_top=False, weights=None), -1, 1)
    for layer in base.layers[:-20]:
        layer.trainable = False
    y = base(L.Rescaling(1 / 127.5, offset=-1)(x), training=False)
    return Model(x, L.Dense(5, activation="softmax")(L.Dropout(0.2)(L.BatchNormalization()(L.GlobalAveragePooling2D()(y)))))


@network(shape=(64, 64, 3))
def transfer_sequential(x):
    base = trained(A.MobileNet(input_shape=(64, 64, 3), alpha=0.25, include_top=False, weights=None, pooling="avg"))
    base.trainable = False
    return chain(x, base, L.Dense(32, activation="relu"), L.Dropout(0.5), L.Dense(4, activation="softmax"))


@network(shape=(64, 64, 3))
def transfer_on_output(x):
    """The layers of the base lie in the new model itself."""
    base = A.MobileNetV2(input_tensor=x, alpha=0.35, include_top=False, weights=None)
    y = L.Dense(32, activation="relu")(L.Flatten()(L.AveragePooling2D(2)(base.output)))
    return Model(base.input, L.Dense(2, activation="softmax")(L.Dropout(0.5)(y)))


@network(shape=(48, 48, 3))
def vgg16_first_blocks(x):
    base = A.VGG16(input_tensor=x, include_top=False, weights=None)
    return Model(x, L.Dense(10, activation="softmax")(L.GlobalAveragePooling2D()(base.get_layer("block3_pool").output)))


@network(shape=(64, 64, 3), times=255, large=True, formats=("h5", "keras"))
def transfer_efficientnet(x):
    base = trained(A.EfficientNetB0(input_shape=(64, 64, 3), include_top=False, weights=None), 0, 255)
    base.trainable = False
    return Model(x, L.Dense(3, activation="softmax")(L.Dropout(0.2)(L.BatchNormalization()(L.GlobalAveragePooling2D()(base(x))))))


# The applications of Keras themselves

def application(name, large=True, shape=(64, 64, 3), times=1, **options):
    if hasattr(A, name):
        formats = ("keras",) if KERAS3 and large else None
        network(lambda x: getattr(A, name)(input_tensor=x, weights=None, classes=10, **options), shape=shape, times=times, large=large, formats=formats, name=name.lower())


application("MobileNet", large=False, alpha=0.25)
application("MobileNetV2", large=False, alpha=0.35)
application("MobileNetV3Small", large=False, times=255)
application("MobileNetV3Large", times=255, minimalistic=True)
application("NASNetMobile")
application("EfficientNetB0", times=255)
application("EfficientNetV2B0", times=255)
application("DenseNet121")
application("ResNet50")
application("ResNet50V2")
application("Xception", shape=(71, 71, 3))
application("InceptionV3", shape=(75, 75, 3))
application("VGG16", shape=(32, 32, 3))
application("ConvNeXtTiny", times=255)
application("RegNetX002", times=255)


def layers_of(model):
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from layers_of(layer)
        else:
            yield layer


DISTURBED = set()


def disturb(model, seed):
    """Weights as if trained: nothing is at its first value."""
    rng = np.random.default_rng(seed)
    for weight in model.weights:
        name = weight.name.split("/")[-1].split(":")[0]
        fixed = not tf.as_dtype(weight.dtype).is_floating or name in ("mean", "variance", "moving_mean", "moving_variance")
        if fixed or id(weight) in DISTURBED:
            continue
        DISTURBED.add(id(weight))
        size = tuple(weight.shape)
        if "gamma" in name:  # a layer scale begins at 1e-6
            weight.assign(rng.uniform(0.7, 1.3, size))
        elif "kernel" in name:
            weight.assign(np.asarray(weight) * 1.4)
        else:
            weight.assign(rng.normal(0, 0.1, size))


def calibrate(model, shape, low, high):
    """Every batch normalisation takes the statistics of pictures such as the one that is asked about."""
    normal = [layer for layer in layers_of(model) if isinstance(layer, L.BatchNormalization)]
    before = [(layer.momentum, layer.trainable) for layer in normal]
    for layer in normal:
        layer.momentum, layer.trainable = 0.0, True
    rng = np.random.default_rng(0)
    x = np.stack([picture(shape), *(picture(shape) * scale + rng.normal(0, 0.1, shape) for scale in np.linspace(0.5, 1, 7))])
    model(tf.constant(low + (high - low) * x, tf.float32), training=True)
    for layer, (momentum, trainable) in zip(normal, before):
        layer.momentum, layer.trainable = momentum, trainable


def trained(base, low=0, high=1):
    """A network as it is before it becomes a part of another, which may hold it fixed."""
    disturb(base, 7)
    calibrate(base, base.input_shape[1:], low, high)
    return base


def doubled(model, shape, times):
    """The answers in doubles, of the same weights."""
    keras.backend.set_floatx("float64")
    try:
        kinds = {type(layer).__name__: type(layer) for layer in layers_of(model)}
        twin = keras.models.model_from_json(model.to_json().replace('"float32"', '"float64"'), custom_objects=kinds)
        twin.set_weights(model.get_weights())
        told = answers(twin, shape, times, whole=True)
        return {"double": {key: told[key] for key in ("output", "gradient")}}
    except Exception as error:
        print(f"no doubles: {type(error).__name__}: {str(error)[:300]}", file=sys.stderr)
        return {}
    finally:
        keras.backend.set_floatx("float32")


def make(entry, folder, seed):
    name, build, shape, times, large, formats = entry
    keras.backend.clear_session()
    DISTURBED.clear()
    keras.utils.set_random_seed(seed)
    model = build()
    disturb(model, seed)
    calibrate(model, shape, 0, times)
    row = {"name": name, "files": [], **answers(model, shape, times, whole=True), **doubled(model, shape, times),
           "kinds": sorted({type(layer).__name__ for layer in layers_of(model)})}
    for kind in formats:
        for file in save(model, folder, name, kind):
            try:
                if not large and seed == 0:
                    check(os.path.join(folder, file), row)
                row["files"].append(file)
            except Exception as error:
                print(f"{file} left out, which Keras cannot read again: {str(error)[:300]}", file=sys.stderr)
                os.remove(os.path.join(folder, file))
    return row


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--small", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    path = os.path.join(options.out, "answers.json")
    rows = json.load(open(path))["cases"] if os.path.exists(path) else []  # what was made before stays
    for entry in NETWORKS:
        if options.only not in entry[0] or (options.small and entry[4]):
            continue
        since = time.time()
        try:
            row = make(entry, options.out, options.seed)
            rows = [*(each for each in rows if each["name"] != row["name"]), *([row] if row["files"] else [])]
            print(f"{entry[0]}: {time.time() - since:.1f} s, norm {np.linalg.norm(row['gradient'])}, {row['output'][:3]}", file=sys.stderr)
        except Exception as error:
            print(f"{entry[0]}: {type(error).__name__}: {str(error)[:500]}", file=sys.stderr)
    with open(path, "w") as file:
        file.write('{"made":' + json.dumps(f"{VERSION}: Keras {keras.__version__}, TensorFlow {tf.__version__}, seed {options.seed}") + ',"cases":[\n')
        file.write(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]}\n")


main()
