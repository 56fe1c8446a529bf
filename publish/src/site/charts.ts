// Charts as the site's pages show them: the stills and the data are files of their own, which several pages may share.
import { darkened, escapeHtml, renderStill } from 'descent-lab/internal';
import type { FigureOutput } from '../notebooks/figure-outputs';
import { heightOf, type ChartHtml } from '../page/cells';
import { narrowScript } from '../page/page';
import { fromTo } from './addresses';

/** What narrow stills are laid out for: a phone of 390 CSS pixels, less the margins and edges of a page. */
const NARROW = { fit: narrowScript, width: 348 };

/** What a chart's still is for; the notebook has that for a light page in a wide window. */
type Kind = '' | '-dark' | '-narrow' | '-narrow-dark';
/** The stills of charts, by the charts' names. */
export type Stills = ReadonlyMap<string, Partial<Record<Kind, Buffer>>>;

/** All stills of these charts. Without a browser to draw with, those of the notebook alone, and a line says so. */
export async function stillsOf(figures: FigureOutput[], warn: (text: string) => void): Promise<Stills> {
  const stills = new Map<string, Partial<Record<Kind, Buffer>>>();
  for (const { name, png } of figures) stills.set(name!, png ? { '': png } : {});
  const drawn = async ({ name, payload, png }: FigureOutput): Promise<void> => {
    if (!png) return;
    const dark = darkened(payload);
    const [inDark, narrow, both] = await Promise.all([
      renderStill(dark),
      renderStill(payload, NARROW),
      renderStill(dark, NARROW),
    ]);
    stills.set(name!, { '': png, '-dark': inDark, '-narrow': narrow, '-narrow-dark': both });
  };
  try {
    await Promise.all(figures.map(drawn)); // one is packed while the next is drawn
  } catch (error) {
    warn(`no stills for dark pages and for phones: ${(error as Error).message}`);
  }
  return stills;
}

const stillPath = (name: string, kind: Kind): string => `figures/${name}${kind}.png`;
const dataPath = (name: string): string => `figures/${name}.js`;

/** The files of a chart. The data are a script, since a page that is opened as a file may fetch nothing. */
export function chartFiles(
  { name, payload }: FigureOutput,
  stills: Stills,
): [path: string, content: string | Buffer][] {
  const data = `window.figures[${JSON.stringify(name)}] = ${JSON.stringify(payload)};\n`;
  const images = Object.entries(stills.get(name!) ?? {}).map(([kind, png]): [string, Buffer] => [
    stillPath(name!, kind as Kind),
    png,
  ]);
  return [[dataPath(name!), data], ...images];
}

/** How high the chart of a narrow still is, from the still's header: as high in every narrow window. */
const narrowHeight = (png: Buffer): number => Math.round((NARROW.width * png.readUInt32BE(20)) / png.readUInt32BE(16));

/** How a chart's still stands in a page. */
interface Shown {
  /** Attributes of the figure. */
  figure?: string;
  /** Whether its place is narrow in every window. Default: false. */
  isNarrow?: boolean;
  /** Whether its light still, which paper shows, is there before anybody scrolls to it. Default: false. */
  isPrinted?: boolean;
}

function figureHtml(path: string, figure: FigureOutput, stills: Stills, shown: Shown): string {
  const { name, description } = figure;
  const { isNarrow = false, isPrinted = false } = shown;
  const own = stills.get(name!) ?? {};
  /** The image of one theme, in a wide window and in a narrow one; lazy, so that the other theme's is not loaded. */
  const still = (theme: 'light' | 'dark', wide: Kind, narrow: Kind): string => {
    const file = isNarrow && own[narrow] ? narrow : wide;
    if (!own[file]) return '';
    const address = (kind: Kind): string => fromTo(path, stillPath(name!, kind));
    const lazy = isPrinted && theme === 'light' ? '' : ' loading="lazy"';
    const element = `<img class="in-${theme}" src="${address(file)}" alt="${escapeHtml(description)}"${lazy}>`;
    return file === narrow || !own[narrow]
      ? element
      : `<picture><source media="(max-width: 640px)" srcset="${address(narrow)}">${element}</picture>`;
  };
  const height = own['-narrow'] && narrowHeight(own['-narrow']);
  const heights = `--height:${isNarrow && height ? height : heightOf(figure)}px${height ? `;--narrow:${height}px` : ''}`;
  return (
    `<figure class="chart" id="${name}" data-name="${name}" data-source="${fromTo(path, dataPath(name!))}"${shown.figure ?? ''}>` +
    `<div class="plot" style="${heights}">${still('light', '', '-narrow')}${still('dark', '-dark', '-narrow-dark')}</div></figure>`
  );
}

/** A chart that comes to life when it is near the screen. Its still is there at once: who prints has not scrolled. */
export const liveChart =
  (path: string, stills: Stills): ChartHtml =>
  (figure) =>
    figureHtml(path, figure, stills, { isPrinted: true });

/** A chart that comes to life when a reader's hand comes near it: where a page is to be light until then. */
export const touchedChart =
  (path: string, stills: Stills): ChartHtml =>
  (figure) =>
    figureHtml(path, figure, stills, { figure: ' data-touch' });

/** A still that comes to life when it is pressed, in a card. */
export const pressedChart = (path: string, figure: FigureOutput, stills: Stills): string =>
  figureHtml(path, figure, stills, {
    figure: ` data-press="${figure.payload.frames?.length ? '▶ Play' : 'Bring to life'}"`,
    isNarrow: true,
  });
