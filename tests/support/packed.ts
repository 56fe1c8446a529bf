// The library as `npm run pack` packs it.
import assert from 'node:assert/strict';
import { ownRoot } from '../../publish/src/notebooks/project';
import { compile } from './compiled';
import { runIn } from './other-project';

/** The package's file, by its name in the folder that it was put in, and the files in it. */
export interface Packed {
  filename: string;
  files: { path: string }[];
}

/** Packs it into a folder. */
export async function pack(folder: string): Promise<Packed> {
  compile();
  const page = await runIn(ownRoot, process.execPath, ['--import', './scripts/tsx.mjs', 'scripts/page-module.ts']);
  assert.equal(page.code, 0, page.stderr);
  const packed = await runIn(ownRoot, 'npm', ['pack', '-w', 'descent-lab', '--json', '--pack-destination', folder]);
  assert.equal(packed.code, 0, packed.stderr);
  return Object.values(JSON.parse(packed.stdout) as object)[0] as Packed;
}
