// What stands below a cell: printed lines, charts, tables, errors. Old outputs keep their place until the new ones come.
import type { Bundle, PanelSpec, Payload as Drawable } from 'descent-lab/internal';
import type { CellError, Message } from '../protocol';
import { Panel, placeIn, pointsIn, type PanelEvents } from './panel';
import { safeHtml } from './safe-html';

declare global {
  interface Window {
    /** Draws a chart into its figure, in place of what is there, once that is in sight: in the site's own script. */
    drawChart?: (figure: HTMLElement, payload: unknown) => void;
    /** The same at once, where Plotly has drawn it already. */
    redrawChart?: (figure: HTMLElement, payload: unknown) => Promise<unknown>;
    /** Loads what draws charts. */
    loadCharts?: () => Promise<void>;
  }
}

const PLOTLY = 'application/vnd.plotly.v1+json';
const CONTROLS = 'application/vnd.descent-lab.controls+json';

/** What the page asks of a chart. */
type Payload = { layout: { height?: number; meta?: { name?: string; description?: string } } };

/** An output as a notebook's file has it. */
type Result =
  | { output_type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { output_type: 'display_data'; data: Bundle['data']; metadata: Bundle['metadata'] }
  | { output_type: 'error'; ename: string; evalue: string; traceback: string[] };

const nameOf = (data: Bundle['data']): string | undefined => (data[PLOTLY] as Payload | undefined)?.layout.meta?.name;

/** The outputs of one cell. */
export class Outputs {
  /** What the last run has shown, in order; a chart that was updated is there once. */
  private readonly list: { result: Result; id?: string | undefined }[] = [];
  private old: Element[] = [];
  private readonly shown = new Map<string, Element>();

  /** The controls, by the names of their figures. */
  private readonly panels = new Map<string, Panel>();
  private readonly pointed = new WeakSet<HTMLElement>();

  constructor(
    private readonly element: HTMLElement,
    private readonly events: PanelEvents,
  ) {
    for (const one of element.querySelectorAll<HTMLElement>('.panel')) this.addPanel(Panel.of(one, events));
  }

  /** A dial was moved before this page's script was there. */
  moved(element: HTMLElement): void {
    [...this.panels.values()].find((panel) => panel.element === element)?.moved();
  }

  /** So was a chart pressed. */
  pressed(figure: HTMLElement, event: PointerEvent): void {
    const place = placeIn(figure, event);
    if (place) this.panels.get(figure.dataset['name'] ?? '')?.point(...place);
  }

  /** What the kernel has made anew for a panel, if it is one of these. */
  hear(message: Extract<Message, { type: 'drawn' }>): void {
    const panel = [...this.panels.values()].find(({ id }) => id === message.id);
    void panel?.hear(message, (payload) => this.redraw(payload));
  }

  /** The kernel is gone, and what it knew of the panels. */
  forget(): void {
    this.panels.forEach((panel) => panel.forget());
  }

  private addPanel(panel: Panel): void {
    this.panels.set(panel.figure, panel);
    const chart = this.chartOf(panel.figure);
    if (chart) this.letPoint(chart);
  }

  private letPoint(figure: HTMLElement): void {
    if (this.pointed.has(figure)) return;
    this.pointed.add(figure);
    pointsIn(figure, (x, y) => this.panels.get(figure.dataset['name'] ?? '')?.point(x, y));
  }

  private async redraw(payload: Drawable): Promise<void> {
    const name = (payload as Payload).layout.meta?.name ?? '';
    const chart = this.chartOf(name);
    if (!chart) return;
    const last = this.list.findLast(({ result }) => 'data' in result && nameOf(result.data) === name);
    if (last && 'data' in last.result) last.result.data = { ...last.result.data, [PLOTLY]: payload };
    await window.redrawChart!(chart, payload);
  }

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
    const element = payload
      ? this.chart(payload)
      : CONTROLS in data
        ? this.panel(data[CONTROLS] as unknown as PanelSpec)
        : this.other(data);
    if (before && before !== element) before.replaceWith(element);
    else if (!before && !element.isConnected) this.add(element);
    if (id !== undefined) this.shown.set(id, element);
    if (!payload) return;
    window.drawChart!(element, payload);
    const panel = this.panels.get(payload.layout.meta?.name ?? '');
    if (!panel) return;
    this.letPoint(element);
    panel.begin();
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
      if (one.matches('figure.chart, .panel')) return true;
      one.remove();
      return false;
    });
    return element;
  }

  /** The figure of that name, where it stands already: it changes in place. */
  private chart({ layout: { height = 450, meta } }: Payload): HTMLElement {
    const name = meta?.name ?? '';
    const there = this.chartOf(name);
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

  private chartOf(name: string): HTMLElement | undefined {
    return [...this.element.children].find(
      (one): one is HTMLElement =>
        one instanceof HTMLElement && one.matches('figure.chart') && one.dataset['name'] === name,
    );
  }

  /** The controls of that figure, where they stand already: the reader's hand may be on them. */
  private panel(spec: PanelSpec): HTMLElement {
    const there = this.panels.get(spec.figure);
    const panel = there ?? Panel.make(spec, this.events);
    panel.adopt(spec);
    if (!there) this.addPanel(panel);
    this.old = this.old.filter((one) => one !== panel.element);
    return panel.element;
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
