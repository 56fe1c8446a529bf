// Our side and the peer's, interleaved: A B A B ..., so that what else the machine does falls on both.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Child, environment, type Measurement } from './child';
import { root, scratch } from './places';
import type { Peer } from './python';
import { summarise, type Summary } from './statistics';
import type { Subject } from './subjects';

/** One side's measurements of one point: milliseconds of one unit, and the most memory that its process held. */
export interface Side extends Summary {
  peakMegabytes?: number;
}

/** One point of one subject. */
export interface Row {
  subject: string;
  point: string;
  /** In words. */
  what: string;
  /** Of what the times are. */
  unit: string;
  ours: Side;
  peers: Record<
    string,
    Side & {
      /** Ours by the peer's, of the rounds: in each, one came right after the other. */
      ratio: Summary;
      target?: number;
      /** Whether its result is ours. */
      agrees?: boolean;
    }
  >;
}

/** How often to measure: at least `least` rounds after one to warm up, then more until a point took so long. */
export interface Effort {
  least: number;
  most: number;
  milliseconds: number;
}

type Measure = (point: string, style: string) => Promise<Measurement>;
interface Sides {
  ours: Measure;
  peer?: Measure;
  points: Record<string, string[]>;
  versions: Record<string, string>;
  stop: () => void;
}

/** Measures all points of a subject. `onRow` is told each; returns the versions of what ran. */
export async function compare(
  subject: Subject,
  peer: Peer,
  effort: Effort,
  signal: AbortSignal,
  onRow: (row: Row) => void,
): Promise<Record<string, string>> {
  const sides = subject.name === 'start' ? starts(peer) : await children(subject, peer);
  signal.addEventListener('abort', sides.stop);
  try {
    for (const [point, styles] of Object.entries(sides.points)) {
      onRow(rowOf(subject, point, await rounds(sides, point, styles, effort)));
      signal.throwIfAborted();
    }
    return sides.versions;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', sides.stop);
    sides.stop();
  }
}

async function rounds(
  { ours, peer }: Sides,
  point: string,
  styles: string[],
  effort: Effort,
): Promise<Record<string, Measurement[]>> {
  const measured: Record<string, Measurement[]> = {};
  const order = ['ours', ...(peer ? styles : [])];
  for (const style of order) await (style === 'ours' ? ours : peer!)(point, style); // warm-up, thrown away
  const begin = performance.now();
  for (let round = 0; round < effort.most; round++) {
    if (round >= effort.least && performance.now() - begin > effort.milliseconds) break;
    for (const style of order) {
      (measured[style] ??= []).push(await (style === 'ours' ? ours : peer!)(point, style));
    }
  }
  return measured;
}

function rowOf(subject: Subject, point: string, measured: Record<string, Measurement[]>): Row {
  const { name, what, per, targets = [], tolerance } = subject;
  const count = per?.count(point) ?? 1;
  const side = (list: Measurement[]): Side => ({
    ...summarise(list.map(({ ms }) => ms / count)),
    peakMegabytes: Math.max(...list.map(({ peakMegabytes = NaN }) => peakMegabytes)),
  });
  const { ours, ...peers } = measured;
  const row: Row = {
    subject: name,
    point,
    what,
    unit: per ? `ms per ${per.name}` : 'ms',
    ours: side(ours!),
    peers: {},
  };
  for (const [style, list] of Object.entries(peers)) {
    const target = targets.find((one) => one.style === style && (one.at ?? point) === point)?.ratio;
    row.peers[style] = {
      ...side(list),
      ratio: summarise(ours!.map(({ ms }, i) => ms / list[i]!.ms)),
      ...(target ? { target } : {}),
      ...(tolerance ? { agrees: near(ours![0]!.check, list[0]!.check, tolerance) } : {}),
    };
  }
  return row;
}

const near = (a: number | null | undefined, b: number | null | undefined, tolerance: number): boolean =>
  typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

async function children({ name, peer: hasPeer }: Subject, { program }: Peer): Promise<Sides> {
  const starting = [
    Child.start(process.execPath, [
      '--import',
      './scripts/tsx.mjs',
      join(root, 'bench', 'ours', 'serve.ts'),
      name,
      scratch,
    ]),
    ...(hasPeer && program ? [Child.start(program, [join(root, 'bench', 'peers', 'serve.py'), name, scratch])] : []),
  ];
  const started = await Promise.allSettled(starting);
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = (): void => running.forEach((child) => child.stop());
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    stop();
    throw failed.reason;
  }
  const [ours, peer] = running as [Child, Child?];
  return {
    ours: (point, style) => ours.measure(point, style),
    peer: peer && ((point, style) => peer.measure(point, style)),
    points: Object.fromEntries(Object.keys(ours.ready.ready).map((point) => [point, peer?.ready.ready[point] ?? []])),
    versions: { ...ours.ready.versions, ...peer?.ready.versions },
    stop,
  };
}

/** Whole processes, from their start to their first gradient. */
function starts({ program }: Peer): Sides {
  const time = (command: string, file: string): Promise<Measurement> => {
    const begin = performance.now();
    const { status, stderr } = spawnSync(command, [join(root, 'bench', file)], { env: environment, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${file} failed: ${stderr.slice(-2000)}`);
    return Promise.resolve({ ms: performance.now() - begin });
  };
  return {
    ours: () => time(process.execPath, 'ours/first-result.mjs'),
    peer: program ? () => time(program, 'peers/first_result.py') : undefined,
    points: { 'one process': program ? ['eager'] : [] },
    versions: {},
    stop: () => undefined,
  };
}
