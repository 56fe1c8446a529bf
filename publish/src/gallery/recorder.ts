// The process of one notebook: it runs the cells once, keeps how each figure is made, and makes them all again, in
// milliseconds, whenever the code that draws is saved.
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import type { figures, interact } from 'descent-lab';
import type { Payload } from 'descent-lab/internal';
import { LiveLibrary } from './live-library';

/** A notebook to run. */
export interface Task {
  /** The project's folder. */
  root: string;
  code: string;
  /** The names of the functions that its figures come of, in the order of its `display`s. */
  makers: string[];
  /** The names of the library that it imports. */
  imports: string[];
}

/** What a recorder is told: first its task, then what was saved. */
export type Order = Task | { changed: string[] };

/** A figure that was made, or cannot be. */
export interface Made {
  /** The number of its `display` in the notebook. */
  site: number;
  cell: number;
  /** How many figures its cell has shown before it. */
  turn: number;
  payload?: Payload;
  error?: string;
  /** The file of the function that makes it. */
  source?: string;
}

/** What a recorder tells. */
export type Report =
  | { figure: Made }
  /** A cell begins. */
  | { cell: number }
  /** All cells have run, or one has failed. */
  | { done: true; error?: string }
  /** The library was loaded, or cannot be. */
  | { loaded: true; error?: string }
  /** The code that the data come from has changed: a new process has to run the cells. */
  | { outdated: true };

/** How one figure is made. */
interface Recorded extends Pick<Made, 'site' | 'cell' | 'turn'> {
  make: () => Promise<figures.Figure>;
}

type Interact = Parameters<typeof interact>;

const tell = (report: Report): unknown => process.send?.(report);

class Recorder {
  private readonly library: LiveLibrary;
  private readonly recorded: Recorded[] = [];
  /** Whether the library has ever loaded; until then there is nothing to make again. */
  private isRunning = false;

  constructor(private readonly task: Task) {
    this.library = new LiveLibrary(task.root);
  }

  /** Runs the notebook's program. What it shows is kept and told; what it prints is not. */
  async run(): Promise<void> {
    if (!this.tellLoaded(() => this.library.load()))
      return void tell({ done: true, error: 'the library does not load' });
    this.isRunning = true;
    const turns = new Map<number, number>();
    let cell = 0;
    const enter = (number: number): void => void tell({ cell: (cell = number) });
    const show = async (site: number, make: Recorded['make']): Promise<void> => {
      const figure = { site, cell, turn: turns.get(cell) ?? 0, make };
      if (!(await this.show(figure))) return;
      turns.set(figure.cell, figure.turn + 1);
      this.recorded.push(figure);
    };
    // A name of the library is looked up when it is used: so a figure that is made again is made by the newest code.
    const own: Record<string, unknown> = {
      display: show,
      interact: (site: number, ...[controls, draw]: Interact) =>
        show(site, () => {
          const { figureAt, startOf } = this.library.names;
          return figureAt(startOf(controls), controls, draw);
        }),
    };
    const get = (_: object, name: string): unknown => own[name] ?? this.library.names[name];
    const newest = new Proxy({}, { get });
    const requireThere = createRequire(join(process.cwd(), 'notebook.js'));
    const requireInCell = (name: string): unknown => (name === 'descent-lab' ? newest : requireThere(name));
    const silent = new Proxy(console, { get: () => () => undefined });
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const program = AsyncFunction('require', 'exports', 'console', 'enter', this.task.code) as (
      ...values: unknown[]
    ) => Promise<void>;
    try {
      await program(requireInCell, {}, silent, enter);
      tell({ done: true });
    } catch (error) {
      tell({ done: true, error: this.messageOf(error) });
    }
  }

  /** Takes saved files in. */
  async renew(files: string[]): Promise<void> {
    let touched: ReturnType<LiveLibrary['renew']> = 'data';
    if (this.isRunning && !this.tellLoaded(() => (touched = this.library.renew(files, this.task.imports)))) return;
    if (touched === 'data') tell({ outdated: true });
    else if (touched === 'figures') for (const figure of this.recorded) await this.show(figure);
  }

  /** Makes a figure and tells of it. @returns false where a table is shown, and no figure */
  private async show({ make, ...place }: Recorded): Promise<boolean> {
    const source = this.library.sourceOf(this.task.makers[place.site]!);
    try {
      const figure = await make();
      if (Array.isArray(figure)) return false;
      await this.library.names.display(figure); // outside a kernel it only refuses what is too large
      tell({ figure: { ...place, source, payload: this.library.names.payloadOf(figure) } });
    } catch (error) {
      tell({ figure: { ...place, source, error: this.messageOf(error) } });
    }
    return true;
  }

  /** Whether the library loads. */
  private tellLoaded(load: () => void): boolean {
    try {
      load();
      tell({ loaded: true });
      return true;
    } catch (error) {
      tell({ loaded: true, error: this.messageOf(error) });
      return false;
    }
  }

  /** An error with the places in the library that it came by. */
  private messageOf(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    const short = (text: string): string => text.replaceAll(this.task.root + sep, '');
    const places = (error.stack ?? '').match(/^ +at .*$/gm) ?? [];
    const ours = places.map((place) => short(place).trim()).filter((place) => /\blib[\\/]src[\\/]/.test(place));
    return [short(error.message), ...ours].join('\n');
  }
}

let recorder: Recorder | undefined;
let renewed = Promise.resolve();
process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  if ('changed' in order) renewed = renewed.then(() => recorder?.renew(order.changed));
  else void (recorder = new Recorder(order)).run();
});
