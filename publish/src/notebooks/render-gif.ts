// The one thing that the runner draws itself: the README's animations. The stills were drawn in the kernel.
import type { FigureOutput } from './figure-outputs';

/** Draws an animation as a GIF. The library, which brings TensorFlow along, is loaded only for that. */
export async function renderGif({ name, description, payload }: FigureOutput): Promise<Buffer> {
  const library = await import('descent-lab');
  return library.renderGif({ name: name!, description, ...payload });
}
