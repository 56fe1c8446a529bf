import { lookAmong } from '../chart/palette';

/** What tables and commands call a loss, and what a reader does. */
const LOSSES: { readonly [name: string]: string } = {
  'min-angle': 'least angle',
  'min-angle-variance': 'least angle and variance',
  force: 'forces',
  'article-force': 'forces, axis forgotten',
  'smooth-minimum': 'smooth minimum',
};

/** A loss's name in plain words; another than these is called as it is. */
export const lossInWords = (name: string): string => LOSSES[name] ?? name;

/** The colour of a loss in every chart. */
export const lossColor = (name: string): string => lookAmong(Object.values(LOSSES), lossInWords(name)).color;

/** `2` or `3 to 20`. */
export const span = ([least, most]: readonly [number, number]): string =>
  least === most ? String(least) : `${least} to ${most}`;

/** `1,200`. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** As a sentence begins with it. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
