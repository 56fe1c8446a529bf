// Measures attacks on a folder of photos: npm run evaluate -- DIR, where DIR holds a folder for each class
import { join } from 'node:path';
import { DescentError, evaluate, progress, type Progress, type attacks, evaluation, pictures } from 'descent-lab';
import {
  isOwnFile,
  readBytes,
  sha256,
  ALL_ATTACKS,
  checkTableName,
  convertPicture,
  decodePhoto,
  loadAttack,
  mergeParts,
  modelClasses,
  parseShard,
  parseSize,
  writePart,
} from 'descent-lab/internal';
import {
  evaluateOn,
  folderHash,
  isUrl,
  MOST_PHOTOS,
  photoRoot,
  readPhotoList,
  ServerError,
  type Engine,
} from 'descent-lab-queue';
import { claim } from './cli/claim';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { findLibrary } from './cli/find-library';
import { report, setAside, type ReportOptions } from './cli/evaluate-report';
import { openEngine, watch, withEngine, worthIt, type EngineOptions } from './cli/engine';
import { checkBatch, modelOption, openNetwork } from './cli/network';
import { integer, seed } from './cli/numbers';
import { file, folder, ownFiles } from './cli/outputs';

interface Options extends EngineOptions, ReportOptions {
  attack: string;
  epsilons: string;
  limit?: number;
  seed: number;
  batch: number;
  model: string;
  transferTo?: string;
  shard?: string;
  merge?: string[];
  list?: string;
}

export const program = withEngine(
  new Script('npm run evaluate --').description(
    'Measures the success of attacks of different sizes on the photos that a network classifies right,\n' +
      'with 95 % intervals (Wilson).\n' +
      'Stopped or killed, it goes on where it was when called again in the same way.',
  ),
)
  .argument('[folder]', 'a folder with a folder of photos for each class, or with --list a URL that they lie below')
  .option('--list <file>', 'the photos, a path below the folder on each line, or as sha256sum writes them')
  .option(
    '--attack <names>',
    'the attacks, or TypeScript files whose default exports are such; name+jpeg75 saves the adversarial examples as JPEG of that ' +
      'quality (their linf, l2 and psnr are those before it)',
    ALL_ATTACKS,
  )
  .option(
    '--epsilons <list>',
    'the largest changes of a value; under L2 the ball that reaches as far as such a change of all values',
    '0.25/255,0.5/255,1/255,2/255,4/255,8/255',
  )
  .option('--limit <count>', 'only so many photos, the classes in turn', integer(1, 1e9))
  .option('--seed <number>', 'for the random numbers', seed, 1)
  .option('--batch <count>', 'photos attacked at a time', integer(1, 10_000), 32)
  .addOption(modelOption())
  .option('--transfer-to <folder>', 'a second network: how often the adversarial examples have success on it too')
  .option('--out <file>', 'the table, .parquet or .csv', 'evaluation.csv')
  .option('--per-photo <file>', 'a second table with a row for each photo')
  .option(
    '--shard <part>',
    'only a part, such as 2/8; --out is then for --merge, a row for each photo, attack and size',
  )
  .option('--merge <files...>', "make the whole of the parts' files")
  .option('--json', 'print only the summary and the table')
  .reads({
    // Other folders beside those of the classes are nobody's photos: a table may lie there.
    folder: (photos, { model }) =>
      isUrl(photos) ? [] : modelClasses(model as string).flatMap((name) => folder(join(photos, name))),
    attack: ownFiles,
    list: file,
    merge: file,
    model: folder,
    transferTo: folder,
  })
  .writes({ out: (out) => [out, journalOf(out), lockOf(out)].flatMap(file), perPhoto: file });

/** What is done so far, and who does it: beside the table. */
const journalOf = (out: string): string => `${out}.unfinished`;
const lockOf = (out: string): string => `${out}.lock`;

export async function main(): Promise<void> {
  program.parse();
  const options = program.opts<Options>();
  for (const table of [options.out, options.perPhoto ?? options.out]) checkTableName(table);
  const photoFolder = program.args[0];
  if ((photoFolder === undefined) === (options.merge === undefined)) {
    throw new DescentError('a folder of photos is needed, or --merge and files');
  }
  if (options.merge) {
    refuseBesideMerge();
    const { trials, plan } = mergeParts(options.merge);
    return report(() => [trials], plan, options);
  }
  if (options.queue !== undefined && options.batch > MOST_PHOTOS) {
    throw new DescentError(`--batch: with --queue at most ${MOST_PHOTOS} photos at a time, not ${options.batch}`);
  }
  if (options.shard && options.perPhoto) throw new DescentError('--per-photo goes with the whole: give it to --merge');
  const own = await loadOwn(options.attack);
  if (own.attacks.length > 0 && program.getOptionValueSource('queue') === 'cli') {
    throw new DescentError(`--queue sends no code: it takes the attacks by name, ${ALL_ATTACKS.replaceAll(',', ', ')}`);
  }
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const settings = {
    attacks: evaluation.parseAttacks(options.attack, own.byFile),
    seed: options.seed,
    batch: options.batch,
    epsilons: options.epsilons.split(',').map((text) => parseSize(text, '--epsilons', 1)),
  };
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()); // a second Ctrl-C ends it at once
  await claim(lockOf(options.out), options.out);
  const classifier = await openNetwork(options.model);
  const second = options.transferTo === undefined ? undefined : await openNetwork(options.transferTo);
  if (isUrl(photoFolder!) && !options.list)
    throw new DescentError('a URL cannot be listed: --list says what lies below it');
  const photos = options.list
    ? readPhotoList(options.list, classifier.classes, options.limit)
    : pictures.listPhotos(photoFolder!, classifier.classes, options.limit);
  await checkBatch(Math.min(options.batch, photos.length), classifier);
  const root = photoRoot(photoFolder!);
  const [model, transferTo] = [options.model, options.transferTo].map((own) => own && folderHash(own));
  const onUnreadable = (message: string): void => console.error(`skipped: ${message}`);
  let engine: Engine | undefined;
  const elsewhere: evaluation.EvaluateOptions['elsewhere'] = async function* (batches, run) {
    const machine = { model: options.model, transferTo: options.transferTo, root: photoFolder };
    try {
      engine = await openEngine(options, run, machine, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return;
      throw error;
    }
    yield* evaluateOn(
      engine,
      { ...settings, model: model!, transferTo, onUnreadable, photos: options.queue === undefined ? undefined : root },
      stop.signal,
    )(batches, run);
  };
  let bar: Progress | undefined, update: ReturnType<typeof watch> | undefined;
  const result = await evaluate({
    ...settings,
    photos,
    shard,
    classifier,
    onUnreadable,
    signal: stop.signal,
    second: second && {
      classifier: second,
      convert: (pixels) => convertPicture(pixels, classifier.input, second.input),
    },
    read: async (path) =>
      isUrl(photoFolder!) || options.list
        ? decodePhoto(await root.read(path), classifier.input, path)
        : pictures.readPhoto(path, classifier.input),
    fingerprint: [model, transferTo ?? NO_NETWORK, ...own.hashes].join(' '),
    journal: journalOf(options.out),
    onProgress: (done, total) => {
      // of a shard only its own photos
      bar ??= progress({ label: 'evaluate', total, unit: 'photos' });
      update ??= watch(bar, () => engine);
      update(done);
    },
    elsewhere:
      own.attacks.length === 0 && worthIt(options, Math.ceil(photos.length / options.batch)) ? elsewhere : undefined,
  }).catch(async (error: unknown) => {
    await engine?.close(false);
    throw error instanceof ServerError ? new DescentError(error.told) : error;
  });
  bar?.finish('');
  const { plan, journal, stopped } = result;
  if (stopped) {
    await engine?.close(false);
    console.error('stopped; called again in the same way it goes on');
    return;
  }
  if (shard) {
    writePart(options.out, result, shard);
    if (journal.aside.length > 0) console.error(setAside(journal.aside));
  } else report(() => journal.batches(), plan, { ...options, own: own.attacks }, journal.aside);
  journal.remove();
  await engine?.close(true);
}

/** The attacks of the reader's own that a list names by their files. */
interface OwnAttacks {
  byFile: Record<string, attacks.Attack>;
  attacks: attacks.Attack[];
  /** The sha256 of the files: other code is another evaluation. */
  hashes: string[];
}

async function loadOwn(list: string): Promise<OwnAttacks> {
  const files = [...new Set(list.split(',').map((part) => part.split('+')[0]!.trim()))].filter(isOwnFile);
  if (files.length > 0) findLibrary();
  const own: OwnAttacks = { byFile: {}, attacks: [], hashes: [] };
  for (const file of files) {
    const attack = await loadAttack(file);
    own.byFile[file] = attack;
    own.attacks.push(attack);
    own.hashes.push(sha256(readBytes(file)));
  }
  return own;
}

/** The parts say all else. */
function refuseBesideMerge(): void {
  const useful = ['merge', 'out', 'perPhoto', 'json'];
  const useless = program.options.filter(
    (option) =>
      !useful.includes(option.attributeName()) && program.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (useless.length > 0) {
    throw new DescentError(
      `${useless.map(({ long }) => long).join(', ')}: with --merge only --out, --per-photo and ` +
        '--json go, since the parts were made with the rest',
    );
  }
}

/** What stands for a second network where there is none: the sha256 of nothing. */
const NO_NETWORK = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

if (require.main === module) run(main);
