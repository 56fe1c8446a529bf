import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder, namesIn } from '../data/files';
import { DescentError } from '../errors';

/** A photo, and what it shows. */
export interface LabelledPhoto {
  /** Its place in the list, from 0. */
  index: number;
  /** Its file. */
  path: string;
  /** The file's path below the listed folder, the class first. */
  photo: string;
  /** The class whose folder it lies in. */
  truth: string;
}

/**
 * The photos below a folder that has one folder for each class, the classes in turn, so that a limit keeps them
 * balanced; hidden files are left out.
 * @throws DescentError when there is no such folder, one cannot be read, a class has no folder or none has a photo
 */
export function listPhotos(folder: string, classes: readonly string[], limit = Infinity): LabelledPhoto[] {
  if (!isFolder(folder)) {
    throw new DescentError(
      `'${folder}': ` + (existsSync(folder) ? 'this is a file, not a folder' : 'there is no such folder'),
    );
  }
  const files = classes.map((name) => {
    const path = join(folder, name);
    if (!isFolder(path)) {
      throw new DescentError(
        `${folder}: there must be a folder for each of the network's classes ` +
          `(${classes.join(', ')}); '${name}' is missing`,
      );
    }
    return namesIn(path).map((file) => ({ photo: `${name}/${file}`, truth: name }));
  });
  const longest = Math.max(...files.map(({ length }) => length));
  if (longest === 0) throw new DescentError(`${folder}: its class folders hold no photo`);
  const inTurn = Array.from({ length: longest }, (_, i) => files.flatMap((own) => own[i] ?? [])).flat();
  return inTurn.slice(0, limit).map((photo, index) => ({ index, path: join(folder, photo.photo), ...photo }));
}
