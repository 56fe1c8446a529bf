import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import instantiateModule from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import { onPlainBackend } from '../compile/plain-backend';
import { DescentError } from '../errors';
import { mendWasmBackend } from '../kernels/wasm';
import { Random } from '../random';
import { tf } from '../tf';
import { binary } from './binaries';

mendWasmBackend(); // the import above has registered its kernels

/** The backend that computes, and why it is not the faster one, as a sentence. */
export interface StartedBackend {
  backend: 'wasm' | 'cpu';
  note?: string;
}

/**
 * Makes WebAssembly the backend, by `tfjs-backend-wasm-simd.wasm` of `setBinaries`: on one thread, since several need a
 * server that sends certain headers. Where it cannot be had, or computes wrongly, plain JavaScript computes.
 */
export async function startBackend(): Promise<StartedBackend> {
  const hindrance = await startWasm();
  if (hindrance === undefined) return { backend: 'wasm' };
  await tf.setBackend('cpu');
  return { backend: 'cpu', note: `Networks are slow here: ${hindrance}.` };
}

/** Why it is not the backend now. */
async function startWasm(): Promise<string | undefined> {
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return 'this browser has no WebAssembly with SIMD';
  const bytes = await binary('tfjs-backend-wasm-simd.wasm');
  if (!bytes) return 'the WebAssembly binary could not be loaded';
  try {
    const module = await instantiate(bytes);
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', () => new BackendWasm(module));
    await tf.setBackend('wasm');
    return computesRightly() ? undefined : 'the WebAssembly of this browser computes wrongly';
  } catch (error) {
    const { message } = error as Error;
    return /security policy|CSP/i.test(message)
      ? 'the policy of this server forbids its pages to use WebAssembly'
      : `WebAssembly cannot be used (${message})`;
  }
}

type Module = ConstructorParameters<typeof BackendWasm>[0] & {
  cwrap(name: string, result: 'number' | null, args: 'number'[]): never;
  asm: { malloc(bytes: number): number };
  _malloc(bytes: number): number;
};

/** By itself TensorFlow.js fetches the binary, which a page on a disk cannot do, nor every page of a server. */
async function instantiate(bytes: Uint8Array): Promise<Module> {
  const module = await new Promise<Module>((resolve, reject) => {
    const instantiateWasm = (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object => {
      WebAssembly.instantiate(bytes as BufferSource, imports)
        .then(({ instance }) => done(instance))
        .catch(reject);
      return {}; // as Emscripten wants it where the instance comes later
    };
    instantiateModule({ instantiateWasm }).then((made) => resolve(made as Module), reject);
  });
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  module._malloc = (bytes) => {
    const place = module.asm.malloc(bytes);
    // 0 where there is no room: the backend would write there, over what it has
    if (place === 0)
      throw new DescentError('the tensors take all the memory that WebAssembly can have: take fewer, or smaller ones');
    return place;
  };
  return module;
}

/** Whether the kernels that networks are made of have the numbers of plain JavaScript: in iOS 16.4 they had not. */
function computesRightly(): boolean {
  const random = new Random(1);
  const draw = (shape: number[]): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
      shape,
    );
  return tf.tidy(() => {
    const [pictures, filter, a, b] = [[2, 9, 7, 5], [3, 3, 5, 11], [13, 37], [37, 19]].map(draw); // prettier-ignore
    const compute = (): tf.Tensor =>
      tf.concat([
        tf.conv2d(pictures as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same').flatten(),
        tf.matMul(a!, b!).flatten(),
      ]);
    const [ours, plain] = [compute().dataSync(), onPlainBackend(compute).dataSync()];
    return ours.every((number, i) => Math.abs(number - plain[i]!) < 1e-3);
  });
}
