// `npm run bench`: measures this project beside NumPy, JAX, SciPy and TensorFlow in Python, and keeps the result of a full run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { renderPng } from 'descent-lab';
import { writeFileAtomically } from 'descent-lab/internal';
import { takeLock } from '../lib/native/lock.mjs';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { ratioFigure } from './chart';
import { environment, THREADS } from './child';
import { compare, type Effort } from './compare';
import { exponentsOf } from './exponents';
import { measureFigures } from './figures';
import { makeMaterial } from './material';
import { results, root, scratch } from './places';
import { peerPython } from './python';
import { keepResult, readResult, thisCommit, thisMachine, type Figures, type Growth, type Result } from './result';
import { subjects } from './subjects';
import { page } from './page';
import { summary, withSummary } from './summary';
import { closingLines, rowLines } from './tables';

interface Options {
  only?: string;
  quick?: boolean;
  json?: boolean;
  figures?: boolean;
}

const FULL: Effort = { least: 5, most: 25, milliseconds: 4000 };
const QUICK: Effort = { least: 2, most: 2, milliseconds: 0 };

export const program = new Script('npm run bench --')
  .description(
    'Measures this project beside NumPy, JAX, SciPy and TensorFlow 2.15 in Python on this machine, and prints the ratios. A ' +
      'full run takes some twenty minutes on a quiet machine; its result is kept in bench/results, docs/benchmark.md and ' +
      'README.md. Others keep nothing.',
  )
  .option('--only <name>', `one of ${subjects.map(({ name }) => `'${name}'`).join(', ')}, 'growth'`)
  .option('--quick', 'two rounds where there are five or more, and no look at the growth of memory')
  .option('--figures', 'measure how long `npm run figures` takes by notebook, and nothing else; its result is kept')
  .option('--json', 'print the result as JSON, and nothing else on stdout');

const note = (text: string): void => console.error(text);

async function main(options: Options, signal: AbortSignal): Promise<void> {
  const known = [...subjects.map(({ name }) => name), 'growth'];
  if (options.only !== undefined && !known.includes(options.only)) {
    throw new Error(`nothing is called '${options.only}'; known are ${known.join(', ')}`);
  }
  const print = options.json ? note : (text: string): void => console.log(text);
  const release = await takeLock(join(scratch, 'lock'), note, { signal });
  try {
    if (options.figures) await figures(options, print, signal);
    else await times(options, print, signal);
  } finally {
    release();
  }
}

async function times(options: Options, print: (text: string) => void, signal: AbortSignal): Promise<void> {
  const [date, commit, load] = [new Date().toISOString(), thisCommit(), loadavg()[0]!];
  if (load > 0.5) note(`the machine is busy (load ${load.toFixed(1)}): times will be longer, and ratios less sure`);
  const peer = await peerPython(note, signal);
  if (peer.reason) note(`only our own side is timed: ${peer.reason}`);
  await makeMaterial();
  const result: Result = {
    date,
    commit,
    machine: thisMachine(),
    threads: THREADS,
    versions: {},
    load,
    ...(peer.reason ? { withoutPeers: peer.reason } : {}),
    rows: [],
    growth: [],
    exponents: [],
  };
  for (const subject of subjects.filter(({ name }) => (options.only ?? name) === name)) {
    const versions = await compare(subject, peer, options.quick ? QUICK : FULL, signal, (row) => {
      result.rows.push(row);
      rowLines(row).forEach(print);
    });
    Object.assign(result.versions, versions);
  }
  if (!options.quick && (options.only ?? 'growth') === 'growth') result.growth = await growth(signal);
  result.exponents = exponentsOf(result.rows);
  closingLines(result).forEach(print);
  if (options.json) console.log(JSON.stringify(result, null, 1));
  if (!options.only && !options.quick && !peer.reason) await keep(result);
  const differing = result.rows.filter(({ ours, peers }) =>
    Object.values({ ...ours, ...peers }).some(({ agrees }) => agrees === false),
  );
  if (differing.length) throw new Error(`the sides' results differ: ${differing.map(({ what }) => what).join(', ')}`);
}

async function figures(options: Options, print: (text: string) => void, signal: AbortSignal): Promise<void> {
  const measured = await measureFigures(print, signal);
  keepResult('figures', measured);
  const last = readResult<Result>('latest');
  if (last) renewTexts(last, measured);
  const row = (title: string, times: Record<string, number>): string =>
    `${title}: ${Object.entries(times)
      .map(([name, seconds]) => `${name} ${seconds.toFixed(1)} s`)
      .join(', ')}`;
  [
    row('nothing changed', measured.unchanged),
    row('every image anew', measured.anew),
    row('by frames', measured.frames),
  ].forEach(print);
  if (options.json) console.log(JSON.stringify(measured, null, 1));
}

/** Each file whole; the JSON first, which the others are made of. */
async function keep(result: Result): Promise<void> {
  keepResult('latest', result);
  const kept = readResult<Result>('latest')!;
  writeFileAtomically(join(results, 'ratios.png'), await renderPng(ratioFigure(kept.rows)));
  renewTexts(kept, readResult<Figures>('figures'));
  note('kept in bench/results, docs/benchmark.md and README.md');
}

function renewTexts(result: Result, measured: Figures | undefined): void {
  writeFileAtomically(join(root, 'docs', 'benchmark.md'), page(result, measured));
  const file = join(root, 'README.md');
  const renewed = withSummary(readFileSync(file, 'utf8'), summary(result));
  if (renewed) writeFileAtomically(file, renewed);
  else note('README.md has no place for the summary: it stays as it is');
}

async function growth(signal: AbortSignal): Promise<Growth[]> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', './scripts/tsx.mjs', join(root, 'bench', 'ours', 'growth.ts')],
    { cwd: root, env: environment, signal, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child.on('error', () => undefined); // stopped: the lines end
  const found: Growth[] = [];
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) found.push(JSON.parse(line) as Growth);
  await ended.catch(() => undefined);
  signal.throwIfAborted();
  if (child.exitCode !== 0) throw new Error('the look at the growth of memory failed: see above');
  return found;
}

if (require.main === module) {
  const interruption = new AbortController();
  process.on('SIGINT', () => interruption.abort());
  run(
    () => main(program.parse().opts<Options>(), interruption.signal),
    ({ message }) => `bench: ${interruption.signal.aborted ? 'stopped; the last result stays as it is' : message}`,
  );
}
