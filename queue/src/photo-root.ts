import { join, posix, win32 } from 'node:path';
import { DescentError } from 'descent-lab';
import { isFolder, sha256, readPhotoFile } from 'descent-lab/internal';

/** Where a machine's photos lie; a photo is named by its path below. */
export interface PhotoRoot {
  /** @throws DescentError for a photo that cannot be read, ServerError where another attempt may bring it */
  read: (photo: string) => Promise<Buffer>;
  /** Why none of its photos can be had now; undefined where the folder or the server is there. */
  problem: () => Promise<string | undefined>;
}

/** A server that does not give a photo out now, or does not answer. */
export class ServerError extends Error {
  override name = 'ServerError';

  constructor(
    message: string,
    private readonly status?: number,
  ) {
    super(message);
  }

  /** Whether it answered at all. */
  get answered(): boolean {
    return this.status !== undefined;
  }

  /** Whether it asks to be left alone for a while. */
  get busy(): boolean {
    return this.status === 429 || this.status === 503;
  }

  /** For the reader, where nothing tries again. */
  get told(): string {
    return `${this.message}. Call again in the same way when the server gives photos out: what is done is kept`;
  }
}

/** Milliseconds that a photo's server may take. */
const PATIENCE = 60_000;

/**
 * Whether a path stays below the root: `cat/1.jpg`, but not `../x` or `/x`; on Windows not `C:x` or `a\b` either, which
 * elsewhere are names like others.
 */
export function staysBelow(photo: string, platform: NodeJS.Platform = process.platform): boolean {
  const windows = platform === 'win32';
  if ((windows ? win32 : posix).isAbsolute(photo) || photo.includes('\0')) return false;
  if (windows && /\\|^[a-z]:/i.test(photo)) return false;
  return photo.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The photos of a folder, or below the URL of a server. */
export function photoRoot(root: string): PhotoRoot {
  const fetchOrRead = isUrl(root)
    ? (photo: string) => fetchPhoto(root, photo)
    : (photo: string) => readPhotoFile(join(root, photo));
  return {
    read: (photo) => {
      if (!staysBelow(photo)) throw new DescentError(`${JSON.stringify(photo)} does not lie below the root`);
      return fetchOrRead(photo);
    },
    problem: async () => (isUrl(root) ? serverProblem(root) : folderProblem(root)),
  };
}

export const isUrl = (root: string): boolean => /^https?:\/\//.test(root);

async function fetchPhoto(root: string, photo: string): Promise<Buffer> {
  const url = `${root.replace(/\/?$/, '/')}${photo.split('/').map(encodeURIComponent).join('/')}`;
  return ask(url, async (answer) => {
    if ([403, 404, 410].includes(answer.status)) throw new DescentError(`${url} cannot be read: ${answer.status}`);
    if (!answer.ok) throw answers(url, answer);
    return Buffer.from(await answer.arrayBuffer());
  });
}

async function ask<T>(url: string, use: (answer: Response) => Promise<T>): Promise<T> {
  try {
    return await use(await fetch(url, { signal: AbortSignal.timeout(PATIENCE) }));
  } catch (error) {
    if (error instanceof DescentError || error instanceof ServerError) throw error;
    const { message, cause } = error as Error & { cause?: Error }; // Node hides in the cause what happened
    throw new ServerError(`${url} cannot be reached: ${cause?.message || message}`);
  }
}

const answers = (url: string, { status, statusText }: Response): ServerError =>
  new ServerError(`${url} answers ${status} ${statusText}`.trimEnd(), status);

/** A server that has nothing to show at the prefix itself, 403 or 404, is there all the same. */
async function serverProblem(root: string): Promise<string | undefined> {
  try {
    return await ask(root, async (answer) => {
      await answer.body?.cancel(); // perhaps a long list
      return answer.status >= 500 || [401, 429].includes(answer.status) ? answers(root, answer).message : undefined;
    });
  } catch (error) {
    return (error as Error).message;
  }
}

function folderProblem(root: string): string | undefined {
  try {
    return isFolder(root) ? undefined : `${root} is no folder`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A line as `sha256sum` writes it; `unreadable` stands for the sum of what cannot be read. */
export const sumLine = (sum: string, photo: string): string => `${sum}  ${photo}\n`;

/** The sha256 of a photo's content, or `unreadable`. @throws DescentError when only now it cannot be had */
export async function sumOf(root: PhotoRoot, photo: string): Promise<string> {
  try {
    return sha256(await root.read(photo));
  } catch (error) {
    if (error instanceof DescentError) return 'unreadable';
    throw new DescentError(
      `the sha256 of ${photo} cannot be taken: ${(error as Error).message}. Call again to go on, ` +
        'or give a --list that has the sums',
    );
  }
}
