// Jupyter's own controls above a figure: https://github.com/jupyter-widgets/ipywidgets, packages/schema/messages.md
import { readFileSync } from 'node:fs';
import type { Figure } from '../figures';
import type { Comm, Comms } from './comms';
import { nearest } from './controls';
import { bundleOf } from './display';
import { kernel, type Bundle } from './kernel';
import { controlsBundle, type ControlSpec, type Panel, type PanelSpec, type Places } from './panel-spec';
import { payloadOf } from './payload';
import { plotlyScript } from './plotly-script';
import { CHART_WIDGET } from './chart-widget';

const VIEW_MIME = 'application/vnd.jupyter.widget-view+json';

/** After the last change, how long the hand rests before the output that is saved follows. Milliseconds. */
const REST = 500;
/** After this a figure that is not there yet is said to be computed. Milliseconds. */
const SLOW = 300;

type State = Record<string, unknown>;

const from = (module: string, version: string, name: string): State => ({
  _model_module: module,
  _model_module_version: version,
  _model_name: `${name}Model`,
  _view_module: module,
  _view_module_version: version,
  _view_name: `${name}View`,
});
const base = (name: string): State => from('@jupyter-widgets/base', '2.0.0', name);
const controls = (name: string): State => from('@jupyter-widgets/controls', '2.0.0', name);

/** A model in the front end, and its state here. */
class Model {
  onChange?: () => unknown;
  onCustom?: (content: unknown) => unknown;
  private readonly comm: Comm;

  constructor(
    comms: Comms,
    readonly state: State,
  ) {
    this.comm = comms.open('jupyter.widget', { state, buffer_paths: [] }, { version: '2.1.0' });
    this.comm.onMessage = ({ method, state: changed, content }) => {
      if (method === 'request_state') return this.send(this.state);
      if (method === 'custom') return this.onCustom?.(content);
      if (method !== 'update') return undefined;
      Object.assign(this.state, changed);
      return this.onChange?.();
    };
  }

  get id(): string {
    return this.comm.id;
  }

  get reference(): string {
    return `IPY_MODEL_${this.id}`;
  }

  set(state: State): void {
    Object.assign(this.state, state);
    this.send(state);
  }

  tell(content: object): void {
    this.comm.send({ method: 'custom', content });
  }

  close(): void {
    this.comm.close();
  }

  private send(state: State): void {
    this.comm.send({ method: 'update', state, buffer_paths: [] });
  }
}

/** The models of each figure's controls: those of a cell that runs again go. */
const opened = new Map<string, Model[]>();

/** Shows the controls, and the figure below them in an output of its own: that is what a saved notebook keeps. */
export function openWidgets(
  comms: Comms,
  spec: PanelSpec,
  start: Bundle,
  moved: (places: Places) => Promise<void>,
): Panel {
  opened.get(spec.figure)?.forEach((model) => model.close());
  const models: Model[] = [];
  opened.set(spec.figure, models);
  const make = (state: State): Model => {
    const model = new Model(comms, state);
    models.push(model);
    return model;
  };
  const dials = spec.controls.map((control) => dialsOf(control, make));
  const places = (): Places => dials.map((those) => those.map(({ state }) => state['index'] as number));
  const change = (): Promise<void> => moved(places());
  for (const dial of dials.flat()) dial.onChange = change;

  const chart = make({
    ...from('anywidget', '~0.11.0', 'Any'),
    layout: make({ ...base('Layout'), width: '100%' }).reference,
    _esm: CHART_WIDGET,
    _anywidget_id: 'descent-lab.chart',
    _view_count: null,
    _dom_classes: [],
    figure: null,
    said: '',
    points: spec.controls.some(({ kind }) => kind === 'point'),
  });
  chart.onCustom = (content) => {
    const { need, point } = content as { need?: string; point?: [number, number] };
    if (need === 'plotly') return chart.tell({ plotly: readFileSync(plotlyScript(), 'utf8') });
    if (!point) return undefined;
    const at = spec.controls.findIndex(({ kind }) => kind === 'point');
    dials[at]?.forEach((dial, i) => dial.set({ index: nearest(spec.controls[at]!.dials[i]!.values!, point[i]!) }));
    return change();
  };
  const column = make({
    ...controls('VBox'),
    layout: make(base('Layout')).reference,
    box_style: '',
    children: [...dials.flat(), chart].map(({ reference }) => reference),
  });
  const send = kernel()!;
  const { data, ...rest } = controlsBundle(spec);
  const view = { version_major: 2, version_minor: 0, model_id: column.id };
  send({ ...rest, data: { ...data, [VIEW_MIME]: view } }, false);
  send(start, false);

  let resting: ReturnType<typeof setTimeout> | undefined;
  /** The output that is saved shows what the chart shows. */
  const keep = (figure: Figure): void => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      void bundleOf(figure).then((bundle) => kernel()?.({ ...bundle, transient: start.transient }, true));
    }, REST);
    resting.unref();
  };
  return {
    async work(draw) {
      const slow = setTimeout(() => chart.set({ said: 'computing ...' }), SLOW);
      try {
        return await comms.between(draw);
      } finally {
        clearTimeout(slow);
      }
    },
    show(figure) {
      chart.set({ figure: payloadOf(figure), said: '' });
      keep(figure);
    },
    fail: (error) => chart.set({ said: `${error instanceof Error ? error.message : String(error)}` }),
  };
}

/** The models of a control: one for each of its dials. */
function dialsOf({ kind, label, dials }: ControlSpec, make: (state: State) => Model): Model[] {
  const isChoice = kind === 'choice';
  return dials.map((dial) =>
    make({
      ...controls(isChoice ? 'Dropdown' : 'SelectionSlider'),
      _options_labels: dial.texts,
      index: dial.start,
      description: [label, dial.label].filter(Boolean).join(' '),
      disabled: false,
      layout: make({ ...base('Layout'), width: '34em' }).reference,
      style: make({
        ...controls('DescriptionStyle'),
        _view_module: '@jupyter-widgets/base',
        _view_name: 'StyleView',
        description_width: '10em',
      }).reference,
      ...(!isChoice && { continuous_update: true, readout: true, orientation: 'horizontal', behavior: 'drag-tap' }),
    }),
  );
}
