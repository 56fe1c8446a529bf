// A chart in JupyterLab, as a reader uses it.
import type { Locator } from 'playwright-core';

/** What Plotly keeps in a chart's element. */
interface GraphDiv extends HTMLElement {
  data: object[];
  layout: { sliders?: { active?: number }[] };
}

/** Waits for a chart's still, the image that stands there before the chart lives. */
export async function untilStill(image: Locator): Promise<void> {
  await image.scrollIntoViewIfNeeded();
  await until(() => image.evaluate((img) => (img as HTMLImageElement).naturalWidth > 100), 'the still is not drawn');
}

/** Moves the mouse onto a chart's still, which turns it live. */
export async function enliven(chart: Locator): Promise<void> {
  await chart.scrollIntoViewIfNeeded();
  await chart.hover();
  await chart.locator('.main-svg').first().waitFor();
}

/** Moves the mouse over what the chart draws until it says a value. Returns what it says. */
export async function hover(chart: Locator): Promise<string> {
  await chart.page().evaluate('globalThis.__name = (f) => f'); // tsx calls it wherever it compiles a named function
  const said = chart.locator('.hovertext, .axistext').first();
  for (const [x, y] of await chart.evaluate(placesToHover)) {
    await chart.page().mouse.move(x, y);
    await chart.page().mouse.move(x + 1, y);
    await said.waitFor({ timeout: 1000 }).catch(() => undefined);
    if (await said.count()) return (await said.textContent()) ?? '';
  }
  throw new Error('hover shows no value');
}

/** Where marks and lines are drawn, then a grid over each plot. Runs in the page. */
function placesToHover(div: HTMLElement | SVGElement): [number, number][] {
  const centre = (element: Element): [number, number] => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const some = <E extends Element>(selector: string): E[] => {
    const all = Array.from(div.querySelectorAll<E>(selector));
    return all.filter((_, i) => i % Math.ceil(all.length / 5) === 0);
  };
  const marks = some('.plot .point, .plot .points path').map(centre);
  const lines = some<SVGPathElement>('.plot path.js-line').map((path): [number, number] => {
    const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM()!);
    return [at.x, at.y];
  });
  const grid = some('.bglayer rect, .draglayer .nsewdrag, .gl-container canvas').flatMap((plot) => {
    const { left, top, width, height } = plot.getBoundingClientRect();
    return [0.5, 0.3, 0.7].flatMap((u) => [0.5, 0.3, 0.7].map((v): [number, number] => [left + u * width, top + v * height]));
  });
  return [...marks, ...lines, ...grid];
}

/** The chart's data at this moment. */
const dataOf = (chart: Locator): Promise<string> => chart.evaluate((div) => JSON.stringify((div as GraphDiv).data));
const sliderOf = (chart: Locator): Promise<number> =>
  chart.evaluate((div) => (div as GraphDiv).layout.sliders?.[0]?.active ?? 0);

async function until(holds: () => Promise<boolean>, complaint: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) if (await holds()) return;
  throw new Error(complaint);
}

const changes = (read: () => Promise<unknown>, before: unknown, what: string): Promise<void> =>
  until(async () => await read() !== before, `${what} changes nothing`);

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
