// The doctor, where nothing is installed and where everything is.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { before, type TestContext } from 'node:test';
import { compile } from './support/compiled';

before(compile);

const project = path.join(__dirname, '..');
const parts = [
  'Node',
  'native TensorFlow',
  'polars binary',
  'library',
  'Python environment',
  'kernel',
  'Plotly extension',
  'browser for images',
];

/** Runs the doctor of a project; the answer by part: `ok` or `FAIL`, and what it says. */
function diagnose(root: string) {
  const doctor = spawnSync(process.execPath, ['scripts/doctor.mjs'], { cwd: root, encoding: 'utf8' });
  const { status, stdout, stderr } = doctor;
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, parts.length, stdout + stderr);
  const answers = new Map(
    lines.map((line) => {
      const [, verdict, part, said] = /^(ok|FAIL) +(.*?) {2,}(.*)$/.exec(line)!;
      return [part!, { verdict, said: said! }];
    }),
  );
  assert.deepEqual([...answers.keys()], parts);
  return { status, of: (part: string) => answers.get(part)! };
}

/** A project folder with the doctor, and nothing or the named parts of this project linked in. */
function folder(t: TestContext, ...links: string[]) {
  const root = mkdtempSync(path.join(tmpdir(), 'descent-lab-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const part of ['scripts', 'lib/native']) {
    cpSync(path.join(project, part), path.join(root, part), { recursive: true });
  }
  mkdirSync(path.join(root, 'lib', 'src'), { recursive: true });
  for (const link of links) symlinkSync(path.join(project, link), path.join(root, link));
  return root;
}

test('it explains itself', () => {
  const ask = (option: string) =>
    spawnSync(process.execPath, ['scripts/doctor.mjs', option], { cwd: project, encoding: 'utf8' });
  assert.match(ask('--help').stdout, /^Usage: npm run doctor/);
  assert.deepEqual([ask('--help').status, ask('--bogus').status], [0, 1]);
});

test('where nothing is installed every part but Node fails, each with its remedy', (t) => {
  const { status, of } = diagnose(folder(t));
  assert.equal(status, 1);
  assert.deepEqual(of('Node'), { verdict: 'ok', said: process.versions.node });
  for (const part of parts.slice(1)) {
    assert.equal(of(part).verdict, 'FAIL', part);
    assert.match(of(part).said, /Run "npm run setup"\.$/, part);
  }
});

test('where everything is installed every part is well, with its version', () => {
  const { status, of } = diagnose(project);
  for (const part of parts) {
    assert.equal(of(part).verdict, 'ok', `${part}: ${of(part).said}`);
    assert.match(of(part).said, /\d+\.\d+/, part);
  }
  assert.equal(status, 0);
});

test('one part that fails makes it exit 1: plotly.js in the charts of JupyterLab and of the pages differ', (t) => {
  const root = folder(t, '.venv');
  const script = path.join(root, 'node_modules', 'plotly.js-strict-dist-min');
  mkdirSync(script, { recursive: true });
  writeFileSync(path.join(script, 'package.json'), '{ "version": "0.0.1" }');
  const { status, of } = diagnose(root);
  assert.equal(status, 1);
  assert.equal(of('Python environment').verdict, 'ok');
  assert.match(
    of('Plotly extension').said,
    /plotly\.js 4\.[\d.]+, but the offline pages with plotly\.js-strict-dist-min 0\.0\.1/,
  );
});

test('a kernel whose Node is gone is found out', (t) => {
  const root = folder(t);
  const kernel = path.join(root, '.venv', 'share', 'jupyter', 'kernels', 'tslab');
  mkdirSync(kernel, { recursive: true });
  writeFileSync(path.join(kernel, 'kernel.json'), JSON.stringify({ argv: [path.join(root, 'gone', 'node'), 'tslab'] }));
  assert.match(diagnose(root).of('kernel').said, /^it starts \S+gone\Wnode, which is not there\. Run/);
});
