// A benchmark's result, and the file that keeps the last full one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type as system } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomically } from 'descent-lab/internal';
import type { Row } from './compare';
import type { Exponent } from './exponents';
import { results, root } from './places';

/** What a loop of 10,000 iterations left behind. */
export interface Growth {
  loop: string;
  iterations: number;
  megabytes: number;
  tensors: number;
}

export interface Result {
  /** When it began, in ISO format. */
  date: string;
  /** The version of the project. */
  commit: string;
  machine: { processor: string; cores: number; gigabytes: number; system: string };
  /** Of each side. */
  threads: number;
  versions: Record<string, string>;
  /** Processes that wanted a processor, on average over a minute, before it began. */
  load: number;
  /** Why there are no peers, if there are none. */
  withoutPeers?: string;
  rows: Row[];
  growth: Growth[];
  exponents: Exponent[];
}

/** How long the notebooks take; kept apart, since it is measured apart. */
export interface Figures {
  date: string;
  commit: string;
  machine: Result['machine'];
  /** Seconds by notebook, two at a time, and of all together. */
  unchanged: Record<string, number>;
  anew: Record<string, number>;
  /** Seconds of a notebook that shows an animation of so many frames. */
  frames: Record<string, number>;
}

export function thisMachine(): Result['machine'] {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    gigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${system()} ${release()} ${arch()}`,
  };
}

export function thisCommit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    const changed = git(
      'status',
      '--porcelain',
      '--untracked-files=no',
      '--',
      'lib',
      'bench/ours',
      'bench/peers',
    ).trim();
    return git('rev-parse', '--short', 'HEAD').trim() + (changed ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}

/** The kept result of that name. */
export const readResult = <T>(name: 'latest' | 'figures'): T | undefined => {
  const file = join(results, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
};

/** Keeps a result in place of the last: whole, or the last one stays. */
export const keepResult = (name: 'latest' | 'figures', result: Result | Figures): void =>
  writeFileAtomically(join(results, `${name}.json`), `${JSON.stringify(result, rounded, 1)}\n`);

/** Four digits tell all that a measurement knows. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
