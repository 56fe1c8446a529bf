/** A weight to write: its values row by row. */
export interface StoredWeight {
  name: string;
  shape: number[];
  values: number[];
}
export interface StoredLayer {
  name: string;
  weights: StoredWeight[];
}

/** Writes an .h5 file laid out as Keras 2 does: a whole model where there is a config, else weights alone. */
export async function writeKerasFile(path: string, layers: StoredLayer[], config?: unknown): Promise<void> {
  const h5wasm = await import('h5wasm/node');
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  if (config) file.create_attribute('model_config', JSON.stringify(config));
  const root = config ? file.create_group('model_weights') : file;
  root.create_attribute('keras_version', '2.15.0');
  root.create_attribute(
    'layer_names',
    layers.map(({ name }) => name),
  );
  for (const { name, weights } of layers) {
    const group = root.create_group(name);
    if (weights.length === 0) continue; // h5wasm writes no empty lists, and Keras' empty ones say no more
    group.create_attribute(
      'weight_names',
      weights.map((weight) => `${name}/${weight.name}:0`),
    );
    const inner = group.create_group(name);
    for (const weight of weights) {
      inner.create_dataset({
        name: `${weight.name}:0`,
        data: Float32Array.from(weight.values),
        shape: weight.shape,
        dtype: '<f',
      });
    }
  }
  file.close();
}
