// What keeps some readers out of a page, as axe sees it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls serious or worse. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const run = 'axe.run(document, { resultTypes: ["violations"], preload: false })';
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const shown = nodes.map(({ html }) => html.slice(0, 120)).slice(0, 3);
      return `${id}: ${shown.join(' | ')}`;
    });
}
