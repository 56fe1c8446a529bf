// From the notebooks' names to their figures: execute, check, publish.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { takeLock } from '../../../lib/native/lock.mjs';
import { checkExecution } from './check';
import { committedForm } from './committed-form';
import { execute } from './execute';
import { SOLUTIONS } from './exercises';
import { figuresOf } from './figure-outputs';
import { seedImages } from './images';
import { madeFrom } from './made-from';
import { readNotebook } from './notebook';
import type { Project } from './project';
import { gifsInReadme, publish, type RenderGif } from './publish';
import { describeProblem } from './report';

/** How to run. */
export interface RunOptions {
  /** Seconds that one cell may take. */
  timeout: number;
  /** Notebooks at the same time. */
  jobs: number;
  renderGif: RenderGif;
  /** Is told one line or more for each notebook. */
  log: (text: string) => void;
  signal?: AbortSignal;
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => /^[^.].*\.ipynb$/.test(file))
    .map((file) => file.slice(0, -'.ipynb'.length))
    .sort();

/** The lessons, appendices and templates: all notebooks but the solutions. */
export const lessonNames = (project: Project): string[] => namesIn(project.notebooks);

/** The notebooks with the solutions of lessons, such as `solutions/01-fit-a-line`. */
export const solutionNames = (project: Project): string[] =>
  existsSync(join(project.notebooks, SOLUTIONS))
    ? namesIn(join(project.notebooks, SOLUTIONS)).map((name) => `${SOLUTIONS}/${name}`)
    : [];

/**
 * The notebooks whose names begin with one of the prefixes; all if there is none. A lesson's solutions go with it. Throws for
 * a prefix that none has.
 */
export function notebookNames(project: Project, prefixes: string[] = []): string[] {
  const all = [...lessonNames(project), ...solutionNames(project)];
  const begins = (name: string, prefix: string): boolean =>
    name.startsWith(prefix) || basename(name).startsWith(prefix);
  const unknown = prefixes.find((prefix) => !all.some((name) => begins(name, prefix)));
  if (unknown !== undefined) {
    throw new Error(`no notebook begins with "${unknown}": there are ${all.join(', ') || 'none'}`);
  }
  return all.filter((name) => prefixes.length === 0 || prefixes.some((prefix) => begins(name, prefix)));
}

/** Folders that must not stand in a notebook. */
const ownPaths = (project: Project): string[] =>
  [...new Set([project.root, homedir() + sep, tmpdir() + sep])].filter((path) => path.length > 2);

/** Executes one notebook and writes what comes of it, or throws with all that is wrong, having written nothing. */
async function runOne(project: Project, name: string, { timeout, renderGif, signal }: RunOptions): Promise<string> {
  const file = join(project.notebooks, `${name}.ipynb`);
  const before = readFileSync(file);
  const source = readNotebook(file);
  seedImages(project, source);
  const from = await madeFrom(source); // before it runs: the source may change meanwhile
  const execution = await execute(project, name, { timeout, signal });
  const committed = execution.executed && committedForm(source, execution.executed, from);
  const problems = checkExecution(execution, committed, ownPaths(project));
  if (problems.length) {
    throw new Error(problems.map((problem) => describeProblem(`${name}.ipynb`, source, problem)).join('\n'));
  }
  if (!readFileSync(file).equals(before)) throw new Error(`${name}.ipynb: was edited while it ran; run it again`);
  try {
    const changed = await publish(project, name, committed!, renderGif);
    return `${figuresOf(committed!).length} charts, ${changed ? 'notebook updated' : 'nothing new'}`;
  } catch (error) {
    throw new Error(`${name}.ipynb: ${(error as Error).message}`, { cause: error });
  }
}

async function runTimed(project: Project, name: string, options: RunOptions): Promise<boolean> {
  const start = performance.now();
  const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const outcome = await runOne(project, name, options);
    options.log(`${name}: ${seconds()}, ${outcome}`);
    return true;
  } catch (error) {
    options.signal?.throwIfAborted();
    options.log(`${name}: FAILED after ${seconds()}; its outputs stay as they were\n${(error as Error).message}`);
    return false;
  }
}

/**
 * Runs notebooks, each to the end whatever becomes of the others, and returns the names of those that failed. Only one
 * run at a time works in a project: another waits.
 */
export async function runNotebooks(project: Project, names: string[], options: RunOptions): Promise<string[]> {
  const release = await takeLock(join(project.scratch, 'lock'), options.log, { signal: options.signal });
  try {
    clear(project);
    const [queue, failed]: [string[], string[]] = [[...names], []];
    const work = async (): Promise<void> => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        if (!(await runTimed(project, name, options))) failed.push(name);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, work));
    return failed.sort();
  } finally {
    clear(project);
    release();
  }
}

/** Empties the scratch folder, the lock apart, and removes the unfinished files that a killed run left elsewhere. */
function clear(project: Project): void {
  const remove = (folder: string, isRubbish: (entry: string) => boolean): void => {
    mkdirSync(folder, { recursive: true });
    for (const entry of readdirSync(folder).filter(isRubbish)) {
      rmSync(join(folder, entry), { recursive: true, force: true });
    }
  };
  remove(project.scratch, (entry) => !entry.startsWith('lock'));
  remove(project.figures, isUnfinished);
  remove(project.notebooks, isUnfinished);
  if (existsSync(join(project.notebooks, SOLUTIONS))) remove(join(project.notebooks, SOLUTIONS), isUnfinished);
}

/** A name that writeFileAtomically gives to a file before it is whole. */
const isUnfinished = (entry: string): boolean => /\.[0-9a-f]{8}\.tmp$/.test(entry);

/** The GIFs that the README shows and that do not exist, as file names. */
export const missingGifs = (project: Project): string[] =>
  [...gifsInReadme(project)]
    .map((name) => `${name}.gif`)
    .filter((file) => !readdirSync(project.figures).includes(file));
