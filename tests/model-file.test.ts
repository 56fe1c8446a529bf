import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { DescentError } from 'descent-lab';
import type { FileWeight, ModelFile } from '../lib/src/classifiers/keras/model-file';
import { withModel } from '../lib/src/classifiers/keras/with-model';
import { fuzz } from './support/fuzz';
import {
  kerasArchive,
  placed,
  SMALL_CONFIG,
  SMALL_LAYERS,
  tfjsFiles,
  writeKerasFile,
  writeWeightsFile,
  zipped,
} from './support/keras-file';

const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-model-file-'));
const at = (name: string): string => join(temporary, name);
test.after(() => rmSync(temporary, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
};
const writeAll = (folder: string, files: Record<string, string | Uint8Array>): void =>
  Object.entries(files).forEach(([name, content]) => write(join(folder, name), content));

/** What a file holds, with the values of its weights. */
type Read = Omit<ModelFile, 'weights'> & { layout: string; weights: Record<string, number[]> };

const read = (path: string): Promise<Read> =>
  withModel(path, {
    graph: () => assert.fail('a graph'),
    layers: async ({ weights: { layout, ...weights }, ...file }) => {
      const listed: [string, FileWeight][] =
        'groups' in weights
          ? weights.groups.flatMap(({ name, weights: own }) =>
              own.map((each): [string, FileWeight] => [`${name}: ${each.path}`, each]),
            )
          : weights.weights.map((each) => [each.path, each]);
      const values: Record<string, number[]> = {};
      for (const [name, weight] of listed) values[name] = [...(await weight.read())];
      return { ...file, layout, weights: values };
    },
  });

/** The weights of the small model, called by `name`. */
const named = (name: (layer: string, weight: string, i: number) => string): Record<string, number[]> =>
  Object.fromEntries(
    SMALL_LAYERS.flatMap(({ name: layer, weights }) =>
      weights.map((weight, i) => [name(layer, weight.name, i), weight.values]),
    ),
  );
const byPlace = named((layer, _, i) => `layers/${layer}/vars/${i}`);

async function refused(path: string, told: RegExp): Promise<void> {
  await assert.rejects(read(path), (error: Error) => {
    assert.ok(error instanceof DescentError, error.stack);
    assert.match(error.message, told);
    assert.ok(error.message.startsWith(path) && !error.message.includes('\n'), error.message);
    return true;
  });
}

/** The bytes of the small model's weights by their places. */
async function weightsFile(layers?: string): Promise<Uint8Array> {
  await writeWeightsFile(at('places.weights.h5'), [
    ...placed(SMALL_LAYERS, layers),
    { name: 'optimizer/vars/0', shape: [1], values: [5] },
  ]);
  return readFileSync(at('places.weights.h5'));
}

test('.h5 of Keras 2 and 3: each layer has a group, and a weight the path that the file gives it', async () => {
  await writeKerasFile(at('two.h5'), SMALL_LAYERS, SMALL_CONFIG);
  await writeKerasFile(at('three.h5'), SMALL_LAYERS, SMALL_CONFIG, '3.15.1');
  const two = named((layer, weight) => `${layer}: ${layer}/${weight}`);
  const three = named((layer, weight) => `${layer}: sequential/${layer}/${weight}`);
  assert.deepEqual(await read(at('two.h5')), { config: SMALL_CONFIG, layout: 'groups', weights: two });
  assert.deepEqual(await read(at('three.h5')), { config: SMALL_CONFIG, layout: 'groups', weights: three });
});

test('weights alone: in groups, or by their places, in the words of either version', async () => {
  await writeKerasFile(at('alone.h5'), SMALL_LAYERS);
  const groups = named((layer, weight) => `${layer}: ${layer}/${weight}`);
  assert.deepEqual(await read(at('alone.h5')), { config: undefined, layout: 'groups', weights: groups });
  for (const layers of ['layers', '_layer_checkpoint_dependencies']) {
    write('alone.weights.h5', await weightsFile(layers));
    assert.deepEqual(await read(at('alone.weights.h5')), { config: undefined, layout: 'places', weights: byPlace });
  }
});

test('a .keras archive, packed or not', async () => {
  const weights = await weightsFile();
  write('whole.keras', kerasArchive(SMALL_CONFIG, weights));
  assert.deepEqual(await read(at('whole.keras')), { config: SMALL_CONFIG, layout: 'places', weights: byPlace });
  write('packed.keras', zipped({ 'config.json': JSON.stringify(SMALL_CONFIG), 'model.weights.h5': weights }, 6));
  assert.deepEqual(await read(at('packed.keras')), { config: SMALL_CONFIG, layout: 'places', weights: byPlace });
});

test('a LayersModel of TensorFlow.js: its folder or its model.json, the topology bare or not, in several files', async () => {
  const expected = { config: SMALL_CONFIG, layout: 'names', weights: named((layer, weight) => `${layer}/${weight}`) };
  writeAll('bare', tfjsFiles(SMALL_CONFIG, SMALL_LAYERS));
  assert.deepEqual(await read(at('bare')), expected);
  assert.deepEqual(await read(at('bare/model.json')), expected);
  const paths = ['./group1-shard1of2.bin', 'shards/group1-shard2of2.bin'];
  writeAll('shards', tfjsFiles({ keras_version: '2.15.0', model_config: SMALL_CONFIG }, SMALL_LAYERS, paths));
  assert.deepEqual(await read(at('shards')), expected);
});

test('weights that TensorFlow.js stores in fewer bytes', async () => {
  const stored: [dtype: string, content: ArrayBufferView, numbers: number[]][] = [
    ['uint8', Uint8Array.of(0, 4, 255), [-1, 1, 126.5]],
    ['uint16', Uint16Array.of(0, 4, 1000), [-1, 1, 499]],
    ['float16', Uint16Array.of(0x3c00, 0xc100, 0x0001), [1, -2.5, 2 ** -24]],
  ];
  for (const [dtype, content, numbers] of stored) {
    const quantization = { dtype, ...(dtype.startsWith('uint') && { min: -1, scale: 0.5 }) };
    writeAll(dtype, {
      'model.json': JSON.stringify({
        modelTopology: SMALL_CONFIG,
        weightsManifest: [
          {
            paths: ['weights.bin'],
            weights: [
              { name: 'count', shape: [], dtype: 'int32' },
              { name: 'dense/kernel', shape: [3], dtype: 'float32', quantization },
            ],
          },
        ],
      }),
      'weights.bin': Buffer.concat([Uint8Array.of(7, 0, 0, 0), new Uint8Array(content.buffer)]),
    });
    assert.deepEqual((await read(at(dtype))).weights, { count: [7], 'dense/kernel': numbers }, dtype);
  }
});

test('what Teachable Machine gives: a zip with the classes beside the model, and pixels as it wants them', async () => {
  const metadata = JSON.stringify({
    packageName: '@teachablemachine/image',
    labels: ['Cat', 'Big dog'],
    imageSize: 224,
  });
  write('tm-my-image-model.zip', zipped({ ...tfjsFiles(SMALL_CONFIG, SMALL_LAYERS), 'metadata.json': metadata }, 6));
  const { classes, maker, layout } = await read(at('tm-my-image-model.zip'));
  assert.deepEqual([classes, maker, layout], [['Cat', 'Big dog'], 'teachable-machine', 'names']);

  await writeKerasFile(at('keras_model.h5'), SMALL_LAYERS, [SMALL_CONFIG, 'expanded_conv_depthwise', 'dense_Dense1']);
  const files = { 'keras_model.h5': readFileSync(at('keras_model.h5')), 'labels.txt': '0 Cat\n1 Big dog\n' };
  write('converted_keras.zip', zipped({ ...files, '__MACOSX/._keras_model.h5': 'x' }));
  writeAll('unpacked', files);
  for (const path of ['converted_keras.zip', 'unpacked', 'unpacked/keras_model.h5']) {
    const found = await read(at(path));
    assert.deepEqual([found.classes, found.maker, found.layout], [['Cat', 'Big dog'], 'teachable-machine', 'groups']);
  }
});

test('classes as they stand in labels.txt, and without it none', async () => {
  await writeKerasFile(at('model.h5'), SMALL_LAYERS, SMALL_CONFIG);
  const model = readFileSync(at('model.h5'));
  for (const [labels, classes] of [
    ['7 up\n8 ball\n', ['7 up', '8 ball']],
    ['cat\r\n\r\ndog', ['cat', 'dog']],
    ['', undefined],
  ] as const) {
    writeAll('named', { 'model.h5': model, 'labels.txt': labels });
    assert.deepEqual((await read(at('named/model.h5'))).classes, classes);
  }
  writeAll('odd', { 'model.h5': model, 'labels.txt/0': 'a folder' });
  await assert.rejects(read(at('odd/model.h5')), { message: `${at('odd/labels.txt')}: this is a folder, not a file` });
});

test('what is missing, elsewhere or too much is told with what to do', async () => {
  const [tfjs, weights] = [tfjsFiles(SMALL_CONFIG, SMALL_LAYERS), await weightsFile()];
  const manifest = (change: (group: { paths: string[] }) => void): string => {
    const json = JSON.parse(tfjs['model.json'] as string) as { weightsManifest: [{ paths: string[] }] };
    change(json.weightsManifest[0]);
    return JSON.stringify(json);
  };
  write('lost/model.json', tfjs['model.json']!);
  await refused(
    at('lost/weights.bin').replace('/weights.bin', ''),
    /weights\.bin is missing, which holds weights of .*: get it, too/,
  );
  for (const path of [
    '../weights.bin',
    '/weights.bin',
    'https://x.y/weights.bin',
    'a/../../weights.bin',
    'a\\weights.bin',
  ]) {
    writeAll('outside', { ...tfjs, 'model.json': manifest(({ paths }) => (paths[0] = path)) });
    await refused(at('outside'), /model\.json wants weights from .*weights\.bin, which is not in its folder: put/);
  }
  writeAll('short', { ...tfjs, 'weights.bin': new Uint8Array(5) });
  await refused(at('short'), /model\.json states weights of 48 bytes, and weights\.bin beside it hold 5: get/);
  write('architecture.json', JSON.stringify(SMALL_CONFIG));
  await refused(at('architecture.json'), /is no model of TensorFlow\.js: there is no modelTopology in it\. .* save/);

  write('two.zip', zipped({ 'a.h5': 'x', 'b/model.json': '{}', 'note.txt': 'x' }));
  await refused(at('two.zip'), /holds 2 models: a\.h5, b\/model\.json\. Give one of them alone/);
  write('none.zip', zipped(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`photo-${i}.jpg`, 'x']))));
  await refused(at('none.zip'), /holds no model .*: in it are photo-0\.jpg, .*photo-7\.jpg and 2 more\. Give an/);
  write('odd.keras', zipped({ 'config.json': '{', 'model.weights.h5': weights }));
  await refused(at('odd.keras'), /odd\.keras\/config\.json is damaged: it is no JSON/);
  await writeWeightsFile(at('metrics.h5'), [{ name: 'metrics/vars/0', shape: [1], values: [1] }]);
  await refused(at('metrics.h5'), /holds no model that Keras saved: .*Make the model Sequential or Functional/);
});

test('an archive that is cut off, damaged, locked, packed otherwise, or larger than the memory', async (t) => {
  const whole = Buffer.from(kerasArchive(SMALL_CONFIG, await weightsFile()));
  write('cut.keras', whole.subarray(0, whole.length - 30));
  await refused(at('cut.keras'), /cut\.keras is cut off: .*Get it again/);
  // what the list at the end says of config.json, the second of the files
  const config = whole.indexOf('PK\x01\x02', whole.indexOf('PK\x01\x02', 0, 'latin1') + 4, 'latin1');
  const changed = (at: number, value: number, bytes: 2 | 4): string => {
    const content = Buffer.from(whole);
    content.writeUIntLE(value, config + at, bytes);
    write('changed.keras', content);
    return join(temporary, 'changed.keras');
  };
  await refused(changed(8, 1, 2), /config\.json is locked by a password: unpack/);
  await refused(changed(10, 14, 2), /config\.json is packed in another way .*: unpack/);
  const damaged = /config\.json is damaged: it cannot be unpacked\. Get it again/;
  await refused(changed(24, 4e9, 4), damaged); // a size that so few bytes cannot unpack to
  await refused(changed(42, 4e9, 4), damaged); // a place behind the end
  await refused(changed(16, 5, 4), damaged); // another checksum
  await refused(changed(0, 5, 4), /changed\.keras is damaged: it cannot be unpacked/);
  t.mock.method(process, 'constrainedMemory', () => 1000);
  write('large.keras', whole);
  await refused(at('large.keras'), /model\.weights\.h5 would need .* of memory, .*: import it on a larger machine/);
});

test('damage of an archive is told by its checksums', async () => {
  const whole = kerasArchive(SMALL_CONFIG, await weightsFile());
  await fuzz({ path: at('damaged.keras'), whole, load: read, tries: 150 });
  const bytes = Buffer.from(whole);
  // one bit of the weights of the dense layer: [1, 2, 3, 4] as they stand in the file
  const kernel = bytes.indexOf(Buffer.from(Float32Array.of(1, 2, 3, 4).buffer));
  assert.ok(kernel > 0);
  bytes[kernel + 1]! ^= 4;
  write('bit.keras', bytes);
  await refused(at('bit.keras'), /bit\.keras\/model\.weights\.h5 is damaged: it cannot be unpacked\. Get it again/);
});

test('a damaged folder of TensorFlow.js is read or refused in a line', async () => {
  const files = tfjsFiles(SMALL_CONFIG, SMALL_LAYERS);
  writeAll('fuzz', files);
  await fuzz({ path: at('fuzz/model.json'), whole: Buffer.from(files['model.json'] as string), load: read });
});

test('a damaged .weights.h5 is read or refused in a line', async () => {
  await fuzz({ path: at('damaged.weights.h5'), whole: await weightsFile(), load: read, tries: 100 });
});
