// Makes a model folder of anyone's network, without Python: npm run import-model -- model.keras models/mine
import { statSync } from 'node:fs';
import { Option } from 'commander';
import { classifiers } from 'descent-lab';
import { architectureNames, weightFormats } from 'descent-lab/internal';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { pair } from './cli/numbers';
import { file, folder, ownFiles } from './cli/outputs';

const labels = (text: string): string[] => text.split(',').map((label) => label.trim());

export const program = new Script('npm run import-model --')
  .description(
    'Makes a model folder of a network of Keras 2 or 3 (.h5, .keras), of TensorFlow.js (a folder), or of Teachable ' +
      'Machine (its zip file): a whole model, or weights alone of a known one.',
  )
  .argument('<file>', 'the file, or the folder of TensorFlow.js')
  .argument('<folder>', 'the model folder to make; it must not exist yet')
  .option(
    '--architecture <name>',
    `the network, for a file that holds weights alone: ${architectureNames.join(' or ')}, or a file that Keras' ` +
      'model.to_json() gave',
  )
  .option(
    '--classes <names>',
    'the classes, in the order of the outputs; of one sigmoid output first the class at 0: cat,dog',
    labels,
  )
  .option(
    '--range <low,high>',
    "what black and white are at the network's input: 0,1 or 0,255 or -1,1 (default: 0,1, or 0,255 for a model that " +
      'scales them down by itself, or what its kind is known to want)',
    pair('--range 0,255', true),
  )
  .option(
    '--size <height,width>',
    'the pictures in pixels, for a network that takes any size: 224,224',
    pair('--size 224,224'),
  )
  .option('--name <name>', "the model's name (default: the architecture, or the file's name)")
  .addOption(new Option('--format <format>', 'how to store the weights').choices(weightFormats).default('float32'))
  .option('--json', 'print only {name, classes, input: {height, width, channels, range}}')
  .reads({
    file: (path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? folder(path) : file(path)),
    architecture: ownFiles,
  })
  .writes({ folder });

export async function main(): Promise<void> {
  program.parse();
  const [path, target] = program.args as [string, string];
  const { json, ...options } = program.opts<Omit<classifiers.ModelImportOptions, 'onNote'> & { json?: boolean }>();
  const card = await classifiers.importModel(path, target, { ...options, onNote: (note) => console.error(note) });
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
  if (classes[0] === 'class-0') console.error('Its classes are not named in the file: name them by --classes');
}

if (require.main === module) run(main);
