// A page whose cells are the reader's own: they can be added, moved and taken away, and a link carries them.
import type { Shipped } from './files';
import { carriesCells, fragmentOf, LONGEST_LINK, sourcesIn } from './link';
import { Notebook } from './notebook';
import type { Outputs } from './outputs';
import { keep, kept } from './storage';

export class Playground {
  private readonly notebook: Notebook;
  private readonly sample: HTMLElement;
  private readonly given: string;
  private made = 0;

  private constructor(
    private readonly main: HTMLElement,
    shipped: readonly Shipped[],
    private readonly key: string,
    { given, sources }: { given: string[] | undefined; sources: string[] | undefined },
  ) {
    const [first, ...rest] = [...main.querySelectorAll<HTMLElement>('.cell')];
    this.sample = first!.cloneNode(true) as HTMLElement;
    const template = [first!, ...rest].map((element) => element.querySelector('pre.code')!.textContent);
    this.given = JSON.stringify(given ?? template);
    if (sources) {
      for (const element of rest) element.remove();
      first!.replaceWith(...sources.map((source) => this.section(source)));
    }
    this.notebook = new Notebook(main, shipped, { of: () => undefined, put: () => this.keep() });
    // another link, opened in this very page, changes nothing but what stands behind the #
    addEventListener('hashchange', () => carriesCells(location.hash) && location.reload());
  }

  /** Opens it with the cells that the reader has written here before, else those of the link, else those of the page. */
  static async open(main: HTMLElement, shipped: readonly Shipped[]): Promise<Playground> {
    const fragment = carriesCells(location.hash) ? location.hash : '';
    const key = `${location.pathname}${fragment}`;
    let given: string[] | undefined;
    let problem = '';
    if (fragment !== '') {
      given = await sourcesIn(fragment).catch((error: Error) => {
        problem = error.message;
        return undefined;
      });
    }
    main.querySelector<HTMLElement>('[data-part="foreign"]')!.hidden = given === undefined;
    const own = kept(key) as string[] | undefined;
    const playground = new Playground(main, shipped, key, { given, sources: own ?? given });
    playground.notebook.say(problem);
    return playground;
  }

  /** What a press of a button of the page does, by the button's name. */
  press(action: string, element: HTMLElement): void {
    const cell = element.closest<HTMLElement>('.cell');
    const actions: Record<string, () => unknown> = {
      add: () => cell && this.add(cell),
      remove: () => cell && this.remove(cell),
      up: () => cell && this.move(cell, cell.previousElementSibling, element),
      down: () => cell && this.move(cell.nextElementSibling, cell, element),
      link: () => this.copyLink(),
      'start-again': () => this.startAgain(),
    };
    if (action in actions) void actions[action]!();
    else this.notebook.press(action, element);
  }

  /** The outputs of one of its cells. */
  outputsOf(element: HTMLElement): Outputs | undefined {
    return this.notebook.outputsOf(element);
  }

  /** A cell that nothing has run in. What it is made of may be somebody else's: it is text. */
  private section(source: string): HTMLElement {
    const element = this.sample.cloneNode(true) as HTMLElement;
    element.id = `cell-own-${++this.made}`;
    element.querySelector('pre.code > code')!.textContent = source;
    return element;
  }

  private add(cell: HTMLElement): void {
    const added = this.section('');
    cell.after(added);
    this.arrange();
    this.notebook.press('edit', added);
  }

  private remove(cell: HTMLElement): void {
    const isEmpty = this.notebook.sourceOf(cell).trim() === '';
    if (!isEmpty && !confirm('Remove this cell, and what is written in it?')) return;
    const next = [cell.nextElementSibling, cell.previousElementSibling].find((one) => one?.matches('.cell'));
    if (!next) this.add(cell); // there is always one
    cell.remove();
    this.arrange();
    next?.querySelector<HTMLElement>('[data-action="remove"]')?.focus();
  }

  /** Puts a cell before another; `pressed` keeps the focus, for the next press. */
  private move(cell: Element | null, before: Element | null, pressed: HTMLElement): void {
    if (!cell?.matches('.cell') || !before?.matches('.cell')) return;
    before.before(cell);
    this.arrange();
    pressed.focus();
  }

  private arrange(): void {
    this.notebook.arrange();
    this.keep();
  }

  /** Keeps the cells in this browser, unless they are those that the page came with. */
  private keep(): void {
    const sources = this.notebook.sources();
    keep(this.key, JSON.stringify(sources) === this.given ? undefined : sources);
  }

  private startAgain(): void {
    if (!confirm('Take away what you wrote on this page?')) return;
    keep(this.key, undefined);
    location.reload();
  }

  private async copyLink(): Promise<void> {
    const fragment = await fragmentOf(this.notebook.sources());
    const field = this.main.querySelector<HTMLInputElement>('[data-part="link"]')!;
    field.hidden = fragment.length > LONGEST_LINK;
    if (field.hidden) {
      const [length, most] = [fragment.length, LONGEST_LINK].map((size) => size.toLocaleString('en'));
      return this.notebook.say(
        `these cells take ${length} characters, and a link may carry ${most}: Download as .ipynb makes a file of them`,
      );
    }
    field.value = location.href.replace(/#.*/, '') + fragment;
    field.select();
    const copied = await navigator.clipboard.writeText(field.value).then(
      () => true,
      () => false, // this browser lets no page write there
    );
    this.notebook.say(copied ? 'the link is copied' : 'the link stands in the field, to be copied from there');
  }
}
