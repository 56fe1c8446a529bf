// Cells as a part of an address: who opens the link has them, and no server does.

/** The most that a link may carry: longer addresses are cut by some mail programs and chats. Characters. */
export const LONGEST_LINK = 8000;

/** The most that a link may unpack to: it is somebody else's, and could be made to fill the memory. Bytes. */
const MOST = 200_000;

const MARK = '#cells=';

/** The fragment of an address that carries the sources of cells. */
export async function fragmentOf(sources: readonly string[]): Promise<string> {
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(JSON.stringify(sources)));
  const text = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  return MARK + btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Whether a fragment claims to carry cells. */
export const carriesCells = (fragment: string): boolean => fragment.startsWith(MARK);

/** The sources of the cells that a fragment carries. Throws where they cannot be read. */
export async function sourcesIn(fragment: string): Promise<string[]> {
  const broken = (cause?: unknown): Error =>
    new Error('the cells in this link cannot be read: it may have been cut on its way', { cause });
  if (!carriesCells(fragment) || fragment.length > LONGEST_LINK) throw broken();
  let sources: unknown;
  try {
    const text = atob(fragment.slice(MARK.length).replace(/-/g, '+').replace(/_/g, '/'));
    const packed = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    sources = JSON.parse(new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), packed)));
  } catch (error) {
    throw broken(error);
  }
  if (Array.isArray(sources) && sources.every((source) => typeof source === 'string')) return sources;
  throw broken();
}

/** What comes out of a stream when these bytes go in. */
async function through(
  { readable, writable }: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = writable.getWriter();
  // What fails here fails at the other end too.
  void writer.write(bytes).catch(() => undefined);
  void writer.close().catch(() => undefined);
  const reader = (readable as ReadableStream<Uint8Array>).getReader();
  const out: number[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (out.length + part.value.length > MOST) {
      void reader.cancel();
      throw new Error(`more than ${MOST} bytes`);
    }
    out.push(...part.value);
  }
  return Uint8Array.from(out);
}
