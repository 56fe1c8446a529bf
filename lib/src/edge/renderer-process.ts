// A process of its own that draws figures in a headless browser, started and spoken to by ./renderer. It ends, and the
// browser with it, when its parent is gone or asks for nothing for a while. Apart from the parent, it holds no kernel
// open, draws while the parent computes, and is out of reach of an interrupt that is meant for a cell.
import { chromium, type Browser as Running, type Page } from 'playwright-core';
import type { Answer, Request } from './renderer';

const IDLE = 60_000; // milliseconds

/** A figure as Plotly takes it. */
interface Plot {
  layout: { width?: number; height?: number };
}

/** What the page's functions see of Plotly. */
declare const Plotly: {
  newPlot(target: string, figure: Plot): Promise<void>;
  animate(target: string, frames: string[], options: object): Promise<void>;
  purge(target: string): void;
};

declare const fitChart: (figure: Plot, width: number) => Plot;
declare const window: { figure: Plot };

let running: Promise<Running> | undefined;
const pages = new Map<number, Promise<Page>>(); // by scale
let idle: NodeJS.Timeout | undefined;

function launch({ browser }: Request): Promise<Running> {
  return chromium.launch({
    executablePath: browser.executablePath,
    env: { ...(process.env as Record<string, string>), ...browser.env },
    // Figures are our own pages, without a network: the sandbox, which fails for root and in containers, guards nothing.
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
      '--disable-component-update',
      '--font-render-hinting=none',
      '--force-color-profile=srgb',
      '--disable-gpu', // without a graphics card that is quicker, and 3-D figures are drawn all the same
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });
}

async function openPage(request: Request): Promise<Page> {
  running ??= launch(request);
  const page = await (await running).newPage({ deviceScaleFactor: request.scale });
  // Nobody can press a button in an image.
  const style = '<style>body { margin: 0 } .updatemenu-container { display: none }</style>';
  await page.setContent(`<!doctype html>${style}<div id="figure"></div>`);
  await page.addScriptTag({ path: request.plotly });
  return page;
}

/** Puts the figure into the page, laid out for this width. @returns how high it is then */
async function layOut(page: Page, { figure, fit, width, height }: Request): Promise<number> {
  // As a text: what is passed as an object is walked through, which takes longer than all else for large data.
  await page.evaluate((text) => void (window.figure = JSON.parse(text) as Plot), JSON.stringify(figure));
  if (fit === undefined) return height;
  await page.evaluate(fit);
  return page.evaluate(
    ([width, height]) => {
      window.figure = fitChart(window.figure, width);
      Object.assign(window.figure.layout, { width });
      return window.figure.layout.height ?? height;
    },
    [width, height] as const,
  );
}

async function draw(request: Request): Promise<string[]> {
  const { frames, width, scale } = request;
  if (!pages.has(scale)) pages.set(scale, openPage(request));
  const page = await pages.get(scale)!;
  await page.setViewportSize({ width, height: request.height });
  const height = await layOut(page, request);
  await page.setViewportSize({ width, height });
  const shot = async (): Promise<string> => {
    // Pictures inside a figure are decoded, and 3-D scenes drawn, one frame of the screen later.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    return (await page.screenshot({ clip: { x: 0, y: 0, width, height } })).toString('base64');
  };
  await page.evaluate(() => Plotly.newPlot('figure', window.figure));
  try {
    if (!frames) return [await shot()];
    const images: string[] = [];
    for (const name of frames) {
      await page.evaluate(
        (frame) =>
          Plotly.animate('figure', [frame], {
            mode: 'immediate',
            frame: { duration: 0, redraw: true },
            transition: { duration: 0 },
          }),
        name,
      );
      images.push(await shot());
    }
    return images;
  } finally {
    await page.evaluate(() => Plotly.purge('figure'));
  }
}

async function end(): Promise<void> {
  await (await running?.catch(() => undefined))?.close().catch(() => undefined);
  process.exit();
}

let queue = Promise.resolve();
process.on('message', (request: Request) => {
  clearTimeout(idle);
  queue = queue.then(async () => {
    const answer: Answer = await draw(request).then(
      (images) => ({ id: request.id, images }),
      (error: Error) => ({ id: request.id, problem: error.message }),
    );
    process.send?.(answer);
    clearTimeout(idle);
    idle = setTimeout(() => void end(), IDLE);
  });
});
process.on('disconnect', () => void end());
