/** Gives a binary by its file's name; undefined where it cannot be had. */
export type BinaryLoader = (name: string) => Promise<Uint8Array | undefined>;

let load: BinaryLoader = () => Promise.resolve(undefined);

/** Says where binaries come from: a page cannot read files, so whoever starts the library in one hands them over. */
export function setBinaries(loader: BinaryLoader): void {
  load = loader;
}

/** A binary that some part of the library needs, such as `tfjs-backend-wasm-simd.wasm`. */
export const binary: BinaryLoader = (name) => load(name);
