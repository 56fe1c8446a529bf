import { kernel } from './kernel';
import { controlsBundle, type OpenPanel, type Panel } from './panel-spec';
import { comms } from './comms';
import { openWidgets } from './widgets';

/** Nobody moves what nobody sees. */
const still: Panel = { work: (make) => Promise.resolve(make()), show: () => undefined, fail: () => undefined };

/** In a notebook that somebody has open, controls of Jupyter's; else a line above the still. */
export const openPanel: OpenPanel = (spec, start, moved) => {
  const open = comms();
  if (open?.frontEnd) return openWidgets(open, spec, start, moved);
  const send = kernel()!;
  send(controlsBundle(spec), false);
  send(start, false);
  return still;
};
