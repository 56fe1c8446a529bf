// Step: the npm packages, exactly as package-lock.json has them, with no install script run.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from '../../lib/native/npm.mjs';
import { at, digest, root, scratch, textOf } from './project.mjs';

/** What a package.json says about packages; its scripts and the like may change without an npm ci. */
function wanted(file) {
  const { dependencies, devDependencies, workspaces } = JSON.parse(textOf(file));
  return JSON.stringify([dependencies, devDependencies, workspaces]);
}

export const nodeModules = {
  title: 'npm packages',
  detail: 'npm ci, a download of about 270 MB',
  takes: at('node_modules'),
  stamp: 'node_modules/.set-up',
  // Every compiled package among them is built on Node-API, so another version of Node needs no other files.
  key: () =>
    digest(
      wanted('package.json'),
      wanted('lib/package.json'),
      wanted('queue/package.json'),
      wanted('publish/package.json'),
      wanted('web/package.json'),
      textOf('package-lock.json'),
      process.platform,
      process.arch,
    ),
  async install() {
    // The shorter pause between its tries tells sooner that there is no network.
    await npm(
      root,
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--fetch-retry-mintimeout=2000',
    );
    // On a full disk npm ci (seen with 11.19) leaves thousands of files empty and says that all is well. There is
    // room for this one only if there was room for theirs.
    writeFileSync(path.join(scratch, 'room'), Buffer.alloc(32e6));
  },
};
