// Makes the long tables of notebook 5, data/spread-*.csv: node --import ./scripts/tsx.mjs scripts/experiments/spread-tables.ts
// Each row is written as soon as it is known; a run that was stopped goes on where it ended. To make a table anew,
// delete it first.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescentError, Random, descend, tf, losses, spreads } from 'descent-lab';
import { csvLine, writeFileAtomically } from 'descent-lab/internal';
import { Script } from '../cli/command';
import { run } from '../cli/edge';

type Row = Record<string, string | number>;

/** A table's file, what it is made of, and how one row follows from its case. */
interface Table {
  file: string;
  cases: Row[];
  measure: (one: Row) => Promise<Row>;
}

const lossNames = Object.keys(spreads.articleSpreads) as (keyof typeof spreads.articleSpreads)[];
const round = (x: number, digits: number): number => Number(x.toFixed(digits));
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** N points on the sphere: the largest least angle, and the least energy, of 128 starts each. */
const sphere: Table = {
  file: 'spread-sphere.csv',
  cases: range(2, 32).map((vectors) => ({ vectors, seed: 1, restarts: 128 })),
  async measure({ vectors, seed, restarts }) {
    const options = { vectors, dimensions: 3, seed, restarts } as {
      vectors: number;
      dimensions: number;
      seed: number;
      restarts: number;
    };
    const angle = await spreads.bestSpread(options),
      energy = await spreads.leastEnergy({ ...options, iterations: 600 });
    const known = spreads.knownAngle(options.vectors, 3).best!,
      least = spreads.knownEnergy(options.vectors, 3)!;
    return {
      min_angle: round(angle.minAngleDegrees, 6),
      best_known: known,
      starts: angle.found.length,
      starts_at_best_known: angle.found.filter((a) => a > known - 0.002).length,
      energy: round(energy.energy, 9),
      least_known_energy: least,
      starts_at_least_known: energy.found.filter((e) => e < least * (1 + 1e-6)).length,
    };
  },
};

/** How often the famous configurations are found, by the annealed descent and by the electric energy alone. */
const famous: Table = {
  file: 'spread-famous.csv',
  cases: spreads.famousConfigurations.flatMap(({ name, vectors, dimensions }) =>
    ['best', 'energy'].map((method) => ({
      name,
      vectors,
      dimensions,
      method,
      seed: 1,
      restarts: vectors > 200 ? 16 : vectors > 50 ? 32 : 128,
    })),
  ),
  async measure(one) {
    const { vectors, dimensions, method, seed, restarts } = one as {
      vectors: number;
      dimensions: number;
      method: string;
      seed: number;
      restarts: number;
    };
    const known = spreads.knownAngle(vectors, dimensions).best!;
    let best = 0,
      found = 0,
      starts = 0,
      iterations = 0;
    const chunk = Math.max(1, Math.floor(2 ** 16 / vectors ** 2));
    // In parts, each with seeds of its own: a search by itself would stop at the first that is proven best.
    for (let first = 0; first < restarts; first += chunk) {
      const options = { vectors, dimensions, seed: seed * 1000 + first, restarts: Math.min(chunk, restarts - first) };
      const result = await (method === 'best' ? spreads.bestSpread(options) : spreads.leastEnergy(options));
      best = Math.max(best, result.minAngleDegrees);
      if (method === 'best') found += result.found.filter((angle) => angle > known - 0.01).length;
      else if (result.minAngleDegrees > known - 0.01)
        found += result.found.filter((e) => e < result.energy * (1 + 1e-7)).length;
      starts += result.found.length;
      iterations = result.iterations;
    }
    return { min_angle: round(best, 6), best_known: round(known, 6), starts, found, iterations };
  },
};

/** Where the article's losses end, as it runs them. */
const lossTable: Table = {
  file: 'spread-losses.csv',
  cases: [
    ...[
      [20, 2, 40],
      [20, 3, 5],
      [20, 32, 5],
    ].flatMap(([vectors, dimensions, seeds]) => lossNames.map((loss) => ({ vectors, dimensions, loss, seeds }))),
    ...[6, 12, 24, 32].flatMap((vectors) => lossNames.map((loss) => ({ vectors, dimensions: 3, loss, seeds: 3 }))),
  ] as Row[],
  async measure(one) {
    const { vectors, dimensions, loss, seeds } = one as {
      vectors: number;
      dimensions: number;
      loss: keyof typeof spreads.articleSpreads;
      seeds: number;
    };
    const starts = range(1, seeds).map((seed) => spreads.randomVectors(new Random(seed), vectors, dimensions));
    const ends = await spreads.endAngles({ starts, ...spreads.articleSpreads[loss] });
    ends.sort((a, b) => a - b);
    const middle = (ends[Math.floor((seeds - 1) / 2)]! + ends[Math.ceil((seeds - 1) / 2)]!) / 2;
    return {
      mean: round(ends.reduce((sum, a) => sum + a, 0) / seeds, 3),
      min: round(ends[0]!, 3),
      median: round(middle, 3),
      max: round(ends.at(-1)!, 3),
      best_known: round(spreads.knownAngle(vectors, dimensions).best!, 4),
    };
  },
};

/** Milliseconds for one iteration, the best of 30 parts of 30 ms or more, not compiled: other work only adds. */
const costs: Table = {
  file: 'spread-costs.csv',
  cases: ['min-angle', 'force', 'smooth-minimum'].flatMap((loss) =>
    [3, 32, 128].flatMap((dimensions) =>
      [10, 20, 50, 100, 200, 500, 1000, 2000].map((vectors) => ({ loss, vectors, dimensions })),
    ),
  ),
  async measure(one) {
    const { vectors, dimensions, loss } = one as { vectors: number; dimensions: number; loss: string };
    const loss_: losses.SpreadLoss =
      loss === 'smooth-minimum'
        ? (v) => losses.smoothMinimumLoss(v, 0.05)
        : spreads.articleSpreads[loss as keyof typeof spreads.articleSpreads].loss;
    const start = spreads.randomVectors(new Random(1), vectors, dimensions);
    const run = (iterations: number): Promise<unknown> =>
      descend({
        loss: ({ v }: { v: tf.Tensor2D }) => loss_(v),
        variables: { v: start },
        optimizer: tf.train.sgd(0.001),
        iterations,
        constrain: losses.toUnitLength,
        record: false,
        compile: false,
      });
    await run(9); // warms up
    const times: number[] = [];
    for (let part = 0; part < 30; part++) {
      const begin = performance.now();
      let iterations = 0;
      // 9 updates, 10 evaluations
      for (; iterations === 0 || performance.now() - begin < 30; iterations += 10) await run(9);
      times.push((performance.now() - begin) / iterations);
    }
    return { milliseconds: Number(Math.min(...times).toPrecision(3)) };
  },
};

const tables: Record<string, Table> = { sphere, famous, losses: lossTable, costs };

/** The rows that are there already, as lines, by the beginning that names their case. */
function rowsOf(path: string, cases: Row[]): Map<string, string> {
  const lines = existsSync(path) ? (readFileSync(path, 'utf8').match(/.*\n/g) ?? []) : [];
  return new Map(
    cases.map(keyOf).flatMap((key) => {
      const line = lines.find((text) => text.startsWith(key));
      return line ? [[key, line]] : [];
    }),
  );
}

const keyOf = (one: Row): string => csvLine(Object.values(one)).replace('\n', ',');

async function make({ file, cases, measure }: Table): Promise<void> {
  const path = join(__dirname, '../../data', file);
  const rows = rowsOf(path, cases);
  for (const one of cases) {
    const key = keyOf(one);
    if (rows.has(key)) continue;
    const row = { ...one, ...(await measure(one)) };
    rows.set(key, csvLine(Object.values(row)));
    console.error(`${file}: ${JSON.stringify(row)}`);
    const lines = cases.flatMap((c) => rows.get(keyOf(c)) ?? []);
    writeFileAtomically(path, [csvLine(Object.keys(row)), ...lines].join(''));
  }
}

export const program = new Script('node --import ./scripts/tsx.mjs scripts/experiments/spread-tables.ts')
  .description('Makes the long tables of notebook 5, data/spread-*.csv. Goes on where it was stopped.')
  .argument('[tables...]', `which of them: ${Object.keys(tables).join(', ')} (default: all)`);

async function main(): Promise<void> {
  program.parse();
  for (const name of program.args.length > 0 ? program.args : Object.keys(tables)) {
    const table = tables[name];
    if (!table) throw new DescentError(`there is no table '${name}'; there are: ${Object.keys(tables).join(', ')}`);
    await make(table);
  }
}

if (require.main === module) run(main);
