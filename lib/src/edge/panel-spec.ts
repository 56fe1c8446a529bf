// What stands above a figure that answers, as a screen is told of it.
import type { Figure } from '../figures';
import type { Control, Dial } from './controls';
import type { Bundle } from './kernel';

/** The type of an output that tells a page its controls. */
export const CONTROLS_MIME = 'application/vnd.descent-lab.controls+json';

/** A control, as far as a screen shows it. */
export interface ControlSpec {
  kind: Control<unknown>['kind'];
  label: string;
  dials: readonly Dial[];
}

/** The controls of a figure. */
export interface PanelSpec {
  /** The figure's name. */
  figure: string;
  controls: readonly ControlSpec[];
  /** By this the kernel knows them; those of a notebook that nobody runs have none. */
  id?: string;
}

/** Where all dials of all controls stand. */
export type Places = readonly (readonly number[])[];

/** What draws on the screen that the controls stand on. */
export interface Panel {
  /** Runs what makes a figure when no cell runs, and so that it can be stopped. */
  work<T>(make: () => T | Promise<T>): Promise<T>;
  show(figure: Figure): void | Promise<void>;
  fail(error: unknown): void;
}

/** Shows the controls, and the figure of their start below them; `moved` is told where they have been moved to. */
export type OpenPanel = (spec: PanelSpec, start: Bundle, moved: (places: Places) => Promise<void>) => Panel;

/** The controls' own output: a line, where nothing shows them. */
export const controlsBundle = (spec: PanelSpec): Bundle => ({
  data: { [CONTROLS_MIME]: JSON.parse(JSON.stringify(spec)) as Record<string, string>, 'text/plain': lineOf(spec) },
  metadata: {},
  transient: {},
});

const lineOf = ({ controls }: PanelSpec): string =>
  `Controls: ${controls.map(({ label }) => label).join(', ')}. They answer once this cell runs in JupyterLab or on the notebook's page.`;
