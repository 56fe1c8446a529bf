import { panelAxes, type FindingOptions, type Panel } from '../chart';
import { percent } from '../chart/words';
import type { PictureSize } from '../../pictures/picture';

/** What a figure of pictures has to know of them. It is asynchronous, since encoding a picture is. */
export interface PicturesOptions extends FindingOptions {
  /** The size of all of them. */
  size: PictureSize;
}

/** The same with what the network can answer. */
export interface AnswersOptions extends PicturesOptions {
  /** The names of the classes, in the order of the probabilities. */
  classes: readonly string[];
}

/** The margins of a figure of pictures alone: no axis titles around. */
export const BARE = { b: 16, l: 24 };

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

/** The answer that probabilities give, in the classes' order: the class, and with its probability `dog 98.4 %`. */
export function verdict(probabilities: readonly number[], classes: readonly string[]): { label: string; text: string } {
  const answer = probabilities.indexOf(Math.max(...probabilities));
  return { label: classes[answer]!, text: `${classes[answer]} ${percent(probabilities[answer]!)}` };
}
