import { basename, extname, join } from 'node:path';

/**
 * Where each photo's adversarial example is written: `FOLDER/NAME-adversarial.png`, numbered where photos share a
 * name. In the photos' order. A photo may lie there itself: whoever writes the adversarial examples has to look.
 */
export function adversarialFiles(photos: readonly string[], folder: string): string[] {
  const taken = new Set<string>();
  return photos.map((photo) => {
    const name = basename(photo, extname(photo));
    let file = `${name}-adversarial.png`;
    // Two names that differ in case alone are one file on macOS and Windows.
    for (let number = 2; taken.has(file.toLowerCase()); number++) file = `${name}-adversarial-${number}.png`;
    taken.add(file.toLowerCase());
    return join(folder, file);
  });
}
