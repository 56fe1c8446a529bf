// The kernel as the page sees it: a worker that is started, told, asked, and started anew.
import type { Places } from 'descent-lab/internal';
import type { Analysis, CellError, Message, Request } from '../protocol';
import { forgetScript, loadScript } from './scripts';

declare global {
  interface Window {
    /** The kernel's script, as a function: see build-kernel.ts. */
    kernelSource?: () => void;
    /** What the scripts below assets/binaries and assets/files bring, in base64. */
    fileContents?: Record<string, string>;
  }
}

/** What a run is told while it goes on. */
export interface RunEvents {
  stream: (name: 'stdout' | 'stderr', text: string) => void;
  display: (message: Extract<Message, { type: 'display' }>) => void;
  error: (error: CellError) => void;
}

/** How a run ended; `ended` is false where the kernel was stopped before. */
export interface Ended {
  ended: boolean;
  ok: boolean;
  ms: number;
}

type Started = { kernel: Kernel; ready: Extract<Message, { type: 'ready' }> };
type Waiting = { events: RunEvents; end: (ended: Ended) => void };

/** A kernel that runs. */
export class Kernel {
  private readonly runs = new Map<number, Waiting>();
  private readonly asked = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  private count = 0;
  /** What hears of figures that controls have made anew. */
  onDrawn?: (message: Extract<Message, { type: 'drawn' }>) => void;

  private constructor(
    private readonly worker: Worker,
    /** Where the site's assets are, as an address that ends in a slash. */
    private readonly assets: string,
  ) {}

  /**
   * Starts one. `cells` is the address of the page's compiled cells; without it they may be anybody's.
   * @returns it, and what the reader should know
   */
  static async start(
    assets: string,
    cells: string | undefined,
    died: (message: string) => void,
  ): Promise<{ kernel: Kernel; notes: string[] }> {
    const started = await Kernel.make(assets, cells !== undefined, died);
    const { kernel, ready } = started;
    const notes = ready.note === undefined ? [] : [ready.note];
    if (!ready.compiles) {
      if (cells !== undefined) kernel.post({ type: 'ready-cells', address: cells });
      notes.push('Changed cells do not run here: the policy of this server forbids its pages to compile code.');
    }
    return { kernel, notes };
  }

  private static async make(assets: string, isSites: boolean, died: (message: string) => void): Promise<Started> {
    const address = `${assets}kernel.js`;
    try {
      return await Kernel.from(await fromText(address), assets, died);
    } catch (error) {
      const isServed = /^https?:/.test(new URL(address, document.baseURI).protocol);
      if (!isSites || !isServed) throw error;
      return Kernel.from(new Worker(address), assets, died);
    }
  }

  private static from(worker: Worker, assets: string, died: (message: string) => void): Promise<Started> {
    return new Promise((resolve, reject) => {
      const kernel = new Kernel(worker, assets);
      let started = false;
      worker.onerror = (event) => {
        event.preventDefault();
        if (started) died(event.message);
        else reject(new Error(`the kernel does not start: ${event.message || 'this browser forbids it'}`));
      };
      worker.onmessage = ({ data }: MessageEvent<Message>) => {
        if (data.type === 'ready') {
          started = true;
          resolve({ kernel, ready: data });
        } else kernel.hear(data);
      };
    });
  }

  /** Sends files by their paths below the project's root. */
  send(files: Record<string, Uint8Array | string>): void {
    this.post({ type: 'files', files });
  }

  /** Runs a cell; `cell` is its number on the page. */
  run(cell: number, source: string, events: RunEvents): Promise<Ended> {
    const run = ++this.count;
    return new Promise((end) => {
      this.runs.set(run, { events, end });
      this.post({ type: 'run', run, cell, source });
    });
  }

  analyse(sources: string[]): Promise<(Analysis | undefined)[]> {
    return this.ask((id) => ({ type: 'analyse', id, sources }));
  }

  complete(text: string): Promise<string[]> {
    return this.ask((id) => ({ type: 'complete', id, text }));
  }

  /** Tells where the dials of a panel stand. */
  move(id: string, places: Places): void {
    this.post({ type: 'move', id, places });
  }

  /** Stops the loop that runs. */
  interrupt(): void {
    this.post({ type: 'interrupt' });
  }

  /** Ends it, whatever it does: what runs ends too. */
  end(): void {
    this.worker.terminate();
    for (const { end } of this.runs.values()) end({ ended: false, ok: false, ms: 0 });
    this.runs.clear();
    for (const { reject } of this.asked.values()) reject(new Error('the kernel has ended'));
    this.asked.clear();
  }

  private post(request: Request): void {
    this.worker.postMessage(request);
  }

  private ask<T>(request: (id: number) => Request): Promise<T> {
    const id = ++this.count;
    return new Promise<T>((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.post(request(id));
    });
  }

  private hear(message: Message): void {
    switch (message.type) {
      case 'need':
        void this.bring(message.name);
        break;
      case 'analysed':
      case 'completed':
        this.asked.get(message.id)?.resolve((message.type === 'analysed' ? message.cells : message.names) as never);
        this.asked.delete(message.id);
        break;
      case 'stream':
        this.runs.get(message.run)?.events.stream(message.name, message.text);
        break;
      case 'display':
        this.runs.get(message.run)?.events.display(message);
        break;
      case 'drawn':
        this.onDrawn?.(message);
        break;
      case 'error':
        this.runs.get(message.run)?.events.error(message.error);
        break;
      case 'done':
        // it is kept: what a timer prints later still belongs to it
        this.runs.get(message.run)?.end({ ended: true, ok: message.ok, ms: message.ms });
        break;
    }
  }

  private async bring(name: string): Promise<void> {
    const bytes = await contentOf(`${this.assets}binaries/${name}.js`, name).catch(() => undefined);
    this.post({ type: 'binary', name, bytes });
  }
}

/** What a script brings under a name, in base64; it is not kept in the page. */
export async function contentOf(address: string, name: string): Promise<string> {
  await loadScript(address);
  const content = window.fileContents?.[name];
  if (content === undefined) throw new Error(`${address} has nothing called ${name}`);
  delete window.fileContents![name];
  forgetScript(address);
  return content;
}

/**
 * A worker that is made of a text has the page's own policy: its cells, which may have come with a link, reach no other
 * host. It is also the only one that a page from the disk may start. One by its address has the policy that its server
 * sends with it: that is for servers that forbid the other, and for cells of the site's own.
 */
async function fromText(address: string): Promise<Worker> {
  if (!window.kernelSource) await loadScript(address);
  const text = new Blob(['(', String(window.kernelSource), ')()'], { type: 'text/javascript' });
  const url = URL.createObjectURL(text);
  try {
    return new Worker(url);
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}
