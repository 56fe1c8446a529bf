// The browsers that readers have, as far as this machine has them: Chromium and Firefox, steered in one way.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { findBrowser } from '../../lib/src/edge/browser';

/** A browser that a test can start. */
export interface Reader {
  name: 'chromium' | 'firefox';
  /** Why it cannot be started here. */
  missing?: string;
  launch: (preferences?: Record<string, unknown>) => Promise<Browser>;
}

/** Milliseconds that a page may take for one thing on a machine that does others too. */
export const PATIENCE = 600_000;

/**
 * Firefox loosens two rules for whoever steers it, above all which files a page from the disk may read: they are set
 * back to what readers have.
 */
const AS_READERS_HAVE_IT = { 'remote.prefs.recommended': false, 'security.fileuri.strict_origin_policy': true };

const onPath = (...names: string[]): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));

/** Both, whether they are there or not. */
export async function readers(): Promise<Reader[]> {
  const { default: puppeteer } = await import('puppeteer-core');
  const chromium = await findBrowser().catch((error: Error) => error);
  const firefox = onPath('firefox-esr', 'firefox');
  return [
    {
      name: 'chromium',
      ...(chromium instanceof Error && { missing: chromium.message }),
      launch: () => {
        const { executablePath, env } = chromium as Exclude<typeof chromium, Error>;
        return puppeteer.launch({
          executablePath,
          env: { ...process.env, ...env },
          args: ['--no-sandbox', '--disable-gpu', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
          protocolTimeout: PATIENCE,
        });
      },
    },
    {
      name: 'firefox',
      ...(!firefox && { missing: 'there is no firefox-esr or firefox on this machine' }),
      launch: (preferences = {}) =>
        puppeteer.launch({
          browser: 'firefox',
          executablePath: firefox!,
          extraPrefsFirefox: { ...AS_READERS_HAVE_IT, ...preferences },
          protocolTimeout: PATIENCE,
        }),
    },
  ];
}
