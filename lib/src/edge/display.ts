import { checkSize } from '../figures/chart/animate';
import { type Figure } from '../figures';
import { kernel, type Bundle } from './kernel';
import { payloadOf, PLOTLY_MIME } from './payload';
import { sizeOf } from './render-png';
import { still } from './still';
import { htmlTable, textTable, type TableRow } from './table';

/**
 * Shows a figure or a table below the cell that runs. A figure is a live Plotly chart where the front end can draw one,
 * else a still, else its description; a table is a list of rows, its columns named by the first of them. Outside a tslab
 * notebook it does nothing, so that the same code runs as a script.
 *
 * Without a browser to draw the still with, the chart comes without one, and a line says so.
 *
 * @throws DescentError for a figure too large for a notebook, a table without a row or column
 */
export async function display(shown: Figure | readonly TableRow[]): Promise<void> {
  if (isTable(shown)) {
    const bundle = bundleOfTable(shown);
    return kernel()?.(bundle, false);
  }
  checkSize(shown);
  if (!kernel()) return;
  const bundle = await bundleOf(shown);
  kernel()?.(bundle, false);
}

const isTable = (shown: Figure | readonly TableRow[]): shown is readonly TableRow[] => Array.isArray(shown);

const bundleOfTable = (rows: readonly TableRow[]): Bundle => ({
  data: { 'text/html': htmlTable(rows), 'text/plain': textTable(rows) },
  metadata: {},
  transient: {},
});

/** A figure in all the types that front ends know. */
export async function bundleOf(figure: Figure): Promise<Bundle> {
  return {
    data: { [PLOTLY_MIME]: payloadOf(figure), ...(await still(figure)), 'text/plain': figure.description },
    // For nbconvert's pages and GitHub. The still has more pixels than the figure; JupyterLab knows no alternative text.
    metadata: { 'image/png': { alt: figure.description, ...sizeOf(figure) } },
    transient: {},
  };
}
