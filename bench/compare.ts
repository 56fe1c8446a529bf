// Our side and the peer's, in all their styles, interleaved: A B A B ..., so that what else the machine does falls on all.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Child, environment, type Measurement } from './child';
import { root, scratch } from './places';
import type { Peer } from './python';
import { summarise, type Summary } from './statistics';
import type { Subject } from './subjects';

/** One style's measurements of one point: milliseconds of one unit, and the most memory that its process held. */
export interface Side extends Summary {
  peakMegabytes?: number;
  /** Whether its result is that of `ours`. */
  agrees?: boolean;
}

/** One of our styles beside another style, a peer's or our own. */
export interface Comparison {
  ours: string;
  against: string;
  /** Ours by the other's, of the rounds: in each, one came soon after the other. */
  ratio: Summary;
  target?: number;
}

/** One point of one subject. */
export interface Row {
  subject: string;
  point: string;
  /** In words. */
  what: string;
  /** Of what the times are. */
  unit: string;
  /** Our side, in each of its styles. */
  ours: { ours: Side } & Record<string, Side>;
  /** The peer, in each of its styles. */
  peers: Record<string, Side>;
  /** `ours` against each of the peer's styles, and whatever else has a target. */
  comparisons: Comparison[];
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
  points: Record<string, Styles>;
  versions: Record<string, string>;
  stop: () => void;
}

/** In which styles each side can measure a point. */
interface Styles {
  ours: string[];
  peers: string[];
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
      onRow(rowOf(subject, point, styles, await rounds(sides, point, styles, effort)));
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
  styles: Styles,
  effort: Effort,
): Promise<Record<string, Measurement[]>> {
  const order = [
    ...styles.ours.map((style) => ({ style, measure: ours })),
    ...styles.peers.map((style) => ({ style, measure: peer! })),
  ];
  for (const { style, measure } of order) await measure(point, style); // warm-up, thrown away
  const measured: Record<string, Measurement[]> = {};
  const begin = performance.now();
  for (let round = 0; round < effort.most; round++) {
    if (round >= effort.least && performance.now() - begin > effort.milliseconds) break;
    for (const { style, measure } of order) (measured[style] ??= []).push(await measure(point, style));
  }
  return measured;
}

/** What the measurements of a point come to. */
export function rowOf(subject: Subject, point: string, styles: Styles, measured: Record<string, Measurement[]>): Row {
  const { name, what, per, tolerance } = subject;
  const count = per?.count(point) ?? 1;
  const check = measured['ours']![0]!.check;
  const sides = (list: string[]): Record<string, Side> =>
    Object.fromEntries(
      list.map((style) => {
        const runs = measured[style]!;
        const own = runs[0]!.check;
        return [
          style,
          {
            ...summarise(runs.map(({ ms }) => ms / count)),
            peakMegabytes: Math.max(...runs.map(({ peakMegabytes = NaN }) => peakMegabytes)),
            // A style that computes another number, as TensorFlow's of the article's loss do, hands in none.
            ...(tolerance && style !== 'ours' && own !== undefined && own !== null
              ? { agrees: near(check, own, tolerance) }
              : {}),
          },
        ];
      }),
    );
  return {
    subject: name,
    point,
    what,
    unit: per ? `ms per ${per.name}` : 'ms',
    ours: sides(styles.ours) as Row['ours'],
    peers: sides(styles.peers),
    comparisons: comparisonsOf(subject, point, styles.peers, measured),
  };
}

function comparisonsOf(
  { targets = [] }: Subject,
  point: string,
  peers: string[],
  measured: Record<string, Measurement[]>,
): Comparison[] {
  const aims = targets
    .map(({ of = 'ours', ...aim }) => ({ of, ...aim }))
    .filter(({ of, against, at }) => (at ?? [point]).includes(point) && measured[of] && measured[against]);
  const compare = (ours: string, against: string, target?: number): Comparison => ({
    ours,
    against,
    ratio: summarise(measured[ours]!.map(({ ms }, i) => ms / measured[against]![i]!.ms)),
    ...(target === undefined ? {} : { target }),
  });
  const aimless = peers.filter((style) => !aims.some(({ of, against }) => of === 'ours' && against === style));
  return [
    ...aims.map(({ of, against, ratio }) => compare(of, against, ratio)),
    ...aimless.map((style) => compare('ours', style)),
  ];
}

const near = (a: number | null | undefined, b: number, tolerance: number): boolean =>
  typeof a === 'number' && Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

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
    points: Object.fromEntries(
      Object.entries(ours.ready.ready).map(([point, styles]) => [
        point,
        { ours: styles, peers: peer ? peersAt(peer, point) : [] },
      ]),
    ),
    versions: { ...ours.ready.versions, ...peer?.ready.versions },
    stop,
  };
}

function peersAt({ ready }: Child, point: string): string[] {
  const styles = ready.ready[point];
  if (!styles) throw new Error(`the peer has no '${point}'; it has: ${Object.keys(ready.ready).join('; ')}`);
  return styles;
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
    points: { 'one process': { ours: ['ours'], peers: program ? ['eager'] : [] } },
    versions: {},
    stop: () => undefined,
  };
}
