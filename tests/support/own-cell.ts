import type { Browser, Page } from 'puppeteer-core';

/**
 * The lines that a cell of the reader's own prints, in the page for such cells.
 *
 * @param address the page's, with the cell in its fragment
 * @param prepare what happens before the cell runs
 * @param first what the page's script does before all else
 */
export async function printedBy(
  browser: Browser,
  address: string,
  prepare: (page: Page) => Promise<void>,
  first = '',
): Promise<string[]> {
  const page = await browser.newPage();
  if (first !== '') await page.evaluateOnNewDocument(first);
  await page.goto(address);
  await page.waitForSelector('[data-part="foreign"]:not([hidden])');
  await prepare(page);
  await page.click('[data-action="run"]');
  await page.waitForSelector('.cell:is([data-state="done"], [data-state="failed"])');
  const text = (await page.evaluate(
    `[...document.querySelectorAll('.cell pre.output')].map(({ textContent }) => textContent).join('')`,
  )) as string;
  await page.close();
  return text.trimEnd().split('\n');
}
