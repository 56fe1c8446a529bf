// Fetches the article's own files, for readers with internet: npm run originals
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { DescentError, progress, classifiers } from 'descent-lab';
import { fetchOriginal, originals, ORIGINALS_SOURCES, type Original } from './originals/originals';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { LONGEST, positive } from './cli/numbers';
import { file, folder } from './cli/outputs';

interface Options {
  out: string;
  repository: string;
  weights: string;
  timeout: number;
}

const address = (text: string): string => {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('An address such as https://example.org/files is needed.');
};

export const program = new Script('npm run originals --')
  .description(
    "Fetches the article's own files: the 150 heights and weights, five photos, and the trained network (49 MB).\n" +
      'They are checked by their sha256; the network, whose is not known, by the import. What is there already stays.',
  )
  .option('--out <folder>', 'where to write; git ignores the default', join('data', 'originals'))
  .option('--repository <address>', "where the article's repository lies", address, ORIGINALS_SOURCES.repository)
  .option('--weights <address>', 'where the network lies', address, ORIGINALS_SOURCES.weights)
  .option('--timeout <seconds>', 'the longest silence of a server', positive(LONGEST), 30)
  .writes({ out: (out) => [...folder(join(out, 'model')), ...originals.flatMap(({ name }) => file(join(out, name)))] });

async function main(): Promise<void> {
  program.parse();
  const options = program.opts<Options>();
  for (const original of originals) {
    try {
      await get(original, options);
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      console.error(error.message); // the other files are still worth having
      process.exitCode = 1;
    }
  }
}

async function get(original: Original, { out, timeout, ...sources }: Options): Promise<void> {
  const bar = progress({ label: original.name, unit: 'kB' });
  const { sha256, fetched } = await fetchOriginal(original, out, sources, {
    timeout: 1000 * timeout,
    onProgress: (done) => bar.update(Math.round(done / 1000)),
  });
  if (fetched) bar.finish();
  console.log(
    `${join(out, original.name)} ${fetched ? 'fetched' : 'is there'}${original.sha256 ? '' : `, sha256 ${sha256}`}`,
  );
  if (!original.sha256) await take(join(out, original.name), join(out, 'model'), fetched);
}

/** Makes a model folder of the weights; a fetched file that is not the article's network is put aside. */
async function take(weights: string, target: string, fetched: boolean): Promise<void> {
  if (existsSync(target)) return console.log(`${target} is there`);
  try {
    await classifiers.importModel(weights, target, { architecture: 'cats-dogs', name: "the article's cats and dogs" });
  } catch (error) {
    if (!(error instanceof DescentError) || !fetched) throw error;
    renameSync(weights, `${weights}.refused`);
    throw new DescentError(`${error.message}\nIt was put aside as ${weights}.refused`);
  }
  console.log(`${target} holds the network: npm run classify -- ${join('data', 'photos', '*')} --model ${target}`);
}

if (require.main === module) run(main);
