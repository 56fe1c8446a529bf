import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DescentError } from '../errors';
import { bundledBrowser, type Browser } from './bundled-browser';

/**
 * Finds a browser: the one that the environment variable CHROME_PATH names, else this machine's own Chrome, Chromium or
 * Edge, else (Linux x64) the one that the package @sparticuz/chromium carries, unpacked at the first call.
 *
 * @throws DescentError where there is none, with the remedy.
 */
export async function findBrowser(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const named = env.CHROME_PATH;
  if (named) {
    if (existsSync(named)) return { name: 'the browser in CHROME_PATH', executablePath: named };
    throw new DescentError(
      `CHROME_PATH is ${named}, where there is no file: ` + 'set it to a Chrome or Chromium, or unset it',
    );
  }
  const own = usualPlaces(env).find((path) => existsSync(path));
  if (own) return { name: 'the browser of this machine', executablePath: own };
  const remedy = 'install Chrome or Chromium, or set CHROME_PATH to one';
  if (process.platform === 'linux' && process.arch === 'x64') return bundledBrowser(remedy);
  throw new DescentError(`no browser was found to draw images with: ${remedy}`);
}

function usualPlaces(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].flatMap((name) =>
      ['', env.HOME ?? ''].map((home) => `${home}/Applications/${name}.app/Contents/MacOS/${name}`),
    );
  }
  if (process.platform === 'win32') {
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder): folder is string => Boolean(folder))
      .flatMap((folder) =>
        ['Google\\Chrome', 'Chromium', 'Microsoft\\Edge'].map((name) =>
          join(folder, name, 'Application', name.endsWith('Edge') ? 'msedge.exe' : 'chrome.exe'),
        ),
      );
  }
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, name)));
}
