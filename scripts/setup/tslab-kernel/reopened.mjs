// A notebook that was saved with controls and is opened with a new kernel: JupyterLab asks for models that nobody has, and
// would say "Error displaying widget: model not found". Here it is given the line that stands for the controls everywhere
// else where nobody has run the cell.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { adopt, onFrontEnd } from './comms.mjs';

const VIEW = 'application/vnd.jupyter.widget-view+json';
const CONTROLS = 'application/vnd.descent-lab.controls+json';

/** The notebook's outputs, by the file that Jupyter's server names; none where there is no such file. */
function savedOutputs() {
  const file = process.env.JPY_SESSION_NAME;
  if (!file?.endsWith('.ipynb')) return [];
  try {
    const { cells } = JSON.parse(readFileSync(path.resolve(file), 'utf8'));
    return cells.flatMap(({ outputs = [] }) => outputs);
  } catch {
    return [];
  }
}

const line = (text) => ({
  _model_module: '@jupyter-widgets/controls',
  _model_module_version: '2.0.0',
  _model_name: 'LabelModel',
  _view_module: '@jupyter-widgets/controls',
  _view_module_version: '2.0.0',
  _view_name: 'LabelView',
  value: text,
});

// In place of the models that the saved notebook knows of.
onFrontEnd.push(() => {
  for (const { data = {} } of savedOutputs()) {
    const id = data[VIEW]?.model_id;
    if (!id || !data[CONTROLS]) continue;
    const comm = adopt('jupyter.widget', id);
    const state = line([data['text/plain']].flat().join(''));
    comm.onMessage = ({ method }) => {
      if (method === 'request_state') comm.send({ method: 'update', state, buffer_paths: [] });
    };
  }
});
