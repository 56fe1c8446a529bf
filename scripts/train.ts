// Trains the network of the third notebook on photos of one's own: npm run train -- my-photos
import { existsSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DescentError, progress, train, writeHtml, classifiers, figures, training } from 'descent-lab';
import { bestWeightsIn, checkpointIn, classRoots, historyCsv, writeFileAtomically } from 'descent-lab/internal';
import { claim } from './cli/claim';
import { Script } from './cli/command';
import { run as runScript } from './cli/edge';
import { checkBatch } from './cli/network';
import { integer, percent, seed } from './cli/numbers';
import { classes, file, folder } from './cli/outputs';

interface Options {
  epochs: number;
  batch: number;
  augment?: boolean;
  resume?: boolean;
  seed: number;
  limit?: number;
  patience?: number;
  out: string;
  beside: string[];
  json?: boolean;
}

const count = integer(1, 1e6);

/** All that a training writes. */
const placesIn = (out: string) => ({
  model: join(out, 'model'),
  history: join(out, 'history.csv'),
  page: join(out, 'training.html'),
  checkpoint: checkpointIn(out),
  best: bestWeightsIn(out),
  lock: join(out, 'lock'),
});

export const program = new Script('npm run train --')
  .description('Trains the network of the third notebook to tell your photos apart.')
  .argument('<folder>', 'a folder of photos for each class, or train/ and test/ of such folders')
  .option('--epochs <count>', 'how often each photo is seen', count, 10)
  .option('--batch <count>', 'photos a step', count, 32)
  .option('--augment', 'mirror, turn, zoom and shift the photos a little, each time anew')
  .option('--resume', 'go on where the training in --out was stopped or killed')
  .option('--seed <number>', 'of everything random', seed, 1)
  .option('--limit <count>', 'at most so many photos to train on, and to test with', count)
  .option(
    '--patience <count>',
    'end after so many epochs without a lower test loss (training loss, without test/), with the best weights',
    count,
  )
  .option('--out <folder>', 'where to write', 'training')
  .option('--beside <history.csv...>', 'histories of other trainings, to be drawn beside this one', [])
  .option('--json', 'print only {classes, photos, broken, history, final, stopped, model}')
  .reads({ folder: (path) => classRoots(path).flatMap(classes), beside: file })
  .writes({
    out: (out) => {
      const { model, ...files } = placesIn(out);
      return [...folder(model), ...Object.values(files).flatMap(file)];
    },
  })
  .addHelpText(
    'after',
    `
Writes into --out:
  model/                  the finished network, for --model of classify, attack and evaluate
  history.csv             loss and accuracy by epoch
  training.html           the same as a chart
  checkpoint.safetensors  what --resume goes on from: written after each epoch and each minute
  best.safetensors        the weights of the best epoch so far`,
  );

export async function main(): Promise<void> {
  program.parse();
  const options = program.opts<Options>();
  const photoFolder = program.args[0]!;
  const { lock, checkpoint, model: modelFolder, ...rest } = placesIn(options.out);
  await claim(lock, options.out);
  if (existsSync(checkpoint)) {
    if (!options.resume) {
      throw new DescentError(
        `${options.out} holds a training: go on with it by --resume, or name another folder by --out`,
      );
    }
  } else {
    const foreign = [modelFolder, ...Object.values(rest)].find((path) => existsSync(path));
    if (foreign) {
      throw new DescentError(
        `${foreign} is there without a checkpoint, so it is of no training to go on with, and would be replaced: ` +
          'name another folder by --out, or move it away',
      );
    }
    if (options.resume) console.error(`${options.out} holds no checkpoint to go on from: the training begins`);
  }
  const beside = Object.fromEntries(options.beside.map((path) => [basename(path, '.csv'), training.readHistory(path)]));
  const found = training.findPhotos(photoFolder, options.limit);
  const name = `trained on ${basename(resolve(photoFolder))}`;
  const model = training.buildNetwork(found.classes.length, options.seed);
  const card = classifiers.describeModel(model, { name, classes: found.classes, range: [0, 1] });
  const classifier = classifiers.classifierOf(model, card); // training takes more than its gradient
  await checkBatch(Math.min(options.batch, found.train.length), classifier);
  classifier.dispose();
  const photos = await read('photos', found.train, card);
  const test = found.test && (await read('test photos', found.test, card));
  const result = await run(model, card, photos, test, options, beside);
  if (result.stopped === 'interrupted') {
    console.error(`stopped; --resume goes on from here, in ${options.out}`);
    return;
  }
  rmSync(modelFolder, { recursive: true, force: true }); // of the training before it was gone on with
  classifiers.saveModel(modelFolder, model, card, 'float32');
  const { history, final, stopped } = result;
  const broken = [...photos.broken, ...(test?.broken ?? [])];
  if (options.json) {
    console.log(
      JSON.stringify({
        classes: found.classes,
        photos: photos.labels.length,
        broken: broken.length,
        history,
        final,
        stopped,
        model: modelFolder,
      }),
    );
    return;
  }
  if (stopped) console.log(`ended after ${history.length} epochs: ${options.patience} went by without a lower loss`);
  if (final) {
    const perClass = final.perClass.map((part, i) => `${found.classes[i]} ${percent(part)}`).join(', ');
    console.log(`accuracy: ${percent(final.accuracy)} of ${test!.labels.length} test photos (${perClass})`);
  }
  if (broken.length > 0) console.log(`${broken.length} photos could not be read and were left out`);
  console.log(`${modelFolder} holds the network: npm run classify -- photo.jpg --model ${modelFolder}`);
}

async function read(
  unit: string,
  photos: Parameters<typeof training.readPhotoSet>[0],
  { classes, input }: classifiers.ModelCard,
): Promise<training.PhotoSet> {
  const bar = progress({ label: 'read', total: photos.length, unit });
  const set = await training.readPhotoSet(photos, { classes, size: input, onProgress: (done) => bar.update(done) });
  bar.finish();
  set.broken.forEach((message) => console.error(`left out: ${message}`));
  return set;
}

/** Trains, and shows and writes down how it goes. */
async function run(
  model: ReturnType<typeof training.buildNetwork>,
  card: classifiers.ModelCard,
  photos: training.PhotoSet,
  test: training.PhotoSet | undefined,
  options: Options,
  beside: Record<string, training.Epoch[]>,
): Promise<training.Training> {
  const steps = Math.ceil(photos.labels.length / options.batch);
  const bar = progress({ label: 'train', total: options.epochs * steps, unit: 'steps' });
  const result = await train({
    ...options,
    model,
    card,
    photos,
    test,
    onStep: ({ epoch, step, loss, accuracy }) =>
      bar.update((epoch - 1) * steps + step, `epoch ${epoch}: loss ${loss.toFixed(3)}, accuracy ${percent(accuracy)}`),
    onEpoch: (history) => {
      const last = history.at(-1);
      if (!last) return; // before the first checkpoint nothing is there
      writeFileAtomically(placesIn(options.out).history, historyCsv(history));
      bar.update(history.length * steps);
      const tested =
        last.testAccuracy === undefined
          ? ''
          : `, test loss ${last.testLoss!.toFixed(3)}, ${percent(last.testAccuracy)}`;
      console.error(`epoch ${last.epoch}: loss ${last.loss.toFixed(3)}, ${percent(last.accuracy)}${tested}`);
    },
  });
  bar.finish();
  const { history } = result;
  if (history.length > 0) {
    const title = `${card.name}: ${history.length} epochs on ${photos.labels.length} photos`;
    const runs = { [Object.keys(beside).length > 0 ? 'descent-lab' : card.name]: history, ...beside };
    writeHtml(placesIn(options.out).page, [figures.trainingFigure(runs, { name: 'training', title })], { title });
  }
  return result;
}

if (require.main === module) runScript(main);
