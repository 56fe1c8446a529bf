import { readFileSync } from 'node:fs';
import { DescentError } from 'descent-lab';
import type { SummedPhoto } from './evaluate-on';
import { staysBelow } from './photo-root';

/**
 * The photos that a file lists, one path below the root on each line, such as `cat/1.jpg`, or as `sha256sum` writes
 * them: then nobody has to read a photo to know its sum. The folder is the photo's class.
 * @throws DescentError naming the line that is wrong
 */
export function readPhotoList(file: string, classes: readonly string[], limit = Infinity): SummedPhoto[] {
  const lines = readText(file).split('\n').map((line) => line.trimEnd()).filter((line) => line !== '').slice(0, limit);
  if (lines.length === 0) throw new DescentError(`${file} lists no photo`);
  return lines.map((line, index) => {
    const [, sum, path = line] = /^(?:([0-9a-f]{64}) [ *])?(?:\.\/)?(.*)$/.exec(line) ?? [];
    const truth = path.slice(0, Math.max(0, path.indexOf('/')));
    if (!staysBelow(path) || !classes.includes(truth)) {
      throw new DescentError(`${file}, line ${index + 1}: a path such as ${classes[0]}/1.jpg is needed, in the folder ` +
        `of a class of the network (${classes.join(', ')}), not ${JSON.stringify(path)}`);
    }
    return { index, photo: path, path, truth, ...sum && { sum } };
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DescentError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
