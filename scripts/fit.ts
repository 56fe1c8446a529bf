// Fits a line, or a formula, to two columns of a table: npm run fit -- data/height-weight.csv --x Height --y Weight
import { InvalidArgumentError, Option } from 'commander';
import {
  DescentError,
  DivergenceError,
  fitLine,
  progress,
  readColumns,
  writeHtml,
  type Column,
  type TableOptions,
  figures,
  optimizers,
  regression,
} from 'descent-lab';
import { loadOptimizer, makeOptimizer, textTable } from 'descent-lab/internal';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { findLibrary } from './cli/find-library';
import { integer, positive } from './cli/numbers';
import { file, fileIn, ownFiles } from './cli/outputs';

/** The learning rates that suit normalised data. Lion's steps are all of one size, so it never stands quite still. */
const RATES: Record<optimizers.OptimizerName, number> = {
  sgd: 0.1,
  momentum: 0.03,
  nesterov: 0.03,
  adagrad: 0.5,
  adadelta: 1,
  rmsprop: 0.01,
  adam: 0.05,
  amsgrad: 0.05,
  adamax: 0.05,
  nadam: 0.05,
  adamw: 0.05,
  lion: 0.001,
  ftrl: 1,
};

interface Options extends Omit<TableOptions, 'naValues'> {
  x: string;
  y: string;
  optimizer: string;
  learningRate?: number;
  iterations: number;
  naValues?: string;
  raw?: boolean;
  model?: string;
  start?: Record<string, number>;
  html?: string;
  json?: boolean;
}

export const program = new Script('npm run fit --')
  .description(
    'Fits the line y = slope * x + intercept to two columns of a table, by gradient descent; or with --model a formula ' +
      'of your own, by the method of Levenberg and Marquardt.',
  )
  .argument('<file>', 'a CSV file (a header; commas, tabs or semicolons) or a Parquet file; packed with gzip or not')
  .requiredOption('--x <column>', 'the column to predict from')
  .requiredOption('--y <column>', 'the column to predict')
  .option('--skip-rows <number>', 'lines above the header to leave out: a title, comments', integer(0, 1e6), 0)
  .option(
    '--separator <character>',
    'what stands between two cells (default: what the header has, of: , \\t ;)',
    (text) => (text === '\\t' ? '\t' : text),
  )
  .addOption(
    new Option('--decimal <character>', "what stands before a number's fraction").choices(['.', ',']).default('.'),
  )
  .option(
    '--na-values <list>',
    'more cells that stand for a missing value, with commas between: ?,-999 (always: empty ' +
      'ones, NA, NaN, null and the like)',
  )
  .option(
    '--optimizer <name>',
    `the optimiser: ${optimizers.optimizerNames.join(', ')}, or a TypeScript file whose default export makes one, such as a chain`,
    'sgd',
  )
  .option(
    '--learning-rate <number>',
    'its step (default: one that suits the optimiser, its own for a file; with --raw and sgd one that suits the data)',
    positive(),
  )
  .option(
    '--iterations <number>',
    'the most updates to make; it ends once it stands on the exact line (with --model the default is 10000)',
    integer(0, 1e6),
    1000,
  )
  .option('--raw', 'descend on the data as they are, not on normalised data')
  .option(
    '--model <formula>',
    'what y is of x: "a * exp(-b * x) + c", in which the column may be called x or by its own name; + - * / ^, ' +
      'parentheses, pi, e and functions such as exp, log, sqrt, sin',
    (text) => text.trim(),
  )
  .option('--start <values>', "where to begin, for each of the formula's parameters: a=1,b=0.1,c=0", startValues)
  .option(
    '--html <file>',
    'write the data, the line or curve and its way there as one page that opens anywhere, offline',
  )
  .option(
    '--json',
    'print only {slope, intercept, mse, descent}: the line of least squares by its formula, and what the ' +
      'descent came to: {slope, intercept, mse, iterations, converged}; with --model {parameters, standardErrors, ' +
      'residualSumOfSquares, iterations, evaluations}',
  )
  .reads({ file, optimizer: ownFiles })
  // An optimiser imports what it likes: source and data of the reader, which has other endings.
  .writes({ html: fileIn('.html', '.htm') });

export async function main(): Promise<void> {
  program.parse();
  const [path] = program.args as [string];
  const options = program.opts<Options>();
  const { skipRows, separator, decimal, naValues } = options;
  checkModelOptions(options);
  findLibrary();
  const { optimizer: chosen } = await loadOptimizer(options.optimizer);
  const table = readColumns(
    path,
    { x: { column: options.x }, y: { column: options.y } },
    { skipRows, separator, decimal, naValues: naValues?.split(',') },
  );
  if (table.dropped.length > 0 || !options.json) console.error(`${path}: ${table.summary}`);
  const { x, y } = table.columns;
  if (options.model !== undefined) return fitModel(x, y, options);
  const { largestStableRate } = regression.curvature(options.raw ? x.values : regression.normalise(x.values));
  const suits =
    options.raw && chosen === 'sgd' ? largestStableRate / 10 : typeof chosen === 'string' ? RATES[chosen] : undefined;
  const optimizer = makeOptimizer(chosen, { learningRate: options.learningRate ?? suits });
  const bar = process.stderr.isTTY ? progress({ label: 'fit', total: options.iterations }) : undefined;
  try {
    const fit = await fitLine(x.values, y.values, {
      optimizer,
      iterations: options.iterations,
      raw: options.raw,
      onIteration: (iteration, loss) => bar?.update(iteration, `loss ${loss.toPrecision(4)}`),
    });
    bar?.finish();
    report(fit, y.values, options);
    if (options.html) page(options.html, fit, x, y);
  } catch (error) {
    bar?.finish();
    if (!(error instanceof DivergenceError) || chosen !== 'sgd') throw error;
    throw new DescentError(`${error.message} (on these data sgd is stable below ${largestStableRate.toPrecision(3)})`);
  }
}

/** Takes the parameters' start values. */
function startValues(text: string): Record<string, number> {
  const entries = text.split(',').map((part) => {
    const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    if (name === undefined || !Number.isFinite(Number(value))) {
      throw new InvalidArgumentError('Names with finite numbers are needed: a=1,b=0.1,c=0.');
    }
    return [name, Number(value)] as const;
  });
  const twice = entries.find(([name], i) => entries.findIndex(([other]) => other === name) < i);
  if (twice) throw new InvalidArgumentError(`It has '${twice[0]}' twice.`);
  return Object.fromEntries(entries);
}

/** Refuses what belongs to the line alone beside a formula, and half of what a formula needs. */
function checkModelOptions({ model, start }: Options): void {
  if (model === undefined) {
    if (start) throw new DescentError('--start is where a formula begins: name the formula by --model');
    return;
  }
  const ofLine = { optimizer: '--optimizer', learningRate: '--learning-rate', raw: '--raw' };
  for (const [key, option] of Object.entries(ofLine)) {
    if (program.getOptionValueSource(key) !== 'cli') continue;
    throw new DescentError(`${option} belongs to the descent of a line: a formula of --model is fitted without it`);
  }
  if (!start) {
    throw new DescentError('--model needs --start: where each of its parameters begins, such as --start a=1,b=0.1');
  }
}

/** Fits the formula, tells the result, and writes the page. */
async function fitModel(x: Column, y: Column, options: Options): Promise<void> {
  const { model = '', start = {}, json, html } = options;
  const iterations = program.getOptionValueSource('iterations') === 'cli' ? options.iterations : undefined;
  /** The column by both of its names. */
  const columns = (values: number[]): Record<string, number[]> => ({ x: values, [x.name]: values });
  const fit = await regression.fitFormula({ x: columns(x.values), y: y.values, model, start, iterations });
  const { parameters, standardErrors, residualSumOfSquares, evaluations } = fit;
  if (json) {
    const told = { parameters, standardErrors, residualSumOfSquares, iterations: fit.iterations, evaluations };
    console.log(JSON.stringify(told));
  } else {
    const rows = Object.entries(parameters).map(([parameter, value]) => ({
      parameter,
      value: value.toPrecision(9),
      'standard error': standardErrors[parameter]!.toPrecision(5),
    }));
    console.log(`${y.name} = ${model}\n${textTable(rows)}`);
    console.log(`Residual sum of squares ${residualSumOfSquares.toPrecision(9)}, ${x.values.length} rows.`);
    const count = `${fit.iterations} iterations, ${evaluations} evaluations`;
    if (fit.stopped) console.log(`Stopped after ${count}.`);
    else console.log(`${fit.converged ? 'Converged' : 'Did not converge'} in ${count}: ${fit.reason}.`);
  }
  if (!html) return;
  const [low, high] = x.values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  );
  const at = Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
  const recorded = figures.pickFrames(fit.records.length);
  const curves = recorded.map((k) =>
    regression.evaluateFormula({ x: columns(at), model, parameters: fit.records[k]! }),
  );
  const title = `A formula comes to ${y.name} by ${x.name}`;
  const found = Object.entries(parameters).map(([name, value]) => `${name} = ${value} ± ${standardErrors[name]}`);
  const intro = `${y.name} = ${model} with ${found.join(', ')}; the residual sum of squares is ${residualSumOfSquares}.`;
  const figure = figures.curveAnimation({ x, y, at, curves, recorded, loss: fit.loss }, { name: 'fit', title });
  writeHtml(html, [figure], { title, intro });
  console.error(`${html} written`);
}

/** So many points make a curve. */
const CURVE_POINTS = 150;

function report(fit: regression.LineFit, values: readonly number[], { json, x, y }: Options): void {
  const { slope, intercept, mse, iterations, converged, exact } = fit;
  if (json) {
    console.log(JSON.stringify({ ...exact, descent: { slope, intercept, mse, iterations, converged } }));
    return;
  }
  const line = (l: regression.Fit): string =>
    `${y} = ${l.slope.toPrecision(DIGITS)} * ${x} ${l.intercept < 0 ? '-' : '+'} ` +
    `${Math.abs(l.intercept).toPrecision(DIGITS)}, mean squared error ${l.mse.toPrecision(DIGITS)}`;
  console.log(`descent: ${line(fit)}\nexact:   ${line(exact)}`);
  const apart = differences(fit, values);
  if (fit.stopped) console.log(`Stopped after ${iterations} iterations.`);
  else if (apart === '') console.log(`It stands on the exact line after ${iterations} iterations.`);
  else {
    console.log(
      `After ${iterations} iterations it differs from the exact line by ${apart}: ` +
        (converged ? 'float32 comes no nearer.' : 'try more, or another learning rate.'),
    );
  }
}

/** What is printed of a number: of two that differ by one in the last digit one is the other, rounded otherwise. */
const DIGITS = 6;

/** The numbers that are not printed alike, and how far they are apart: by more than float32 knows the values of y. */
function differences({ exact, ...fit }: regression.LineFit, y: readonly number[]): string {
  const names = { slope: 'slope', intercept: 'intercept', mse: 'mean squared error' };
  const known = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * 10 ** -DIGITS;
  const unknown = { slope: 0, intercept: known, mse: known ** 2 };
  return (Object.keys(names) as (keyof regression.Fit)[])
    .flatMap((key) => {
      const apart = Math.abs(fit[key] - exact[key]);
      const lastDigit = 10 ** (Math.floor(Math.log10(Math.abs(exact[key]))) - DIGITS + 1);
      return apart <= Math.max(lastDigit, unknown[key]) ? [] : `${Number(apart.toPrecision(2))} in ${names[key]}`;
    })
    .join(', ');
}

function page(path: string, fit: regression.LineFit, x: Column, y: Column): void {
  const title = `${y.name} against ${x.name}`;
  const intro =
    `Least squares gives slope ${fit.exact.slope} and intercept ${fit.exact.intercept}; the descent ended with ` +
    `slope ${fit.slope} and intercept ${fit.intercept} after ${fit.iterations} iterations.`;
  const fits = { x, y, runs: { 'gradient descent': fit }, exact: fit.exact };
  writeHtml(path, [figures.fitAnimation(fits, { name: 'fit', title })], { title, intro });
  console.error(`${path} written`);
}

if (require.main === module) run(main);
