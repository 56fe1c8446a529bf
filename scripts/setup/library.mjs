// Step: the library and the queue, compiled from lib/src to lib/dist and from queue/src to queue/dist.
import { SetupError } from './errors.mjs';
import { at, digest, filesBelow, root, textOf } from './project.mjs';
import { run } from './run.mjs';

const sources = () => ['lib/tsconfig.json', 'queue/tsconfig.json', 'tsconfig.json', 'package-lock.json',
  ...filesBelow('lib/src'), ...filesBelow('queue/src')];

export const library = {
  title: 'library',
  detail: 'tsc -b lib queue',
  stamp: 'lib/dist/.set-up',
  key: () => digest(...sources().flatMap((file) => [file, textOf(file)])),
  async install(log, wasComplete) {
    // tsc trusts its own note (tsbuildinfo) of what it wrote, so after an interruption it must not look at that.
    const tsc = [at('node_modules/typescript/bin/tsc'), '-b', 'lib', 'queue', ...(wasComplete ? [] : ['--force'])];
    try {
      await run(process.execPath, tsc, { cwd: root });
    } catch (error) {
      if (!error.output) throw error;
      const lines = error.output.trim().split('\n');
      const more = lines.length > 12 ? [`... and ${lines.length - 12} lines more (see "npx tsc -b lib queue")`] : [];
      throw new SetupError(['it does not compile:', ...lines.slice(0, 12), ...more].join('\n    '));
    }
  },
};
