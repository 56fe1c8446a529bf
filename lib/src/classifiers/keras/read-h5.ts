import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { beside } from '../../beside';
import { DescentError } from '../../errors';
import { optionalProblem } from '../../optional';
import { product } from '../plan';
import type { H5Answer, H5Contents, H5Question, H5Weight } from './h5-worker';
import { parseJson } from './model-json';
import type { FileWeight, FileWeights } from './model-file';

/** After so many seconds without an answer a file is damaged; one second more for each of so many bytes. */
const PATIENCE = { seconds: 20, bytes: 2_000_000 };

/** What an .h5 file holds. */
export interface H5File {
  config: unknown;
  weights: FileWeights;
}

/** A reader, and the file that it reads: how errors call it, and its size in bytes. */
interface Reading {
  worker: Worker;
  path: string;
  size: number;
}

/**
 * Opens an .h5 file of Keras, a whole model or weights only, and gives it to `use`; afterwards it is closed.
 *
 * @param bytes the file; where they have their memory to themselves it is given away
 * @param path what errors call it
 * @throws DescentError for a file that is cut off or damaged, or holds nothing that Keras saved
 */
export async function withH5<T>(bytes: Uint8Array, path: string, use: (file: H5File) => Promise<T>): Promise<T> {
  const worker = idle ?? startReader();
  const reading = { worker, path, size: bytes.length };
  idle = undefined;
  worker.ref();
  try {
    return await use(await readModel(reading, bytes));
  } finally {
    const closed = worker.threadId > 0 && (await answerOf(reading, { close: true }).catch(() => worker.terminate()));
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

async function readModel(reading: Reading, bytes: Uint8Array): Promise<H5File> {
  const { path } = reading;
  const { contents } = await answerOf<{ contents: H5Contents }>(reading, { open: bytes });
  const { config, groups = [] } = contents;
  const weightOf = ({ place, shape }: H5Weight, name: string): FileWeight => ({
    path: name,
    shape,
    read: async () => {
      const { values } = await answerOf<{ values: Float32Array }>(reading, { values: place });
      if (values.length === product(shape)) return values;
      throw new DescentError(`${path} is damaged: ${name} is not as large as its shape. Get it again`);
    },
  });
  const places = contents.places.flatMap((weight) => {
    const place = placeOf(weight.name);
    return place === undefined ? [] : weightOf(weight, place);
  });
  if (groups.length === 0 && places.length === 0) {
    throw new DescentError(
      `${path} holds no model that Keras saved: there are neither layer_names nor layers in it, as in one of a class of its ` +
        "own. Make the model Sequential or Functional in Keras, and save that by model.save('model.keras')",
    );
  }
  return {
    config: config === undefined ? undefined : parseJson(config, path, 'its model_config is'),
    weights:
      groups.length > 0
        ? {
            layout: 'groups',
            groups: groups.map(({ name, weights }) => ({
              name,
              weights: weights.map((weight) => weightOf(weight, weight.name.replace(/:\d+$/, ''))),
            })),
          }
        : { layout: 'places', weights: places },
  };
}

/** How Keras 2.12 to 2.15 calls the layers of a model; Keras 3 says `layers`. */
const LAYERS_OF_2 = '_layer_checkpoint_dependencies';

/** A weight's place in Keras 3's words; undefined where it is none of a layer's, but of a metric's or an optimiser's. */
function placeOf(name: string): string | undefined {
  const place = name
    .split('/')
    .map((part) => (part === LAYERS_OF_2 ? 'layers' : part))
    .join('/');
  return place.startsWith('layers/') ? place : undefined;
}

/** The memory of bytes that have it to themselves: it goes to the reader without a copy. */
const ownBuffer = ({ buffer, byteLength }: Uint8Array): ArrayBuffer[] =>
  buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];

/** What the reader answers. One that comes to no end is ended. */
async function answerOf<T extends H5Answer>({ worker, path, size }: Reading, question: H5Question): Promise<T> {
  worker.postMessage(question, 'open' in question ? ownBuffer(question.open) : []);
  const patience = AbortSignal.timeout(1000 * Math.ceil(PATIENCE.seconds + size / PATIENCE.bytes));
  const damaged = (how: string, cause?: Error): DescentError =>
    new DescentError(`${path} is ${how}. Get it again`, { cause });
  const [answer] = (await once(worker, 'message', { signal: patience }).catch(async (error: Error) => {
    await worker.terminate();
    throw error.name === 'AbortError'
      ? damaged('damaged: reading it comes to no end')
      : damaged('damaged: it ends the reading', error);
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
