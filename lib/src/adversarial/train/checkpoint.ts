import { isDeepStrictEqual } from 'node:util';
import type { DescentOptimizer } from '../../descent';
import { DescentError } from '../../errors';
import { tf } from '../../tf';
import type { Epoch } from './history';
import { readTensors, writeTensors, type TensorFile } from './safetensors';

/** What must be the same for a training to go on as if it had never stopped. */
export type Settings = Record<string, string | number | boolean | readonly string[]>;

/** How far a training has come, beside its weights. */
export interface Progression {
  /** Whole epochs made. */
  epoch: number;
  /** Steps made of the epoch under way, and what they came to. */
  step: number;
  loss: number;
  right: number;
  seen: number;
  history: Epoch[];
}

type Tensors = TensorFile['tensors'];
const OPTIMIZER = 'optimizer/';

const weightsOf = (model: tf.Sequential): Tensors =>
  model.weights.map((weight) => ({
    name: weight.originalName,
    shape: weight.shape as number[],
    values: weight.read().dataSync<'float32'>(),
  }));

/** Writes the weights, the optimiser's state and the progression into one file, whole or not at all. */
export async function writeCheckpoint(
  path: string,
  model: tf.Sequential,
  optimizer: DescentOptimizer,
  settings: Settings,
  progression: Progression,
): Promise<void> {
  const [count, ...slots] = await optimizer.getWeights();
  const updates = count!.tensor.dataSync()[0]!;
  count!.tensor.dispose();
  const tensors = [
    ...weightsOf(model),
    ...slots.map(({ tensor }, i) => ({
      name: `${OPTIMIZER}${i}`,
      shape: tensor.shape,
      values: tensor.dataSync<'float32'>(),
    })),
  ];
  writeTensors(path, { tensors, text: JSON.stringify({ settings, updates, progression }) });
}

/**
 * Puts a training back to where a checkpoint was written.
 *
 * @throws DescentError when it belongs to a training with other settings, which it names, or is damaged
 */
export async function readCheckpoint(
  path: string,
  model: tf.Sequential,
  optimizer: DescentOptimizer,
  settings: Settings,
): Promise<Progression> {
  const { tensors, text } = readTensors(path);
  const saved = JSON.parse(text) as { settings: Settings; updates: number; progression: Progression };
  const other = Object.keys(settings).find((name) => !isDeepStrictEqual(settings[name], saved.settings[name]));
  if (other) {
    const tell = (value: unknown): string => String(value).slice(0, 60);
    throw new DescentError(
      `${path} belongs to a training with other settings: ${other} was ${tell(saved.settings[other])}, now it is ` +
        `${tell(settings[other])}. Give the same as then, or another folder for this one`,
    );
  }
  loadWeights(path, model, tensors);
  const slots = tensors.filter(({ name }) => name.startsWith(OPTIMIZER));
  const state = [
    { name: 'iter', tensor: tf.scalar(saved.updates, 'int32') as tf.Tensor },
    ...slots.map(({ name, shape, values }) => ({ name, tensor: tf.tensor(values, shape) })),
  ];
  await optimizer.setWeights(state);
  state.forEach(({ tensor }) => tensor.dispose());
  return saved.progression;
}

/** Writes the weights alone. */
export function writeWeights(path: string, model: tf.Sequential): void {
  writeTensors(path, { tensors: weightsOf(model), text: '' });
}

/** Reads weights that `writeWeights` wrote into a model of the same network. */
export function readWeights(path: string, model: tf.Sequential): void {
  loadWeights(path, model, readTensors(path).tensors);
}

function loadWeights(path: string, model: tf.Sequential, tensors: Tensors): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const weight of model.weights) {
    const saved = byName.get(weight.originalName);
    if (saved?.shape.join() !== weight.shape.join()) {
      throw new DescentError(`${path} holds another network: ${weight.originalName} is missing or has another shape`);
    }
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(saved.values, saved.shape)));
  }
}
