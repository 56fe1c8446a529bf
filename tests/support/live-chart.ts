// A chart in JupyterLab, as a reader uses it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';

/** What Plotly keeps in a chart's element. */
interface GraphDiv extends HTMLElement {
  data: object[];
  layout: { sliders?: { active?: number; steps: object[] }[] };
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
  const page = chart.page();
  await chart.evaluate(watchHover);
  const said = (): Promise<string> => chart.evaluate((div) => div.dataset.said ?? '');
  const inWindow = ([, y]: [number, number]): boolean => y > 100 && y < page.viewportSize()!.height - 40;
  for (const [x, y] of (await chart.evaluate(placesToHover)).filter(inWindow)) {
    await page.mouse.move(x - 3, y);
    await page.mouse.move(x, y);
    await page.waitForTimeout(70); // Plotly looks at the mouse every 50 ms.
    if (await said()) break;
  }
  if (!(await said())) throw new Error('hover shows no value');
  return said();
}

/** Writes down in the chart what it says to the mouse. Runs in the page. */
function watchHover(div: HTMLElement | SVGElement): void {
  new MutationObserver(() => {
    const text = div.querySelector('.hovertext, .axistext')?.textContent;
    if (text) div.dataset.said ??= text;
  }).observe(div, { subtree: true, childList: true });
}

/** Where marks and lines are drawn, then a grid over each plot. Runs in the page, so without named functions, which tsx would mark. */
function placesToHover(div: HTMLElement | SVGElement): [number, number][] {
  const marks = Array.from(div.querySelectorAll('.cartesianlayer .point'));
  const lines = Array.from(div.querySelectorAll<SVGPathElement>('.cartesianlayer path.js-line'));
  const plots = Array.from(div.querySelectorAll('.draglayer .nsewdrag'));
  return [
    ...marks
      .filter((_, i) => i % Math.ceil(marks.length / 8) === 0)
      .map((mark): [number, number] => {
        const { left, top, width, height } = mark.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      }),
    ...lines.slice(-8).map((line): [number, number] => {
      const { x, y } = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM()!);
      return [x, y];
    }),
    ...plots.flatMap((plot) => {
      const { left, top, width, height } = plot.getBoundingClientRect();
      return Array.from({ length: 100 }, (_, i): [number, number] => [
        left + (((i % 10) + 0.5) / 10) * width,
        top + ((Math.floor(i / 10) + 0.5) / 10) * height,
      ]);
    }),
  ];
}

/** The chart's data at this moment. */
const dataOf = (chart: Locator): Promise<string> => chart.evaluate((div) => JSON.stringify((div as GraphDiv).data));

/** How far along its rail the slider stands, from 0 to 1. */
const sliderOf = (chart: Locator): Promise<number> =>
  chart.evaluate((div) => {
    const { active = 0, steps } = (div as GraphDiv).layout.sliders![0]!;
    return active / (steps.length - 1);
  });

async function until(holds: () => Promise<boolean>, complaint: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) if (await holds()) return; // the page needs its time to draw
  throw new Error(complaint);
}

/** Presses Play, and waits until the data have moved; then Pause, if there is one. */
export async function play(chart: Locator): Promise<void> {
  await chart.evaluate(pauseOnceMoved);
  await chart.locator('.updatemenu-button', { hasText: 'Play' }).click();
  await until(() => chart.evaluate((div) => div.dataset.moved === 'true'), 'Play changes nothing');
}

/**
 * Writes down in the chart that its data have moved, and presses Pause: a busy page may play to the end, and back where it
 * was, between two looks, and draws on while a mouse finds the button. Runs in the page.
 */
function pauseOnceMoved(div: HTMLElement | SVGElement): void {
  const before = JSON.stringify((div as GraphDiv).data);
  delete div.dataset.moved;
  new MutationObserver((_, observer) => {
    if (JSON.stringify((div as GraphDiv).data) === before) return;
    div.dataset.moved = 'true';
    observer.disconnect();
    Array.from(div.querySelectorAll('.updatemenu-button'))
      .find((button) => button.textContent?.includes('Pause'))
      ?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }).observe(div, { subtree: true, childList: true, characterData: true });
}

/** Clicks into the half of the slider where it does not stand: its state and the data follow. */
export async function slide(chart: Locator): Promise<void> {
  const [data, stands] = [await dataOf(chart), await sliderOf(chart)];
  const rail = await chart.locator('.slider-rail-touch-rect').first().boundingBox();
  if (!rail) throw new Error('the slider cannot be seen');
  const page = chart.page();
  await page.mouse.click(rail.x + rail.width * (stands < 0.5 ? 0.8 : 0.2), rail.y + rail.height / 2);
  await until(async () => (await sliderOf(chart)) !== stands, 'the slider stays where it was');
  await until(async () => (await dataOf(chart)) !== data, 'the slider changes nothing');
}
