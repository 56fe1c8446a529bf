// Whether a fresh run of a notebook gives the numbers that are committed: in what it prints and in what its charts draw.
import { codeCells, plotlyMime, textOf, type Cell, type Notebook } from '../../publish/src/notebooks/notebook';

/** How far a number may be from the committed one, as a part of it. */
const TOLERANCE = 1e-3;

const number = /[-−]?\d+(?:\.\d+)?(?:e[-+−]?\d+)?/gi;
const value = (text: string): number => Number(text.replaceAll('−', '-'));

/** Two numbers as they are printed; one unit of the last decimal that is printed may be lost to rounding. */
function isClose(a: string, b: string): boolean {
  const [x, y] = [value(a), value(b)];
  const [, decimals, exponent] = /\.(\d+)(?:e(.*))?$/i.exec(a.replaceAll('−', '-')) ?? [];
  const unit = decimals === undefined ? 0 : 10 ** (Number(exponent ?? 0) - decimals.length);
  return Math.abs(x - y) <= Math.max(1.01 * unit, TOLERANCE * Math.max(Math.abs(x), Math.abs(y)));
}

/** The first difference of two texts: other words, or numbers too far apart. */
function textDifference(before: string, after: string): string | undefined {
  const words = (text: string): string => text.replace(number, '#').replace(/\s+/g, ' ').trim();
  if (words(before) !== words(after))
    return `says "${after.trim().slice(0, 200)}" and not "${before.trim().slice(0, 200)}"`;
  const [then, now] = [before.match(number) ?? [], after.match(number) ?? []];
  // the same words are the same: of the colour #8e949d a number would be infinite
  const at = then.findIndex((text, i) => text !== now[i] && !isClose(text, now[i]!));
  return at < 0 ? undefined : `gives ${now[at]} and not ${then[at]}`;
}

/** The first difference of two parts of a chart. A picture's bytes depend on the encoder and are passed over. */
function chartDifference(before: unknown, after: unknown, path: string, scale = 0): string | undefined {
  if (typeof before === 'number' && typeof after === 'number') {
    const room = TOLERANCE * Math.max(Math.abs(before), Math.abs(after), scale);
    return Math.abs(before - after) <= room ? undefined : `${path} is ${after} and not ${before}`;
  }
  if (typeof before === 'string' && typeof after === 'string') {
    if (before.startsWith('data:image/') && after.startsWith('data:image/')) return undefined;
    const difference = textDifference(before, after);
    return difference && `${path} ${difference}`;
  }
  if (!before || !after || typeof before !== 'object' || typeof after !== 'object') {
    return before === after ? undefined : `${path} is ${JSON.stringify(after)} and not ${JSON.stringify(before)}`;
  }
  const [then, now] = [before, after] as Record<string, unknown>[] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((key) => key !== 'meta');
  // A curve's values are held against its height: near zero a part of themselves would be nothing.
  const numbers = Array.isArray(before) ? before.filter((item): item is number => typeof item === 'number') : [];
  const height = numbers.reduce((most, item) => Math.max(most, Math.abs(item)), 0);
  for (const key of keys) {
    const difference = chartDifference(then[key], now[key], path ? `${path}.${key}` : key, height);
    if (difference) return difference;
  }
  return undefined;
}

const printed = (cell: Cell): string =>
  (cell.outputs ?? []).map((output) => (output.output_type === 'stream' ? textOf(output.text) : '')).join('');
const charts = (cell: Cell): unknown[] =>
  (cell.outputs ?? []).flatMap((output) =>
    'data' in output && output.data[plotlyMime] ? [output.data[plotlyMime]] : [],
  );

/** Where a fresh run differs from the committed notebook, the first difference of each cell; empty where nowhere. */
export function differences(committed: Notebook, fresh: Pick<Notebook, 'cells'>): string[] {
  const [before, after] = [codeCells(committed), codeCells({ ...committed, cells: fresh.cells })];
  if (before.length !== after.length) return [`${after.length} code cells and not ${before.length}`];
  return before.flatMap((cell, i) => {
    const found =
      textDifference(printed(cell), printed(after[i]!)) ?? chartDifference(charts(cell), charts(after[i]!), '');
    return found ? [`cell [${i + 1}]: ${found}`] : [];
  });
}
