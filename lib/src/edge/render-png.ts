import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../data/files';
import { sha256 } from '../data/seal';
import { DescentError } from '../errors';
import type { Figure, JsonObject } from '../figures';
import { loadSharp } from '../sharp';
import { cacheFolder } from './cache';
import { figureHash } from './payload';
import { draw } from './renderer';

/** A still takes at most this, so that a notebook with ten of them stays small. In bytes. */
export const IMAGE_LIMIT = 80_000;

/** The width of a figure that follows the window, in an image: JupyterLab never makes an image smaller. In CSS pixels. */
const WIDTH = 720;

/** How many pixels of a still for one of the figure: screens of today have two. */
const SCALE = 2;

/** The figure's size in a page, in CSS pixels; its still has twice as many. */
export function sizeOf({ layout }: Pick<Figure, 'layout'>): { width: number; height: number } {
  return { width: Number(layout.width ?? WIDTH), height: Number(layout.height ?? 450) };
}

/**
 * The figure as a PNG of at most IMAGE_LIMIT bytes, as it first shows, with two pixels for one of the figure's. A figure that
 * was drawn before keeps its bytes: they lie in the folder that the environment variable DESCENT_LAB_CACHE names, or in the
 * cache folder, by hash.
 *
 * @throws DescentError where what draws is missing: a browser, or one of the packages plotly.js-dist, playwright-core, sharp.
 */
export async function renderPng(figure: Figure): Promise<Buffer> {
  return renderStill(figure);
}

/** The same of what a front end takes, also in a narrow window: as the script of `fitChart` lays it out for that width. */
export async function renderStill(drawn: Drawn, narrow?: { fit: string; width: number }): Promise<Buffer> {
  const hash = narrow ? sha256(figureHash(drawn) + JSON.stringify(narrow)) : figureHash(drawn);
  const file = join(process.env.DESCENT_LAB_CACHE || cacheFolder('images'), `${hash}.png`);
  if (existsSync(file)) return readFileSync(file);
  const png = await renderSmall(drawn, { ...sizeOf(drawn), ...narrow });
  writeFileAtomically(file, png);
  return png;
}

type Drawn = Pick<Figure, 'data' | 'layout' | 'frames'>;

/**
 * What is tried, in this order, until the image is small enough: no dots between two colours, which photos need most, then
 * fewer pixels.
 */
const TRIES = [
  { dither: 0.5, part: 1 },
  { dither: 0, part: 1 },
  { dither: 0, part: 0.75 },
  { dither: 0, part: 0.5 },
  { dither: 0, part: 0.35 },
];

async function renderSmall(drawn: Drawn, size: { width: number; height: number; fit?: string }): Promise<Buffer> {
  const sharp = loadSharp();
  const { data, layout } = drawn; // a still shows no frame
  const [full] = await draw({ figure: { data, layout }, ...size, scale: SCALE });
  for (const { dither, part } of TRIES) {
    const width = Math.round(SCALE * size.width * part);
    const png = await sharp(full)
      .resize({ width })
      .png({ palette: true, quality: 50, effort: 7, dither, compressionLevel: 9 })
      .toBuffer();
    if (png.length <= IMAGE_LIMIT) return png;
  }
  const { name } = (drawn.layout.meta ?? drawn) as { name?: string };
  throw new DescentError(
    `the figure '${name}' takes more than ${IMAGE_LIMIT / 1000} kB as an image: ` + 'give it less height',
  );
}

/**
 * States of an animation as PNG files, for a film: without the buttons, the slider as it moves.
 *
 * @param indices which frames, from 0.
 * @param size.width pixels; what is laid out is as wide as in `renderPng` and then scaled. Default: that width.
 */
export async function renderFrames(
  figure: Figure,
  indices: number[],
  size: { width?: number } = {},
): Promise<Buffer[]> {
  const frames = indices.map((i) => {
    const frame = figure.frames?.[i];
    if (!frame) throw new DescentError(`'${figure.name}' has no frame ${i}; it has ${figure.frames?.length ?? 0}`);
    return frame.name;
  });
  const laidOut = sizeOf(figure);
  // The slider takes the place of the buttons.
  const sliders = (figure.layout.sliders as JsonObject[] | undefined)?.map((slider) => ({
    ...slider,
    pad: { ...(slider.pad as JsonObject), l: 12 },
  }));
  const layout = { ...figure.layout, sliders };
  const scale = (size.width ?? laidOut.width) / laidOut.width;
  return draw({ figure: { ...figure, layout }, frames, ...laidOut, scale });
}
