// Step: the library and the queue, compiled from lib/src to lib/dist and from queue/src to queue/dist.
import { existsSync, rmSync } from 'node:fs';
import { SetupError } from '../../lib/native/errors.mjs';
import { at, digest, filesBelow, root, textOf } from './project.mjs';
import { run } from '../../lib/native/run.mjs';

const sources = () => ['lib/tsconfig.json', 'queue/tsconfig.json', 'tsconfig.json', 'package-lock.json',
  ...filesBelow('lib/src'), ...filesBelow('queue/src')];

const isMade = () => existsSync(at('queue/dist'));

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
  // The stamp lies in lib/dist and goes with it; that queue/dist is there, the key has to say.
  key: () => digest(String(isMade()), ...sources().flatMap((file) => [file, textOf(file)])),
  async install(log, wasComplete) {
    // tsc trusts its own note (tsbuildinfo) of what it wrote, so after an interruption it must not look at that.
    const tsc = [at('node_modules/typescript/bin/tsc'), '-b', 'lib', 'queue', ...(wasComplete ? [] : ['--force'])];
    try {
      await run(process.execPath, tsc, { cwd: root });
      removeLeftovers();
    } catch (error) {
      if (!error.output) throw error;
      const lines = error.output.trim().split('\n');
      const more = lines.length > 12 ? [`... and ${lines.length - 12} lines more (see "npx tsc -b lib queue")`] : [];
      throw new SetupError(['it does not compile:', ...lines.slice(0, 12), ...more].join('\n    '));
    }
  },
};
