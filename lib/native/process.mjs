// Which process a number stands for: it is given out again, and one that has ended may keep it.
import { readFileSync } from 'node:fs';

/** What Linux says of a process: its state, and when it began, of which start of the machine; undefined elsewhere. */
function look(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // its name, in brackets, may hold anything
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { state: fields[0], began: `${boot} ${fields[19]}` };
  } catch {
    return undefined;
  }
}

/** A process by its number and, where the system tells it, when it began. */
export const identify = (pid) => ({ pid, began: look(pid)?.began });

/**
 * Whether the very process runs that `identify` saw. A zombie does not: a signal would still reach it, and in a
 * container without an init process it stays for ever.
 */
export function runs({ pid, began }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const seen = look(pid);
  return seen === undefined || (seen.state !== 'Z' && (began === undefined || seen.began === began));
}
