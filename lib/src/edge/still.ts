import { DescentError } from '../errors';
import type { Figure } from '../figures';
import { renderPng } from './render-png';

/** A figure's still by its media type; without a browser to draw it with there is none, and a line says so. */
export async function still(figure: Figure): Promise<Record<string, string>> {
  try {
    return { 'image/png': (await renderPng(figure)).toString('base64') };
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    console.warn(`${figure.name}: no still image, since ${error.message} (npm run doctor)`);
    return {};
  }
}
