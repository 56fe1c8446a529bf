// nbconvert by hand, on a notebook with controls: it ends, and the page has the still with its text and says where it answers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { jupyterEnv, venvBin } from '../publish/src/notebooks/jupyter';
import { readNotebook } from '../publish/src/notebooks/notebook';
import { withoutBrowser } from './support/browser';
import { compile } from './support/compiled';
import { emptyNotebook } from './support/jupyterlab';

const CELL = `import { interact, slider } from 'descent-lab';
await interact({ speed: slider({ from: 0, to: 10, step: 1, start: 3 }) }, ({ speed }) => (
  { name: 'dial', description: 'a "dial" at <' + speed + '>', data: [{ x: [0, 1], y: [0, 1] }], layout: { height: 300 } }
));`;

test('nbconvert --execute keeps the still of a chart with controls, its text, and a line', async (t) => {
  if (!existsSync(venvBin('jupyter'))) return t.skip('no .venv: run "npm run setup"');
  const reason = await withoutBrowser();
  if (reason) return t.skip(reason);
  compile();
  const folder = emptyNotebook(1);
  t.after(() => rmSync(folder, { recursive: true }));
  const notebook = readNotebook(join(folder, 'work.ipynb'));
  notebook.cells[0]!.source = CELL;
  writeFileSync(join(folder, 'work.ipynb'), JSON.stringify(notebook));
  const { status, stderr } = spawnSync(
    venvBin('jupyter'),
    ['nbconvert', '--execute', '--to', 'html', join(folder, 'work.ipynb')],
    { encoding: 'utf8', env: jupyterEnv(), timeout: 120_000 },
  );
  assert.equal(status, 0, stderr);
  const page = readFileSync(join(folder, 'work.html'), 'utf8');
  const [, ...outputs] = page.slice(page.indexOf('<body')).split('<div class="jp-OutputArea-child">');
  const [line, still] = outputs;
  assert.match(
    line!,
    /<pre>Controls: speed\. They answer once this cell runs in JupyterLab or on the notebook's page\./,
  );
  assert.match(still!, /<img alt='a "dial" at &lt;3&gt;'[^>]* src="data:image\/png;base64,[\w+/]{1000}/);
  assert.doesNotMatch(outputs.join(''), /No description has been provided|widget-view/);
});

test("a hint stays folded on nbconvert's page, with its Markdown set", (t) => {
  if (!existsSync(venvBin('jupyter'))) return t.skip('no .venv: run "npm run setup"');
  const lesson = join(__dirname, 'fixtures', 'lesson', '07-small.ipynb');
  const { status, stdout, stderr } = spawnSync(venvBin('jupyter'), ['nbconvert', '--to', 'html', '--stdout', lesson], {
    encoding: 'utf8',
    env: jupyterEnv(),
    maxBuffer: 1e8,
  });
  assert.equal(status, 0, stderr);
  const hints = stdout.match(/<details><summary>Hint<\/summary>[^]*?<\/details>/g)!;
  assert.equal(hints.length, 2);
  assert.match(hints[1]!, /<p>Change <strong>one<\/strong> sign\.<\/p>/);
});
