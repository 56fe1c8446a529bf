// Step: the library and the queue, compiled from lib/src to lib/dist and from queue/src to queue/dist.
import { existsSync, rmSync } from 'node:fs';
import { SetupError } from '../../lib/native/errors.mjs';
import { at, digest, filesBelow, root, textOf } from './project.mjs';
import { run } from '../../lib/native/run.mjs';

const sources = () => [
  'lib/tsconfig.json',
  'queue/tsconfig.json',
  'tsconfig.base.json',
  'package-lock.json',
  ...filesBelow('lib/src'),
  ...filesBelow('queue/src'),
];

/** What was compiled, and what tsc noted of it; not the stamp, which holds a digest of it. */
const outputs = () =>
  ['lib/dist', 'queue/dist']
    .flatMap((folder) => (existsSync(at(folder)) ? filesBelow(folder) : []))
    .filter((file) => file !== library.stamp);

const digestOf = (files) => digest(...files.flatMap((file) => [file, textOf(file)]));

/** tsc leaves what it made of a source that is gone: a package would carry it, and a worker's code be another's. */
function removeLeftovers() {
  for (const part of ['lib', 'queue']) {
    for (const file of existsSync(at(part, 'dist')) ? filesBelow(`${part}/dist`) : []) {
      const [, name] = /^\w+\/dist\/(.*)\.(?:d\.ts|js)$/.exec(file) ?? [];
      if (name && !existsSync(at(part, 'src', `${name}.ts`))) rmSync(at(file));
    }
  }
}

export const library = {
  title: 'library',
  detail: 'tsc -b lib queue',
  stamp: 'lib/dist/.set-up',
  // It vouches for what was made too: another compiler (`npx tsc` is the kernel's) or an editor may have been there.
  key: () => `${digestOf(sources())} ${digestOf(outputs())}`,
  async install(log, stamp) {
    // tsc trusts its own note (tsbuildinfo) of what it wrote, which holds only where nobody has touched that since.
    const isOurs = stamp.split(' ')[1] === digestOf(outputs());
    const tsc = [at('node_modules/typescript/bin/tsc'), '-b', 'lib', 'queue', ...(isOurs ? [] : ['--force'])];
    try {
      await run(process.execPath, tsc, { cwd: root });
      removeLeftovers();
    } catch (error) {
      if (!error.output) throw error;
      throw new SetupError(['it does not compile:', ...error.output.trim().split('\n')].join('\n    '));
    }
  },
};
