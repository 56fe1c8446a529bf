// Messages that tslab does not know: those it gets, and those it would have to send.
import { asText, tellThrown } from './errors.mjs';
import { replace, Server } from './tslab.mjs';

/** tslab's server, which has the sockets; there once it begins. */
export let server;
/** The message that whatever is sent now belongs to: the cell that runs or ran last. */
export let parent;
/** tslab's class of messages, which it does not export: taken from the first that it reads. */
let Message;

/** Answers by the type of the request: each gets the message and the socket it came by. */
export const answers = {};

/** Sends a message that belongs to another. */
export function send(type, content, { of = parent, metadata = {}, socket = server.iopub } = {}) {
  const message = of.createReply();
  Object.assign(message, { content, metadata });
  message.header.msg_type = type;
  message.signAndSend(server.connInfo.key, socket);
}

/** From now on what is sent belongs to this message. */
export function answerTo(message) {
  parent = message;
}

replace(
  Server,
  'init',
  (init) =>
    function () {
      server = this;
      return init.call(this);
    },
);

replace(
  Server,
  'publishStatus',
  (publish) =>
    function (status, message) {
      Message ??= message.constructor;
      publish.call(this, status, message);
    },
);

replace(
  Server,
  'handleShellMessage',
  (handle) =>
    async function (socket, ...frames) {
      const message = read(this.connInfo.key, frames);
      const answer = answers[message?.header.msg_type];
      if (!answer) return handle.call(this, socket, ...frames);
      this.publishStatus('busy', message);
      try {
        await answer(message, socket);
      } catch (error) {
        console.error(asText(tellThrown(error)));
      } finally {
        this.publishStatus('idle', message);
      }
    },
);

/** A message; undefined where it is none, which tslab will say. */
function read(key, frames) {
  try {
    return Message?.fromRaw(key, frames);
  } catch {
    return undefined;
  }
}
