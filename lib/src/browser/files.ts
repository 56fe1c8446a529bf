// The files of a page: in its memory, by absolute path. What stands in for node:fs reads and writes them.

/** The folder that relative paths start from: that of the notebooks, so that `../data/x.csv` is what it is there. */
export const WORKING_FOLDER = '/notebooks';

/** Contents by path. */
export const contents = new Map<string, Uint8Array>();
/** Folders that were made, whether anything lies in them or not. */
export const folders = new Set<string>(['/', WORKING_FOLDER]);

/** The files of this page, for the page itself. */
export const files = {
  /**
   * Puts a file where the library, or a cell, reads it.
   * @param path below the project's root: `data/people.csv`, which a notebook reads as `../data/people.csv`
   */
  add(path: string, bytes: Uint8Array): void {
    contents.set(`/${path.replace(/^\/+/, '')}`, bytes);
  },
  /** Takes it away again. */
  remove(path: string): void {
    contents.delete(`/${path.replace(/^\/+/, '')}`);
  },
};
