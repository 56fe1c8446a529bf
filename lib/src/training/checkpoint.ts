import { isDeepStrictEqual } from 'node:util';
import { atLeast, checkFields, list, object, oneOf, whole, type Kinds, type Telling } from '../data/kinds';
import type { DescentOptimizer } from '../optimizers/descent-optimizer';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { EPOCH, type Epoch } from './history';
import { readTensors, REMEDY, writeTensors, type TensorFile } from './safetensors';

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
/** Adam keeps two tensors for each variable. */
const SLOTS = 2;

/** What stands beside the weights: of a checkpoint, and of the best weights so far. */
interface Saved {
  kind: 'checkpoint';
  settings: Settings;
  updates: number;
  progression: Progression;
}
interface SavedBest {
  kind: 'best weights';
  settings: Settings;
  epoch: number;
}

const SAVED: Kinds<Saved> = { kind: oneOf(['checkpoint']), settings: object, updates: whole(0), progression: object };
const BEST: Kinds<SavedBest> = { kind: oneOf(['best weights']), settings: object, epoch: whole(1) };
const PROGRESSION: Kinds<Progression> = {
  epoch: whole(0),
  step: whole(0),
  loss: atLeast(0),
  right: whole(0),
  seen: whole(0),
  history: list,
};

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
  const saved: Saved = { kind: 'checkpoint', settings, updates, progression };
  writeTensors(path, { tensors, text: JSON.stringify(saved) });
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
  const { tensors, saved } = readSaved(path, SAVED, settings);
  const progression = checkProgression(path, saved.progression);
  const slots = tensors.filter(({ name }) => name.startsWith(OPTIMIZER));
  const shapes = saved.updates === 0 ? [] : Array.from({ length: SLOTS }, () => model.trainableWeights).flat();
  if (slots.length !== shapes.length || slots.some(({ shape }, i) => shape.join() !== shapes[i]!.shape.join())) {
    throw new DescentError(`${path} holds the optimiser's state of another network: ${REMEDY}`);
  }
  loadWeights(path, model, tensors);
  const state = [
    { name: 'iter', tensor: tf.scalar(saved.updates, 'int32') as tf.Tensor },
    ...slots.map(({ name, shape, values }) => ({ name, tensor: tf.tensor(values, shape) })),
  ];
  await optimizer.setWeights(state);
  state.forEach(({ tensor }) => tensor.dispose());
  return progression;
}

/** Writes the weights alone: the best so far, after that epoch. */
export function writeBest(path: string, model: tf.Sequential, settings: Settings, epoch: number): void {
  const saved: SavedBest = { kind: 'best weights', settings, epoch };
  writeTensors(path, { tensors: weightsOf(model), text: JSON.stringify(saved) });
}

/** Puts a model back to the best weights. @throws DescentError when they are another training's, or another epoch's */
export function readBest(path: string, model: tf.Sequential, settings: Settings, epoch: number): void {
  const { tensors, saved } = readSaved(path, BEST, settings);
  if (saved.epoch !== epoch) throw wrongField(path)('epoch', `is ${saved.epoch}, where ${epoch} belongs`);
  loadWeights(path, model, tensors);
}

const wrongField =
  (path: string, place = ''): Telling =>
  (field, problem) =>
    new DescentError(`${path}: ${place}'${field}' ${problem}: ${REMEDY}`);

/** A file of tensors and what stands beside them, once that is what it should be, and of this training. */
function readSaved<T extends { settings: Settings }>(
  path: string,
  kinds: Kinds<T>,
  settings: Settings,
): { tensors: Tensors; saved: T } {
  const { tensors, text } = readTensors(path);
  const saved = checkFields(parsed(text), kinds, wrongField(path));
  const other = Object.keys(settings).find((name) => !isDeepStrictEqual(settings[name], saved.settings[name]));
  if (other) {
    const tell = (value: unknown): string => String(value).slice(0, 60);
    throw new DescentError(
      `${path} belongs to a training with other settings: ${other} was ${tell(saved.settings[other])}, now it is ` +
        `${tell(settings[other])}. Give the same as then, or another folder for this one`,
    );
  }
  return { tensors, saved };
}

/** Nothing, where a text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkProgression(path: string, value: unknown): Progression {
  const progression = checkFields(value, PROGRESSION, wrongField(path, 'progression: '));
  progression.history.forEach((epoch, i) => {
    const telling = wrongField(path, `progression: epoch ${i + 1}: `);
    checkFields(epoch, { ...EPOCH, epoch: oneOf([i + 1]) }, telling);
  });
  return checkFields(
    progression,
    { ...PROGRESSION, epoch: oneOf([progression.history.length]) },
    wrongField(path, 'progression: '),
  );
}

/** Puts weights into a model, all or none. */
function loadWeights(path: string, model: tf.Sequential, tensors: Tensors): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const values = model.weights.map(({ originalName, shape }) => {
    const saved = byName.get(originalName);
    if (saved?.shape.join() !== shape.join()) {
      throw new DescentError(
        `${path} holds another network: ${originalName} is missing or has another shape: ${REMEDY}`,
      );
    }
    return saved.values;
  });
  model.weights.forEach((weight, i) =>
    tf.tidy(() => (weight.read() as tf.Variable).assign(tf.tensor(values[i]!, weight.shape as number[]))),
  );
}
