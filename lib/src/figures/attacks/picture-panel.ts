import { panelAxes, type JsonObject, type Panel } from '../chart';

/** A panel for a picture: no axes to be seen, and pixels stay square. `index` is the panel's place in the grid. */
export const picturePanel = (index: number, title: string): Panel => ({
  title,
  x: { visible: false, constrain: 'domain' },
  y: {
    visible: false,
    autorange: 'reversed',
    scaleanchor: panelAxes(index).xaxis,
    constrain: 'domain',
    constraintoward: 'top',
  },
});

/** The trace that draws a picture, given as a URL, in a panel. */
export const pictureTrace = (source: string, index: number): JsonObject => ({
  type: 'image',
  source,
  ...panelAxes(index),
  hoverinfo: 'none',
});

/** A probability as the article writes it: 98.4 %. */
export const percent = (probability: number): string => `${(100 * probability).toFixed(1)} %`;

/** The answer that probabilities give, in the classes' order: the class, and with its probability `dog 98.4 %`. */
export function verdict(probabilities: readonly number[], classes: readonly string[]): { label: string; text: string } {
  const answer = probabilities.indexOf(Math.max(...probabilities));
  return { label: classes[answer]!, text: `${classes[answer]} ${percent(probabilities[answer]!)}` };
}
