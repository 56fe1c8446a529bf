// One code cell of the page: its source, its buttons, its state and its outputs.
import type { Places } from 'descent-lab/internal';
import { openEditor, type Editor } from './edit';
import { Outputs } from './outputs';
import type { Edit } from './storage';

/** What a cell is, for the reader. */
export type State = 'idle' | 'waiting' | 'running' | 'done' | 'failed' | 'stale' | 'stopped';

const WORDS: Record<State, string> = {
  idle: '',
  waiting: 'waits',
  running: 'runs ...',
  done: 'done',
  failed: 'failed',
  stale: 'stale: what it shows was made before the last change',
  stopped: 'stopped',
};

/** What a cell asks of the notebook. */
export interface CellEvents {
  run: (cell: Cell) => void;
  runAndGoOn: (cell: Cell) => void;
  changed: (cell: Cell) => void;
  complete: (text: string) => Promise<string[]>;
  /** Its controls were moved before it ran. */
  wake: (cell: Cell) => void;
  move: (id: string, places: Places) => void;
}

const part = <E extends HTMLElement>(element: HTMLElement, name: string): E =>
  element.querySelector<E>(`[data-part="${name}"]`)!;

export class Cell {
  readonly outputs: Outputs;
  /** As the notebook has it. */
  readonly original: string;
  private text: string;
  private editor: Editor | undefined;
  private readonly code: HTMLElement;
  /** The original with its colours, as HTML. */
  private readonly listing: string;

  constructor(
    readonly element: HTMLElement,
    private readonly events: CellEvents,
    edit?: Edit,
  ) {
    this.outputs = new Outputs(part(element, 'outputs'), {
      wake: () => this.events.wake(this),
      move: this.events.move,
    });
    this.code = element.querySelector<HTMLElement>('pre.code')!;
    this.listing = this.code.innerHTML;
    this.original = this.code.textContent.replace(/\n$/, '');
    this.text = this.original;
    if (!edit) return;
    this.write(edit.text);
    if (this.isEdited && edit.original !== this.original)
      this.state.textContent = 'your edit is of an earlier state of this cell: Put back shows what it is now';
  }

  /** From 1. */
  get number(): number {
    return Number(this.element.dataset['number']);
  }

  set number(number: number) {
    this.element.dataset['number'] = String(number);
    for (const one of [this.element, ...this.element.querySelectorAll('.tools [aria-label]')]) {
      one.setAttribute('aria-label', one.getAttribute('aria-label')!.replace(/\d+/, String(number)));
    }
    this.element.querySelector('summary')!.textContent = `Code of cell ${number}`;
  }

  get source(): string {
    return this.text;
  }

  get isEdited(): boolean {
    return this.text !== this.original;
  }

  /** Shows the source for writing, or ends that. */
  async edit(): Promise<void> {
    if (this.editor) return this.closeEditor();
    this.element.querySelector('details')?.setAttribute('open', '');
    this.nameEdit('Close');
    this.editor = await openEditor(this.code, this.text, {
      label: `Code of cell ${this.number}`,
      change: (text) => this.change(text),
      run: () => this.events.run(this),
      runAndGoOn: () => this.events.runAndGoOn(this),
      complete: this.events.complete,
    });
    this.editor.focus();
  }

  /** Puts the source of the notebook back. */
  restore(): void {
    this.closeEditor();
    this.write(this.original);
    this.events.changed(this);
    this.button('edit').focus();
  }

  show(state: State, more = ''): void {
    this.element.dataset['state'] = state;
    this.state.textContent = WORDS[state] + more;
    this.button('run').disabled = state === 'waiting' || state === 'running';
  }

  /** Brings a line of it into view. */
  goTo(line: number): void {
    this.element.querySelector('details')?.setAttribute('open', '');
    this.element.scrollIntoView({ block: 'nearest' });
    void (this.editor ? Promise.resolve() : this.edit()).then(() => this.editor?.goTo(line));
  }

  private get state(): HTMLElement {
    return part(this.element, 'state');
  }

  private button(name: 'run' | 'edit' | 'restore'): HTMLButtonElement {
    return part(this.element, name);
  }

  /** The button opens the editor, and closes it. */
  private nameEdit(name: 'Close' | 'Edit'): void {
    this.button('edit').textContent = name;
    this.button('edit').setAttribute('aria-label', `${name} cell ${this.number}`);
  }

  private closeEditor(): void {
    if (!this.editor) return;
    this.editor.close();
    this.editor = undefined;
    this.nameEdit('Edit');
    this.write(this.text);
  }

  private write(text: string): void {
    this.text = text;
    if (this.isEdited) this.code.firstElementChild!.textContent = text;
    else this.code.innerHTML = this.listing;
    this.button('restore').hidden = !this.isEdited;
  }

  private change(text: string): void {
    this.text = text;
    this.button('restore').hidden = !this.isEdited;
    this.events.changed(this);
  }
}
