// Makes the tables of notebook 04 that take long: node --import ./scripts/tsx.mjs scripts/experiments/race-tables.ts [landscape] [vectors] ...
import { join } from 'node:path';
import { Argument } from 'commander';
import { makeRaceTables, raceTableNames, type RaceTableName } from './race';
import { endNow } from '../../lib/native/edge.mjs';
import { Script } from '../cli/command';
import { run } from '../cli/edge';
import { file } from '../cli/outputs';

export const program = new Script('node --import ./scripts/tsx.mjs scripts/experiments/race-tables.ts')
  .description('Makes the tables of notebook 04 that take long, in data/race-*.csv.')
  .addArgument(new Argument('[tables...]', 'which ones').choices(raceTableNames).default(raceTableNames, 'all'))
  .option('--out <folder>', 'where to write them', 'data')
  .writes({
    out: (out, { tables }) => (tables as RaceTableName[]).flatMap((name) => file(join(out, `race-${name}.csv`))),
  });

async function main(): Promise<void> {
  program.parse();
  process.once('SIGINT', endNow); // thousands of short runs, each of which would stop by itself
  const [tables] = program.processedArgs as [RaceTableName[]];
  await makeRaceTables(tables, program.opts<{ out: string }>().out);
}

if (require.main === module) run(main);
