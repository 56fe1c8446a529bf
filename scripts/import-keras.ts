// Makes a model folder of an .h5 file of Keras 2, without Python: npm run import-keras -- model.h5 models/mine
import { Option } from 'commander';
import { classifiers } from 'descent-lab';
import { architectureNames, weightFormats } from 'descent-lab/internal';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { pair } from './cli/numbers';
import { file, folder } from './cli/outputs';

const labels = (text: string): string[] => text.split(',').map((label) => label.trim());

export const program = new Script('npm run import-keras --')
  .description(
    'Makes a model folder of an .h5 file of Keras 2: a whole Sequential model, or the weights of a known network.',
  )
  .argument('<file>', 'the .h5 file, from model.save or model.save_weights')
  .argument('<folder>', 'the model folder to make; it must not exist yet')
  .addOption(
    new Option('--architecture <name>', 'the network, for a file that holds weights alone').choices(architectureNames),
  )
  .option(
    '--classes <names>',
    'the classes, in the order of the outputs; of one sigmoid output first the class at 0: cat,dog',
    labels,
  )
  .option(
    '--range <low,high>',
    "what black and white are at the network's input: 0,1 or 0,255 or -1,1 (default: 0,1, or 0,255 for a model that " +
      'scales them down by itself)',
    pair('--range 0,255', true),
  )
  .option('--name <name>', "the model's name (default: the architecture, or the file's name)")
  .addOption(new Option('--format <format>', 'how to store the weights').choices(weightFormats).default('float32'))
  .option('--json', 'print only {name, classes, input: {height, width, channels, range}}')
  .reads({ file })
  .writes({ folder });

export async function main(): Promise<void> {
  program.parse();
  const [path, target] = program.args as [string, string];
  const { json, ...options } = program.opts<Omit<classifiers.KerasImportOptions, 'onNote'> & { json?: boolean }>();
  const card = await classifiers.importKeras(path, target, { ...options, onNote: (note) => console.error(note) });
  if (json) {
    console.log(JSON.stringify(card));
    return;
  }
  const {
    name,
    classes,
    input: {
      height,
      width,
      channels,
      range: [low, high],
    },
  } = card;
  console.log(
    `${target}: ${name} tells ${classes.join(' from ')}, in ${channels === 1 ? 'grey' : 'colour'} pictures of ` +
      `${width} x ${height} pixels from ${low} to ${high}`,
  );
  if (!options.classes && !options.architecture)
    console.error('Its classes are not named in the file: name them by --classes');
}

if (require.main === module) run(main);
