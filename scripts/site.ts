// `npm run site`: the notebooks, the library's reference and a search as a folder of pages that works offline.
import { join } from 'node:path';
import { buildSite, ownRoot, projectAt } from 'descent-lab-publish';
import { Script } from './cli/command';
import { run } from './cli/edge';

export const program = new Script('npm run site').description(
  'Builds site/: a front page, the notebooks as pages with live charts, the ' +
    "library's reference, and a search. It works from the disk without a network; to publish it, copy the folder to any " +
    'web server. The notebooks are taken as they were executed last: "npm run figures" executes them again.',
);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

async function main(): Promise<void> {
  program.parse();
  const start = performance.now();
  const warn = (text: string): void => console.error(`site: ${text}`);
  const { sizes, notebooks, names } = await buildSite(projectAt(ownRoot), { out: join(ownRoot, 'site'), warn });
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(
    `site/index.html: ${notebooks} notebooks, ${names} names of the library, ${sizes.size} files, ` +
      `${megabytes(total)}, ${((performance.now() - start) / 1000).toFixed(1)} s`,
  );
}

if (require.main === module) run(main, ({ message }) => `site: ${message}; the site is as it was before`);
