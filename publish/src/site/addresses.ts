// Where things of the project are in the site. All paths are from the site's or the project's root, with slashes.
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The address of one file of the site as seen from another. */
export const fromTo = (page: string, target: string): string =>
  encodeURI(posix.relative(posix.dirname(page), target)).replace(/[?#]/g, encodeURIComponent);

/** The page of a notebook. */
export const notebookPath = (name: string): string => `notebooks/${name}.html`;

/** The page that shows a file of the project: its source code, or its text. */
export const filePath = (file: string): string => `files/${file}.html`;

export const frontPage = 'index.html';
export const playgroundPage = 'try.html';
export const libraryPage = 'api/index.html';

/** What the site shows of a file of the project. `undefined` where it shows nothing. */
function placeOf(root: string, file: string): string | undefined {
  const notebook = /^notebooks\/(.+)\.ipynb$/.exec(file)?.[1];
  if (notebook) return notebookPath(notebook);
  if (file === 'README.md') return frontPage;
  if (file === 'lib/src' || file === 'lib') return libraryPage;
  return existsSync(join(root, file)) && statSync(join(root, file)).isFile() ? filePath(file) : undefined;
}

/**
 * Rewrites the links of one file of the project for the page that is made of it. Throws for a link that leads nowhere.
 * `want` is told the files that need a page of their own.
 */
export const linksOf =
  (root: string, file: string, page: string, want: (file: string) => void) =>
  (address: string): string => {
    if (/^([a-z][\w+.-]*:|#|$)/i.test(address)) return address;
    const [path, hash = ''] = address.split(/(?=#)/);
    const linked = posix.join(posix.dirname(file), decodeURI(path!)).replace(/\/$/, '');
    const place = placeOf(root, linked);
    if (!place) throw new Error(`${file} links to ${address}, and the project has no such file`);
    if (place === filePath(linked)) want(linked);
    return fromTo(page, place) + hash;
  };
