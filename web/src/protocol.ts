// What a page and the kernel in its worker say to each other. Everything here is cloned on its way: plain data alone.
import type { Bundle, Payload, Places } from 'descent-lab/internal';

/** What a cell makes and what it takes from others: names at the top level. */
export interface Analysis {
  /** The names that it declares or assigns, and imports. */
  makes: string[];
  /** The names that it takes from the cells before it. */
  uses: string[];
  /** Those of them that its functions alone take: these may ask for what a cell below has made since. */
  usesLater: string[];
}

/** An error of a cell, as a reader is told it. */
export interface CellError {
  /** The error's class: `TypeError`. */
  name: string;
  message: string;
  /** Where in the reader's code it happened: the cell's number on the page, and the place from 1. */
  place?: { cell: number; line: number; column: number };
  /** The whole text below the cell: name and message, the line with a caret below the place, the cells on the way. */
  text: string;
}

/** From the page to the kernel. */
export type Request =
  /** Files by their paths below the project's root (`data/height-weight.csv`), as bytes or in base64. */
  | { type: 'files'; files: Record<string, Uint8Array | string> }
  /** The script of the notebook's cells, compiled. */
  | { type: 'ready-cells'; address: string }
  /** A binary that the kernel asked for; undefined where it cannot be had. */
  | { type: 'binary'; name: string; bytes: Uint8Array | string | undefined }
  /** Answered by `analysed`, an entry for each source: undefined for one that is no TypeScript. */
  | { type: 'analyse'; id: number; sources: string[] }
  /** One run at a time: the next is sent when `done` has come. `cell` is the cell's number on the page, from 1. */
  | { type: 'run'; run: number; cell: number; source: string }
  /** Answered by `drawn`: the controls that the kernel knows as `id` stand there now. One at a time for each. */
  | { type: 'move'; id: string; places: Places }
  /** Stops the loop that runs: its cell goes on with what there is so far. */
  | { type: 'interrupt' }
  /** Answered by `completed`: the names that may follow `text`, which ends in a dot or in the beginning of a name. */
  | { type: 'complete'; id: number; text: string };

/** From the kernel to the page. */
export type Message =
  /**
   * It can run cells; `note` is what the reader should know, such as why it is slower here. Where it does not compile,
   * since a policy forbids that, `ready-cells` is what it can run.
   */
  | { type: 'ready'; backend: string; note?: string; compiles: boolean }
  /** A binary that is to be sent: `tfjs-backend-wasm-simd.wasm`. */
  | { type: 'need'; name: string }
  | { type: 'analysed'; id: number; cells: (Analysis | undefined)[] }
  | { type: 'stream'; run: number; name: 'stdout' | 'stderr'; text: string }
  /** As Jupyter's messages: an update replaces what has the same display_id. */
  | { type: 'display'; run: number; bundle: Bundle; update: boolean }
  /** The figure of the places that controls were moved to, or none where it failed; and what was said meanwhile. */
  | { type: 'drawn'; id: string; payload?: Payload; text: string }
  | { type: 'error'; run: number; error: CellError }
  | { type: 'done'; run: number; ok: boolean; ms: number }
  | { type: 'completed'; id: number; names: string[] };
