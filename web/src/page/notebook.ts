// A notebook of the page: its cells, its kernel, and in which order they run.
import type { Analysis } from '../protocol';
import { Staleness, type CellState } from '../cells/stale';
import { Cell } from './cell';
import { download } from './download';
import { Files, megabytes, type Shipped } from './files';
import { Kernel } from './kernel';
import { Edits } from './storage';

/** After a press of Stop, how long a cell may take to end by itself. Milliseconds. */
const PATIENCE = 2000;

type Ran = NonNullable<CellState['ran']>;

export class Notebook {
  private readonly assets: string;
  private readonly cells: Cell[];
  private readonly files: Files;
  private readonly edits = new Edits();
  private readonly ran = new Map<Cell, Ran>();
  private readonly names = new Map<string, Analysis | undefined>();
  private kernel: Promise<Kernel> | undefined;
  private queue: Cell[] = [];
  private running: Cell | undefined;
  private isStopping = false;
  /** The kernel, while a cell runs in it. */
  private listening: Kernel | undefined;
  private count = 0;
  private state = 0;

  constructor(
    private readonly main: HTMLElement,
    shipped: readonly Shipped[],
  ) {
    this.assets = new URL(main.dataset['assets']!, document.baseURI).href;
    this.files = new Files(shipped, this.assets);
    this.cells = [...main.querySelectorAll<HTMLElement>('.cell')].map(
      (element, i) => new Cell(element, i + 1, this.events, (original) => this.edits.of(element.id, original)),
    );
    const chosen = main.querySelector<HTMLInputElement>('[data-part="file"]')!;
    chosen.addEventListener('change', () => void this.add(chosen.files ?? []));
    main.addEventListener('dragover', (event) => event.preventDefault());
    main.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.add(event.dataTransfer?.files ?? []);
    });
  }

  private readonly events = {
    run: (cell: Cell) => void this.runNeeded(cell),
    runAndGoOn: (cell: Cell) => {
      void this.runNeeded(cell);
      const next = this.cells[this.cells.indexOf(cell) + 1];
      next?.element.querySelector<HTMLElement>('[data-part="run"]')?.focus();
    },
    changed: (cell: Cell) => {
      this.edits.put(cell.element.id, cell.original, cell.source);
      void this.showStale();
    },
    complete: async (text: string) => (this.kernel ? (await this.kernel).complete(text) : []),
  };

  /** What a press of a button of the page does, by the button's name. */
  press(action: string, element?: HTMLElement): void {
    const cell = this.cells.find((one) => element && one.element.contains(element));
    const actions: Record<string, () => unknown> = {
      run: () => cell && this.runNeeded(cell),
      edit: () => cell?.edit(),
      'run-all': () => this.enqueue(this.cells),
      'run-stale': () => this.runStale(),
      stop: () => this.stop(),
      restart: () =>
        this.restart('The kernel has been started anew: what the cells made is gone. Run all brings it back.'),
      restore: () => cell?.restore(),
      'restore-all': () => this.cells.forEach((one) => one.isEdited && one.restore()),
      download: () => download(this.main, this.cells),
      'add-file': () => this.main.querySelector<HTMLInputElement>('[data-part="file"]')!.click(),
    };
    void actions[action]?.();
  }

  /** Adds files of the reader's. */
  async add(list: Iterable<File>): Promise<void> {
    for (const file of list) {
      this.files.add(file.name, new Uint8Array(await file.arrayBuffer()));
      const isPhoto = /^image\//.test(file.type);
      const how = isPhoto
        ? `pictures.readPhoto('${file.name}', classifier.input)`
        : `readColumns('${file.name}', { ... })`;
      this.say(`${file.name} (${megabytes(file.size)}) is there until the page is closed: a cell reads it with ${how}`);
    }
  }

  private say(text: string): void {
    this.main.querySelector('[data-part="status"]')!.textContent = text;
  }

  /** The kernel that runs, started at the first call. */
  private start(): Promise<Kernel> {
    const state = this.state;
    this.kernel ??= Kernel.start(this.assets, (message) => {
      if (state === this.state)
        this.restart(
          `The kernel has ended (${message || 'it may have run out of memory'}) and was started anew: Run all brings back what the cells made.`,
        );
    }).then(({ kernel, note }) => {
      if (note !== undefined) this.say(note);
      return kernel;
    });
    return this.kernel;
  }

  private async statesOf(): Promise<CellState[]> {
    const kernel = await this.start();
    const unknown = [...new Set(this.cells.map(({ source }) => source).filter((source) => !this.names.has(source)))];
    const found = unknown.length > 0 ? await kernel.analyse(unknown) : [];
    unknown.forEach((source, i) => this.names.set(source, found[i]));
    return this.cells.map((cell) => {
      const ran = this.ran.get(cell);
      return { source: cell.source, names: this.names.get(cell.source), ...(ran && { ran }) };
    });
  }

  /** Runs a cell, and before it what it needs of the cells above. */
  private async runNeeded(cell: Cell): Promise<void> {
    try {
      const states = await this.statesOf();
      const needed = new Staleness(states).needed(this.cells.indexOf(cell));
      this.enqueue(needed.map((i) => this.cells[i]!));
    } catch (error) {
      this.say((error as Error).message);
    }
  }

  private async runStale(): Promise<void> {
    const staleness = new Staleness(await this.statesOf());
    const all = new Set(staleness.stale().flatMap((i) => staleness.needed(i)));
    this.enqueue(this.cells.filter((_, i) => all.has(i)));
  }

  /** Lets cells run, in this order, when those that wait already have run. */
  private enqueue(cells: readonly Cell[]): void {
    for (const cell of cells) {
      if (this.queue.includes(cell)) continue;
      this.queue.push(cell);
      if (cell !== this.running) cell.show('waiting');
    }
    if (!this.running) void this.work();
  }

  private async work(): Promise<void> {
    this.main.dataset['running'] = 'true';
    for (let cell = this.queue.shift(); cell; cell = this.queue.shift()) {
      this.running = cell;
      const ok = await this.runOne(cell).catch((error: Error) => {
        cell.show('failed');
        this.say(error.message);
        return false;
      });
      this.running = undefined;
      if (!ok) this.forgetQueue(); // as in Jupyter: what comes after may need it
    }
    this.isStopping = false;
    delete this.main.dataset['running'];
    await this.showStale();
  }

  /** Whether it ran to its end, without an error. */
  private async runOne(cell: Cell): Promise<boolean> {
    const state = this.state;
    const { source, outputs } = cell;
    cell.show('running');
    const kernel = await this.start();
    await this.files.sendFor(source, kernel, (text) => this.say(text));
    if (this.isStopping) {
      cell.show('stopped'); // before it began
      return false;
    }
    outputs.begin();
    this.say(`cell ${cell.number} runs`);
    this.listening = kernel;
    const { ended, ok, ms } = await kernel.run(cell.number, source, {
      stream: (name, text) => outputs.stream(name, text),
      display: (message) => outputs.display(message),
      error: (error) => outputs.error(error, (number, line) => this.cells[number - 1]?.goTo(line)),
    });
    this.listening = undefined;
    outputs.end();
    if (!ended) {
      cell.show('stopped');
      return false;
    }
    this.ran.set(cell, { source, at: ++this.count, ok });
    cell.show(ok ? 'done' : 'failed', ok ? ` in ${seconds(ms)}` : '');
    if (state === this.state) this.say(ok ? `cell ${cell.number} is done` : `cell ${cell.number} failed`);
    return ok;
  }

  private forgetQueue(): void {
    for (const cell of this.queue) cell.show('idle');
    this.queue = [];
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
    this.ran.clear();
    this.files.forget();
    for (const cell of this.cells) if (cell !== this.running) cell.show('idle');
    this.say(message);
  }

  /** Marks the cells that an edit, or another run, has made stale. */
  private async showStale(): Promise<void> {
    if (!this.kernel) return;
    const states = await this.statesOf();
    const stale = new Set(new Staleness(states).stale());
    this.cells.forEach((cell, i) => {
      if (cell === this.running || this.queue.includes(cell) || !this.ran.get(cell)?.ok) return;
      cell.show(stale.has(i) ? 'stale' : 'done');
    });
    this.main.dataset['stale'] = String(stale.size);
    if (stale.size > 0) this.say(stale.size === 1 ? 'one cell is stale' : `${stale.size} cells are stale`);
  }
}

const seconds = (ms: number): string => (ms < 1000 ? 'less than a second' : `${(ms / 1000).toFixed(1)} s`);
