// One set-up at a time in one folder.
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The folder's lock, and our own file beside it; set when the lock is asked for. */
let lock, mine;

/** Whether a process or, with a negative number, anything of a process group runs. */
function runs(id) {
  if (process.platform === 'linux') {
    // A signal would also reach a zombie, and in a container without an init process those stay for ever.
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).some((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state !== 'Z' && (Number(pid) === id || Number(group) === -id);
      } catch {
        return false; // It has just ended.
      }
    });
  }
  try {
    return process.kill(id, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * The lock holds the set-up's process id and the process group of the tool that it runs now: a set-up that was killed
 * outright may leave an npm or pip behind, and only when that has ended as well is the lock nobody's.
 */
const isHeld = ({ pid, group }) => runs(pid) || (group !== undefined && runs(-group));

function readLock() {
  if (lock === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

function tryToTake() {
  writeFileSync(mine, JSON.stringify({ pid: process.pid }));
  try {
    linkSync(mine, lock); // Unlike a rename, a link fails where there is a lock already; and it is never seen empty.
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Takes the lock away from a dead holder. Of several that try, one moves the file; a live one's lock is put back. */
function removeDeadLock() {
  try {
    renameSync(lock, mine);
    if (isHeld(JSON.parse(readFileSync(mine, 'utf8')))) linkSync(mine, lock);
  } catch {
    // Another was faster.
  }
  rmSync(mine, { force: true });
}

function makeFolder(folder) {
  if (existsSync(folder)) return;
  try {
    mkdirSync(folder, { recursive: !existsSync(path.dirname(folder)) }); // always so would hide that the disk is read-only
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // another set-up has just made it
  }
}

/** Waits for a folder's lock and takes it; `log` is told once whom it waits for. The folder is made if missing. */
export async function takeLock(folder, log) {
  makeFolder(folder);
  [lock, mine] = [path.join(folder, 'lock'), path.join(folder, `lock.${process.pid}`)];
  for (let told = false; !tryToTake();) {
    const holder = readLock();
    if (holder && !isHeld(holder)) {
      removeDeadLock();
      continue;
    }
    if (!told && holder) {
      const id = runs(holder.pid) ? holder.pid : holder.group;
      log(`waiting for another set-up to end (process ${id})`);
      told = true;
    }
    await sleep(200);
  }
}

/** Notes the process group of the tool that runs now. */
export function noteGroup(group) {
  if (readLock()?.pid !== process.pid) return;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, group }));
  renameSync(mine, lock);
}

/** Gives the lock back, if it is ours. */
export function releaseLock() {
  if (readLock()?.pid === process.pid) rmSync(lock, { force: true });
}
