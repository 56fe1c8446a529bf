// What stands below a cell: printed lines, charts, tables, errors. Old outputs keep their place until the new ones come.
import type { Bundle } from 'descent-lab/internal';
import type { CellError, Message } from '../protocol';
import { safeHtml } from './safe-html';

declare global {
  interface Window {
    /** Draws a chart into its figure, in place of what is there, once that is in sight: in the site's own script. */
    drawChart?: (figure: HTMLElement, payload: unknown) => void;
    /** Loads what draws charts. */
    loadCharts?: () => Promise<void>;
  }
}

const PLOTLY = 'application/vnd.plotly.v1+json';

type Payload = { layout: { height?: number; meta?: { name?: string; description?: string } } };

/** An output as a notebook's file has it. */
type Result =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { output_type: 'display_data'; data: Bundle['data']; metadata: Bundle['metadata'] }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

/** The outputs of one cell. */
export class Outputs {
  /** What the last run has shown, in order; a chart that was updated is there once. */
  private readonly list: { result: Result; id?: string | undefined }[] = [];
  private old: Element[] = [];
  private readonly shown = new Map<string, Element>();

  constructor(private readonly element: HTMLElement) {}

  /** A run begins: what is there stays, until the new outputs take its place or the run ends. */
  begin(): void {
    this.old = [...this.element.children];
    this.shown.clear();
    this.list.length = 0;
    this.element.style.minHeight = `${this.element.offsetHeight}px`;
  }

  /** The run has ended: what is still there of the one before goes. */
  end(): void {
    for (const element of this.old) element.remove();
    this.old = [];
    this.element.style.minHeight = '';
  }

  /** What the last run has shown, for a notebook's file. */
  results(): Result[] {
    return this.list.map(({ result }) => result);
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    const before = this.list.at(-1)?.result;
    if (before?.output_type === 'stream' && before.name === name) before.text += text;
    else this.list.push({ result: { output_type: 'stream', name, text } });
    const last = this.last();
    const joins = last?.matches(`pre.output.${name}`);
    const block = joins ? last! : this.add(this.block(name));
    // eslint-disable-next-line no-control-regex -- terminal colours begin with the escape sign
    block.append(text.replace(/\x1b\[[\d;]*m/g, ''));
  }

  display({ bundle: { data, metadata, transient }, update }: Extract<Message, { type: 'display' }>): void {
    const id = transient.display_id;
    const before = id !== undefined && update ? this.shown.get(id) : undefined;
    const result: Result = { output_type: 'display_data', data, metadata };
    const updated = update && this.list.find((one) => id !== undefined && one.id === id);
    if (updated) updated.result = result;
    else this.list.push({ result, id });
    const payload = data[PLOTLY] as Payload | undefined;
    const element = payload ? this.chart(payload) : this.other(data);
    if (before && before !== element) before.replaceWith(element);
    else if (!before && !element.isConnected) this.add(element);
    if (id !== undefined) this.shown.set(id, element);
    if (payload) window.drawChart!(element, payload);
  }

  /** An error's text; the places in it lead there. */
  error({ name, message, text }: CellError, goTo: (cell: number, line: number) => void): void {
    this.list.push({ result: { output_type: 'error', ename: name, evalue: message, traceback: text.split('\n') } });
    const block = this.add(this.block('error'));
    block.setAttribute('role', 'alert');
    for (const words of text.split(/(cell \d+, line \d+)/)) {
      const [, cell, line] = /^cell (\d+), line (\d+)$/.exec(words) ?? [];
      if (cell === undefined) {
        block.append(words);
        continue;
      }
      const link = document.createElement('button');
      link.type = 'button';
      link.textContent = words;
      link.addEventListener('click', () => goTo(Number(cell), Number(line)));
      block.append(link);
    }
  }

  /** A sentence of the page itself. */
  note(text: string): void {
    const line = document.createElement('p');
    line.className = 'note';
    line.textContent = text;
    this.add(line);
  }

  private block(name: string): HTMLElement {
    const block = document.createElement('pre');
    block.className = `output ${name}`;
    block.tabIndex = 0; // long lines scroll
    return block;
  }

  /** The last of this run's outputs. */
  private last(): Element | undefined {
    return [...this.element.children].filter((one) => !this.old.includes(one)).at(-1);
  }

  /** New outputs stand before those of the last run. */
  private add<E extends Element>(element: E): E {
    const next = this.old.find((one) => one.parentElement === this.element) ?? null;
    this.element.insertBefore(element, next);
    // what was printed before goes with the first new output; charts wait for their own
    this.old = this.old.filter((one) => {
      if (one.matches('figure.chart')) return true;
      one.remove();
      return false;
    });
    return element;
  }

  /** The figure of that name, where it stands already: it changes in place. */
  private chart({ layout: { height = 450, meta } }: Payload): HTMLElement {
    const name = meta?.name ?? '';
    const there = [...this.element.children].find(
      (one) => one instanceof HTMLElement && one.matches('figure.chart') && one.dataset['name'] === name,
    ) as HTMLElement | undefined;
    if (there) {
      this.old = this.old.filter((one) => one !== there);
      return there;
    }
    const figure = document.createElement('figure');
    figure.className = 'chart';
    figure.dataset['name'] = name;
    const plot = document.createElement('div');
    plot.className = 'plot';
    plot.style.minHeight = `${height}px`;
    plot.setAttribute('aria-label', meta?.description ?? '');
    figure.append(plot);
    return figure;
  }

  private other(data: Record<string, unknown>): HTMLElement {
    const element = document.createElement('div');
    element.className = 'output';
    const text = (type: string): string => (typeof data[type] === 'string' ? data[type] : '');
    if ('text/html' in data) element.append(safeHtml(text('text/html')));
    else if ('image/png' in data) {
      const image = document.createElement('img');
      image.src = `data:image/png;base64,${text('image/png').replace(/[^A-Za-z0-9+/=]/g, '')}`;
      image.alt = text('text/plain');
      element.append(image);
    } else element.append(text('text/plain'));
    return element;
  }
}
