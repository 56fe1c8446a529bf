// How long `npm run figures` takes, by notebook: in a copy of the project's folder, so that no file of it changes.
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notebookNames, projectAt, renderGif, runNotebooks, type Project } from 'descent-lab-publish';
import { root, scratch } from './places';
import { thisCommit, thisMachine, type Figures } from './result';

const FRAMES = [25, 100, 400];

/** Measures. `log` is told what the figures' runner says. */
export async function measureFigures(log: (text: string) => void, signal: AbortSignal): Promise<Figures> {
  const project = copyOfProject();
  const date = new Date().toISOString();
  const run = (names: string[], jobs: number): Promise<Record<string, number>> =>
    secondsBy(project, names, jobs, log, signal);
  const all = notebookNames(project);
  log('every image drawn anew');
  for (const folder of [project.images, project.figures]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(project.figures, { recursive: true });
  const anew = await run(all, 2);
  log('nothing changed');
  const unchanged = await run(all, 2);
  log('a notebook that shows one animation, by frames');
  for (const frames of FRAMES) writeFileSync(join(project.notebooks, `${nameFor(frames)}.ipynb`), notebookWith(frames));
  const frames = await run(FRAMES.map(nameFor), 1);
  return {
    date,
    commit: thisCommit(),
    machine: thisMachine(),
    unchanged,
    anew,
    frames: Object.fromEntries(FRAMES.map((count) => [count, frames[nameFor(count)]!])),
  };
}

const nameFor = (frames: number): string => `frames-${frames}`;

function copyOfProject(): Project {
  const folder = join(scratch, 'project');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['notebooks', 'figures', 'README.md'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of ['data', 'models']) symlinkSync(join(root, name), join(folder, name), 'junction');
  return projectAt(folder);
}

async function secondsBy(
  project: Project,
  names: string[],
  jobs: number,
  log: (text: string) => void,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  const begin = performance.now();
  const failed = await runNotebooks(project, names, {
    timeout: 900,
    jobs,
    renderGif,
    signal,
    log: (text) => {
      log(`    ${text}`);
      const [, name, time] = /^(\S+): ([\d.]+) s/.exec(text) ?? [];
      if (name) seconds[name] = Number(time);
    },
  });
  if (failed.length) throw new Error(`${failed.join(', ')} failed: see above`);
  return { ...seconds, all: (performance.now() - begin) / 1000 };
}

/** A line that turns, in so many frames. */
function notebookWith(frames: number): string {
  const source = `import assert from 'node:assert/strict';
import { animate, axis, baseLayout, display } from 'descent-lab';
const states = Array.from({ length: ${frames} }, (_, i) => ({ label: String(i), data: [{ x: [0, 1], y: [0, i / ${frames}] }] }));
const figure = animate({
  name: 'turning-line-${frames}', description: 'A line that turns from level to rising.',
  data: [{ type: 'scatter', mode: 'lines', ...states[0].data[0] }],
  layout: { ...baseLayout({ title: 'A line that turns' }), xaxis: axis({ title: 'x', range: [0, 1] }),
    yaxis: axis({ title: 'y', range: [0, 1] }) },
}, states, { traces: [0] });
await display(figure);
assert.equal(figure.frames.length, ${frames});`;
  const lines = source.split('\n').map((line, i, all) => (i < all.length - 1 ? `${line}\n` : line));
  return JSON.stringify({
    cells: [
      { cell_type: 'markdown', id: 'title', metadata: {}, source: ['# Frames'] },
      { cell_type: 'code', id: 'run', execution_count: null, metadata: {}, outputs: [], source: lines },
    ],
    metadata: {
      kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
      language_info: { name: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
