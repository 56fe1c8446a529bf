import { optional } from './optional';

/** The package sharp, loaded at the first use. @throws DescentError where it is not installed */
export const loadSharp = (): typeof import('sharp') =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  optional('sharp', 'reads and writes images', () => require('sharp') as typeof import('sharp'));
