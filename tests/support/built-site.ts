// The site, for the tests that open it: built once for all test files of a run, since it takes ten seconds of two cores.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../../lib/native/lock.mjs';
import { identify, runs, type Identity } from '../../lib/native/process.mjs';
import { ownRoot, projectAt } from '../../publish/src/notebooks/project';
import { buildSite } from '../../publish/src/site/build';
import { compile } from './compiled';

const folder = join(ownRoot, 'tests', 'output', 'sites');

/** The folder of the site as it is now, for this run: that of the process that starts the test files. */
export async function builtSite(): Promise<string> {
  const run = identify(process.ppid);
  const own = join(folder, String(run.pid));
  const [site, mark] = [join(own, 'site'), join(own, 'run.json')];
  mkdirSync(folder, { recursive: true });
  const release = await takeLock(join(folder, 'lock'), () => undefined);
  try {
    if (existsSync(mark) && readFileSync(mark, 'utf8') === JSON.stringify(run)) return site;
    removeOld();
    mkdirSync(own, { recursive: true });
    compile();
    await buildSite(projectAt(ownRoot), { out: site, warn: () => undefined });
    writeFileSync(mark, JSON.stringify(run));
    return site;
  } finally {
    release();
  }
}

/** Removes the sites of runs that have ended. */
function removeOld(): void {
  for (const name of readdirSync(folder).filter((name) => /^\d+$/.test(name))) {
    const mark = join(folder, name, 'run.json');
    const run = existsSync(mark) ? (JSON.parse(readFileSync(mark, 'utf8')) as Identity) : undefined;
    if (!run || !runs(run)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
