// What `npm pack` puts beside the compiled library: one module for pages without a bundler, and the binaries that it loads.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as library from 'descent-lab';
import { ownRoot, writeIfChanged } from 'descent-lab-publish';
import { libraryModule } from 'descent-lab-web';

const BINARIES = {
  '@tensorflow/tfjs-backend-wasm': 'dist/tfjs-backend-wasm-simd.wasm',
  '@jsquash/jpeg': 'codec/dec/mozjpeg_dec.wasm',
};

async function main(): Promise<void> {
  const folder = join(ownRoot, 'lib', 'dist', 'page');
  writeIfChanged(join(folder, 'descent-lab.mjs'), await libraryModule(Object.keys(library)));
  const { resolve } = createRequire(join(ownRoot, 'lib', 'package.json'));
  for (const [name, file] of Object.entries(BINARIES)) {
    const binary = join(dirname(resolve(`${name}/package.json`)), file);
    writeIfChanged(join(folder, file.replace(/.*\//, '')), readFileSync(binary));
  }
}

void main();
