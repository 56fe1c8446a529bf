// The files that cells read: those that the site ships, loaded when a cell names them, and those that the reader adds.
import { contentOf, type Kernel } from './kernel';

/** A file that the site ships: its path below the project's root, and its size in bytes. */
export interface Shipped {
  path: string;
  bytes: number;
}

/** More than this is announced before it is loaded. Bytes. */
const MUCH = 1e6;

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

/** The files of one page. */
export class Files {
  private readonly sent = new Set<string>();
  private readonly added = new Map<string, Uint8Array>();

  constructor(
    private readonly shipped: readonly Shipped[],
    private readonly assets: string,
  ) {}

  /** A new kernel has none. */
  forget(): void {
    this.sent.clear();
  }

  /** Adds a file of the reader's, which cells find by its name. */
  add(name: string, bytes: Uint8Array): void {
    this.added.set(name, bytes);
    this.sent.delete(name);
  }

  /** What the reader added. */
  names(): string[] {
    return [...this.added.keys()];
  }

  /** Sends a kernel what a cell names and it has not got; `tell` hears how far that is, where it takes long. */
  async sendFor(source: string, kernel: Kernel, tell: (text: string) => void): Promise<void> {
    for (const [name, bytes] of this.added) {
      if (this.sent.has(name)) continue;
      kernel.send({ [`notebooks/${name}`]: bytes, [`data/${name}`]: bytes });
      this.sent.add(name);
    }
    const wanted = this.shipped.filter(({ path }) => !this.sent.has(path) && names(source, path));
    const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const { path, bytes } of wanted) {
      if (total > MUCH) tell(`loading ${megabytes(total)} that this cell reads: ${megabytes(done)} so far`);
      const content = await contentOf(`${this.assets}files/${path}.js`, path);
      kernel.send({ [path]: content });
      this.sent.add(path);
      done += bytes;
    }
  }
}

/** Whether a source names a file, or a folder that it is in, as text: `'../data/x.csv'`, `"../models/cats-dogs"`. */
function names(source: string, path: string): boolean {
  const follows = (place: string, end: RegExp): boolean =>
    source.split(`../${place}`).slice(1).some((rest) => end.test(rest)); // prettier-ignore
  const parts = path.split('/');
  const folders = parts.slice(1, -1).map((_, i) => parts.slice(0, i + 2).join('/'));
  return follows(path, /^['"`]/) || folders.some((folder) => follows(folder, /^\/?['"`]|^\/\$\{/));
}
