// One at a time where two would write into the same place.
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, runs } from './process.mjs';

/** How often a lock is looked at, in milliseconds. */
const PACE = 200;
/** Looks before a lock is believed: a process that was just killed takes a moment to end. */
const LOOKS = 5;

/** What this process's locks hold, by their files: which process, and one word for each time that it was taken. */
const held = new Map();
process.on('exit', releaseAll);

/** What a lock file says; undefined where there is none, {} where it is no lock: a power cut leaves such. */
function read(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const holder = JSON.parse(text);
    return holder?.pid > 0 && typeof holder.taken === 'string' ? holder : {};
  } catch {
    return {};
  }
}

const isHeld = (file, { pid, began, taken }) =>
  // In containers a run that was killed often had the number that this one has now.
  pid === process.pid ? held.get(file)?.taken === taken : runs({ pid, began });

function write(file, holder, put) {
  const mine = `${file}.${process.pid}`;
  try {
    writeFileSync(mine, JSON.stringify(holder));
    put(mine, file);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Takes a lock that is nobody's; says whether it did. */
function tryToTake(file) {
  const holder = { ...identify(process.pid), taken: randomUUID() };
  try {
    write(file, holder, linkSync); // Unlike a rename, fails where there is a lock; and a lock is never seen empty.
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  held.set(file, holder);
  return true;
}

function release(file) {
  const holder = held.get(file);
  if (holder && read(file)?.taken === holder.taken) rmSync(file, { force: true });
  held.delete(file);
}

/** Gives back all that this process holds. */
export function releaseAll() {
  [...held.keys()].forEach(release);
}

/**
 * Removes a lock that was seen to be nobody's. Between the look and the removal another may have done so and a third
 * have taken it: so whoever removes it holds a lock on just that, and looks again.
 */
function removeDead(file, { taken = 'damaged', pid }) {
  const removal = `${file}.${taken}`;
  if (tryToTake(removal)) {
    if ((read(file)?.taken ?? 'damaged') === taken) {
      rmSync(file, { force: true });
      if (pid) rmSync(`${file}.${pid}`, { force: true }); // it was killed inside `write`
    }
    release(removal);
  } else {
    const other = read(removal);
    if (other && !isHeld(removal, other)) removeDead(removal, other);
  }
}

function makeFolder(folder) {
  if (existsSync(folder)) return;
  try {
    mkdirSync(folder, { recursive: !existsSync(path.dirname(folder)) }); // always so would hide that the disk is read-only
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // another has just made it
  }
}

/** Ends what a killed holder has left running: it would write into the same place. */
function endTool({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/**
 * Takes a lock file and returns the function that gives it back, which the end of this process does too; the file's
 * folder is made if missing. While another process holds it, it waits. The lock of one that has ended, and a file that
 * is no lock, are nobody's.
 *
 * @param {string} file
 * @param {(text: string) => void} log is told, once, what it waits for or clears away
 * @param {object} [options]
 * @param {(pid: number) => void} [options.busy] called once where it has to wait; may throw
 * @param {AbortSignal} [options.signal] ends the waiting
 */
export async function takeLock(file, log, { signal, busy } = {}) {
  busy ??= (pid) => log(`waiting for another run to end (process ${pid} holds ${file})`);
  makeFolder(path.dirname(file));
  let told = false;
  const once = (tell) => {
    if (!told) tell();
    told = true;
  };
  for (let looks = 1; !tryToTake(file); looks++) {
    const holder = read(file);
    const { pid, tool } = holder ?? {};
    const dead = pid && !isHeld(file, holder);
    if (dead && tool && runs(tool)) {
      if (!tool.began)
        once(() => busy(tool.pid)); // by its number alone it may be anybody's
      else {
        once(() => log(`ending what a run that was killed has left running (process ${tool.pid})`));
        endTool(tool);
      }
    } else if (dead) removeDead(file, holder);
    else if (looks >= LOOKS && pid) once(() => busy(pid));
    else if (looks >= LOOKS && holder) {
      log(`${file} was left damaged by a run that has ended: removed`);
      removeDead(file, holder);
    }
    await sleep(PACE, undefined, { signal });
  }
  return () => release(file);
}

/** Notes in this process's locks the tool that it runs now, the first of its process group. */
export function noteTool(pid) {
  for (const [file, holder] of held) write(file, { ...holder, tool: identify(pid) }, renameSync);
}
