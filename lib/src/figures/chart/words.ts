import { roundNumber } from './round';

/** A number in words, to four digits. */
export const digits = (value: number): string =>
  Number((Math.abs(value) < 1e-12 ? 0 : value).toPrecision(4))
    .toString()
    .replace('-', '−');

/** The text with a capital first letter, as a title begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A probability as the article writes it: 98.4 %. */
export const percent = (probability: number): string => `${(100 * probability).toFixed(1)} %`;

/** A share of many, to three digits: 98.4 %, 50 %. */
export const share = (part: number): string => `${roundNumber(100 * part, 3)} %`;
