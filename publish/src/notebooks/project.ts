// Where things are in a project folder.
import { join } from 'node:path';

/** The places that the figures' runner reads and writes; the tests give it another folder than the project's own. */
export interface Project {
  root: string;
  /** The notebooks, executed in this folder. */
  notebooks: string;
  /** What is made from the notebooks. */
  figures: string;
  /** The runner's unfinished work, and its lock; ignored by git. */
  scratch: string;
  /** Rendered images, each named by the hash of its figure's data; ignored by git. */
  images: string;
  /** Its GIFs are made, no others. */
  readme: string;
}

/** The project in a folder. */
export function projectAt(root: string): Project {
  return {
    root,
    notebooks: join(root, 'notebooks'),
    figures: join(root, 'figures'),
    scratch: join(root, '.setup', 'figures'),
    images: join(root, '.setup', 'images'),
    readme: join(root, 'README.md'),
  };
}

/** This project's own folder. */
export const ownRoot = join(__dirname, '..', '..', '..');
