// The browser that the library draws images with, for tests that need one to read pages with.
import { findBrowser } from '../../lib/src/edge/browser';
import { chromium, type Browser } from 'playwright-core';

/** Why there is none; undefined where there is one. */
export const withoutBrowser = (): Promise<string | undefined> =>
  findBrowser().then(
    () => undefined,
    (error: Error) => error.message,
  );

/** Starts it. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findBrowser();
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...env },
    args: ['--disable-gpu', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'], // 3-D charts need WebGL.
  });
}
