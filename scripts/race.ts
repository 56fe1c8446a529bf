// Races optimisers down a surface: npm run race -- --objective beale --optimizers sgd,adam --tune --html race.html
import { Option } from 'commander';
import { DescentError, progress, race, writeHtml, type Progress, figures, optimizers, races } from 'descent-lab';
import {
  loadObjective,
  loadOptimizer,
  objectiveNames,
  raceRunners,
  textTable,
  writeRaceTable,
} from 'descent-lab/internal';
import { tuneOn } from 'descent-lab-queue';
import { endNow } from '../lib/native/edge.mjs';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { openEngine, watch, withEngine, worthIt, type EngineOptions } from './cli/engine';
import { findLibrary } from './cli/find-library';
import { integer, pair, positive } from './cli/numbers';
import { fileIn, ownFiles } from './cli/outputs';

interface Options extends EngineOptions {
  objective: string;
  optimizers: string[];
  steps: number;
  start?: races.Point;
  learningRate?: number;
  tune?: boolean;
  set?: string[];
  html?: string;
  csv?: string;
  json?: boolean;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

const starts = Object.values(races.objectives)
  .map(({ name, start }) => `${name} ${start.join(',')}`)
  .join('; ');

export const program = withEngine(
  new Script('npm run race --').description(
    'Sends optimisers down the same surface from the same start, and says how far each one came.',
  ),
)
  .option(
    '--objective <name>',
    `the surface: ${objectiveNames.join(', ')}, or a TypeScript file whose default ` +
      'export takes a tensor of shape [2] (and tf) and gives a scalar tensor',
    'beale',
  )
  .addOption(
    new Option(
      '--optimizers <list>',
      'who runs, with commas between; a TypeScript file too, whose default export makes one',
    )
      .argParser(list)
      .default([...optimizers.optimizerNames], 'all'),
  )
  .option('--steps <number>', 'updates for each', integer(1, 100_000), 200)
  .option(
    '--start <x,y>',
    "where they start; with a minus sign as --start=-1.5,1.5 (default: the surface's own, " +
      `${starts}; a file's exported start, or 1,1)`,
    pair('--start=-1.5,1.5'),
  )
  .option('--learning-rate <number>', "one rate for all (default: each one's own)", positive())
  .option('--tune', 'search the rate with the least final loss for each optimiser')
  .option(
    '--set <name.hyper=value>',
    "a hyperparameter by Keras' name in camelCase, such as adam.beta1=0.8; may be repeated",
    (text: string, all: string[] = []) => [...all, text],
  )
  .option('--html <file>', 'write the race as one page that opens anywhere, offline')
  .option('--csv <file>', 'write every step as a table: optimizer, step, x, y, loss')
  .option('--json', 'print only {objective, start, runs: [{optimizer, hyper, steps, final, finalLoss, path}]}')
  .reads({ objective: ownFiles, optimizers: ownFiles })
  // Code imports what it likes: source and data of the reader, which has other endings.
  .writes({ html: fileIn('.html', '.htm'), csv: fileIn('.csv') })
  .addHelpText(
    'after',
    `\nOptimisers: ${optimizers.optimizerNames.join(', ')}.\nA run that diverges says "diverged" and ` +
      'the step; its final point is the last finite one.',
  );

export async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  if (options.tune && options.learningRate !== undefined) {
    throw new DescentError('give --tune or --learning-rate, not both');
  }
  findLibrary();
  const chosen = [];
  for (const name of options.optimizers) chosen.push(await loadOptimizer(name));
  const runners = raceRunners(chosen, options);
  const objective = await loadObjective(options.objective);
  const start = options.start ?? objective.start;
  const runs = await runAll(objective, start, runners, options);
  const title = `${objective.name}: ${runs.length} optimisers from (${start.join(', ')})`;
  if (options.html) {
    const charts = [figures.raceFigure, figures.raceSurfaceFigure].map((draw, i) =>
      draw({ objective, runs }, { name: `race-${i + 1}`, title, frames: 30 }),
    );
    const intro = `${objective.formula ?? objective.name}. The number beside each optimiser is its learning rate.`;
    writeHtml(options.html, charts, { title, intro });
  }
  if (options.csv) writeRaceTable(options.csv, runs);
  if (options.json) {
    const shown = runs.map(({ loss: _, ...rest }) => rest);
    console.log(JSON.stringify({ objective: options.objective, start, runs: shown }));
    return;
  }
  print(objective, start, runs, options);
}

async function runAll(
  objective: races.Objective,
  start: races.Point,
  runners: races.Runner[],
  options: Options,
): Promise<races.RaceRun[]> {
  const { steps, tune: search } = options;
  const queue = program.getOptionValueSource('queue') === 'cli'; // the environment's is for what can use it
  if (queue && !search) throw new DescentError('--queue goes with --tune: a single race is done at once');
  if (!search) return race({ objective, start, runners, steps });
  if (queue && !objectiveNames.includes(options.objective)) {
    throw new DescentError(`--queue sends no code: it takes the surfaces by name, ${objectiveNames.join(', ')}`);
  }
  const named = runners.filter((runner): runner is NamedRunner => typeof runner.optimizer === 'string');
  if (queue && named.length < runners.length) {
    throw new DescentError(
      `--queue sends no code: it takes the optimisers by name, ${optimizers.optimizerNames.join(', ')}`,
    );
  }
  const travels = objectiveNames.includes(options.objective) && named.length === runners.length;
  const bar = progress({ label: 'tune', total: runners.length, unit: 'optimisers' });
  const runs =
    travels && worthIt(options, runners.length)
      ? await tuneElsewhere(objective, start, named, options, bar)
      : await tuneHere(objective, start, runners, options, bar);
  bar.update(runs.length);
  bar.finish(`${runs.length} learning rates found`);
  return runs;
}

/** A runner that another thread or machine knows too. */
type NamedRunner = races.Runner<optimizers.OptimizerName>;

type Tune<R extends races.Runner> = (
  objective: races.Objective,
  start: races.Point,
  runners: R[],
  options: Options,
  bar: Progress,
) => Promise<races.RaceRun[]>;

const tuneHere: Tune<races.Runner> = async (objective, start, runners, { steps }, bar) => {
  const runs: races.RaceRun[] = [];
  for (const [i, { optimizer, hyper, name }] of runners.entries()) {
    bar.update(i, name ?? String(optimizer));
    runs.push(await races.tune(objective, optimizer, { hyper, name, start, steps }));
    if (runs.at(-1)!.stopped) break;
  }
  return runs;
};

const tuneElsewhere: Tune<NamedRunner> = async (objective, start, runners, options, bar) => {
  const { steps } = options;
  const engine = await openEngine(options, JSON.stringify([objective.name, start, runners, steps]));
  process.once('SIGINT', () => {
    // half a search has found no rate, so nothing is kept: only the queue is left in order
    if (options.queue === undefined) endNow();
    else engine.close(false).then(endNow, endNow);
  });
  const update = watch(bar, () => engine);
  let done = 0;
  const race = { objective: options.objective, start, steps };
  const runs = await Promise.all(
    runners.map(async (runner) => {
      const run = await races.tune(
        objective,
        runner.optimizer,
        { hyper: runner.hyper, start, steps },
        tuneOn(engine, race, runner),
      );
      update(++done);
      return run;
    }),
  ).catch(async (error: unknown) => {
    await engine.close(false);
    throw error;
  });
  await engine.close(true);
  return runs;
};

function print(objective: races.Objective, start: races.Point, runs: races.RaceRun[], { html, csv }: Options): void {
  console.log(`${objective.name}: ${objective.formula ?? 'your own'}, from (${start.join(', ')})`);
  console.log(
    textTable(
      runs.map(({ optimizer, hyper, steps, final, finalLoss, diverged }) => ({
        optimizer,
        rate: typeof hyper.learningRate === 'number' ? String(hyper.learningRate) : '-',
        steps,
        final: final.map((value) => value.toPrecision(5)).join(', '),
        loss: diverged === undefined ? finalLoss : `diverged at step ${diverged}`,
      })),
    ),
  );
  for (const file of [html, csv]) if (file) console.log(`written: ${file}`);
}

if (require.main === module) run(main);
