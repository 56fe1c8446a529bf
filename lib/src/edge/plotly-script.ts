import { optional } from '../optional';

/** The file of Plotly's script, from the package plotly.js-dist. @throws DescentError where it is not installed. */
export const plotlyScript = (): string =>
  optional('plotly.js-dist', 'draws figures', () => require.resolve('plotly.js-dist/plotly.js'));
