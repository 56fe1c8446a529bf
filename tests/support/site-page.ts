// Pages of the site in one browser, for the test files that do what a reader does.
import { join } from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from './browser';
import { builtSite } from './built-site';

/** The site and a browser, there while a file's tests run. */
export class SitePages {
  /** Why there are none; undefined where there are. */
  skip: string | undefined;
  folder = '';
  private browser: Browser | undefined;

  constructor() {
    before(async () => {
      this.skip = await withoutBrowser();
      if (this.skip) return;
      this.folder = await builtSite();
      this.browser = await launchBrowser();
    });
    after(() => this.browser?.close());
  }

  addressOf(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return this.browser!.newContext({ viewport: { width: 1000, height: 800 }, ...options });
  }
}

/** Opens a page. */
export async function open(context: BrowserContext, address: string, prepare?: (page: Page) => void): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  prepare?.(page);
  await page.goto(address);
  return page;
}
