// Spreads unit vectors as far apart as possible: npm run spread -- --vectors 20 --dimensions 3
import { DescentError, progress, writeHtml, figures, spreads } from 'descent-lab';
import {
  MOST_IN_ANGLE_MAPS,
  MOST_ITERATIONS,
  MOST_RESTARTS,
  checkVectorFile,
  defaultRestarts,
  loadSpreadLoss,
  spreadMethodNames,
  spreadPlan,
} from 'descent-lab/internal';
import { spreadOn, type Engine } from 'descent-lab-queue';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { findLibrary } from './cli/find-library';
import { openEngine, watch, withEngine, worthIt, type EngineOptions } from './cli/engine';
import { integer, seed } from './cli/numbers';
import { file, fileIn, ownFiles } from './cli/outputs';

interface Options extends EngineOptions {
  vectors?: number;
  dimensions?: number;
  loss: string;
  iterations?: number;
  restarts?: number;
  seed: number;
  start?: string;
  out?: string;
  html?: string;
  json?: boolean;
}

export const program = withEngine(
  new Script('npm run spread --').description(
    'Spreads unit vectors as far apart as possible: the least angle between any two is to be large.',
  ),
)
  .option('--vectors <number>', 'how many vectors', integer(2, 100_000))
  .option('--dimensions <number>', 'of how many numbers each', integer(1, 100_000))
  .option(
    '--loss <name>',
    `the way to spread them: ${spreadMethodNames.join(', ')} (the best one, the least electric energy, or a loss of ` +
      'the article with its rates), or a TypeScript file whose default export takes a tensor of shape [N, D] (and tf) ' +
      'and gives a scalar tensor',
    'best',
  )
  .option(
    '--iterations <number>',
    "updates from each start (default: 1500, or the article's)",
    integer(0, MOST_ITERATIONS),
  )
  .option(
    '--restarts <number>',
    'random starts (default: up to 128, 1 with --start, a loss of the article or your own)',
    integer(1, MOST_RESTARTS),
  )
  .option('--seed <number>', 'the same seed gives the same vectors', seed, 1)
  .option('--start <file>', 'vectors to start from: a table with the columns x1 to xD, .csv, .parquet or .json')
  .option('--out <file>', 'write the vectors to a table: .csv, .parquet or .json')
  .option(
    '--html <file>',
    'write pictures of the vectors as one page that opens anywhere, offline; the maps of all ' +
      `angles up to ${MOST_IN_ANGLE_MAPS} vectors`,
  )
  .option('--json', 'print only {vectors, dimensions, loss, seed, minAngleDegrees, energy, boundDegrees, ...}')
  .reads({ start: file, loss: ownFiles })
  // A loss imports what it likes: source and data of the reader, which has other endings.
  .writes({ out: file, html: fileIn('.html', '.htm') });

export async function main(): Promise<void> {
  program.parse();
  const options = program.opts<Options>();
  if (options.out) checkVectorFile(options.out); // before the work, not after it
  const start = options.start === undefined ? undefined : spreads.readVectors(options.start);
  const vectors = options.vectors ?? start?.length,
    dimensions = options.dimensions ?? start?.[0]!.length;
  if (vectors === undefined || dimensions === undefined) {
    throw new DescentError('--vectors and --dimensions are needed, or --start FILE with vectors to start from');
  }
  const { iterations, seed } = options;
  findLibrary();
  const loss = await loadSpreadLoss(options.loss);
  if (typeof loss === 'function' && program.getOptionValueSource('queue') === 'cli') {
    throw new DescentError(`--queue sends no code: it takes the losses by name, ${spreadMethodNames.join(', ')}`);
  }
  const restarts =
    options.restarts ?? (start || !['best', 'energy'].includes(options.loss) ? 1 : defaultRestarts(vectors));
  const begin = performance.now();
  const search = { vectors, dimensions, iterations, restarts, seed, start };
  const { size } = spreadPlan(loss, search);
  const bar = progress({
    label: `${vectors} vectors, ${dimensions}-D, ${options.loss}`,
    total: restarts,
    unit: 'restarts',
  });
  let engine: Engine | undefined;
  const stop = new AbortController();
  const elsewhereBy = (loss: spreads.SpreadMethod): spreads.SearchOptions['elsewhere'] =>
    async function* (batches) {
      engine = await openEngine(options, JSON.stringify([loss, search]));
      process.once('SIGINT', () => stop.abort());
      yield* spreadOn(engine, { loss, ...search }, stop.signal)(batches);
    };
  const update = watch(bar, () => engine);
  const result = await spreads
    .bestSpread({
      ...search,
      loss,
      onProgress: (done, note) => update(Math.floor(done * restarts), note),
      elsewhere:
        typeof loss === 'string' && worthIt(options, Math.ceil(restarts / size)) ? elsewhereBy(loss) : undefined,
    })
    .catch(async (error: unknown) => {
      await engine?.close(false);
      if (!(error instanceof spreads.NothingFoundError)) throw error;
      console.error(error.message);
      process.exitCode = 130;
    });
  if (!result) return;
  await engine?.close(!result.stopped);
  bar.finish(`least angle ${result.minAngleDegrees.toFixed(4)}°`);
  const seconds = Number(((performance.now() - begin) / 1000).toFixed(2));
  report(result, { loss: options.loss, seed, seconds, json: options.json }); // first: the disk may have filled meanwhile
  if (options.out) spreads.writeVectors(options.out, result.vectors);
  if (options.html) {
    writeHtml(options.html, figuresOf(result), {
      title: `${vectors} vectors in ${dimensions} dimensions`,
      intro: `The least angle between any two is ${result.minAngleDegrees.toFixed(4)} degrees.`,
    });
  }
}

function figuresOf({ vectors, start, minAngleDegrees }: spreads.SearchResult): figures.Figure[] {
  const title = `The least angle is ${minAngleDegrees.toFixed(4)}°`;
  const states = { before: start, after: vectors };
  const angles = [
    ...(vectors.length > MOST_IN_ANGLE_MAPS ? [] : [figures.angleMapsFigure(states, { name: 'angles', title })]),
    figures.angleHistogramFigure(states, { name: 'angle-histogram', title: 'The angles between all pairs' }),
  ];
  const dimensions = vectors[0]!.length;
  if (dimensions === 3) {
    return [figures.sphereFigure({ records: [{ vectors, minAngleDegrees }] }, { name: 'sphere', title }), ...angles];
  }
  if (dimensions !== 2) return angles;
  return [figures.startAndTargetFigure({ start, target: vectors }, { name: 'spread-start-and-target' }), ...angles];
}

function report(
  result: spreads.SearchResult,
  run: { loss: string; seed: number; seconds: number; json?: boolean },
): void {
  const { minAngleDegrees, energy, iterations } = result;
  const vectors = result.vectors.length,
    dimensions = result.vectors[0]!.length;
  const { bound, best, source } = spreads.knownAngle(vectors, dimensions);
  if (run.json) {
    const { loss, seed, seconds } = run;
    console.log(
      JSON.stringify({
        vectors,
        dimensions,
        loss,
        seed,
        minAngleDegrees,
        energy: Number.isFinite(energy) ? energy : null,
        boundDegrees: bound,
        bestKnownDegrees: best ?? null,
        iterations,
        seconds,
      }),
    );
    return;
  }
  const proven = best !== undefined && Math.abs(best - bound) < 1e-9;
  console.log(`least angle     ${minAngleDegrees.toFixed(4)}°`);
  if (proven) console.log(`best possible   ${bound.toFixed(4)}°, proven (${source})`);
  else {
    if (best !== undefined) console.log(`best known      ${best.toFixed(4)}°`);
    console.log(`proven bound    ${bound.toFixed(4)}° (${source})`);
  }
  const leastEnergy = spreads.knownEnergy(vectors, dimensions);
  const least = leastEnergy === undefined ? '' : ` (least known ${leastEnergy.toFixed(6)})`;
  console.log(`electric energy ${energy.toFixed(6)}${least}`);
  console.log(
    `${result.found.length} start${result.found.length === 1 ? '' : 's'} of ${iterations} iterations, ` +
      `${run.seconds} s${result.stopped ? '; stopped early, this is the best so far' : ''}`,
  );
}

if (require.main === module) run(main);
