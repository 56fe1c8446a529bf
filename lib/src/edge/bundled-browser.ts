import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DescentError } from '../errors';
import { optional } from '../optional';
import { cacheFolder } from './cache';

/** A browser that can draw figures. */
export interface Browser {
  /** What it is, for people: `Chrome or Chromium of this machine`. */
  name: string;
  /** Its program file. */
  executablePath: string;
  /** What it needs in its environment. */
  env?: Record<string, string>;
}

/**
 * The Chromium that the package @sparticuz/chromium carries. It is unpacked once for each version, into this user's
 * cache folder (0.2 GB): beside its place first, then renamed, so that what lies there is whole.
 *
 * @param remedy what to do where that fails
 */
export async function bundledBrowser(remedy: string): Promise<Browser> {
  try {
    const manifest = packageFile();
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const caches = cacheFolder('browser');
    const folder = join(caches, `chromium-${version}`);
    if (!existsSync(folder)) await unpack(caches, folder);
    return {
      name: `Chromium ${version} of @sparticuz/chromium`,
      executablePath: join(folder, 'chromium'),
      env: {
        // Libraries that a small machine lacks (nss, nspr, expat), and a font: text looks the same on every machine.
        LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
        FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      },
    };
  } catch (error) {
    if (error instanceof DescentError) throw error;
    throw new DescentError(`the browser that draws images cannot be unpacked (${(error as Error).message}): ${remedy}`);
  }
}

/** The package's own package.json, which its `exports` hide. */
function packageFile(): string {
  let folder = dirname(
    optional('@sparticuz/chromium', 'draws images where there is no Chrome or Chromium', () =>
      require.resolve('@sparticuz/chromium'),
    ),
  );
  while (!existsSync(join(folder, 'bin', 'chromium.br'))) {
    if (dirname(folder) === folder) throw new Error('@sparticuz/chromium has no bin/chromium.br');
    folder = dirname(folder);
  }
  return join(folder, 'package.json');
}

/**
 * The package unpacks into the system's folder for temporary files, in the open. A process of its own, which is told
 * another such folder, keeps that from others; told that it runs on Lambda, it unpacks the libraries as well.
 */
async function unpack(caches: string, folder: string): Promise<void> {
  for (const name of readdirSync(caches)) {
    const left = join(caches, name); // of a process that was ended while it unpacked
    const old = name.startsWith('unfinished-') && Date.now() - statSync(left).mtimeMs > 600_000;
    if (old) rmSync(left, { recursive: true, force: true });
  }
  const unfinished = mkdtempSync(join(caches, 'unfinished-'));
  try {
    await promisify(execFile)(
      process.execPath,
      ['-e', `require(${JSON.stringify(require.resolve('@sparticuz/chromium'))}).executablePath()`],
      { env: { PATH: process.env.PATH, TMPDIR: unfinished, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' } },
    );
    writeFileSync(
      join(unfinished, 'fonts.conf'),
      `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`,
    );
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // Else another process was faster.
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
