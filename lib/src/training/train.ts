import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../data/files';
import { cosineSchedule, createOptimizer } from '../optimizers';
import { Interruption } from '../descent/interrupt';
import { DescentError } from '../errors';
import { dropoutSeed, epochOrder, makeBatch } from './batches';
import { readBest, readCheckpoint, writeBest, writeCheckpoint, type Progression, type Settings } from './checkpoint';
import { bestEpoch } from './history';
import { reestimateStatistics } from './statistics';
import { testPhotos } from './test-photos';
import type { TrainOptions, Training } from './train-options';
import { balancedWeights, trainStep } from './train-step';

/** The photos on which batch normalisation's statistics are estimated after each epoch: more change them no more. */
const CLEAN_PHOTOS = 1024;

/** The file in a training's folder from which it can go on. */
export const checkpointIn = (out: string): string => join(out, 'checkpoint.safetensors');

/** The file of the weights of the best epoch so far. */
export const bestWeightsIn = (out: string): string => join(out, 'best.safetensors');

/** Removes what a training left behind that was killed while it wrote. */
function removeUnfinished(out: string): void {
  const names = existsSync(out) ? namesIn(out) : [];
  for (const name of names) if (/^(checkpoint|best)\.safetensors\.\w+\.tmp$/.test(name)) rmSync(join(out, name));
}

/**
 * Trains a network to tell classes of photos apart: Adam on the cross-entropy, the rate falling from 0.001 as a cosine,
 * each class counting the same. This is not the loop `descend`: a training has to be stopped and gone on with between
 * any two steps, with the optimiser's state.
 *
 * Every random number depends on the seed, the epoch and the step alone, so a training that was killed and resumed
 * takes the steps that an unbroken one takes.
 *
 * @throws DescentError when the loss is not finite, and for a checkpoint of other settings
 */
export async function train(options: TrainOptions): Promise<Training> {
  const { model, card, photos, test, epochs, batch, seed, augment = false, out, checkpointEvery = 60_000 } = options;
  const steps = Math.ceil(photos.labels.length / batch);
  const optimizer = createOptimizer('adam', {
    learningRate: cosineSchedule({ initialLearningRate: 0.001, decaySteps: epochs * steps, alpha: 0.01 }),
  });
  const takeStep = trainStep(model, optimizer, balancedWeights(photos.labels, card.classes.length));
  const settings: Settings = {
    seed,
    batch,
    augment,
    classes: card.classes,
    photos: photos.sha256,
    test: test?.sha256 ?? 'none',
  };
  const [checkpoint, best] = [checkpointIn(out), bestWeightsIn(out)];
  const interruption = new Interruption();
  let lastSaved = performance.now();
  removeUnfinished(out);

  const save = async (state: Progression): Promise<void> => {
    await writeCheckpoint(checkpoint, model, optimizer, settings, state);
    lastSaved = performance.now();
  };
  const stoppedEarly = ({ epoch, history }: Progression): boolean =>
    epoch - (bestEpoch(history)?.epoch ?? 0) >= (options.patience ?? Infinity);

  /** The rest of the epoch under way. */
  const runEpoch = async (state: Progression): Promise<void> => {
    const places = epochOrder(seed, state.epoch, photos);
    while (state.step < steps && !interruption.reason) {
      const own = places.slice(state.step * batch, (state.step + 1) * batch);
      const part = makeBatch({ photos, size: card.input, seed, augment }, own, state.epoch, state.step);
      const { loss, right } = takeStep(part, dropoutSeed(seed, state.epoch, state.step));
      part.images.dispose();
      if (!Number.isFinite(loss)) {
        throw new DescentError(
          `the loss is ${loss} in epoch ${state.epoch + 1}, step ${state.step + 1}: the training diverged; ` +
            'try another seed',
        );
      }
      state.step++;
      state.loss += loss * part.labels.length;
      state.right += right;
      state.seen += part.labels.length;
      options.onStep?.({
        epoch: state.epoch + 1,
        step: state.step,
        steps,
        loss: state.loss / state.seen,
        accuracy: state.right / state.seen,
      });
      await interruption.turn();
      if (performance.now() - lastSaved > checkpointEvery) await save(state);
    }
  };
  /** After the checkpoint, without which the folder holds no training; a run that was killed in between does it anew. */
  const keepBest = ({ history, epoch, step }: Progression): void => {
    if (step === 0 && bestEpoch(history)?.epoch === epoch) writeBest(best, model, settings, epoch);
  };
  const endEpoch = async (state: Progression): Promise<void> => {
    reestimateStatistics(model, photos, epochOrder(seed, 0, photos).slice(0, CLEAN_PHOTOS), card.input, batch);
    const tested = test && (await testPhotos(model, card, test, interruption));
    state.history.push({
      epoch: state.epoch + 1,
      loss: state.loss / state.seen,
      accuracy: state.right / state.seen,
      ...(tested ? { testLoss: tested.loss, testAccuracy: tested.accuracy } : {}),
    });
    Object.assign(state, { epoch: state.epoch + 1, step: 0, loss: 0, right: 0, seen: 0 });
    await save(state);
    keepBest(state);
    options.onEpoch?.(state.history);
  };

  try {
    const state: Progression =
      options.resume && existsSync(checkpoint)
        ? await readCheckpoint(checkpoint, model, optimizer, settings)
        : { epoch: 0, step: 0, loss: 0, right: 0, seen: 0, history: [] };
    keepBest(state);
    options.onEpoch?.(state.history);
    while (state.epoch < epochs && !stoppedEarly(state)) {
      await runEpoch(state);
      if (interruption.reason) {
        await save(state);
        return { history: state.history, stopped: 'interrupted' };
      }
      await endEpoch(state);
    }
    const early = state.epoch < epochs;
    if (early) readBest(best, model, settings, bestEpoch(state.history)!.epoch);
    const final = test && (await testPhotos(model, card, test, interruption));
    return { history: state.history, ...(final ? { final } : {}), ...(early ? { stopped: 'early' } : {}) };
  } finally {
    interruption.close();
    optimizer.dispose();
  }
}
