// Makes the project ready to run: called by every "npm run" command, needs nothing but Node, does only what is missing.
//
// Each step in scripts/setup/ makes one part, and writes a stamp into it at the very end. A step is done when its stamp
// says so; anything else (never made, interrupted, its inputs changed) is made anew. All output goes to stderr.
import { runCommand } from '../lib/native/edge.mjs';
import { messageOf, SetupError } from '../lib/native/errors.mjs';
import { workAlone } from '../lib/native/workplace.mjs';
import { kernel } from './setup/kernel.mjs';
import { library } from './setup/library.mjs';
import { native } from './setup/native.mjs';
import { nbconvert } from './setup/nbconvert.mjs';
import { nodeModules } from './setup/node-modules.mjs';
import { checkNode } from './setup/node-version.mjs';
import { isStamped, megabytes, removeStamp, scratch, setupFolder, textOf, writeStamp } from './setup/project.mjs';
import { pythonVenv } from './setup/python.mjs';
import { samplePhotos } from './setup/sample-photos.mjs';

const tools = [nodeModules, pythonVenv, native, kernel, nbconvert, samplePhotos];
/** All parts, or those that are named: `tools` is enough for tests, which run the library's source. */
const steps = { tools, library: [library] }[process.argv[2]] ?? [...tools, library];
const log = (text) => process.stderr.write(`set-up: ${text}\n`);

async function make(step) {
  log(`${step.title}: ${step.detail} ...`);
  const start = Date.now();
  const stamp = textOf(step.stamp);
  removeStamp(step);
  try {
    if ((await step.install((text) => log(`${step.title}: ${text}`), stamp)) === false) return;
    writeStamp(step);
  } catch (error) {
    throw new SetupError(`${step.title}: ${messageOf(error)}`);
  }
  const size = step.takes ? `, ${megabytes(step.takes)} MB on disk` : '';
  log(`${step.title}: done in ${((Date.now() - start) / 1000).toFixed(1)} s${size}`);
}

async function makeAll() {
  checkNode();
  if (steps.every(isStamped)) return;
  await workAlone(setupFolder, scratch, log, async () => {
    for (const step of steps) if (!isStamped(step)) await make(step);
  });
}

runCommand(makeAll, log);
