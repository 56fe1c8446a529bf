import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { beside } from '../../beside';
import { DescentError } from '../../errors';
import { optionalProblem } from '../../optional';
import { HDF5, KERAS_3, readHead, tellForeign } from '../foreign-file';
import { product } from '../plan';
import type { H5Answer, H5Contents, H5Question } from './h5-worker';

/** One weight of a layer: its name without the layer's (kernel, bias, gamma ...), and its values on demand. */
export interface KerasWeight {
  name: string;
  shape: number[];
  read: () => Promise<Float32Array>;
}
/** A layer as the file lists it, in the model's order; many have no weights. */
export interface KerasLayer {
  name: string;
  weights: KerasWeight[];
}
export interface KerasFile {
  /** The model's architecture as Keras describes it; undefined where only weights were saved. */
  config: unknown;
  layers: KerasLayer[];
}

/** After so many seconds without an answer a file is damaged; one second more for each of so many bytes. */
const PATIENCE = { seconds: 20, bytes: 2_000_000 };

/**
 * Opens an .h5 file of Keras 2, a whole model or weights only, and gives it to `use`; afterwards it is closed.
 *
 * @throws DescentError for a file that is missing, no .h5, cut off or damaged, or holds nothing that Keras 2 saved
 */
export async function withKerasFile<T>(path: string, use: (file: KerasFile) => Promise<T>): Promise<T> {
  if (!readHead(path).startsWith(HDF5)) {
    throw new DescentError(tellForeign(path) ?? `${path} is no .h5 file: it does not begin as one`);
  }
  const worker = idle ?? startReader();
  idle = undefined;
  worker.ref();
  try {
    return await use(await readModel(worker, path));
  } finally {
    const closed =
      worker.threadId > 0 && (await answerOf(worker, path, { close: true }).catch(() => worker.terminate()));
    if (typeof closed === 'object') keep(worker);
  }
}

/** A reader that waits for the next file: to begin one takes longer than to read a small file. */
let idle: Worker | undefined;

function startReader(): Worker {
  const { file, execArgv } = beside(__dirname, 'h5-worker');
  return new Worker(file, { execArgv });
}

function keep(worker: Worker): void {
  void idle?.terminate();
  idle = worker;
  worker.unref(); // the process need not wait for it
}

async function readModel(worker: Worker, path: string): Promise<KerasFile> {
  const { contents } = await answerOf<{ contents: H5Contents }>(worker, path, { open: path });
  const { version, config, layers } = contents;
  if (layers.length === 0 || Number.parseInt(version ?? '2') >= 3) {
    const told =
      layers.length > 0
        ? `was saved by Keras ${version}, and only models of Keras 2 can be imported`
        : 'holds no model that Keras 2 saved: there are no layer_names in it. Where Keras 3 saved it';
    throw new DescentError(`${path} ${told}: ${KERAS_3}`);
  }
  return {
    config: config === undefined ? undefined : parse(config, path),
    layers: layers.map(({ name: layer, weights }) => ({
      name: layer,
      weights: weights.map(({ path: place, shape }) => ({
        name: place.split('/').at(-1)!.replace(/:\d+$/, ''),
        shape,
        read: async () => {
          const { values } = await answerOf<{ values: Float32Array }>(worker, path, { layer, path: place });
          if (values.length === product(shape)) return values;
          throw new DescentError(`${path} is damaged: ${place} is not as large as its shape. Get it again`);
        },
      })),
    })),
  };
}

/** What the worker answers. One that comes to no end is ended. */
async function answerOf<T extends H5Answer>(worker: Worker, path: string, question: H5Question): Promise<T> {
  worker.postMessage(question);
  const patience = AbortSignal.timeout(1000 * Math.ceil(PATIENCE.seconds + statSync(path).size / PATIENCE.bytes));
  const damaged = (how: string): DescentError => new DescentError(`${path} is ${how}. Get it again`);
  const [answer] = (await once(worker, 'message', { signal: patience }).catch(async (error: Error) => {
    await worker.terminate();
    throw damaged(error.name === 'AbortError' ? 'damaged: reading it comes to no end' : 'damaged: it ends the reading');
  })) as [H5Answer];
  if (!('error' in answer)) return answer as T;
  if (answer.error.startsWith('RuntimeError')) await worker.terminate(); // its memory is as damaged as the file
  if (answer.code) throw optionalProblem('h5wasm', 'reads .h5 files', Object.assign(new Error(answer.error), answer));
  throw damaged(
    answer.error.includes('truncated')
      ? 'cut off: a part of it is missing'
      : 'damaged: it cannot be read as an .h5 file',
  );
}

function parse(config: string, path: string): unknown {
  try {
    return JSON.parse(config);
  } catch {
    throw new DescentError(`${path} is damaged: its model_config is no JSON. Get it again`);
  }
}
