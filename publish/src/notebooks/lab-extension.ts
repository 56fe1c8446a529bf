// What the project adds to its JupyterLab: an extension of one file, made when JupyterLab starts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { darkenedText } from 'descent-lab/internal';
import { narrowScript } from '../page/page';
import { writeIfChanged } from './files';
import { ownRoot } from './project';

const NAME = 'descent-lab-charts';

/** JupyterLab asks an extension's entry for a module of renderers: this one has none, and changes another's. */
const entry = (charts: string): string => `(() => {
const darkened = ${darkenedText};
${narrowScript}
${charts}
const extensions = (globalThis._JUPYTERLAB ??= {});
extensions['${NAME}'] = {
  init() {},
  async get() {
    const plotly = extensions['jupyterlab-plotly'];
    if (plotly) await mendCharts(plotly).catch((error) => console.warn('charts stay as the Plotly extension draws them', error));
    return () => ({ __esModule: true, default: [] });
  },
};
})();
`;

/** Makes the extension. Returns the folder in which JupyterLab finds it. */
export function makeLabExtension(): string {
  const folder = join(ownRoot, '.setup', 'labextensions');
  const description = {
    name: NAME,
    version: '1.0.0',
    jupyterlab: { mimeExtension: true, _build: { load: 'static/remoteEntry.js', mimeExtension: './mimeExtension' } },
  };
  const charts = readFileSync(join(ownRoot, 'publish', 'lab', 'charts.js'), 'utf8');
  writeIfChanged(join(folder, NAME, 'package.json'), JSON.stringify(description));
  writeIfChanged(join(folder, NAME, 'static', 'remoteEntry.js'), entry(charts));
  return folder;
}
