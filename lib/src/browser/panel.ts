// In a page: what ../edge/panel.ts is in Node.
import { kernel } from '../edge/kernel';
import { controlsBundle, type OpenPanel, type Panel, type Places } from '../edge/panel-spec';
import { payloadOf, type Payload } from '../edge/payload';

/** What draws on the page. */
export interface PagePanel extends Pick<Panel, 'work' | 'fail'> {
  show(payload: Payload): void;
}

/** Connects a panel of the page, which the page knows by `id`: `moved` is to be told where its dials stand. */
export type PanelHost = (id: string, moved: (places: Places) => Promise<void>) => PagePanel;

let host: PanelHost | undefined;

/** Says how panels reach the page from here. */
export const setPanels = (to: PanelHost): void => {
  host = to;
};

export const openPanel: OpenPanel = (spec, start, moved) => {
  const send = kernel()!;
  const id = start.transient.display_id!;
  send(controlsBundle({ ...spec, id }), false);
  const panel = host!(id, moved);
  send(start, false);
  return { ...panel, show: (figure) => panel.show(payloadOf(figure)) };
};
