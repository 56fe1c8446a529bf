// Runs one notebook with nbconvert and comes back with all that it left behind: cells, stderr, how it ended.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readIfThere } from './files';
import { jupyterEnv, venvBin } from './jupyter';
import { readNotebook, type Notebook } from './notebook';
import type { Project } from './project';

/** What the kernel said while its n-th cell was the newest (0: before the first): on stderr, or as an error. */
export interface Complaint {
  cell: number;
  text: string;
}

/** What came of a run. */
export interface Execution {
  /** The notebook with its outputs, if all cells ran. */
  executed?: Notebook;
  complaints: Complaint[];
  /** The errors by which cells failed, as the kernel tells them. */
  failures: Complaint[];
  /** The number of the cell that was started last. */
  lastCell: number;
  /** What nbconvert itself says. */
  stderr: string;
  timedOut: boolean;
}

/** How long a cell may take, and what stops the run. */
export interface ExecuteOptions {
  /** Seconds. */
  timeout: number;
  signal?: AbortSignal;
}

type Note = { cell: number; text?: string; failure?: string; pid?: number };

const readLog = (file: string): Note[] =>
  (readIfThere(file)?.toString() ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Note);

const kill = (pid: number | undefined): void => {
  try {
    if (pid) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
};

/** Ends nbconvert with all that belongs to it. The kernel has a session of its own, so it is ended by its number. */
function stop(nbconvert: number | undefined, log: string): void {
  kill(process.platform === 'win32' ? nbconvert : nbconvert && -nbconvert);
  for (const { pid } of readLog(log)) kill(pid);
}

function spawnNbconvert(project: Project, name: string, folder: string, log: string, timeout: number) {
  const hook = pathToFileURL(join(__dirname, 'kernel-log.mjs')).href;
  return spawn(
    venvBin('jupyter'),
    [
      'nbconvert',
      '--to',
      'notebook',
      '--execute',
      '--log-level=ERROR',
      `--ExecutePreprocessor.timeout=${timeout}`,
      '--ExecutePreprocessor.startup_timeout=120',
      '--ExecutePreprocessor.kernel_name=tslab',
      '--ExecutePreprocessor.record_timing=False',
      '--output-dir',
      folder,
      '--output',
      basename(name),
      `${basename(name)}.ipynb`,
    ],
    {
      cwd: dirname(join(project.notebooks, name)),
      detached: process.platform !== 'win32', // A process group of its own, so that it can be ended with its children.
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...jupyterEnv(),
        NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${hook}`.trim(),
        DESCENT_LAB_KERNEL_LOG: log,
        DESCENT_LAB_RUNNER_PID: String(process.pid),
        DESCENT_LAB_CACHE: project.images,
      },
    },
  );
}

/**
 * Executes `notebooks/NAME.ipynb` in its own folder; it stays as it is. The first cell that fails ends the run. Rejects only where
 * nbconvert cannot be started, or on the signal.
 */
export async function execute(project: Project, name: string, { timeout, signal }: ExecuteOptions): Promise<Execution> {
  // What a run that was killed may still be writing to is not this one's.
  const folder = join(project.scratch, `${name}.${process.pid}`);
  const log = join(folder, 'kernel.log');
  mkdirSync(folder, { recursive: true });
  signal?.throwIfAborted();
  const child = spawnNbconvert(project, name, folder, log, timeout);
  const onAbort = (): void => stop(child.pid, log);
  signal?.addEventListener('abort', onAbort);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', ({ message }) =>
      reject(new Error(`nbconvert cannot be started (${message}): run "npm run setup"`)),
    );
    // A kernel that outlives nbconvert would keep its stderr open.
    child.on('exit', () => readLog(log).forEach(({ pid }) => kill(pid)));
    child.on('close', resolve);
  }).finally(() => signal?.removeEventListener('abort', onAbort));
  signal?.throwIfAborted();
  const notes = readLog(log);
  return {
    executed: code === 0 ? readNotebook(join(folder, `${basename(name)}.ipynb`)) : undefined,
    complaints: notes.flatMap(({ cell, text }) => (text === undefined ? [] : [{ cell, text }])),
    failures: notes.flatMap(({ cell, failure }) => (failure === undefined ? [] : [{ cell, text: failure }])),
    lastCell: Math.max(0, ...notes.map(({ cell }) => cell)),
    stderr,
    timedOut: code !== 0 && /CellTimeoutError/.test(stderr),
  };
}
