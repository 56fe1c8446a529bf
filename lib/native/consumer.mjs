// What a project that uses the library gets out of npm, each package checked against a pinned hash.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { npm } from './npm.mjs';
import { run } from './run.mjs';
import { tfjsNodeVersion } from './tensorflow.mjs';

const tfjsNode = '@tensorflow/tfjs-node';

/** The packages that `npx descent-lab native` takes, by the hash of their tarballs, as package-lock.json has them. */
export const pins = {
  [`${tfjsNode}@4.22.0`]:
    'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  'node-api-headers@1.9.0':
    'sha512-2oNILP4jXwRB4ywnYKjVk1YyJ96n2D4EOVJO6S3oYZ5PtbJrw3Yt9TpAuX3nBLMuzn74rnfGQrv13pS9vC+YiA==',
};

function checkPin(spec, found) {
  if (found === pins[spec]) return;
  throw new SetupError(
    `${spec} is not the package that descent-lab pins by its hash: the registry gave ${found}, not ` +
      `${pins[spec]}. Empty the cache ("npm cache clean --force") and try again. If it comes back, do not trust that ` +
      'mirror.',
  );
}

/** Where a package lies that this file can load; undefined where it is not installed. */
export function packageFolder(name) {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/**
 * Adds tfjs-node to the project in a folder, unless it is there, and returns its folder. As an optional dependency: its
 * install script may then fail where the project is installed anew; an npm that knows `allowScripts` will not run it.
 */
export async function addTfjsNode(project, log) {
  const spec = `${tfjsNode}@${tfjsNodeVersion}`;
  if (!packageFolder(tfjsNode)) {
    for (const [file, tool] of [
      ['pnpm-lock.yaml', 'pnpm'],
      ['yarn.lock', 'yarn'],
      ['bun.lock', 'bun'],
    ]) {
      if (!existsSync(path.join(project, file))) continue;
      throw new SetupError(`this project has a ${file}: run "${tool} add --ignore-scripts ${spec}", then this again`);
    }
    log(`adding ${spec}, without its install script`);
    await npm(project, 'pkg', 'set', `allowScripts[${tfjsNode}]=false`, '--json');
    await npm(
      project,
      'install',
      '--ignore-scripts',
      '--save-optional',
      '--save-exact',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--prefer-offline',
      spec,
    );
    const folder = packageFolder(tfjsNode);
    if (!folder) throw new SetupError('npm added it elsewhere: run this in the project that uses descent-lab');
    const installed = JSON.parse(readFileSync(path.join(folder, '..', '..', '.package-lock.json'), 'utf8'));
    const found = installed.packages[`node_modules/${tfjsNode}`]?.integrity;
    if (found !== pins[spec]) await npm(project, 'uninstall', '--ignore-scripts', tfjsNode);
    checkPin(spec, found);
  }
  const folder = packageFolder(tfjsNode);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (version === tfjsNodeVersion) return folder;
  throw new SetupError(
    `this project has ${tfjsNode} ${version}, and descent-lab needs ${tfjsNodeVersion} exactly: ` +
      `change it, then run this again`,
  );
}

/** Node-API's C headers, unpacked below `scratch`: needed once, to compile. */
export async function fetchHeaders(project, scratch) {
  const spec = 'node-api-headers@1.9.0';
  await npm(project, 'pack', spec, '--pack-destination', scratch, '--prefer-offline', '--loglevel=error');
  const tarball = path.join(scratch, 'node-api-headers-1.9.0.tgz');
  checkPin(spec, `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`);
  await run('tar', ['-xzf', tarball, '-C', scratch]);
  return path.join(scratch, 'package');
}
