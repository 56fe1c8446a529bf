// Changes photos by a few 255ths a value, so that a network takes them for something else: npm run attack -- cat.jpg
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import {
  attack,
  DescentError,
  progress,
  Random,
  writeHtml,
  attacks,
  type classifiers,
  figures,
  pictures,
} from 'descent-lab';
import {
  answerText,
  asSaved,
  loadAttack,
  parseSize,
  settle,
  targetIndex,
  adversarialFiles,
} from 'descent-lab/internal';
import { endNow } from '../lib/native/edge.mjs';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { findLibrary } from './cli/find-library';
import { modelOption, openNetwork } from './cli/network';
import { integer, seed } from './cli/numbers';
import { file, folder, ownFiles } from './cli/outputs';

/** Photos attacked at a time: more save little time and cost memory. */
const BATCH = 16;

interface Options extends Partial<attacks.Budget> {
  attack: string;
  target?: string;
  model: string;
  out: string;
  seed: number;
  json?: boolean;
}

/** The page that shows the adversarial examples beside the photos. */
const pageIn = (out: string): string => join(out, 'comparison.html');

/** A size or an error in commander's way, which names the option. */
function size(text: string): number {
  try {
    return parseSize(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

export const program = new Script('npm run attack --')
  .description(
    'Changes photos by a few 255ths a value, so that a network takes them for something else.\n' +
      "Writes each adversarial example as PNG at the network's size, and a page that compares them.",
  )
  .argument('<photo...>', "the photos; each is squeezed to the network's size")
  .option(
    '--attack <name>',
    `the attack: ${attacks.attackNames.join(', ')}, or a TypeScript file whose default export is one`,
    'article',
  )
  .option('--target <class>', 'the class to end in (default: any other)')
  .option('--epsilon <size>', "the largest change, such as 0.01 or 4/255, in the attack's norm", size)
  .option('--steps <count>', 'how many steps', integer(0, 1000))
  .option('--step-size <size>', 'how far a step goes, such as 1/255', size)
  .option('--seed <number>', 'for attacks with random numbers', seed, 1)
  .addOption(modelOption())
  .option('--out <folder>', 'where to write', 'attacks')
  .option('--json', 'print only [{photo, label, probabilities, success, adversarial, steps}]')
  .reads({ photo: file, model: folder, attack: ownFiles })
  .writes({ out: (out, { photo }) => [...adversarialFiles(photo as string[], out), pageIn(out)].flatMap(file) })
  .addHelpText(
    'after',
    '\nAttacks:\n' +
      attacks.attackNames.map((name) => `  ${name.padEnd(10)} ${attacks.findAttack(name).summary}`).join('\n'),
  );

export async function main(): Promise<void> {
  program.parse();
  process.on('SIGINT', endNow); // the loop would only end the batch under way
  const options = program.opts<Options>();
  const { epsilon, steps, stepSize } = options;
  findLibrary();
  const method = await loadAttack(options.attack);
  settle(method, { epsilon, steps, stepSize }); // a wrong option is told before the work
  const classifier = await openNetwork(options.model);
  if (options.target !== undefined) targetIndex(classifier.classes, options.target);
  const bar = progress({ label: method.name, total: program.args.length, unit: 'photos' });
  const files = adversarialFiles(program.args, options.out);
  const results = [];
  const shown: figures.Figure[] = [];
  for (let start = 0; start < program.args.length; start += BATCH) {
    const photos = await readAll(program.args.slice(start, start + BATCH), classifier);
    const examples = await attackAll(photos, start, classifier, { ...options, method });
    for (const [i, example] of examples.entries()) {
      const { photo, place } = photos[i]!;
      const file = files[start + place]!;
      await pictures.writePicture(file, example.pictures.at(-1)!, classifier.input);
      shown.push(
        await figures.comparisonFigure([{ name: 'original', example }], {
          name: `attack-${start + place + 1}`,
          title: photo,
          size: classifier.input,
        }),
      );
      const { label, success, steps: made } = example;
      const probabilities = Object.fromEntries(classifier.classes.map((name, k) => [name, example.answers[0]![k]]));
      results.push({ photo, label, probabilities, success, adversarial: file, steps: made });
      if (!options.json) tell(photo, example, file, classifier);
    }
    bar.update(Math.min(start + BATCH, program.args.length));
  }
  bar.finish();
  const page = pageIn(options.out);
  if (shown.length > 0) writeHtml(page, shown, { title: `Attack '${method.name}' on ${shown.length} photos` });
  if (options.json) console.log(JSON.stringify(results));
  else if (shown.length > 0) {
    const successes = results.filter(({ success }) => success).length;
    console.log(`success on ${successes} of ${shown.length} photos; side by side in ${page}`);
  }
}

/** A photo and its place in the batch. */
interface ReadPhoto {
  photo: string;
  place: number;
  pixels: Float32Array;
}

/** The photos that can be read; the others are told about, and the command fails in the end. */
async function readAll(paths: string[], classifier: classifiers.Classifier): Promise<ReadPhoto[]> {
  const photos: ReadPhoto[] = [];
  for (const [place, photo] of paths.entries()) {
    try {
      photos.push({ photo, place, pixels: await pictures.readPhoto(photo, classifier.input) });
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  }
  return photos;
}

/** The adversarial examples as their files hold them. */
async function attackAll(
  photos: ReadPhoto[],
  start: number,
  classifier: classifiers.Classifier,
  options: Options & { method: attacks.Attack },
): Promise<attacks.AdversarialExample[]> {
  if (photos.length === 0) return [];
  const images = pictures.stackPictures(
    photos.map(({ pixels }) => pixels),
    classifier.input,
  );
  const { method, target, epsilon, steps, stepSize, seed } = options;
  const examples = await attack(classifier, images, {
    attack: method,
    target,
    epsilon,
    steps,
    stepSize,
    randoms: photos.map(({ place }) => new Random((seed + start + place) >>> 0)),
  });
  images.dispose();
  return asSaved(classifier, examples, { target, stretch: epsilon === undefined && method.seeks === 'least change' });
}

function tell(
  photo: string,
  { steps, success }: attacks.AdversarialExample,
  file: string,
  classifier: classifiers.Classifier,
): void {
  console.log(`${photo}: ${success ? 'success' : 'no success'}, written to ${file}`);
  for (const { step, linf, l2, psnr, ...answer } of steps) {
    const change =
      step === 0
        ? 'untouched'
        : `largest change ${(255 * linf).toFixed(2)}/255, L2 ${l2.toFixed(3)}, PSNR ${psnr.toFixed(1)} dB`;
    console.log(`  step ${String(step).padStart(2)}: ${answerText(answer, classifier)}, ${change}`);
  }
}

if (require.main === module) run(main);
