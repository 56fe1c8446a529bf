import { optional } from './optional';

let sharp: typeof import('sharp') | undefined;

/**
 * The package sharp, loaded at the first use. From then on it decodes only the formats of photos, in the whole process:
 * others, drawings above all, can take hours and all memory.
 *
 * @throws DescentError where it is not installed
 */
export function loadSharp(): typeof import('sharp') {
  if (sharp) return sharp;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  sharp = optional('sharp', 'reads and writes images', () => require('sharp') as typeof import('sharp'));
  sharp.block({ operation: ['VipsForeignLoad'] });
  const formats = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];
  sharp.unblock({ operation: formats.map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}
