/** What weigh.wat compiles to, in base64. */
export const BINARY =
  'AGFzbQEAAAABDQFgCX9/f39/f39/fwADAgEABQMBAAEHEgIGbWVtb3J5AgAFd2VpZ2gAAAqoAQGlAQIDfwF7A0AgACABKAIAaiEJIAMhCiADIARq' +
  'IQv9DAAAIAAAACAAAAAgAAAAIAAhDANAIAwgCf1cAgD9iQH9qQEgCv0JAgD9tQH9rgEhDCAJIAJqIQkgCkEEaiEKIAogC0kNAAsgDEEW/a0BIQwgDCAM' +
  '/YYBIQwgBiAMIAz9Zv1aAgAAIAFBBGohASADIAVqIQMgBiAHaiEGIAhBAWshCCAIDQALCw==';

const PAGE = 65536;

interface Weigher {
  memory: WebAssembly.Memory;
  /** See weigh.wat; places in the memory, lengths and steps in bytes. */
  weigh: (
    source: number,
    offsets: number,
    stride: number,
    weights: number,
    weightsLength: number,
    weightsStep: number,
    result: number,
    resultStep: number,
    count: number,
  ) => void;
}

let weigher: Weigher | undefined;

/** Weighted sums of bytes, five times as fast as in JavaScript, in a memory that holds at least so many bytes. */
export function loadWeigher(bytes: number): Weigher {
  weigher ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(BINARY, 'base64')))
    .exports as unknown as Weigher;
  const missing = bytes - weigher.memory.buffer.byteLength;
  if (missing > 0) weigher.memory.grow(Math.ceil(missing / PAGE));
  return weigher;
}
