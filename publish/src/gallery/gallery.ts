// Every figure of the notebooks, as it is committed and as the source makes it now.
import { fork, type ChildProcess } from 'node:child_process';
import { extname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Payload } from 'descent-lab/internal';
import { figuresOf } from '../notebooks/figure-outputs';
import { readNotebook } from '../notebooks/notebook';
import { namespacesOf } from '../notebooks/library-names';
import { ownRoot, type Project } from '../notebooks/project';
import { differences } from './differences';
import { programOf, type Program, type Site } from './program';
import type { Made, Order, Report } from './recorder';
import { watchFolders } from './watch';

/** A figure. */
export interface Card extends Site {
  id: string;
  /** Its place among all. */
  order: number;
  name: string;
  notebook: string;
  /** Whether the source has made it; until then only the committed form is known. */
  isMade: boolean;
  /** The file of the function that makes it; undefined where that stands in the notebook. */
  source?: string;
  committed?: Payload;
  /** As the source makes it now, where that differs from the committed form. */
  now?: Payload;
  /** Where it differs. */
  differences: string[];
  /** Why it cannot be made now. */
  error?: string;
}

/** How far a notebook is. */
export interface Room {
  notebook: string;
  state: 'waiting' | 'running' | 'ready' | 'failed';
  /** What it is at, or what is wrong. */
  text: string;
}

/** What a page is told. */
export type Message = { card: Card } | { gone: string } | { rooms: Room[]; problem?: string };

/** One notebook with its process. */
interface Running extends Room {
  index: number;
  program: Program;
  /** Its figures as committed, as made last, and as told: by `cell/turn`, the place of each among its cell's. */
  committed: Map<string, Payload>;
  made: Map<string, Made>;
  cards: Map<string, Card>;
  child?: ChildProcess;
}

const NONE: Program = { code: '', sites: [], imports: [] };

/** All figures, kept up to date until `close`. Notebooks run one after the other: each takes a core or two. */
export class Gallery {
  private readonly rooms: Running[];
  private readonly unwatch: () => void;
  private problem?: string;

  /** @param tell is told what has changed */
  constructor(
    private readonly project: Project,
    notebooks: string[],
    private readonly tell: (message: Message) => void,
  ) {
    this.rooms = notebooks.map((notebook, index) => ({
      ...{ notebook, index, state: 'waiting', text: '', program: NONE },
      ...{ committed: new Map(), made: new Map(), cards: new Map() },
    }));
    this.rooms.forEach((room) => this.read(room));
    const folders = [join(project.root, 'lib', 'src'), project.notebooks, join(project.root, 'data')];
    this.unwatch = watchFolders(folders, (files) => this.onSaved(files));
    this.runNext();
  }

  /** All that a page has to know at first. */
  messages(): Message[] {
    return [this.status(), ...this.rooms.flatMap(({ cards }) => [...cards.values()].map((card) => ({ card })))];
  }

  close(): void {
    this.unwatch();
    this.rooms.forEach((room) => this.end(room));
  }

  private status(): Message {
    const rooms = this.rooms.map(({ notebook, state, text }) => ({ notebook, state, text }));
    return { rooms, problem: this.problem };
  }

  private set(room: Running, state: Room['state'], text = ''): void {
    Object.assign(room, { state, text });
    this.tell(this.status());
  }

  /** Takes in a notebook as it lies in its file. It runs again if its code is another. */
  private read(room: Running): void {
    try {
      const notebook = readNotebook(join(this.project.notebooks, `${room.notebook}.ipynb`));
      const program = programOf(notebook, namespacesOf(this.project.root));
      if (program.code !== room.program.code) {
        room.made.clear();
        this.restart(room);
      }
      room.program = program;
      room.committed.clear();
      const turns = new Map<number, number>();
      for (const { cell, payload } of figuresOf(notebook)) {
        const turn = turns.get(cell) ?? 0;
        room.committed.set(`${cell}/${turn}`, payload);
        turns.set(cell, turn + 1);
      }
      const ids = new Set([...room.committed.keys(), ...room.made.keys()]);
      for (const id of room.cards.keys()) if (!ids.has(id)) this.tell({ gone: `${room.notebook}/${id}` });
      room.cards.clear();
      ids.forEach((id) => this.show(room, id));
    } catch (error) {
      this.end(room);
      room.program = NONE;
      this.set(room, 'failed', (error as Error).message);
    }
  }

  /** Tells of a figure, if there is news of it. */
  private show(room: Running, id: string): void {
    const { notebook, index, program, committed, made, cards } = room;
    const [cell, turn] = id.split('/').map(Number) as [number, number];
    const [before, now] = [committed.get(id), made.get(id)];
    const inCell = program.sites.filter((site) => site.cell === cell);
    const site = now ? program.sites[now.site] : (inCell[turn] ?? inCell.at(-1));
    if (!site) return;
    const differ = now?.payload && before ? differences(before, now.payload) : [];
    const meta = (now?.payload ?? before)?.layout.meta as { name?: string } | undefined;
    const card: Card = {
      ...{ ...site, id: `${notebook}/${id}`, order: 1e6 * index + 1e3 * cell + turn, notebook },
      ...{ name: meta?.name ?? id, isMade: now !== undefined, source: now?.source, error: now?.error },
      ...{ committed: before, now: differ.length || !before ? now?.payload : undefined, differences: differ },
    };
    if (JSON.stringify(cards.get(id)) === JSON.stringify(card)) return;
    cards.set(id, card);
    this.tell({ card });
  }

  private end({ child }: Running): void {
    child?.removeAllListeners();
    child?.kill();
  }

  /** Has a notebook run again, in a new process, as soon as no other runs. */
  private restart(room: Running): void {
    this.end(room);
    this.set(room, 'waiting');
  }

  /** Runs the next notebook that waits, unless one runs. */
  private runNext(): void {
    const room = this.rooms.find(({ state }) => state === 'waiting');
    if (!room || this.rooms.some(({ state }) => state === 'running')) return;
    this.set(room, 'running', 'starts');
    const child = fork(join(__dirname, 'recorder.ts'), {
      cwd: this.project.notebooks,
      execArgv: ['--import', pathToFileURL(join(ownRoot, 'scripts', 'tsx.mjs')).href],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let stderr = '';
    child.stderr!.on('data', (text: Buffer) => (stderr = (stderr + text.toString()).slice(-1000)));
    child.on('message', (report: Report) => this.onReport(room, report));
    child.on('exit', () => {
      this.set(room, 'failed', `its process has ended\n${stderr}`);
      this.runNext();
    });
    room.child = child;
    const { code, imports, sites } = room.program;
    this.order(room, { root: this.project.root, code, imports, makers: sites.map(({ maker }) => maker) });
  }

  private order({ child }: Running, order: Order): void {
    // What cannot be sent was meant for a process that has ended, which is told by its exit.
    if (child?.connected) child.send(order, () => undefined);
  }

  private onReport(room: Running, report: Report): void {
    if ('figure' in report) {
      const { cell, turn } = report.figure;
      room.made.set(`${cell}/${turn}`, report.figure);
      return this.show(room, `${cell}/${turn}`);
    }
    if ('cell' in report) return this.set(room, 'running', `cell ${report.cell}`);
    if ('loaded' in report) {
      this.problem = report.error;
      return this.tell(this.status());
    }
    if ('outdated' in report) this.restart(room);
    else if (report.error === undefined) this.set(room, 'ready');
    else this.set(room, 'failed', `${room.text}: ${report.error}`);
    this.runNext();
  }

  private onSaved(files: string[]): void {
    const changed = files.filter((file) => extname(file) === '.ts');
    if (changed.length) this.rooms.forEach((room) => this.order(room, { changed }));
    const names = files.map((file) => relative(this.project.root, file).replaceAll(sep, '/'));
    for (const room of this.rooms) {
      if (names.includes(`notebooks/${room.notebook}.ipynb`)) this.read(room);
      if (room.program.sites.some((site) => site.files.some((file) => names.includes(file)))) this.restart(room);
    }
    this.runNext();
  }
}
