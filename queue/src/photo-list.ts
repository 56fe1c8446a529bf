import { DescentError } from 'descent-lab';
import { linesOf } from 'descent-lab/internal';
import type { SummedPhoto } from './evaluate-on';
import { staysBelow } from './photo-root';

/**
 * The photos that a file lists, one path below the root on each line, such as `cat/1.jpg`, or as `sha256sum` writes
 * them: then nobody has to read a photo to know its sum. The folder is the photo's class.
 * @throws DescentError naming the line that is wrong
 */
export function readPhotoList(file: string, classes: readonly string[], limit = Infinity): SummedPhoto[] {
  const photos: SummedPhoto[] = [];
  let number = 0;
  for (const line of linesOf(file)) {
    number++;
    const text = line.text.trimEnd();
    if (text === '') continue;
    if (photos.length >= limit) break;
    const [, sum, path = text] = /^(?:([0-9a-f]{64}) [ *])?(?:\.\/)?(.*)$/.exec(text) ?? [];
    const truth = classes.find((name) => path.startsWith(`${name}/`));
    if (!staysBelow(path) || truth === undefined) {
      throw new DescentError(
        `${file}, line ${number}: a path such as ${classes[0]}/1.jpg is needed, in the folder of ` +
          `a class of the network (${classes.join(', ')}), not ${JSON.stringify(path)}`,
      );
    }
    photos.push({ index: photos.length, photo: path, path, truth, ...(sum && { sum }) });
  }
  if (photos.length === 0) throw new DescentError(`${file} lists no photo`);
  return photos;
}
