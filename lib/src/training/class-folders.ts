import { join } from 'node:path';
import { isFolder, namesIn } from '../data/files';
import { DescentError } from '../errors';
import { listPhotos, type LabelledPhoto } from '../pictures';

/** The photos to train on and, where there are any, those to test with; `truth` is the name of the class. */
export interface FoundPhotos {
  /** The classes' names, in the order of the network's answers. */
  classes: string[];
  /** The files to learn from, and their classes. */
  train: LabelledPhoto[];
  /** The files to test with, if there are any. */
  test?: LabelledPhoto[];
}

const foldersIn = (path: string): string[] => namesIn(path).filter((name) => isFolder(join(path, name)));

/** The folders that hold the classes' folders: that of the photos to train on, and that of those to test with. */
export const classRoots = (folder: string): string[] =>
  isFolder(join(folder, 'train')) ? [join(folder, 'train'), join(folder, 'test')] : [folder];

/**
 * The photos below a folder that has one folder for each class, or train/ and perhaps test/ of such folders. The
 * classes are the folders' names, in alphabetical order.
 *
 * @param limit the most photos of each part; the classes are kept in balance
 * @throws DescentError for a folder that is not there or cannot be read, less than two classes, a class without a file, and a test/ whose
 *   classes are others
 */
export function findPhotos(folder: string, limit = Infinity): FoundPhotos {
  if (!isFolder(folder))
    throw new DescentError(`${folder} is no folder: name one that holds a folder of photos for each class`);
  const [train = folder, tested] = classRoots(folder);
  const classes = foldersIn(train);
  if (classes.length < 2) {
    throw new DescentError(
      `${train} holds ${classes.length === 0 ? 'no folder' : `only the folder '${classes[0]}'`}: a network ` +
        'learns to tell at least two classes apart, with a folder of photos for each',
    );
  }
  const test = tested && isFolder(tested) ? tested : undefined;
  if (test && foldersIn(test).join('/') !== classes.join('/')) {
    throw new DescentError(
      `${test} must hold the same classes as ${train} (${classes.join(', ')}), not: ${foldersIn(test).join(', ')}`,
    );
  }
  return { classes, train: photosOf(train, classes, limit), ...(test ? { test: photosOf(test, classes, limit) } : {}) };
}

function photosOf(folder: string, classes: string[], limit: number): LabelledPhoto[] {
  const photos = listPhotos(folder, classes);
  for (const name of classes) {
    if (!photos.some(({ truth }) => truth === name)) {
      throw new DescentError(`${join(folder, name)} is empty: put photos of the class there, or remove the folder`);
    }
  }
  return photos.slice(0, limit);
}
