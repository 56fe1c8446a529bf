// What `npm pack` puts beside the compiled library: one module for pages without a bundler, and the binaries that it loads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from 'descent-lab';
import { ownRoot, writeIfChanged } from 'descent-lab-publish';
import { libraryBinaries, libraryModule } from 'descent-lab-web';

async function main(): Promise<void> {
  const folder = join(ownRoot, 'lib', 'dist', 'page');
  writeIfChanged(join(folder, 'descent-lab.mjs'), await libraryModule(Object.keys(library)));
  for (const [name, file] of Object.entries(libraryBinaries())) writeIfChanged(join(folder, name), readFileSync(file));
}

void main();
