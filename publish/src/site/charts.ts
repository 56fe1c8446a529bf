// Charts as the site's pages show them: the still and the data are files of their own, which several pages may share.
import { escapeHtml } from 'descent-lab/internal';
import type { FigureOutput } from '../notebooks/figure-outputs';
import { heightOf, type ChartHtml } from '../page/cells';
import { fromTo } from './addresses';

const stillPath = (name: string): string => `figures/${name}.png`;
const dataPath = (name: string): string => `figures/${name}.js`;

/** The two files of a chart. The data are a script, since a page that is opened as a file may fetch nothing. */
export function chartFiles({ name, payload, png }: FigureOutput): [path: string, content: string | Buffer][] {
  const data = `window.figures[${JSON.stringify(name)}] = ${JSON.stringify(payload)};\n`;
  return [[dataPath(name!), data], ...(png ? [[stillPath(name!), png] as [string, Buffer]] : [])];
}

/** Width and height of a PNG, from its header: with them a page keeps the place before the image is there. */
const sizeOf = (png: Buffer): string => `width="${png.readUInt32BE(16)}" height="${png.readUInt32BE(20)}"`;

function figureHtml(path: string, { name, description, png }: FigureOutput, image: string, more = ''): string {
  const still = png && `<img src="${fromTo(path, stillPath(name!))}" alt="${escapeHtml(description)}" ${image}>`;
  return (
    `<figure class="chart" id="${name}" data-name="${name}" data-source="${fromTo(path, dataPath(name!))}"${more}>` +
    `<div class="plot">${still ?? ''}</div></figure>`
  );
}

/** A chart that comes to life when it is near the screen. */
export const liveChart =
  (path: string): ChartHtml =>
  (figure) =>
    figureHtml(path, figure, `loading="lazy" style="height:${heightOf(figure)}px"`);

/** A chart that comes to life when a reader's hand comes near it: where a page is to be light until then. */
export const touchedChart =
  (path: string): ChartHtml =>
  (figure) =>
    figureHtml(path, figure, `style="height:${heightOf(figure)}px"`, ' data-touch');

/** A still that comes to life when it is pressed. */
export const pressedChart = (path: string, figure: FigureOutput): string =>
  figureHtml(
    path,
    figure,
    figure.png ? sizeOf(figure.png) : '',
    ` data-press="${figure.payload.frames?.length ? '▶ Play' : 'Bring to life'}"`,
  );
