// Comms: what the controls of a notebook talk through. tslab has none.
import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import vm from 'node:vm';
import { dropping } from './execution.mjs';
import { answers, answerTo, parent, send, server } from './messages.mjs';
import { jupyter, replace, Server, tslab } from './tslab.mjs';

const { TaskCanceledError } = tslab('./dist/util.js');
const open = new Map();
const targets = new Map();

/** A line to something in the front end. */
class Comm {
  /** Called with `(data, message)` for each message from the front end; `message.extra` are its buffers. */
  onMessage;
  /** Called with `(data)` when the front end closes it. */
  onClose;

  constructor(target, id = randomUUID()) {
    this.target = target;
    this.id = id;
    open.set(id, this);
  }

  /** Sends plain data: JSON, no buffers. */
  send(data, metadata = {}) {
    if (open.has(this.id)) send('comm_msg', { comm_id: this.id, data }, { metadata });
  }

  close(data = {}) {
    if (open.delete(this.id)) send('comm_close', { comm_id: this.id, data });
  }
}

/**
 * For the library, which finds it as `comms` on what tslab's dist/jupyter.js exports; a kernel that is tslab alone has
 * none. What a comm sends belongs to the cell that runs or ran last; while `onMessage` runs, up to its first `await`, to
 * the message that it is called for: the front end takes an answer to `request_state` from no other.
 */
jupyter.comms = {
  /** Whether a front end that draws controls has shown up: nbconvert and its like draw none. */
  frontEnd: false,
  /** By name, what is called with `(comm, data, message)` when the front end opens a comm to it. */
  targets,
  /** Opens a comm to a target of the front end. */
  open(target, data = {}, metadata = {}) {
    const comm = new Comm(target);
    send('comm_open', { comm_id: comm.id, target_name: target, data }, { metadata });
    return comm;
  },
  /**
   * Runs something between two cells, never inside one, where the stop button reaches it. Resolves to what it returns,
   * rejects with what it throws. A cell that awaits it waits for ever: it is for what `onMessage` begins.
   */
  async between(work) {
    let failure;
    const task = async () => {
      jupyter.lastWriteDisplayData = anew(jupyter.lastWriteDisplayData);
      globalThis.__betweenCells = work;
      try {
        return await vm.runInThisContext('globalThis.__betweenCells()', {
          breakOnSigint: true,
          filename: 'between cells',
        });
      } catch (error) {
        failure = { error }; // Rejected, it would make tslab drop the cells that wait.
        return undefined;
      } finally {
        delete globalThis.__betweenCells;
      }
    };
    const value = await queued(task);
    if (failure) throw failure.error;
    return value;
  },
};

/** What is called when a front end that draws controls first asks what there is to draw. */
export const onFrontEnd = [];

/** A line that the front end knows from before: of a kernel that is no more. */
export const adopt = (target, id) => new Comm(target, id);

const originals = new WeakMap();

/** The same way to send to the notebook, as another function: by it the library's stop button tells runs apart. */
function anew(write) {
  const original = originals.get(write) ?? write;
  const own = original && ((...args) => original(...args));
  if (own) originals.set(own, original);
  return own;
}

/** Cells that wait are dropped when one fails, and what waits beside them has to wait again. */
async function queued(task) {
  for (;;) {
    await dropping;
    try {
      return await server.handler.execQueue.add(task);
    } catch (error) {
      if (!(error instanceof TaskCanceledError)) throw error;
      await turn(); // The cell that failed has yet to say that it drops.
    }
  }
}

/** Empties the output of the cell; with `wait`, once something new comes. */
jupyter.clearOutput = (wait = false) => send('clear_output', { wait });

/** Calls what deals with a message; what it sends at once belongs to that. */
function deal(message, work) {
  const before = parent;
  answerTo(message);
  try {
    return work(); // Awaited: the front end holds the next change back until this one is dealt with.
  } finally {
    answerTo(before ?? message);
  }
}

answers.comm_open = (message) => {
  const { comm_id, target_name, data } = message.content;
  jupyter.comms.frontEnd ||= target_name === 'jupyter.widget.control'; // JupyterLab opens it with a notebook.
  const comm = new Comm(target_name, comm_id);
  const target = targets.get(target_name);
  return deal(message, () => (target ? target(comm, data, message) : comm.close()));
};

answers.comm_msg = (message) => {
  const { comm_id, data } = message.content;
  return deal(message, () => open.get(comm_id)?.onMessage?.(data, message));
};

answers.comm_close = (message) => {
  const { comm_id, data } = message.content;
  const comm = open.get(comm_id);
  open.delete(comm_id);
  return deal(message, () => comm?.onClose?.(data));
};

replace(
  Server,
  'handleCommInfoRequest',
  () =>
    function (socket, message) {
      const { target_name } = message.content;
      if (target_name === 'jupyter.widget') onFrontEnd.splice(0).forEach((tell) => tell());
      jupyter.comms.frontEnd ||= target_name === 'jupyter.widget';
      const comms = [...open.values()]
        .filter(({ target }) => !target_name || target === target_name)
        .map(({ id, target }) => [id, { target_name: target }]);
      send('comm_info_reply', { status: 'ok', comms: Object.fromEntries(comms) }, { of: message, socket });
    },
);
