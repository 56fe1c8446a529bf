// The notebooks outside the project's JupyterLab: started as VS Code starts them, and by a tslab installed elsewhere.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import test, { before, type TestContext } from 'node:test';
import { checkNotebook } from '../publish/src/notebooks/check';
import { venvBin } from '../publish/src/notebooks/jupyter';
import { readNotebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { lessonNames } from '../publish/src/notebooks/run';
import { compile } from './support/compiled';
import { withoutLab } from './support/jupyterlab';

before(compile);

/** As VS Code does: the kernel starts in the notebook's folder. Prints the folder of the kernel's specification. */
const nbclient = `
import sys, nbformat
from jupyter_client.kernelspec import get_kernel_spec
from nbclient import NotebookClient
notebook, result, folder = sys.argv[1:]
cells = nbformat.read(notebook, 4)
client = NotebookClient(cells, timeout=900, startup_timeout=300, kernel_name='tslab', record_timing=False,
                        coalesce_streams=True, resources={'metadata': {'path': folder}})
client.execute()
nbformat.write(cells, result)
print(get_kernel_spec('tslab').resource_dir)
`;

/** Runs a copy of a notebook in a folder of the project, and looks at what comes out. Returns the kernel's folder. */
function runNotebook(name: string, env: Record<string, string> = {}): string {
  const output = join(ownRoot, 'tests', 'output');
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(output, 'kernels-'));
  try {
    const notebooks = join(folder, 'notebooks');
    const file = join(notebooks, `${name}.ipynb`);
    const result = join(folder, 'executed.ipynb');
    cpSync(join(ownRoot, 'notebooks', `${name}.ipynb`), file);
    for (const other of ['data', 'models']) symlinkSync(join(ownRoot, other), join(folder, other), 'junction');
    const run = spawnSync(venvBin('python'), ['-c', nbclient, file, result, notebooks], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(checkNotebook(readNotebook(result)), []);
    return run.stdout.trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const hindrance = existsSync(venvBin('jupyter')) ? false : 'no Jupyter in .venv: run "npm run setup"';

test('notebooks run as VS Code runs them, each in its own folder', { skip: hindrance }, async (t) => {
  const names = lessonNames(projectAt(ownRoot));
  // JupyterLab's test runs them all, on the same kernel and in the same folder: where it can, one shows the rest.
  for (const name of (await withoutLab()) ? names : names.slice(0, 1)) {
    await t.test(name, () => {
      const kernel = runNotebook(name);
      assert.ok(kernel.startsWith(join(ownRoot, '.venv')), kernel);
    });
  }
});

test('a notebook runs on the kernel that tslab installs by itself', { skip: hindrance }, (t: TestContext) => {
  const prefix = mkdtempSync(join(ownRoot, '.setup', 'prefix-'));
  t.after(() => rmSync(prefix, { recursive: true }));
  const PATH = [join(ownRoot, 'node_modules', '.bin'), process.env.PATH].join(delimiter); // as a global tslab's would be
  const installed = spawnSync('tslab', ['install', `--python=${venvBin('python')}`, `--prefix=${prefix}`], {
    encoding: 'utf8',
    env: { ...process.env, PATH },
    shell: process.platform === 'win32',
  });
  assert.equal(installed.status, 0, installed.stderr);
  const data = join(prefix, 'share', 'jupyter');
  assert.equal(runNotebook('01-fit-a-line', { PATH, JUPYTER_PATH: data }), join(data, 'kernels', 'tslab'));
});
