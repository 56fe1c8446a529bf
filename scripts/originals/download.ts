import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { DescentError } from 'descent-lab';
import { readBytes, sha256, writeFailure } from 'descent-lab/internal';

/** What a download has to be, and how patient it is. */
export interface DownloadOptions {
  /** The file that is wanted; another one is an error. */
  sha256?: string;
  /** The longest silence of the server, in milliseconds. Default: 30 s. */
  timeout?: number;
  /** How often it is tried at most, each time on a new connection. Default: 3. */
  attempts?: number;
  /** The most bytes that are taken. Default: 200 MB. */
  limit?: number;
  /** Told how many bytes have come, and of how many, where the server says so. */
  onProgress?: (done: number, total?: number) => void;
}

/** The server's answer is final: asking again would not help. */
class FinalAnswer extends DescentError {}

/** The sha256 of a file, in hexadecimal. @throws DescentError when it cannot be read */
export const fileSha256 = (path: string): string => sha256(readBytes(path));

/**
 * Fetches a file, whole or not at all. What a broken connection leaves behind stays beside it as PATH.part, and the
 * next attempt, or the next run, goes on from there where the server still has the same file.
 *
 * @returns the file's sha256
 * @throws DescentError naming the address and what happened: refused, cut off, silent for too long, too large, not the
 *   wanted file
 */
export async function download(url: string, path: string, options: DownloadOptions = {}): Promise<string> {
  const { sha256, attempts = 3 } = options;
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchPart(url, part, options);
      break;
    } catch (error) {
      if (error instanceof FinalAnswer) throw error;
      if (attempt < attempts) continue;
      const kept = existsSync(part)
        ? `; the same command goes on after the ${statSync(part).size} bytes that came`
        : '';
      throw new DescentError(`${url} could not be fetched, ${attempts} times: ${reason(error)}${kept}`);
    }
  }
  const found = fileSha256(part);
  rmSync(`${part}.etag`, { force: true });
  if (sha256 && found !== sha256) {
    const { size } = statSync(part);
    rmSync(part);
    throw new DescentError(
      `${url} is not the file that is wanted: the sha256 of its ${size} bytes is ${found}, not ${sha256}`,
    );
  }
  renameSync(part, path);
  return found;
}

/** Node hides what happened to a connection in the error's cause. */
const reason = (error: unknown): string => {
  const { message, cause } = error as Error & { cause?: { message?: string } };
  return cause?.message ? `${message} (${cause.message})` : message;
};

/** One attempt to make the part whole. */
async function fetchPart(
  url: string,
  part: string,
  { sha256, timeout = 30_000, limit = 200e6, onProgress }: DownloadOptions,
): Promise<void> {
  const etag = existsSync(`${part}.etag`) ? readFileSync(`${part}.etag`, 'utf8') : undefined;
  // Without a hash, only the server's tag tells that the rest belongs to what is there.
  const have = existsSync(part) && (sha256 || etag) ? statSync(part).size : 0;
  const headers = have > 0 ? { range: `bytes=${have}-`, ...(etag ? { 'if-range': etag } : {}) } : undefined;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), timeout);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), timeout);
  };
  try {
    const response = await fetch(url, { headers, signal: silence.signal });
    heard();
    if (response.status === 416) rmSync(part); // nothing behind what is there: not this file
    if (response.status >= 400 && response.status < 500 && response.status !== 416) {
      throw new FinalAnswer(
        `${url} could not be fetched: the server answers ${response.status} ${response.statusText}`,
      );
    }
    if (!response.ok || !response.body) throw new Error(`the server answers ${response.status} ${response.statusText}`);
    const goesOn = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`);
    let done = goesOn ? have : 0;
    const announced = Number(response.headers.get('content-length') ?? NaN);
    const total = Number.isNaN(announced) || response.headers.has('content-encoding') ? undefined : done + announced;
    const tag = response.headers.get('etag');
    if (tag && !tag.startsWith('W/')) writeFileSync(`${part}.etag`, tag);
    else rmSync(`${part}.etag`, { force: true });
    const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        heard();
        done += chunk.length;
        if (done > limit) throw new FinalAnswer(`${url} is larger than the ${limit / 1e6} MB that are taken`);
        onProgress?.(done, total);
        yield chunk;
      }
    };
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
      counted,
      createWriteStream(part, { flags: goesOn ? 'a' : 'w' }),
    );
    if (total !== undefined && done < total) throw new Error(`the connection was cut after ${done} of ${total} bytes`);
  } catch (error) {
    if (error instanceof FinalAnswer) rmSync(part, { force: true });
    throw silence.signal.aborted ? new Error(`the server said nothing for ${timeout / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
  }
}
