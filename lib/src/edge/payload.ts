import { sha256 } from '../data/seal';
import type { Figure, JsonObject } from '../figures';

/** The type of the data that JupyterLab's Plotly extension draws. */
export const PLOTLY_MIME = 'application/vnd.plotly.v1+json';

/** What an image is taken to depend on besides the figure: raise it when images are to look different. */
const RENDERER_VERSION = 2;

/** A figure as Plotly takes it. */
export type Payload = { data: JsonObject[]; layout: JsonObject; frames?: Figure['frames']; config?: JsonObject };

/** The figure as front ends take it; its name, for its files, and its description stand in the layout's `meta`. */
export function payloadOf({ name, description, data, layout, frames }: Figure): Payload {
  return {
    data,
    layout: { ...layout, meta: { ...(layout.meta as JsonObject | undefined), name, description } },
    ...(frames && { frames }),
    // The bar of tools would lie over the title, and one of them sends the chart's data to Plotly's own site.
    config: { displayModeBar: false, showSendToCloud: false },
  };
}

/**
 * A hash of what a figure draws: the same for the figure and for its payload in a notebook, in any order of the keys.
 * 64 hexadecimal digits.
 */
export function figureHash({ data, layout, frames }: Pick<Payload, 'data' | 'layout' | 'frames'>): string {
  const drawn = { data, layout: { ...layout, meta: undefined }, frames };
  return sha256(JSON.stringify(sorted({ ...drawn, version: RENDERER_VERSION })));
}

/** A value of JSON with the keys of all its objects in order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
