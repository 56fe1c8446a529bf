"""Makes models-tfjs.zip.br, tiny models as TensorFlow.js' own converter writes them, and beside them Keras' answers (.json).

    pip install tensorflow-cpu==2.15.1 tf_keras==2.15.1 tensorflow_hub brotli packaging
    pip install --no-deps tensorflowjs==4.22.0
    python tests/reference/tfjs_models.py FOLDER

All as models.py says, for Keras 2. A file is a folder here, of a LayersModel or of a GraphModel, whose weights may be written in
fewer bits. The answers are those of the model as the folder has it; of a GraphModel in fewer bits, `rounded`, they are those of
the exact weights.
"""
import io
import json
import os
import shutil
import sys
import types
import zipfile

for absent in ["jax", "jax.experimental", "jax.experimental.jax2tf", "tensorflow_decision_forests"]:
    sys.modules[absent] = types.ModuleType(absent)  # what the converter imports for other models than these
sys.modules["jax.experimental"].jax2tf = sys.modules["jax.experimental.jax2tf"]
import tensorflowjs as tfjs
from tensorflowjs import quantization
from tensorflowjs.converters import tf_saved_model_conversion_v2 as graph

from models import CASES, answers, brotli, fill, keras, np, tf

NAMES = ["conv2d-strides-same", "depthwise-conv2d", "separable-conv2d", "batch-normalization", "functional", "residual", "inception", "nested-batch-normalization",
         "teachable-machine", "input-784", "input-28x28", "output-one-sigmoid", "output-logits", "output-softmax-layer", "two-inner-equal-names"]
BITS = {"": None, "-float16": {"float16": True}, "-uint8": {"uint8": True}, "-uint16": {"uint16": True}}
IN_BITS = ["functional", "residual"]


def in_bits(weight, kinds):
    if kinds is None:
        return weight
    (kind,) = kinds
    made, scale = quantization.quantize_weights(weight, np.dtype(kind).type)
    return quantization.dequantize_weights(made, scale, weight.dtype).reshape(weight.shape)


def main():
    out = sys.argv[1]
    folder = os.path.join(out, "models-tfjs")
    shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for name, build, shape, *_ in CASES:
        if name not in NAMES:
            continue
        keras.backend.clear_session()
        model = build()
        fill(model, 1)
        row = answers(model, shape)
        saved = os.path.join(out, "saved")
        tf.saved_model.save(model, saved)
        for bits, map_ in BITS.items():
            if map_ and name not in IN_BITS:
                continue
            layers, whole = f"{name}{bits}-layers", f"{name}{bits}-graph"
            graph.convert_tf_saved_model(saved, os.path.join(folder, whole), quantization_dtype_map=map_)
            rows.append({"name": whole, "files": [whole], **({"rounded": True} if map_ else {}), **row})
            if name == "two-inner-equal-names":
                continue  # the converter refuses it
            tfjs.converters.save_keras_model(model, os.path.join(folder, layers), quantization_dtype_map=map_)
            exact = model.get_weights()
            model.set_weights([in_bits(weight, map_) for weight in exact])
            rows.append({"name": layers, "files": [layers], **answers(model, shape)})
            model.set_weights(exact)
        shutil.rmtree(saved)
    with open(folder + ".json", "w") as file:
        file.write('{"made":' + json.dumps(f"TensorFlow.js' converter {tfjs.__version__}, Keras {keras.__version__}") + ',"cases":[\n')
        file.write(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]}\n")
    with io.BytesIO() as stored, open(folder + ".zip.br", "wb") as file:
        with zipfile.ZipFile(stored, "w") as archive:
            for path in sorted(os.path.join(base, each) for base, _, files in os.walk(folder) for each in files):
                with open(path, "rb") as each:
                    archive.writestr(zipfile.ZipInfo(os.path.relpath(path, folder)), each.read())
        file.write(brotli.compress(stored.getvalue(), lgwin=24))


main()
