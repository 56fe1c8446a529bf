// A notebook of the page: its cells, its kernel, and in which order they run.
import type { Places } from 'descent-lab/internal';
import type { Analysis } from '../protocol';
import { Staleness, type Run } from '../cells/stale';
import { Cell } from './cell';
import { download } from './download';
import { Files, megabytes, type Shipped } from './files';
import { Kernel } from './kernel';
import type { Outputs } from './outputs';
import type { Edit } from './storage';

/** After a press of Stop, how long a cell may take to end by itself. Milliseconds. */
const PATIENCE = 2000;

/** After a change of a cell, how long the reader's hands rest before stale cells are looked for. Milliseconds. */
const REST = 300;

/** A run of a cell, and how many milliseconds it took. */
type Ran = Pick<Run, 'source' | 'ok'> & { cell: Cell; ms: number };

/** What the reader has asked for: one cell, with what it needs, or several. */
interface Asked {
  cell?: Cell;
  which: () => readonly Cell[] | Promise<readonly Cell[]>;
}

/** What becomes of a cell's text when the page is opened again. */
export interface Keeper {
  of: (cell: string) => Edit | undefined;
  put: (cell: string, original: string, text: string) => void;
}

export class Notebook {
  private readonly assets: string;
  private cells: readonly Cell[] = [];
  private readonly files: Files;
  /** All that ran since the kernel began. */
  private runs: Ran[] = [];
  private readonly names = new Map<string, Analysis | undefined>();
  private kernel: Promise<Kernel> | undefined;
  /** What the reader has asked for and has not begun: which cells that are is told when its turn comes. */
  private asked: Asked[] = [];
  /** The cells that run next. */
  private queue: Cell[] = [];
  private isWorking = false;
  private running: Cell | undefined;
  private isStopping = false;
  /** The kernel, while a cell runs in it. */
  private listening: Kernel | undefined;
  private state = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly main: HTMLElement,
    shipped: readonly Shipped[],
    private readonly edits: Keeper,
  ) {
    this.assets = new URL(main.dataset['assets']!, document.baseURI).href;
    this.files = new Files(shipped, this.assets);
    this.arrange();
    const chosen = this.part('file') as HTMLInputElement;
    chosen.addEventListener('change', () => void this.add(chosen.files ?? []));
    main.addEventListener('dragover', (event) => event.preventDefault());
    main.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.add(event.dataTransfer?.files ?? []);
    });
  }

  private readonly events = {
    run: (cell: Cell) => this.runNeeded(cell),
    runAndGoOn: (cell: Cell) => {
      this.runNeeded(cell);
      const next = this.cells[this.cells.indexOf(cell) + 1];
      next?.element.querySelector<HTMLElement>('[data-part="run"]')?.focus();
    },
    changed: (cell: Cell) => {
      this.edits.put(cell.element.id, cell.original, cell.source);
      clearTimeout(this.resting);
      this.resting = setTimeout(() => void this.showStale(), REST);
    },
    wake: (cell: Cell) => {
      if (!this.isToRun(cell)) this.runNeeded(cell); // else it will hear of it there
    },
    move: (id: string, places: Places) => void this.kernel?.then((kernel) => kernel.move(id, places)),
    complete: async (text: string) => (this.kernel ? (await this.kernel).complete(text).catch(() => []) : []),
  };

  /** Takes its cells from the page, in the order in which they stand there; those that it knows already stay as they are. */
  arrange(): void {
    const known = new Map(this.cells.map((cell) => [cell.element, cell]));
    this.cells = [...this.main.querySelectorAll<HTMLElement>('.cell')].map(
      (element) => known.get(element) ?? new Cell(element, this.events, this.edits.of(element.id)),
    );
    this.cells.forEach((cell, i) => (cell.number = i + 1));
    this.queue = this.queue.filter((cell) => this.cells.includes(cell));
    this.asked = this.asked.filter(({ cell }) => !cell || this.cells.includes(cell));
    void this.showStale();
  }

  /** The cells' sources, from first to last. */
  sources(): string[] {
    return this.cells.map(({ source }) => source);
  }

  /** The source of the cell that an element of the page is. */
  sourceOf(element: HTMLElement): string {
    return this.cells.find((cell) => cell.element === element)?.source ?? '';
  }

  /** The outputs of the cell that an element of the page is. */
  outputsOf(element: HTMLElement): Outputs | undefined {
    return this.cells.find((cell) => cell.element === element)?.outputs;
  }

  /** Tells the reader something. */
  say(text: string): void {
    this.part('status').textContent = text;
  }

  /** What a press of a button of the page does, by the button's name. */
  press(action: string, element?: HTMLElement): void {
    const cell = this.cells.find((one) => element && one.element.contains(element));
    const actions: Record<string, () => unknown> = {
      run: () => cell && this.runNeeded(cell),
      edit: () => cell?.edit(),
      'run-all': () => this.ask({ which: () => this.cells }),
      'run-stale': () => this.runStale(),
      stop: () => this.stop(),
      restart: () =>
        this.restart('The kernel has been started anew: what the cells made is gone. Run all brings it back.'),
      'stop-drawing': () => this.kernel?.then((kernel) => kernel.interrupt()),
      restore: () => cell?.restore(),
      'restore-all': () => this.cells.forEach((one) => one.isEdited && one.restore()),
      download: () => download(this.main, this.cells),
      'add-file': () => this.part('file').click(),
    };
    void actions[action]?.();
  }

  /** Adds files of the reader's. */
  async add(list: Iterable<File>): Promise<void> {
    for (const file of list) {
      this.files.add(file.name, new Uint8Array(await file.arrayBuffer()));
      const how = /^image\//.test(file.type)
        ? `pictures.readPhoto('${file.name}', classifier.input)`
        : /\.(zip|keras|h5|hdf5)$/.test(file.name)
          ? `classifiers.importModel('${file.name}', '../models/mine')`
          : `readColumns('${file.name}', { ... })`;
      this.say(`${file.name} (${megabytes(file.size)}) is there until the page is closed: a cell reads it with ${how}`);
    }
  }

  private part(name: 'file' | 'note' | 'status'): HTMLElement {
    return this.main.querySelector<HTMLElement>(`.kernel [data-part="${name}"]`)!;
  }

  private button(action: 'run-all' | 'stop'): HTMLElement {
    return this.main.querySelector<HTMLElement>(`.kernel [data-action="${action}"]`)!;
  }

  private compiledCells(): string | undefined {
    const { cells } = this.main.dataset;
    return cells === undefined ? undefined : new URL(cells, document.baseURI).href;
  }

  /** The kernel that runs, started at the first call. */
  private start(): Promise<Kernel> {
    const state = this.state;
    if (this.kernel) return this.kernel;
    // a large script stops the page while it begins: before a cell computes, not meanwhile
    const charts = window.loadCharts?.().catch(() => undefined);
    this.kernel = Kernel.start(this.assets, this.compiledCells(), (message) => {
      if (state === this.state)
        this.restart(
          `The kernel has ended (${message || 'it may have run out of memory'}) and was started anew: Run all brings back what the cells made.`,
        );
    }).then(
      async ({ kernel, notes }) => {
        kernel.onDrawn = (message) => this.cells.forEach(({ outputs }) => outputs.hear(message));
        await charts;
        this.part('note').textContent = notes.join(' ');
        return kernel;
      },
      (error: Error) => {
        this.kernel = undefined; // the next press tries again
        throw error;
      },
    );
    return this.kernel;
  }

  private async staleness(): Promise<Staleness> {
    const kernel = await this.start();
    const sources = [...this.cells, ...this.runs].map(({ source }) => source);
    const unknown = [...new Set(sources)].filter((source) => !this.names.has(source));
    const found = unknown.length > 0 ? await kernel.analyse(unknown) : [];
    unknown.forEach((source, i) => this.names.set(source, found[i]));
    return new Staleness(
      this.cells.map(({ source }) => ({ source, names: this.names.get(source) })),
      this.runs.map(({ cell, source, ok }) => {
        const makes = this.names.get(source)?.makes ?? [];
        return { cell: this.cells.indexOf(cell), source, makes, ok };
      }),
    );
  }

  /** Runs a cell, and before it what it needs of the cells above. */
  private runNeeded(cell: Cell): void {
    this.ask({
      cell,
      which: async () => (await this.staleness()).needed(this.cells.indexOf(cell)).map((i) => this.cells[i]!),
    });
  }

  private runStale(): void {
    this.ask({
      which: async () => {
        const staleness = await this.staleness();
        const all = new Set(staleness.stale().flatMap((i) => staleness.needed(i)));
        return this.cells.filter((_, i) => all.has(i));
      },
    });
  }

  /** Lets cells run when those that were asked for before have run. */
  private ask(asked: Asked): void {
    if (asked.cell && this.asked.some(({ cell }) => cell === asked.cell)) return;
    this.asked.push(asked);
    if (asked.cell !== this.running) asked.cell?.show('waiting');
    if (!this.isWorking) void this.work();
  }

  private isToRun(one: Cell): boolean {
    return one === this.running || this.queue.includes(one) || this.asked.some(({ cell }) => cell === one);
  }

  /** The next cell to run, if there is one. */
  private async next(): Promise<Cell | undefined> {
    while (this.queue.length === 0) {
      const asked = this.asked.shift();
      if (!asked) return undefined;
      try {
        this.queue = [...(await asked.which())];
      } catch (error) {
        asked.cell?.show('idle');
        throw error;
      }
      for (const cell of this.queue) cell.show('waiting');
      // each cell shows its own state: what is said, and read aloud, is the beginning and the end
      if (this.queue.length > 0) this.say(`running ${inWords(this.queue)}`);
    }
    return this.queue.shift();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    this.main.dataset['running'] = 'true';
    const state = this.state;
    const ran: Cell[] = [];
    let end = '';
    const next = (): Promise<Cell | undefined> =>
      this.next().catch((error: Error) => {
        this.forgetQueue();
        end = error.message; // the kernel does not start
        return undefined;
      });
    for (let cell = await next(); cell; cell = await next()) {
      this.running = cell;
      const how = await this.runOne(cell).catch((error: Error) => {
        this.say(error.message);
        return 'stopped' as const;
      });
      this.running = undefined;
      cell.show(how, how === 'done' ? this.time(cell) : '');
      ran.push(cell);
      end = { done: `${inWords(ran)} done`, failed: `cell ${cell.number} failed`, stopped: '' }[how];
      if (how !== 'done') this.forgetQueue(); // as in Jupyter: what comes after may need it
    }
    this.isStopping = false;
    this.isWorking = false;
    if (document.activeElement === this.button('stop')) this.button('run-all').focus(); // it goes out of sight
    delete this.main.dataset['running'];
    if (state === this.state) await this.showStale(end);
  }

  /** How the run of a cell ended. */
  private async runOne(cell: Cell): Promise<'done' | 'failed' | 'stopped'> {
    const { source, outputs } = cell;
    cell.show('running');
    const kernel = await this.start();
    await this.files.sendFor(source, kernel, (text) => this.say(text));
    if (this.isStopping) return 'stopped'; // before it began
    outputs.begin();
    this.listening = kernel;
    const { ended, ok, ms } = await kernel.run(cell.number, source, {
      stream: (name, text) => outputs.stream(name, text),
      display: (message) => outputs.display(message),
      error: (error) => outputs.error(error, (number, line) => this.cells[number - 1]?.goTo(line)),
    });
    this.listening = undefined;
    outputs.end();
    if (!ended) return 'stopped';
    this.runs.push({ cell, source, ok, ms });
    return ok ? 'done' : 'failed';
  }

  private lastRun(cell: Cell): Ran | undefined {
    return this.runs.findLast((run) => run.cell === cell);
  }

  /** How long the last run of a cell took, in words. */
  private time(cell: Cell): string {
    const { ms } = this.lastRun(cell)!;
    return ms < 1000 ? ' in less than a second' : ` in ${(ms / 1000).toFixed(1)} s`;
  }

  private forgetQueue(): void {
    for (const cell of [...this.queue, ...this.asked.map((asked) => asked.cell)]) cell?.show('idle');
    this.queue = [];
    this.asked = [];
  }

  /** The first press lets the loop stop and the cell go on; a second one, or a deaf cell, costs the kernel. */
  private stop(): void {
    const cell = this.running;
    if (!cell) return;
    this.forgetQueue();
    const deaf = (): void =>
      this.restart(
        'The kernel did not listen and was started anew: what the cells made is gone. Run all brings it back.',
      );
    if (this.isStopping) return deaf();
    this.isStopping = true;
    if (!this.listening) return; // it has not begun
    this.say('stopping: the cell goes on with what it has so far');
    this.listening.interrupt();
    setTimeout(() => this.running === cell && this.isStopping && deaf(), PATIENCE);
  }

  /** Ends the kernel; the next run starts another. */
  private restart(message: string): void {
    this.state++;
    this.forgetQueue();
    void this.kernel?.then((kernel) => kernel.end());
    this.kernel = undefined;
    this.isStopping = false;
    this.runs = [];
    this.files.forget();
    for (const { outputs } of this.cells) outputs.forget();
    for (const cell of this.cells) if (cell !== this.running) cell.show('idle');
    this.say(message);
  }

  /** Marks the cells that an edit, or another run, has made stale; `end` is how the last runs ended, to be said too. */
  private async showStale(end = ''): Promise<void> {
    if (!this.kernel) return end === '' ? undefined : this.say(end);
    const staleness = await this.staleness().catch(() => undefined);
    if (!staleness) return; // the kernel has ended meanwhile
    const stale = new Set(staleness.stale());
    this.cells.forEach((cell, i) => {
      const ran = this.lastRun(cell);
      if (this.isToRun(cell) || !ran?.ok) return;
      if (stale.has(i)) cell.show('stale');
      else cell.show('done', this.time(cell));
    });
    const before = this.main.dataset['stale'] ?? '0';
    this.main.dataset['stale'] = String(stale.size);
    const words = ['no cell is stale', 'one cell is stale'][stale.size] ?? `${stale.size} cells are stale`;
    const said = stale.size > 0 || (before !== '0' && end === '') ? [end, words] : [end];
    if (said.join('') !== '') this.say(said.filter((text) => text !== '').join('; '));
  }
}

/** `cell 3`, or `22 cells`. */
const inWords = (cells: readonly Cell[]): string =>
  cells.length === 1 ? `cell ${cells[0]!.number}` : `${cells.length} cells`;
