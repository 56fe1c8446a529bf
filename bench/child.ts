// A process that measures, spoken to line by line; both sides have one.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { root } from './places';

/** Both sides compute on this many threads. */
export const THREADS = 2;

/** What both sides are started with: TensorFlow reads the first two, JAX NPROC, NumPy's library and the photo decoder the rest. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  TF_NUM_INTRAOP_THREADS: String(THREADS),
  TF_NUM_INTEROP_THREADS: String(THREADS),
  TF_CPP_MIN_LOG_LEVEL: '3',
  TF_ENABLE_ONEDNN_OPTS: '1',
  NPROC: String(THREADS),
  JAX_PLATFORMS: 'cpu',
  OMP_NUM_THREADS: String(THREADS),
  OPENBLAS_NUM_THREADS: String(THREADS),
  UV_THREADPOOL_SIZE: String(THREADS),
  CUDA_VISIBLE_DEVICES: '-1',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** One measurement: milliseconds, the number that both sides must agree on, and the most memory on the way. */
export interface Measurement {
  ms: number;
  check?: number | null;
  peakMegabytes?: number;
}

interface Ready {
  ready: Record<string, string[]>;
  versions: Record<string, string>;
}

export class Child {
  /** What it can measure, and what it is made of. */
  ready!: Ready;
  private readonly lines: AsyncIterator<string>;
  private complaint = '';
  private readonly process: ChildProcess;

  private constructor(command: string, args: string[]) {
    this.process = spawn(command, args, { cwd: root, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.process.stderr!.on('data', (text: Buffer) => {
      this.complaint = (this.complaint + text.toString()).slice(-2000);
    });
    this.process.stdin!.on('error', () => undefined); // it has ended: the next answer says so
    this.process.on('error', (error) => {
      this.complaint += error.message;
    });
    this.lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  /** Starts it and waits until it says what it can measure. */
  static async start(command: string, args: string[]): Promise<Child> {
    const child = new Child(command, args);
    try {
      child.ready = await child.answer<Ready>();
      return child;
    } catch (error) {
      child.stop();
      throw error;
    }
  }

  /** Runs one point once. */
  async measure(point: string, style: string): Promise<Measurement> {
    resetPeak(this.process.pid!);
    this.process.stdin!.write(`${point}|${style}\n`);
    const measurement = await this.answer<Measurement>();
    return { ...measurement, peakMegabytes: peakOf(this.process.pid!) };
  }

  /** Ends it at once: it holds nothing that could be lost. */
  stop(): void {
    this.process.kill('SIGKILL');
  }

  private async answer<T>(): Promise<T> {
    for (;;) {
      const { value, done } = (await this.lines.next()) as IteratorResult<string, undefined>;
      if (done) throw new Error(`${this.process.spawnargs.slice(0, 4).join(' ')} ended:\n${this.complaint.trim()}`);
      if (value?.startsWith('{')) return JSON.parse(value) as T; // what else it prints is not meant for us
    }
  }
}

/** Linux counts the most memory that a process held since this was written; elsewhere the peak stays unknown. */
function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    /* No /proc, or none of ours to write. */
  }
}

/** In megabytes, of resident memory. */
export function peakOf(pid: number): number | undefined {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
