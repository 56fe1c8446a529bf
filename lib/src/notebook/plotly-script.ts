import { DescentError } from '../errors';

/** The file of Plotly's script, from the package plotly.js-dist. @throws DescentError where it is not installed. */
export function plotlyScript(): string {
  try {
    return require.resolve('plotly.js-dist/plotly.js');
  } catch {
    throw new DescentError('plotly.js-dist, which draws figures, is not installed: npm install plotly.js-dist');
  }
}
