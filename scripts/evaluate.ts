// Measures attacks on a folder of photos: npm run evaluate -- DIR, where DIR holds a folder for each class
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  ALL_ATTACKS, checkTableName, convertPicture, DescentError, evaluate, listPhotos, loadClassifier, mergeParts,
  parseAttacks, parseShard, parseSize, perPhoto, progress, readPhoto, summarise, writeTable, type Trial,
} from 'descent-lab';
import { claim } from './claim';
import { run } from './edge';

interface Options {
  attack: string;
  epsilons: string;
  limit?: number;
  seed: number;
  batch: number;
  model: string;
  transferTo?: string;
  out: string;
  perPhoto?: string;
  shard?: string;
  merge?: string[];
  json?: boolean;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

const program = new Command('npm run evaluate --')
  .description('Measures how often attacks of different sizes turn the photos that a network classifies right,\n' +
    'with 95 % intervals (Wilson).\n' +
    'Stopped or killed, it goes on where it was when called again in the same way.')
  .argument('[folder]', 'a folder with a folder of photos for each class')
  .option('--attack <names>', 'the attacks; name+jpeg75 saves the victims as JPEG of that quality', ALL_ATTACKS)
  .option('--epsilons <list>',
    'the largest changes of a value; under L2 the ball that reaches as far as such a change of all values',
    '0.25/255,0.5/255,1/255,2/255,4/255,8/255')
  .option('--limit <count>', 'only so many photos, the classes in turn', whole)
  .option('--seed <number>', 'for the random numbers', whole, 1)
  .option('--batch <count>', 'photos attacked at a time', whole, 32)
  .addOption(new Option('--model <folder>', 'the network').default(join(__dirname, '..', 'models', 'cats-dogs'),
    'models/cats-dogs'))
  .option('--transfer-to <folder>', 'a second network: how often the victims fool it too')
  .option('--out <file>', 'the table, .parquet or .csv', 'evaluation.csv')
  .option('--per-photo <file>', 'a second table with a row for each photo')
  .option('--shard <part>',
    'only a part, such as 2/8; --out is then for --merge, a row for each photo, attack and size')
  .option('--merge <files...>', 'make the whole of the parts\' files')
  .option('--json', 'print only the summary and the table')
  .showHelpAfterError('(--help shows all options)');

async function main(): Promise<void> {
  program.parse();
  process.on('SIGINT', () => process.exit(130)); // the loop would only end the batch under way
  const options = program.opts<Options>();
  for (const file of [options.out, options.perPhoto ?? options.out]) checkTableName(file);
  const folder = program.args[0];
  if ((folder === undefined) === (options.merge === undefined)) {
    throw new DescentError('a folder of photos is needed, or --merge and files');
  }
  if (options.merge) return report(mergeParts(options.merge), options);
  await claim(`${options.out}.lock`, options.out);
  if (options.shard && options.perPhoto) throw new DescentError('--per-photo goes with the whole: give it to --merge');
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const classifier = await loadClassifier(options.model);
  const second = options.transferTo === undefined ? undefined : await loadClassifier(options.transferTo);
  const photos = listPhotos(folder!, classifier.classes, options.limit);
  const bar = progress({ label: 'evaluate', total: photos.length, unit: 'photos' });
  const { trials, run, journal } = await evaluate({
    photos, shard, classifier, attacks: parseAttacks(options.attack), seed: options.seed, batch: options.batch,
    epsilons: options.epsilons.split(',').map((text) => parseSize(text, '--epsilons')),
    second: second && { classifier: second, convert: (pixels) => convertPicture(pixels, classifier.input,
      second.input) },
    read: (path) => readPhoto(path, classifier.input),
    fingerprint: [options.model, options.transferTo ?? ''].map(contentOf).join(' '),
    journal: `${options.out}.unfinished`,
    onUnreadable: (message) => console.error(`skipped: ${message}`),
    onProgress: (done) => bar.update(done),
  });
  bar.finish();
  if (shard) writeTable(options.out, trials.map((trial) => ({ ...trial, run, shard: shard.index,
    shards: shard.count })));
  else report(trials, options);
  journal.remove();
}

/** A name for a model folder's files: another network is another evaluation. */
function contentOf(folder: string): string {
  const hash = createHash('sha256');
  if (folder !== '') for (const file of readdirSync(folder).sort()) hash.update(file).update(
    readFileSync(join(folder, file)));
  return hash.digest('hex');
}

function report(trials: readonly Trial[], { out, perPhoto: perPhotoFile, json }: Options): void {
  const summary = summarise(trials);
  writeTable(out, summary.rows.map((row) => ({ ...row })));
  if (perPhotoFile !== undefined) writeTable(perPhotoFile,
    perPhoto(trials, [...new Set(summary.rows.map(({ attack }) => attack))]));
  if (json) {
    console.log(JSON.stringify(summary));
    return;
  }
  const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
  const { photos, unreadable, right, accuracy } = summary;
  console.log(`${photos} photos, ${unreadable} unreadable; classified right: ${right}, ${percent(accuracy)}`);
  console.table(summary.rows.map(({ attack, epsilon, n, success, low, high, l2, psnr, transfer }) => ({ attack,
    'epsilon/255': Number((255 * epsilon).toFixed(4)), n, success: percent(success),
      '95 %': `${percent(low)} to ${percent(high)}`,
    l2: l2?.toFixed(3) ?? '-', psnr: psnr?.toFixed(1) ?? '-', transfer: percent(transfer) })));
}

run(main);
