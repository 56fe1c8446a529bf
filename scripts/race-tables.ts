// Makes the tables of notebook 04 that take long: node --import ./scripts/tsx.mjs scripts/race-tables.ts [landscape] [vectors] ...
import { Argument, Command } from 'commander';
import { makeRaceTables, raceTableNames, type RaceTableName } from 'descent-lab';
import { endNow } from '../lib/native/edge.mjs';
import { run } from './edge';

const program = new Command('node --import ./scripts/tsx.mjs scripts/race-tables.ts')
  .description('Makes the tables of notebook 04 that take long, in data/race-*.csv.')
  .addArgument(new Argument('[tables...]', 'which ones').choices(raceTableNames).default(raceTableNames, 'all'))
  .option('--out <folder>', 'where to write them', 'data')
  .showHelpAfterError('(--help shows all options)');

async function main(): Promise<void> {
  program.parse();
  process.once('SIGINT', endNow); // thousands of short runs, each of which would stop by itself
  const [tables] = program.processedArgs as [RaceTableName[]];
  await makeRaceTables(tables, program.opts<{ out: string }>().out);
}

run(main);
