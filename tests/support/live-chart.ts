// A chart in JupyterLab, as a reader uses it.
import type { Locator } from 'playwright-core';

/** What Plotly keeps in a chart's element. */
interface GraphDiv extends HTMLElement {
  data: object[];
  layout: { sliders?: { active?: number }[] };
}

/** Moves the mouse onto a chart's still, which turns it live. */
export async function enliven(chart: Locator): Promise<void> {
  await chart.scrollIntoViewIfNeeded();
  await chart.hover();
  await chart.locator('.main-svg').first().waitFor();
}

/** The chart's data at this moment. */
const dataOf = (chart: Locator): Promise<string> => chart.evaluate((div) => JSON.stringify((div as GraphDiv).data));
const sliderOf = (chart: Locator): Promise<number> =>
  chart.evaluate((div) => (div as GraphDiv).layout.sliders?.[0]?.active ?? 0);

async function changes(read: () => Promise<unknown>, before: unknown, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end;) if (await read() !== before) return;
  throw new Error(`${what} changes nothing`);
}

/** Presses Play, and waits until the data have moved; then Pause, if there is one. */
export async function play(chart: Locator): Promise<void> {
  const before = await dataOf(chart);
  await chart.locator('.updatemenu-button', { hasText: 'Play' }).click();
  await changes(() => dataOf(chart), before, 'Play');
  const pause = chart.locator('.updatemenu-button', { hasText: 'Pause' });
  if (await pause.count()) await pause.click();
}

/** Clicks into the middle of the slider: its state and the data follow. */
export async function slide(chart: Locator): Promise<void> {
  const [data, active] = [await dataOf(chart), await sliderOf(chart)];
  const rail = await chart.locator('.slider-rail-touch-rect').first().boundingBox();
  if (!rail) throw new Error('the slider cannot be seen');
  const page = chart.page();
  await page.mouse.click(rail.x + rail.width * 0.55, rail.y + rail.height / 2);
  await changes(() => sliderOf(chart), active, 'the slider');
  await changes(() => dataOf(chart), data, 'the slider');
}
