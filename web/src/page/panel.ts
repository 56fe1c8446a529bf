// The controls above a chart: they tell the kernel where they stand, and the chart follows while the hand moves.
import type { PanelSpec, Places } from 'descent-lab/internal';
import { panelHtml } from '../panel-html';
import type { Message } from '../protocol';

type Drawn = Extract<Message, { type: 'drawn' }>;

/** After this a chart that is not there yet is said to be computed. Milliseconds. */
const SLOW = 300;

/** What a panel asks of the page. */
export interface PanelEvents {
  /** It was moved, and no kernel knows it: its cell has to run. */
  wake: () => void;
  /** Tells the kernel that knows it as `id`. */
  move: (id: string, places: Places) => void;
}

export class Panel {
  /** By this the kernel knows it. */
  id: string | undefined;
  private isMoved = false;
  private isDrawing = false;
  private slow: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly element: HTMLElement,
    private spec: PanelSpec,
    private readonly events: PanelEvents,
  ) {
    element.addEventListener('input', () => this.moved());
  }

  /** A panel that is new on the page. */
  static make(spec: PanelSpec, events: PanelEvents): Panel {
    const element = document.createElement('div');
    element.className = 'panel';
    element.setAttribute('role', 'group');
    element.setAttribute('aria-label', 'Controls of the chart below');
    element.innerHTML = panelHtml(spec);
    return new Panel(element, spec, events);
  }

  /** A panel that the page came with. */
  static of(element: HTMLElement, events: PanelEvents): Panel {
    return new Panel(element, JSON.parse(element.querySelector('script')!.textContent) as PanelSpec, events);
  }

  get figure(): string {
    return this.spec.figure;
  }

  /** The kernel knows it now; where the reader has moved it before, it stays, and the chart follows. */
  adopt(spec: PanelSpec): void {
    const isSame = panelHtml(spec) === panelHtml(this.spec);
    if (!isSame) this.element.innerHTML = panelHtml(spec);
    this.id = spec.id;
    this.spec = spec;
    this.isDrawing = false;
    const starts = spec.controls.map(({ dials }) => dials.map(({ start }) => start));
    this.isMoved = JSON.stringify(starts) !== JSON.stringify(this.places());
    this.say('');
  }

  /** The figure of the start is there: now the chart may follow what was moved meanwhile. */
  begin(): void {
    if (this.isMoved) this.tell();
  }

  /** The kernel is gone. */
  forget(): void {
    this.id = undefined;
    this.isDrawing = false;
    this.say('');
  }

  /** The dials have been moved. */
  moved(): void {
    for (const label of this.element.querySelectorAll('label:has(output)')) {
      const input = label.querySelector('input')!;
      const text = this.dialOf(input).texts[Number(input.value)]!;
      label.querySelector('output')!.textContent = text;
      input.setAttribute('aria-valuetext', text);
    }
    this.isMoved = true;
    if (this.id === undefined) this.events.wake();
    else this.tell();
  }

  /** Puts the point where the chart was pressed. */
  point(x: number, y: number): void {
    const at = this.spec.controls.findIndex(({ kind }) => kind === 'point');
    if (at < 0) return;
    const first = this.spec.controls.slice(0, at).reduce((sum, { dials }) => sum + dials.length, 0);
    [x, y].forEach((value, i) => {
      const values = this.spec.controls[at]!.dials[i]!.values!;
      const off = values.map((one) => Math.abs(one - value));
      (this.dials()[first + i] as HTMLInputElement).value = String(off.indexOf(Math.min(...off)));
    });
    this.moved();
  }

  /** What the kernel made of the last move. */
  async hear({ payload, text }: Drawn, draw: (payload: NonNullable<Drawn['payload']>) => unknown): Promise<void> {
    clearTimeout(this.slow);
    let said = text;
    try {
      if (payload) await draw(payload);
    } catch (error) {
      said = String((error as Error | undefined)?.message ?? error); // the chart is refused; the next may not be
    }
    this.isDrawing = false;
    this.say(said);
    if (this.isMoved) this.tell();
  }

  /** One move at a time: the kernel is told of the next when the chart shows the last. */
  private tell(): void {
    if (this.isDrawing || this.id === undefined) return;
    this.isMoved = false;
    this.isDrawing = true;
    this.slow = setTimeout(() => this.say('computing ...', true), SLOW);
    this.events.move(this.id, this.places());
  }

  /** Says how it stands; what would be said of a slow chart no longer holds then. */
  private say(text: string, isSlow = false): void {
    clearTimeout(this.slow);
    this.element.querySelector('.said')!.textContent = text;
    this.element.querySelector<HTMLElement>('[data-action="stop-drawing"]')!.hidden = !isSlow;
  }

  private dials(): (HTMLInputElement | HTMLSelectElement)[] {
    return [...this.element.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')];
  }

  private dialOf(input: Element): PanelSpec['controls'][number]['dials'][number] {
    const all = this.spec.controls.flatMap(({ dials }) => dials);
    return all[this.dials().indexOf(input as HTMLInputElement)]!;
  }

  private places(): Places {
    const at = this.dials().map((one) => (one instanceof HTMLSelectElement ? one.selectedIndex : Number(one.value)));
    return this.spec.controls.map(({ dials }) => at.splice(0, dials.length));
  }
}

/** Hears of presses and drags in the first panel of a chart: mouse and finger alike. */
export function pointsIn(figure: HTMLElement, tell: (x: number, y: number) => void): void {
  let isHeld = false;
  const at = (event: PointerEvent): void => {
    const place = placeIn(figure, event);
    if (place) tell(...place);
  };
  figure.addEventListener(
    'pointerdown',
    (event) => {
      isHeld = areaOf(figure) === event.target;
      if (isHeld) at(event);
    },
    true,
  );
  addEventListener('pointermove', (event) => isHeld && at(event));
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => (isHeld = false));
}

const areaOf = (figure: Element): Element | null => figure.querySelector('.nsewdrag[data-subplot="xy"]');

/** Where in its first pair of axes a chart was pressed. */
export function placeIn(figure: Element, { clientX, clientY }: PointerEvent): [x: number, y: number] | undefined {
  const area = areaOf(figure);
  const plot = figure.querySelector<PlotlyElement>('.js-plotly-plot');
  if (!area || !plot) return undefined;
  const box = area.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  return [xaxis.p2d(clientX - box.left), yaxis.p2d(clientY - box.top)];
}

/** What Plotly keeps of its axes: pixels as data. */
type PlotlyElement = HTMLElement & { _fullLayout: Record<'xaxis' | 'yaxis', { p2d: (pixels: number) => number }> };
